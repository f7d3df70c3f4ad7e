"""The settings of one call: the environment, then what was typed."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from portal.settings import Settings, from_environment
from portal.words import LANGUAGES


def settings_of(typed: Namespace, environment: Mapping[str, str]) -> Settings:
    """Returns the settings of the environment with the typed options in place of theirs."""
    before = from_environment(environment)
    return replace(
        before,
        schema=Path(getattr(typed, "schema_folder", before.schema)),
        database=getattr(typed, "database_url", before.database),
        language=getattr(typed, "language", before.language),
    )


def language_of(words: Sequence[str], environment: Mapping[str, str]) -> str:
    """Returns the language in which the words are to be read: it must be known before they are parsed."""
    chosen = from_environment(environment).language
    for place, word in enumerate(words):
        option, equals, value = word.partition("=")
        if word == "--":
            break
        if option == "--language":
            chosen = value if equals else next(iter(words[place + 1 :]), chosen)
    return chosen if chosen in LANGUAGES else next(iter(LANGUAGES))
