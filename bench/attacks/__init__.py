"""The attacks by kind; `bench/attack.py` runs them all, each against the same running demonstration."""

from __future__ import annotations

from attacks import (
    heads,
    insidedoors,
    insiders,
    leaks,
    origins,
    paths,
    pressure,
    reads,
    screens,
    sessions,
    stock,
    writes,
)

GROUPS = (
    origins.rows,
    heads.rows,
    paths.rows,
    stock.rows,
    reads.rows,
    writes.rows,
    screens.rows,
    insiders.rows,
    insidedoors.rows,
    leaks.rows,
    sessions.rows,
    pressure.rows,
)
"""In this order: what locks accounts or presses the server comes last."""
