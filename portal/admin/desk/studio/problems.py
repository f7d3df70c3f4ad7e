"""What is wrong in a draft, as pages tell it: each with the file and line that it leads to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from portal.diagnostics import Diagnostic, hint, message

TEXT = "/atur/naskah"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One mistake or warning."""

    file: str
    line: int
    error: bool
    message: str
    hint: str

    @property
    def url(self) -> str:
        """The line in the text of its file."""
        return text_url(self.file, self.line)


def text_url(file: str, line: int = 0) -> str:
    """Returns the address of a file's text, or of one line of it."""
    place = f"#baris-{line}" if line else ""
    return f"{TEXT}?{urlencode({'berkas': file})}{place}"


def told(found: Iterable[Diagnostic]) -> tuple[Problem, ...]:
    """Returns problems in the reader's language, errors first."""
    problems = [
        Problem(
            file=each.mark.file,
            line=each.mark.line,
            error=each.severity == "error",
            message=message(each),
            hint=hint(each),
        )
        for each in found
    ]
    return tuple(sorted(problems, key=lambda each: not each.error))
