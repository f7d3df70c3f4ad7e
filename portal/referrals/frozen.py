"""What was known when a referral was made out, kept as it was: household, consent, eligibility, documents.

What the letter says of people is taken from its own data, so that page and paper say the same. It is JSON on
the row of the referral, erased with the case, and shown with the masks of the fields that it came from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from portal.conditions import MISSING
from portal.duties.consent import may_share
from portal.eligibility import screen
from portal.facts import documents_of, lookup, today
from portal.referrals.base import Place
from portal.releases import sop_version
from portal.steps import Lookup
from portal.tables import Case, IssuedLetter

PERSON = ("name", "nik", "kk", "relation", "birth_date", "occupation")


class _Known(Mapping[str, object]):
    """What is known of a case by path, as the rules of a programme ask for it."""

    def __init__(self, find: Lookup) -> None:
        self._find = find

    def __getitem__(self, path: str) -> object:
        value = self._find(path)
        if value is MISSING:
            raise KeyError(path)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and "." in path and self._find(path) is not MISSING


def freeze(at: Place, case: Case, destination: str, letter: IssuedLetter, agreed: bool) -> dict[str, Any]:
    """Returns what is to be kept of this moment."""
    people = [letter.data.get("resident") or {}, *(letter.data.get("family") or ())]
    known = at.live.schema.known.destinations.get(destination)
    return {
        "on": today(at.live.schema, at.now).isoformat(),
        "household": [{key: each[key] for key in PERSON if each.get(key)} for each in people],
        "consent": {
            "needed": bool(known and known.consent),
            "ticked": agreed,
            "standing": may_share(at.session, at.live, case.resident_id, destination),
        },
        "eligibility": _eligibility(at, case),
        "documents": [
            {"id": key, "state": row.state, "note": row.note}
            for key, row in documents_of(at.session, case).items()
        ],
    }


def _eligibility(at: Place, case: Case) -> dict[str, Any] | None:
    """The rules of the programme that hold, do not, or cannot be told, each with its reason."""
    if case.program not in at.live.schema.programs:
        return None
    sop = sop_version(at.session, case.sop_version_id)
    find = lookup(at.session, at.live, case, sop, at.now)
    said = screen(at.live.schema, case.program, _Known(find), today(at.live.schema, at.now))
    rules = [
        {
            "answer": rule.answer,
            "says": rule.says if rule.answer != "no" else rule.otherwise,
            "missing": list(rule.missing),
        }
        for rule in said.rules
    ]
    return {"answer": said.answer, "rules": rules}
