"""The exit codes of every command, for scripts that call them."""

from __future__ import annotations

OK = 0
MISTAKES = 1
"""The YAML or the letters have mistakes; they are printed."""
USAGE = 2
"""The words typed are no command, or what they name cannot be read."""
CHANGES = 2
"""`plan`: there is something to apply."""
REFUSED = 3
"""`plan` and `apply`: something cannot be applied."""
STALE = 4
"""`apply`: what was reviewed is not what would be applied now."""
ENVIRONMENT = 5
"""The machine does not allow it: database, port, disk, a missing library, no release yet."""
PLAN_USAGE = 64
"""`plan`: like `USAGE`, which there means changes; the number is EX_USAGE of sysexits.h."""
UNEXPECTED = 70
"""A fault of the portal itself; the number is EX_SOFTWARE of sysexits.h."""
STOPPED = 130
"""Ctrl-C."""
PIPE = 141
"""Whoever read the output has gone."""
