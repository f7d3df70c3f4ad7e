"""Many letters at once: asked for in one transaction, numbered in order, printed after it, put together."""

from __future__ import annotations

from portal.bulk.asking import Packing as Packing
from portal.bulk.asking import ask as ask
from portal.bulk.asking import cancel as cancel
from portal.bulk.asking import retry as retry
from portal.bulk.base import KEPT as KEPT
from portal.bulk.base import LEASE as LEASE
from portal.bulk.base import MOST as MOST
from portal.bulk.base import OPEN as OPEN
from portal.bulk.keeping import drop_old as drop_old
from portal.bulk.working import waiting as waiting
from portal.bulk.working import work as work
