"""The rows of the attacks read well: statuses as ranges."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))


@pytest.mark.parametrize(
    ("statuses", "said"),
    [
        (range(200, 500), "200-499"),
        ((401, 403, 404), "401/403/404"),
        ((404, 403), "403/404"),
        ((200, 400, 401, 402), "200/400-402"),
    ],
)
def test_statuses_are_said_as_ranges(statuses: tuple[int, ...], said: str) -> None:
    from attacks.base import ranges

    assert ranges(statuses) == said
