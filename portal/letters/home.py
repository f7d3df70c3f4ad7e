"""Where an issued letter belongs: to a case, or to the area of an office when it is about many."""

from __future__ import annotations

from dataclasses import dataclass

from portal.tables import Case, IssuedLetter


@dataclass(frozen=True, kw_only=True)
class Home:
    """Whose rights decide about a letter, and whose history tells what became of it."""

    issued: IssuedLetter
    case: Case | None
    """None for a paper about many cases."""

    @property
    def area(self) -> str:
        """The area of the case as it is now, or of the office that issued the paper."""
        return self.case.area if self.case is not None else self.issued.area

    @property
    def subject(self) -> tuple[str, int]:
        """What events about the letter are told of, and its key."""
        return ("case", self.case.id) if self.case is not None else ("letter", self.issued.id)

    @property
    def page(self) -> str:
        """The page to go back to."""
        return f"/kasus/{self.case.id}" if self.case is not None else "/laporan"
