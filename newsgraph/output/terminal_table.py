"""How an answer is drawn on a terminal: a row is a line, cut to the width that there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from newsgraph.queries.render import Table, one_line, plain, short

if TYPE_CHECKING:
    from rich.console import Console

_GAP = 2
#: Below so many letters a text says little, and a headline less.
_LEAST_TEXT = 12
_LEAST_TITLE = 24
#: As long as an event's id, for a cropped one can't be asked for.
_LEAST_ID = 22
_TITLES = ("title", "event_title", "name", "matched", "first_title")
#: Columns that would stand above the table wherever all rows agree on them.
_HEADINGS = ("event_id", "event_title")


class _Column:
    """A column as it is drawn: its texts, and how narrow it may become."""

    def __init__(self, name: str, cells: Sequence[Any], width_of: Callable[[str], int]) -> None:
        self.name = name
        self.texts = [one_line(plain(cell, short)) for cell in cells]
        filled = [cell for cell in cells if cell is not None]
        self.numbers = bool(filled) and all(
            isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in filled
        )
        self.empty = not filled
        self.addresses = (
            bool(filled)
            and name not in _TITLES  # which are all that tells what a row is, whatever they hold
            and all(isinstance(cell, str) and cell.startswith(("http://", "https://")) for cell in filled)
        )
        self.constant = bool(filled) and len(filled) == len(cells) and len(set(self.texts)) == 1
        # Part of a number or of a time would be another one.
        self.times = bool(filled) and all(isinstance(cell, date) for cell in filled)
        whole = self.numbers or self.times
        self.heading = width_of(one_line(name))
        self.natural = max([self.heading, *(width_of(text) for text in self.texts)])
        least = _LEAST_TITLE if name in _TITLES else _LEAST_ID if name in ("id", "event_id") else _LEAST_TEXT
        self.least = self.natural if whole else min(self.natural, max(self.heading, least))


def draw(table: Table) -> tuple[str, ...]:
    """Draws the table on the terminal, a row a line, and gives the names of the columns that it left out.

    Where not all of it fits, what all rows agree on stands in a line above it, addresses make way for titles, names of
    what has an id for that id, later times for the first one, and then the last columns for the others; texts are
    cropped with an ellipsis, numbers and times never. ``NO_COLOR`` and ``TERM=dumb`` are respected.
    """
    from rich.cells import cell_len  # noqa: PLC0415  # only a terminal needs it
    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    rows = list(table.rows)
    columns = [_Column(name, [row[at] for row in rows], cell_len) for at, name in enumerate(table.names)]
    if not columns:
        return ()
    console = Console(highlight=False, emoji=False, markup=False)
    above, shown = _chosen(columns, len(rows), console.width)
    for column in sorted(above, key=lambda one: one.name not in _HEADINGS):
        line = Text(f"{one_line(column.name)}: {column.texts[0]}")
        console.print(line, no_wrap=True, overflow="ellipsis")
    _print(console, shown)
    seen = {column.name for column in [*above, *shown]}
    return tuple(name for name in table.names if name not in seen)


def _chosen(columns: list[_Column], rows: int, width: int) -> tuple[list[_Column], list[_Column]]:
    """What stands above the table, and what in it."""

    def room(of: Sequence[_Column], *, natural: bool = False) -> bool:
        widths = [one.natural if natural else one.least for one in of]
        return sum(widths) + _GAP * (len(widths) - 1) <= width

    if room(columns, natural=True) or not rows:
        return [], columns
    # Of a single row everything is constant; only what its event is stands above it.
    above = [one for one in columns if one.constant and not one.numbers and (rows > 1 or one.name in _HEADINGS)]
    shown = [one for one in columns if one not in above and not one.empty]
    if not shown:
        above, shown = [], columns
    names = {one.name for one in shown}
    titled = not names.isdisjoint(_TITLES)
    if titled:
        shown = [one for one in shown if not one.addresses]
    if not room(shown):
        shown = [one for one in shown if one.name.removesuffix("_name") == one.name or one.name[:-5] not in names]
    while not room(shown) and len(times := [one for one in shown if one.times]) > 1:
        shown.remove(times[-1])
    while len(shown) > 1 and not room(shown):
        shown.pop()
    return [one for one in above if not (titled and one.addresses)], shown


def _print(console: Console, columns: Sequence[_Column]) -> None:
    from rich import box  # noqa: PLC0415  # only a terminal needs it
    from rich.table import Table as Drawn  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    # The box puts one blank between columns, the padding the other.
    drawn = Drawn(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold", padding=(0, 1, 0, 0))
    for column, width in zip(columns, _widths(columns, console.width), strict=True):
        drawn.add_column(
            Text(one_line(column.name)),
            justify="right" if column.numbers else "left",
            overflow="ellipsis",
            no_wrap=True,
            width=width,
        )
    for cells in zip(*(column.texts for column in columns), strict=True):
        # Text, never markup: a title with [brackets] in it is no style.
        drawn.add_row(*(Text(cell) for cell in cells))
    console.print(drawn)


def _widths(columns: Sequence[_Column], width: int) -> list[int]:
    """A width for each column: what is left above the least is shared evenly among those that want more."""
    widths = [column.least for column in columns]
    left = width - _GAP * (len(columns) - 1) - sum(widths)
    while left > 0:
        wanting = [at for at, column in enumerate(columns) if widths[at] < column.natural]
        if not wanting:
            break
        share = max(1, left // len(wanting))
        for at in wanting[: left if share == 1 else None]:
            more = min(share, columns[at].natural - widths[at])
            widths[at] += more
            left -= more
    return [min(one, width) for one in widths]
