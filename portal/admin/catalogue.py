"""sqladmin's own words in Indonesian: it ships no such catalogue, so ours joins its table from outside."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from sqladmin import i18n

LANGUAGE = "id"
FILE = Path(__file__).parents[1] / "locale" / LANGUAGE / "LC_MESSAGES" / "admin.po"


def install() -> None:
    """Adds the Indonesian catalogue to sqladmin's table of translations, once for each process."""
    if LANGUAGE in i18n.translations:
        return
    with FILE.open("rb") as source:
        catalogue = read_po(source, locale=LANGUAGE)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    i18n.translations[LANGUAGE] = Translations(compiled, domain="admin")
    i18n.SUPPORTED_LOCALES.append(LANGUAGE)
