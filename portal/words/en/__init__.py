"""The English sentences, one file per part of the portal; a slug stands in exactly one of them."""

from __future__ import annotations

from portal.words.en import (
    change,
    checking,
    command,
    desk,
    fields,
    history,
    language,
    letters,
    loading,
    moving,
    reading,
    screens,
    sense,
    tables,
    times,
    trying,
    work,
    writing,
)

WORDS: dict[str, str] = {
    **reading.WORDS,
    **loading.WORDS,
    **checking.WORDS,
    **sense.WORDS,
    **language.WORDS,
    **times.WORDS,
    **fields.WORDS,
    **work.WORDS,
    **trying.WORDS,
    **change.WORDS,
    **history.WORDS,
    **moving.WORDS,
    **letters.WORDS,
    **screens.WORDS,
    **desk.WORDS,
    **tables.WORDS,
    **writing.WORDS,
    **command.WORDS,
}
