"""What ends a command: a sentence with the way out and an exit code; a foreign error becomes one here."""

from __future__ import annotations

import errno
import hashlib
import traceback
from pathlib import Path

from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError

from portal.cli import exits
from portal.keys import KeyMissing
from portal.press import PrintRefused
from portal.pressroom import PrintStopped
from portal.releases import UnknownFormat
from portal.words import LANGUAGES, language, say

_DATABASE = (OperationalError, InterfaceError, DatabaseError)
_HERE = Path(__file__).resolve().parents[1]


class Failure(Exception):
    """The command cannot go on; the slug says why and `<slug>-hint` the way out."""

    def __init__(self, slug: str, /, *, code: int = exits.ENVIRONMENT, **values: object) -> None:
        super().__init__(slug)
        self.slug = slug
        self.code = code
        self.values = values

    def text(self) -> str:
        """Returns the sentence and its hint in the reader's language."""
        lines = [f"{say('diagnostic-error')}: {say(self.slug, **self.values)}"]
        if f"{self.slug}-hint" in LANGUAGES[language()]:
            lines.append(f"  {say('diagnostic-hint')}: {say(f'{self.slug}-hint', **self.values)}")
        return "\n".join(lines)

    def trace(self) -> str:
        """Returns the traceback of the error behind it, for developers."""
        return "" if self.__cause__ is None else "".join(traceback.format_exception(self.__cause__)).rstrip()


def failure_of(error: BaseException) -> Failure:
    """Returns the failure that an error means to the person who typed the command."""
    if isinstance(error, Failure):
        return error
    failure = _known(error) or Failure("command-unexpected", code=exits.UNEXPECTED, number=number_of(error))
    failure.__cause__ = error
    return failure


def _known(error: BaseException) -> Failure | None:
    if isinstance(error, KeyboardInterrupt | EOFError):
        return Failure("command-stopped", code=exits.STOPPED)
    # An integrity or programming error is a fault of ours, although it comes from the same family.
    if type(error) in _DATABASE:
        return Failure("command-database", reason=_first_line(getattr(error, "orig", None) or error))
    if isinstance(error, UnknownFormat):
        return Failure("apply-newer", format=error)
    if isinstance(error, PrintRefused):
        return Failure("letter-print-refused", code=exits.MISTAKES, asked=", ".join(error.asked))
    if isinstance(error, PrintStopped):
        return Failure(error.code, code=exits.MISTAKES)
    if isinstance(error, KeyMissing):
        slug = "command-secret-unnamed" if error.file is None else "command-secret-missing"
        return Failure(slug, file=error.file or "")
    if isinstance(error, OSError):
        return _from_system(error)
    return _not_applied(error)


def _not_applied(error: BaseException) -> Failure | None:
    # Imported once something has gone wrong: checking needs no Alembic.
    from portal.migrate import NotApplied, Refused, Stale

    if not isinstance(error, NotApplied):
        return None
    faults = getattr(error, "faults", ())
    code = exits.STALE if isinstance(error, Stale) else exits.ENVIRONMENT
    return Failure(
        error.slug,
        code=exits.REFUSED if isinstance(error, Refused) or faults else code,
        faults=len(faults),
        refused=len(error.plan.refused) if isinstance(error, Refused | Stale) else 0,
        format=getattr(error, "format", ""),
        reason=getattr(error, "reason", ""),
    )


def _from_system(error: OSError) -> Failure | None:
    if error.filename is not None:
        return Failure("command-file", file=error.filename, reason=reason_of(error))
    if "cannot load library" in str(error):
        return Failure("command-library", library=_first_line(error))
    return None if error.errno is None else Failure("command-system", reason=reason_of(error))


def reason_of(error: OSError | ValueError) -> str:
    """Returns what the system says in the reader's language, or as it says it where we have no words."""
    code = errno.errorcode.get(getattr(error, "errno", None) or 0, "").lower()
    if f"system-{code}" in LANGUAGES[language()]:
        return say(f"system-{code}")
    return getattr(error, "strerror", None) or type(error).__name__


def _first_line(error: object) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def number_of(error: BaseException) -> str:
    """Returns the number of an unexpected error: the same one whenever it arises at the same place."""
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if _HERE in Path(frame.filename).parents
    ]
    place = f"{Path(frames[-1].filename).name}:{frames[-1].name}" if frames else ""
    return hashlib.sha256(f"{type(error).__name__} {place}".encode()).hexdigest()[:8].upper()
