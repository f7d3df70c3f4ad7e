"""A command's parser: argparse in the reader's language, with the options that every command has.

argparse knows only English. Its headings are replaced by groups of our own, its error texts by way of a
table of patterns; a text that no pattern knows stays as it is.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

from portal.cli import exits
from portal.cli.output import complain, tell
from portal.diagnostics import nearest
from portal.words import LANGUAGES, say

_PATTERNS: Mapping[str, str] = {
    r"the following arguments are required: (?P<names>.+)": "usage-missing",
    r"one of the arguments (?P<names>.+) is required": "usage-one-of",
    r"expected one argument": "usage-value-missing",
    r"expected at least one argument": "usage-value-missing",
    r"expected (?P<count>\d+) arguments?": "usage-value-missing",
    r"expected at most one argument": "usage-value-extra",
    r"ignored explicit argument (?P<value>.+)": "usage-value-extra",
    r"not allowed with argument (?P<other>.+)": "usage-exclusive",
    r"invalid int value: (?P<value>.+)": "usage-not-whole",
    r"invalid \w+ value: (?P<value>.+)": "usage-value",
    r"unrecognized arguments: (?P<names>.+)": "usage-unknown",
}
"""What argparse says, by the slug that says it to our readers."""

_OF_ARGUMENT = re.compile(r"argument (?P<name>[^:]+): (?P<rest>.+)", re.DOTALL)
_CHOICE = re.compile(r"invalid choice: (?P<value>.+) \(choose from (?P<known>.+)\)", re.DOTALL)


class _Formatter(argparse.HelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, say("usage-prefix") if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """The parser of one command, or of several when it branches."""

    def __init__(self, *, branches: bool = False, usage_exit: int = exits.USAGE, **options: Any) -> None:
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=_Formatter, **options)
        self.usage_exit = usage_exit
        self.arguments = self.add_argument_group(say("usage-arguments"))
        self.choices = self.add_argument_group(say("usage-options"))
        if branches:
            self.commands = self.add_subparsers(title=say("usage-commands"), metavar=say("usage-command"))
        self._add_general()
        self.set_defaults(parser=self)

    def _add_general(self) -> None:
        # Without defaults, so that an option typed before the command is not lost to the command's own.
        group = self.add_argument_group(say("usage-general"))
        silent = argparse.SUPPRESS
        group.add_argument("-h", "--help", action="help", default=silent, help=say("usage-help"))
        group.add_argument(
            "--schema", metavar="DIR", dest="schema_folder", default=silent, help=say("usage-schema")
        )
        group.add_argument(
            "--database", metavar="URL", dest="database_url", default=silent, help=say("usage-database")
        )
        group.add_argument("--by", metavar="NAME", default=silent, help=say("usage-by"))
        group.add_argument("--language", choices=tuple(LANGUAGES), default=silent, help=say("usage-language"))

    def command(self, name: str, **options: Any) -> Parser:
        """Adds a command whose words are the slugs `help-<its whole name>` and, if there is one, `-more`."""
        slug = "-".join(["help", *self.prog.split()[1:], name])
        options.setdefault("description", _more(slug))
        made = self.commands.add_parser(name, help=say(slug), **options)
        assert isinstance(made, Parser)
        return made

    def ask_for_command(self) -> int:
        """Shows what can be typed after a word that needs another one."""
        complain(self.format_help())
        return self.usage_exit

    def refuse_unknown(self, words: Sequence[str]) -> NoReturn:
        """Ends with the words that mean nothing here."""
        self.error(f"unrecognized arguments: {' '.join(words)}")

    def error(self, message: str) -> NoReturn:
        complain(self.format_usage())
        complain(f"{say('diagnostic-error')}: {in_words(message)}")
        complain(f"  {say('diagnostic-hint')}: {self.prog} --help")
        sys.exit(self.usage_exit)

    def print_help(self, file: Any = None) -> None:
        tell(self.format_help())


def _more(slug: str) -> str:
    more = f"{slug}-more"
    return say(more) if more in LANGUAGES["id"] else say(slug)


def in_words(message: str) -> str:
    """Returns what argparse says about a mistake in the reader's language."""
    about = _OF_ARGUMENT.fullmatch(message)
    if about:
        return f"{about['name']}: {in_words(about['rest'])}"
    choice = _CHOICE.fullmatch(message)
    if choice:
        return _choice(_bare(choice["value"]), tuple(map(_bare, choice["known"].split(", "))))
    for pattern, slug in _PATTERNS.items():
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            return say(slug, **{name: _bare(value) for name, value in found.groupdict().items()})
    return message


def _choice(value: str, known: tuple[str, ...]) -> str:
    near = nearest(value, known)
    maybe = say("diagnostic-maybe", near=near) if near else ""
    return say("usage-choice", value=value, known=", ".join(known), maybe=maybe)


def _bare(text: str) -> str:
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return text[1:-1] if quoted else text
