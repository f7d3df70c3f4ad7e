"""English sentences of one part of the portal: why a YAML text cannot be changed as asked."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "patch-unreadable": "this file cannot be changed before the mistake on line {line} is corrected",
    "patch-path-missing": '"{path}" is not in this file',
    "patch-key-exists": '"{key}" is there already; choose another name',
    "patch-unwritable": 'the text "{text}" cannot be written here',
    "patch-form": "what is written on line {line} cannot be changed from here; change it in the file itself",
    "patch-comment-inside": (
        "there is a comment among the brackets on line {line}; change it in the file itself, so that no comment "
        "comes to the wrong place"
    ),
    "patch-result-differs": '"{path}" cannot be changed without changing something else; the file stays as it was',
}
