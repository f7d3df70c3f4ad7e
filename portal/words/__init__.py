"""Every sentence that the portal itself says, by slug and language; a drawer with one file per language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from portal.words import en, id

LANGUAGES: Mapping[str, Mapping[str, str]] = {"id": id.WORDS, "en": en.WORDS}
"""The languages in which the portal speaks; the first is the default."""

_language: ContextVar[str] = ContextVar("language", default="id")


def language() -> str:
    """Returns the language of the current reader, `id` unless `speaking` says otherwise."""
    return _language.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Sets the reader's language for the enclosed block; an unknown one is Indonesian."""
    token = _language.set(language if language in LANGUAGES else "id")
    try:
        yield
    finally:
        _language.reset(token)


def say(slug: str, **values: object) -> str:
    """Returns the sentence of a slug in the reader's language."""
    return say_in(language(), slug, **values)


def say_in(language: str, slug: str, **values: object) -> str:
    """Returns the sentence of a slug in a named language.

    Raises:
        KeyError: the slug has no words; a test lists such slugs.
    """
    return LANGUAGES[language][slug].format(**values)
