"""The change of one right of a role, said as people say it."""

from __future__ import annotations

from dataclasses import dataclass

from portal.changes.base import Change
from portal.words import LANGUAGES, language, say


@dataclass(frozen=True, kw_only=True)
class RightsChanged(Change):
    """A role may do or see something else than before."""

    sign = "~"
    slug = "change-rights"
    key: str
    label: str
    topic: str
    """The attribute of the role: may, records, cases, sensitive_fields, fields, letters, steps, screens."""
    thing: str
    """What it is about: a record type, `resident.nik`, a letter, empty for the whole attribute."""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    """What it said: none where it said nothing."""

    def sentence(self) -> str:
        """Returns who may now do what, and no longer what, in the reader's language."""
        slug = f"rights-{self.topic}"
        about = say(slug, thing=self.thing) if slug in LANGUAGES[language()] else self.topic
        return say(self.slug, label=self.label, key=self.key, about=about, what=self._what())

    def _what(self) -> str:
        if self.topic in ("cases", "fields", "letters", "sensitive_fields", "steps"):
            sides = (_named(side) or say("right-unsaid") for side in (self.before, self.after))
            before, after = sides
            return say("rights-became", before=before, after=after)
        if self.topic == "screens" and not (self.before and self.after):
            return say("rights-only", what=_named(self.after)) if self.after else say("rights-all-screens")
        gained = tuple(each for each in self.after if each not in self.before)
        lost = tuple(each for each in self.before if each not in self.after)
        parts = [say("rights-gained", what=_named(gained))] if gained else []
        parts += [say("rights-lost", what=_named(lost))] if lost else []
        return "; ".join(parts) or say("rights-reordered")


def _named(rights: tuple[str, ...]) -> str:
    known = LANGUAGES[language()]
    return ", ".join(say(f"right-{each}") if f"right-{each}" in known else each for each in rights)
