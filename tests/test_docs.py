"""What the documentation says can be followed: its links lead somewhere, its examples are code that works."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter
from test_bad import BAD, lay_out

from portal.checks import Checked, Family
from portal.fields import FieldType, Unreadable
from portal.load import load
from portal.steps import Lists, StepType
from portal.words import LANGUAGES

CHECKOUT = Path(__file__).resolve().parents[1]
DOCS = CHECKOUT / "docs"
TEXTS = sorted([*CHECKOUT.glob("*.md"), *DOCS.rglob("*.md")])
each_text = pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.relative_to(CHECKOUT).as_posix())


def links(text: str) -> list[str]:
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
    return [target for target in re.findall(r"\]\(([^)\s]+)\)", prose) if "://" not in target]


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text("utf-8"), flags=re.DOTALL)


def example(page: str, folder: Path) -> dict[str, Any]:
    """Returns what the one Python block of a page defines, run as a module of its own."""
    (block,) = blocks(page, "python")
    file = folder / f"example_{Path(page).stem.replace('-', '_')}.py"
    file.write_text(block, "utf-8")
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[file.stem] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return vars(module)


@each_text
def test_links_lead_somewhere(text: Path) -> None:
    for target in links(text.read_text("utf-8")):
        name, _, anchor = target.partition("#")
        page = (text.parent / name).resolve() if name else text
        assert page.exists(), target
        assert not anchor or anchor in anchors(page), target


@each_text
def test_every_page_begins_with_its_title(text: Path) -> None:
    prose = re.sub(r"<!--.*?-->", "", text.read_text("utf-8"), flags=re.DOTALL)
    assert prose.lstrip().startswith("# ")


def test_every_page_is_on_the_map() -> None:
    listed = {(DOCS / target).resolve() for target in links((DOCS / "README.md").read_text("utf-8"))}
    assert set(DOCS.rglob("*.md")) - listed == {DOCS / "README.md"}


def test_field_type_of_the_how_to_works(tmp_path: Path) -> None:
    kind = example("how-to/add-a-field-type.md", tmp_path)["PostcodeField"]
    field = TypeAdapter[FieldType](kind).validate_python({"label": "Kode pos", "type": "postcode"})
    assert field.read(field.write(field.sample())) == "35373"
    with pytest.raises(Unreadable) as wrong:
        field.parse("035373")
    assert wrong.value.slug == "field-postcode-malformed"


def test_step_type_of_the_how_to_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = {f"call-{slug}": slug for slug in ("called-on", "answered", "said")}
    monkeypatch.setattr("portal.words.LANGUAGES", {"id": {**LANGUAGES["id"], **words}})
    kind = example("how-to/add-a-step-type.md", tmp_path)["CallStep"]
    step = TypeAdapter[StepType](kind).validate_python({"label": "Telepon", "type": "call"})
    assert list(step.answer_fields(Lists())) == ["called_on", "answered", "said"]


def test_check_of_the_how_to_works(tmp_path: Path) -> None:
    lay_out(BAD / "destination-far", tmp_path)
    destinations = tmp_path / "schema" / "destinations.yaml"
    text = destinations.read_text("utf-8").replace("takes:", "emergency: true, takes:")
    destinations.write_text(text, "utf-8")
    family = example("how-to/add-a-check.md", tmp_path)["FAMILY"]
    assert isinstance(family, Family)
    found = list(family.run(Checked(reading=load(tmp_path / "schema"))))
    assert [diagnostic.code for diagnostic in found] == list(family.codes)
