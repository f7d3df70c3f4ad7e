"""Whether each letter can be issued: its template, its number, who signs it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from portal.checks.base import Checked, Family, choice
from portal.diagnostics import Diagnostic, Mark
from portal.document import Path
from portal.numbering import Pattern, PatternError, counter_period
from portal.schema import Letter, Office
from portal.templating import Environment, environment, problems
from portal.variables import PLACE_WORDS, foreign_place_words, letter_variables


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Yields what would keep a letter from being issued, in its entry and in its template."""
    env = environment(checked.reading.templates)
    schema = checked.schema
    for key, letter in schema.letters.items():
        yield from _template(checked, env, key, letter)
        yield from _number(checked, ("letters", key, "number"), letter.number, letter.reset)
        yield from _entry(checked, key, letter)
        if checked.office is not None:
            yield from _signers(checked, checked.office, key, letter)
    yield from _series(checked)
    yield from _collisions(checked)
    yield from _places(checked)
    if checked.office is not None:
        yield from _number(checked, ("office", "case_number"), checked.office.case_number, "year")


def _template(checked: Checked, env: Environment, key: str, letter: Letter) -> Iterator[Diagnostic]:
    files = [file for file in env.list_templates() if file.endswith(".html")]
    if letter.template not in files:
        values = choice(letter.template, files)
        yield checked.wrong("template-missing", ("letters", key, "template"), letter=key, **values)
        return
    # What a template may use depends on every SOP and record: with one of them missing nobody can say.
    if not checked.whole or len([r for r in checked.schema.records.values() if r.subject]) != 1:
        return
    for problem in problems(env, letter.template, _with_text(letter_variables(checked.schema, key))):
        mark = Mark(
            file=(checked.reading.templates / problem.template).as_posix(),
            line=problem.line,
            column=problem.column,
            length=problem.length,
            quoted=problem.quoted,
        )
        yield Diagnostic(code=problem.code, mark=mark, values=problem.values)


def _with_text(names: Collection[str]) -> frozenset[str]:
    """Returns the names that have a text of their own, and not only parts."""
    wholes = {name[:at] for name in names for at in range(len(name)) if name[at] in ".["}
    return frozenset(name for name in names if name not in wholes)


def _number(checked: Checked, path: Path, number: str | None, reset: str) -> Iterator[Diagnostic]:
    if number is None:
        return
    try:
        counter_period(Pattern.parse(number), reset)  # type: ignore[arg-type]
    except PatternError as why:
        yield checked.wrong(why.code, path, **why.values)


def _entry(checked: Checked, key: str, letter: Letter) -> Iterator[Diagnostic]:
    path: Path = ("letters", key)
    if letter.number is not None and "{classification}" in letter.number and letter.classification is None:
        yield checked.wrong("letter-without-classification", (*path, "number"), letter=key)
    if letter.number is None and letter.series is not None:
        yield checked.wrong("series-without-number", (*path, "series"), letter=key)
    if letter.form != "slip" and not any(signer.role == "main" for signer in letter.signers):
        yield checked.wrong_key("letter-without-signer", path, letter=key)


def _signers(checked: Checked, office: Office, key: str, letter: Letter) -> Iterator[Diagnostic]:
    centres = [c for c in office.centres.values() if letter.issuer == "centre" or c.level == "district"]
    officers = sorted({name for centre in centres for name in centre.officers})
    for index, signer in enumerate(letter.signers):
        if signer.officer not in officers:
            path = ("letters", key, "signers", index, "officer")
            yield checked.wrong("officer-unknown", path, letter=key, **choice(signer.officer, officers))


def _series(checked: Checked) -> Iterator[Diagnostic]:
    """Yields letters whose counter would start again at another time than that of their series."""
    first: dict[str, str] = {}
    letters = checked.schema.letters
    for key, letter in letters.items():
        if letter.series is None:
            continue
        other = first.setdefault(letter.series, key)
        if letters[other].reset != letter.reset:
            path = ("letters", key, "reset")
            yield checked.wrong("series-reset-differs", path, letter=key, other=other, series=letter.series)


def _collisions(checked: Checked) -> Iterator[Diagnostic]:
    """Yields letters that would be given the same numbers: one text of numbers, but two counters."""
    first: dict[tuple[str, str, str], str] = {}
    letters = checked.schema.letters
    for key, letter in letters.items():
        if letter.number is None:
            continue
        classification = letter.classification or "" if "{classification}" in letter.number else ""
        other = first.setdefault((letter.number, classification, letter.issuer), key)
        if (letter.series or key) != (letters[other].series or other):
            yield checked.wrong("number-collides", ("letters", key, "number"), letter=key, other=other)


def _places(checked: Checked) -> Iterator[Diagnostic]:
    """Yields what stands in braces in an addressee, a place or a copy and names nothing."""
    texts: list[tuple[Path, str]] = []
    for key, letter in checked.schema.letters.items():
        texts += [(("letters", key, "copies"), copy) for copy in letter.copies]
    for key, each in checked.schema.destinations.items():
        texts += [
            (("destinations", key, "addressee"), each.addressee),
            (("destinations", key, "place"), each.place),
        ]
        texts += [(("destinations", key, "copies"), copy) for copy in each.copies]
    for path, text in texts:
        for word in foreign_place_words(text):
            yield checked.wrong("place-word-unknown", path, **choice(word, PLACE_WORDS))


FAMILY = Family(
    run=check,
    codes=(
        "letter-circular",
        "letter-forbidden-construct",
        "letter-template-syntax",
        "letter-template-unreadable",
        "letter-unknown-file",
        "letter-unknown-filter",
        "letter-unknown-test",
        "letter-unknown-variable",
        "letter-variable-has-parts",
        "letter-without-classification",
        "letter-without-signer",
        "officer-unknown",
        "pattern-brace",
        "pattern-placeholder",
        "pattern-repeats",
        "pattern-sequence",
        "pattern-width",
        "number-collides",
        "place-word-unknown",
        "series-reset-differs",
        "series-without-number",
        "template-missing",
    ),
)
