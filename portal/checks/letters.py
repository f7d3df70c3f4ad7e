"""Whether each letter can be issued: its template, its number, who signs it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from portal.checks.base import Checked, Family, choice
from portal.checks.scenarios import fields_of
from portal.diagnostics import Diagnostic, Mark
from portal.document import Path
from portal.models import column_name
from portal.numbering import Pattern, PatternError, counter_period
from portal.schema import RESERVED, Letter, Office
from portal.templating import (
    Environment,
    TemplateProblem,
    drawn_problems,
    environment,
    printed,
    problems,
)
from portal.variables import PLACE_WORDS, common_variables, foreign_place_words, own_variables


def check(checked: Checked) -> Iterator[Diagnostic]:
    """Yields what would keep a letter from being issued, in its entry and in its template."""
    env = environment(checked.reading.templates)
    schema = checked.schema
    common = _common(checked)
    for key, letter in schema.letters.items():
        if key in RESERVED:
            yield checked.wrong_key("letter-id-reserved", ("letters", key), letter=key)
        yield from _template(checked, env, key, letter, common)
        yield from _number(checked, ("letters", key, "number"), letter.number, letter.reset)
        yield from _entry(checked, key, letter)
        yield from _listed(checked, key, letter)
        if checked.office is not None:
            yield from _signers(checked, checked.office, key, letter)
            yield from _absent(checked, checked.office, key, letter)
    yield from _drawn(checked)
    yield from _steps(checked, env)
    yield from _series(checked)
    yield from _collisions(checked)
    yield from _places(checked)
    if checked.office is not None:
        yield from _number(checked, ("office", "case_number"), checked.office.case_number, "year")


def _common(checked: Checked) -> frozenset[str] | None:
    """Returns the names that every template may use.

    They depend on every SOP and record: with one of them missing nobody can say, and this is None.
    """
    if not checked.whole or len([r for r in checked.schema.records.values() if r.subject]) != 1:
        return None
    return _with_text(common_variables(checked.schema))


def _template(
    checked: Checked, env: Environment, key: str, letter: Letter, common: frozenset[str] | None
) -> Iterator[Diagnostic]:
    files = [file for file in checked.files if file.endswith(".html")]
    if letter.template not in files:
        values = choice(letter.template, files)
        yield checked.wrong("template-missing", ("letters", key, "template"), letter=key, **values)
        return
    if common is None:
        return
    for problem in problems(env, letter.template, common | _with_text(own_variables(checked.schema, key))):
        yield _diagnostic(checked, problem)


def _drawn(checked: Checked) -> Iterator[Diagnostic]:
    """Style sheets and emblems, which no template names but the press opens."""
    for file in sorted(checked.files):
        if not file.endswith((".css", ".svg")):
            continue
        path = checked.reading.templates / file
        source = path.read_text("utf-8", "replace")
        for problem in drawn_problems(file, source):
            yield _diagnostic(checked, problem)


def _diagnostic(checked: Checked, problem: TemplateProblem) -> Diagnostic:
    mark = Mark(
        file=(checked.reading.templates / problem.template).as_posix(),
        line=problem.line,
        column=problem.column,
        length=problem.length,
        quoted=problem.quoted,
    )
    return Diagnostic(code=problem.code, mark=mark, values=problem.values)


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
    if letter.offline_check and (letter.number is None or not letter.check):
        yield checked.wrong("letter-offline-unchecked", (*path, "offline_check"), letter=key)
    if letter.form != "slip" and not any(signer.role == "main" for signer in letter.signers):
        told = (*path, "signers") if letter.signers else path
        yield checked.wrong_key("letter-without-signer", told, letter=key)


def _listed(checked: Checked, key: str, letter: Letter) -> Iterator[Diagnostic]:
    """Yields what only a letter about one case has, where a paper is about many."""
    if not letter.about_many:
        if letter.sop is not None:
            yield checked.wrong("letter-lists-nothing", ("letters", key, "sop"), letter=key)
        return
    used: list[Path] = [("letters", key, "on_request")] if letter.on_request else []
    used += [("letters", key, "chain")] if letter.chain else []
    for sop_id, sop in checked.schema.sops.items():
        steps = [each for each, step in sop.steps.items() if getattr(step, "letter", None) == key]
        used += [("sops", sop_id, "steps", step, "letter") for step in steps]
    programs = checked.schema.programs.items()
    used += [("programs", each, "letter") for each, program in programs if program.letter == key]
    for path in used:
        yield checked.wrong("letter-about-many", path, letter=key)


def _signers(checked: Checked, office: Office, key: str, letter: Letter) -> Iterator[Diagnostic]:
    centres = [c for c in office.centres.values() if letter.issuer == "centre" or c.level == "district"]
    officers = sorted({name for centre in centres for name in centre.officers})
    for index, signer in enumerate(letter.signers):
        if signer.officer not in officers:
            path = ("letters", key, "signers", index, "officer")
            yield checked.wrong("officer-unknown", path, letter=key, **choice(signer.officer, officers))


def _absent(checked: Checked, office: Office, key: str, letter: Letter) -> Iterator[Diagnostic]:
    """Yields signers whom some office of the usual level lacks, so that its letters lack them too."""
    level = "district" if letter.issuer == "district" else "village"
    for index, signer in enumerate(letter.signers):
        centres = {name: centre for name, centre in office.centres.items() if centre.level == level}
        without = [name for name, centre in centres.items() if signer.officer not in centre.officers]
        if without and len(without) < len(centres):
            for name in without:
                yield checked.warn_key(
                    "signer-absent",
                    ("office", "centres", name, "officers"),
                    officer=signer.officer,
                    centre=name,
                    letter=key,
                    number=str(index + 1),
                )


def _steps(checked: Checked, env: Environment) -> Iterator[Diagnostic]:
    """Yields steps whose letter prints an answer that they do not ask, although another step does."""
    shown: dict[str, frozenset[str]] = {}
    own: dict[str, frozenset[str]] = {}
    for sop_id, sop in checked.schema.sops.items():
        for step_id, step in sop.steps.items():
            key = str(getattr(step, "letter", ""))
            letter = checked.schema.letters.get(key)
            if letter is None or letter.template not in checked.files:
                continue
            if letter.template not in shown:
                shown[letter.template] = printed(env, letter.template)
            if key not in own:
                own[key] = own_variables(checked.schema, key)
            asked = {f"form.{column_name(name)}" for name in fields_of(checked.schema, step)}
            missing = sorted(shown[letter.template] & own[key] - asked)
            if missing:
                path: Path = ("sops", sop_id, "steps", step_id, "letter")
                names = ", ".join(missing)
                yield checked.warn("letter-not-asked", path, step=step_id, letter=key, names=names)


def _series(checked: Checked) -> Iterator[Diagnostic]:
    """Yields letters whose counter would start again at another time than that of their series, or jump."""
    first: dict[str, str] = {}
    letters = checked.schema.letters
    for key, letter in letters.items():
        if letter.series is None:
            continue
        other = first.setdefault(letter.series, key)
        if letters[other].reset != letter.reset:
            path = ("letters", key, "reset")
            yield checked.wrong("series-reset-differs", path, letter=key, other=other, series=letter.series)
        if letters[other].gapless != letter.gapless:
            path = ("letters", key, "gapless" if not letter.gapless else "series")
            yield checked.wrong("series-gapless-differs", path, letter=key, other=other, series=letter.series)


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
        "letter-about-many",
        "letter-attribute-forbidden",
        "letter-circular",
        "letter-drawing-unsafe",
        "letter-picture-foreign",
        "letter-span-wide",
        "letter-style-foreign",
        "letter-tag-forbidden",
        "letter-forbidden-construct",
        "letter-lists-nothing",
        "letter-not-asked",
        "letter-template-syntax",
        "letter-template-unreadable",
        "letter-unknown-file",
        "letter-unknown-filter",
        "letter-unknown-test",
        "letter-unknown-variable",
        "letter-variable-has-parts",
        "letter-id-reserved",
        "letter-offline-unchecked",
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
        "series-gapless-differs",
        "series-reset-differs",
        "series-without-number",
        "signer-absent",
        "template-missing",
    ),
)
