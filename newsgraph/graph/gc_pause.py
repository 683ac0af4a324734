"""Turns Python's garbage collector off during work that makes many objects and no cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Turns the garbage collector off inside the ``with`` block.

    Otherwise Python would search all objects of a load, an answer or an export for cycles, again and again, and find
    none. That is half the time of a load and a third of the time of a large answer.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
