"""Who types a command: the operator of the machine, by the name of their login there, in every event."""

from __future__ import annotations

import os
import pwd
from argparse import Namespace

from portal.access import SYSTEM, Actor
from portal.fields.base import legible

LONGEST = 34
"""So many characters of each name an event keeps."""


def operator(typed: Namespace) -> Actor:
    """Returns the actor of a command: `portal: ratna`, with the name that `--by` adds to a shared login.

    What was typed stands beside the login and never in its place, so that nobody passes for somebody else.
    """
    login, said = _login(), " ".join(legible(str(getattr(typed, "by", ""))).split())[:LONGEST]
    label = f"{SYSTEM.label}: {login} ({said})" if said else f"{SYSTEM.label}: {login}"
    return Actor(account_id=None, label=label, everything=True)


def _login() -> str:
    """The login of whoever runs the process; of who called `sudo`, which only root can say."""
    behind = os.environ.get("SUDO_USER", "") if os.geteuid() == 0 else ""
    if behind:
        return behind[:LONGEST]
    try:
        return pwd.getpwuid(os.getuid()).pw_name[:LONGEST]
    except KeyError:  # a container may run under a number that has no name
        return str(os.getuid())
