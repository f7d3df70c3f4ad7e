"""Flags: what is special about a case, set and cleared with a reason."""

from __future__ import annotations

from portal.cases.base import At, Refused, event
from portal.cases.closing import working


def set_flag(at: At, case_id: int, flag: str, reason: str, *, version: int | None = None) -> None:
    """Sets a flag on a case.

    Raises:
        Forbidden: the actor may not work on cases of this area.
        Refused: the case is closed, has the flag, nobody declares it, or the reason is missing.
        Changed: the case went on since the form was shown.
    """
    case = working(at, case_id, version)
    problems = {} if reason else {"reason": "field-required"}
    if flag not in at.live.schema.flags:
        problems["flag"] = "flag-unknown"
    elif flag in case.flags:
        problems["flag"] = "flag-set-already"
    if problems:
        raise Refused(problems)
    case.flags, case.version = [*case.flags, flag], case.version + 1
    event(at, case, "flag-set", {"flag": flag}, reason=reason)


def clear_flag(at: At, case_id: int, flag: str, reason: str, *, version: int | None = None) -> None:
    """Takes a flag off a case; one that is no longer declared can be taken off as well.

    Raises:
        Forbidden: the actor may not work on cases of this area.
        Refused: the case is closed or has not the flag, or the reason is missing.
        Changed: the case went on since the form was shown.
    """
    case = working(at, case_id, version)
    problems = {} if reason else {"reason": "field-required"}
    if flag not in case.flags:
        problems["flag"] = "flag-not-set"
    if problems:
        raise Refused(problems)
    case.flags, case.version = [each for each in case.flags if each != flag], case.version + 1
    event(at, case, "flag-cleared", {"flag": flag}, reason=reason)
