"""Shows on a terminal how far a load is: what it is doing, how many files or rows are done, how fast, how long it will
take."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from newsgraph.output.safe_text import printable

if TYPE_CHECKING:
    from newsgraph.loaders.load_report import Step

#: The seconds of work before anything is drawn.
_SECONDS_UNSEEN = 1.0


@contextmanager
def load_progress() -> Iterator[Callable[[Step], None]]:
    """Gives a function that is called with each step.

    On a terminal it draws a line: a bar if the total is known, otherwise what is done so far, with the rate of this
    phase. Elsewhere, and for short work, it draws nothing. ``TERM=dumb`` is respected.
    """
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda step: None
        return
    from rich.console import Console  # noqa: PLC0415  # only a terminal needs it
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[counts]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task("Loading", total=None, counts="")
    line = ProgressLine(monotonic())
    shown = False

    def told(step: Step) -> None:
        nonlocal shown
        now = monotonic()
        if not shown and now - line.began > _SECONDS_UNSEEN:
            bar.start()
            shown = True
        counts = line.counts(step, now)
        bar.update(task, description=printable(step.phase), completed=step.done, total=step.total, counts=counts)

    try:
        yield told
    finally:
        if shown:
            bar.stop()


class ProgressLine:
    """The text beside the phase of a step. Times are seconds of a clock that never goes back."""

    def __init__(self, began: float) -> None:
        self.began = began
        self._phase = ""
        self._phase_began = began
        self._done_before = 0

    def counts(self, step: Step, now: float) -> str:
        """Returns ``1,250 of 5,000 files, 420/s, 9 s left``, without the parts that aren't known."""
        if step.phase != self._phase:
            # When a phase is first reported, some of it may be done already.
            self._phase, self._phase_began, self._done_before = step.phase, now, step.done
        if not step.unit:
            return ""
        of = "" if step.total is None else f" of {step.total:,}"
        said = f"{step.done:,}{of} {step.unit}"
        seconds, done = now - self._phase_began, step.done - self._done_before
        if seconds <= 0 or done <= 0:
            return said
        rate = done / seconds
        said += f", {rate:,.0f}/s" if rate >= 1 else f", {rate * 60:,.0f}/min"
        if step.total is not None and step.total > step.done:
            said += f", {_duration((step.total - step.done) / rate)} left"
        return said


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min {whole % 60:02} s" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60:02} min"
