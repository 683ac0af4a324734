"""Draws rows on a terminal: each row is one line, cut to the terminal's width.

A web address and a command of newsgraph's are never cut, because a part of them leads nowhere. One that doesn't fit
stands on a line of its own below its row. Where this module says address, it means both.

The caller says by :class:`Roles` which columns tell what a row is. Everything else depends on the cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from newsgraph.output.cells import LENGTHS, Table, heading, read_cell
from newsgraph.output.safe_text import one_line

if TYPE_CHECKING:
    from rich.console import Console

_GAP = 2
#: The least number of letters of a text and of a title. Shorter ones say too little.
_LEAST_TEXT = 12
_LEAST_TITLE = 24
#: The same of a title for which another column would have to be left out.
_LEAST_CUT_TITLE = 20
#: The least number of letters of a domain: most of them are whole then.
_LEAST_DOMAIN = 18
#: What stands before an address on a line of its own.
_INDENT = "    "


@dataclass(frozen=True, slots=True)
class Roles:
    """What columns of certain names are to a reader, wherever they occur.

    ``titles`` tell what a row is. They get more room than other texts. ``ids`` are what one asks for next, so
    ``id_letters`` letters of them are always shown. ``headings`` are the first to be shown above the table, even above
    a single row. A column whose name ends in ``name_suffix`` may be left out if the column without that suffix is
    there, such as ``outlet_name`` beside ``outlet``. ``doubles`` may be left out if ``address`` is there, which says
    the same. ``domains`` are short names that one asks for, too. ``asides`` say more about another column, and are left
    out before it.
    """

    titles: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    id_letters: int = _LEAST_TEXT
    headings: tuple[str, ...] = ()
    name_suffix: str = "_name"
    doubles: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    asides: frozenset[str] = frozenset()
    address: str = "url"


class _Column:
    """A column as it is drawn: its texts, and how narrow it may become."""

    def __init__(
        self, name: str, cells: Sequence[Any], unit: str, roles: Roles, width_of: Callable[[str], int]
    ) -> None:
        self.name = name
        self.unit = unit if unit in LENGTHS else ""
        self.head = one_line(heading(name, unit))
        self.texts = [one_line(read_cell(cell, unit)) for cell in cells]
        filled = [cell for cell in cells if cell is not None]
        self.empty = not filled
        self.numbers = not self.empty and all(map(_is_number, filled))
        self.times = not self.empty and all(isinstance(cell, date) for cell in filled)
        self.title = name in roles.titles
        self.main = bool(self.unit) or name in roles.titles | roles.ids | roles.domains
        # A title is all that tells what a row is, so it is shown whatever it contains.
        self.addresses = not self.empty and not self.title and all(map(_is_address, filled))
        self.constant = not self.empty and len(filled) == len(cells) and len(set(self.texts)) == 1
        self.head_width = width_of(self.head)
        self.natural = max(self.head_width, *map(width_of, self.texts), 0)
        # A part of a number, of a time or of an address would be another one.
        whole = self.numbers or self.times or self.addresses
        self.least = self.natural if whole else min(self.natural, max(self.head_width, _least(name, roles)))
        self.minor = not self.empty and all(isinstance(cell, bool) for cell in filled)


def _is_number(cell: Any) -> bool:
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def _is_address(cell: Any) -> bool:
    return isinstance(cell, str) and cell.startswith(("http://", "https://", "newsgraph "))


def _least(name: str, roles: Roles) -> int:
    if name in roles.titles:
        return _LEAST_TITLE
    if name in roles.domains:
        return _LEAST_DOMAIN
    return roles.id_letters if name in roles.ids else _LEAST_TEXT


def draw(table: Table, roles: Roles) -> tuple[str, ...]:
    """Draws the table on the terminal, each row on one line, and returns the names of the columns that it left out.

    If not everything fits, room is made in this order: what is the same in all rows is written in a line above the
    table; ids are left out for the address that says the same; addresses go to a line of their own below their row, and
    are never left out; names of things that have an id are left out for the id; later times are left out for the first
    one; what is true or false is left out, and what only adds to another column; domains are cut; ids go to a line of
    their own, too; titles are cut; then the last columns are left out, but titles, domains and lengths of time only
    after all others. Texts are cut with an ellipsis; numbers, times and addresses are never cut. Lengths of time are in
    words, and numbers have the digits that are known. ``NO_COLOR`` and ``TERM=dumb`` are respected.
    """
    from rich.cells import cell_len  # noqa: PLC0415  # only a terminal needs it
    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    rows = list(table.rows)
    units = dict(zip(table.names, table.units, strict=False))
    columns = [
        _Column(name, [row[at] for row in rows], units.get(name, ""), roles, cell_len)
        for at, name in enumerate(table.names)
    ]
    if not columns:
        return ()
    console = Console(highlight=False, emoji=False, markup=False)
    above, shown, below = _arranged(columns, len(rows), console.width, roles)
    for column in sorted(above, key=lambda one: one.name not in roles.headings):
        line = Text(f"{column.head}: {column.texts[0]}")
        console.print(line, no_wrap=True, overflow="ellipsis", soft_wrap=column.addresses)
    _print(console, shown, below)
    drawn = {column.name for column in [*above, *shown, *below]}
    return tuple(name for name in table.names if name not in drawn)


def _arranged(
    columns: list[_Column], rows: int, width: int, roles: Roles
) -> tuple[list[_Column], list[_Column], list[_Column]]:
    """Returns the columns that are shown above the table, those in it, and those below each row."""
    if not rows or _room([column.natural for column in columns]) <= width:
        return [], columns, []
    above = [column for column in columns if _stands_above(column, rows, roles)]
    shown = [column for column in columns if column not in above and not column.empty]
    if not shown:
        above, shown = [], columns
    return above, *_fitted(shown, width, roles)


def _stands_above(column: _Column, rows: int, roles: Roles) -> bool:
    """Tells whether a column is shown above the table, because it is the same in all rows. Of a single row, only
    headings are shown above it."""
    return column.constant and not column.numbers and (rows > 1 or column.name in roles.headings)


def _fitted(columns: list[_Column], width: int, roles: Roles) -> tuple[list[_Column], list[_Column]]:
    """Returns as many columns as the width has room for, the most important ones, at least one; and the addresses that
    need lines of their own."""
    shown, below = _without_addresses(list(columns), width, roles)
    for group in _least_important(shown, roles):
        if _fits(shown, width):
            break
        shown = [column for column in shown if column not in group]
    _cut([column for column in shown if column.name in roles.domains], _LEAST_TEXT, shown, width)
    if not _fits(shown, width):
        ids = [column for column in shown if column.name in roles.ids and _stands_below(column, width)]
        if len(ids) < len(shown):
            shown, below = [column for column in shown if column not in ids], [*ids, *below]
    _cut([column for column in shown if column.title], _LEAST_CUT_TITLE, shown, width)
    while len(shown) > 1 and not _fits(shown, width):
        shown.remove(next((column for column in reversed(shown[1:]) if not column.main), shown[-1]))
    return shown, below


def _stands_below(column: _Column, width: int) -> bool:
    return len(_INDENT) + column.head_width + len(": ") + column.natural <= width


def _cut(some: Sequence[_Column], least: int, shown: Sequence[_Column], width: int) -> None:
    """Makes some of the columns shown narrower, one after the other, until all of them fit."""
    for column in some:
        if not _fits(shown, width):
            column.least = min(column.least, max(column.head_width, least))


def _without_addresses(columns: list[_Column], width: int, roles: Roles) -> tuple[list[_Column], list[_Column]]:
    """Returns the columns, and apart from them the addresses if there is no room for them. What says the same as an
    address gives way first."""
    if _fits(columns, width):
        return columns, []
    shown = columns
    if any(column.name == roles.address for column in columns):
        shown = [column for column in columns if column.name not in roles.doubles]
    addresses = [column for column in shown if column.addresses]
    if _fits(shown, width) or len(addresses) == len(shown):
        return shown, []
    return [column for column in shown if not column.addresses], addresses


def _fits(columns: Sequence[_Column], width: int) -> bool:
    return _room([column.least for column in columns]) <= width


def _least_important(columns: Sequence[_Column], roles: Roles) -> Iterator[list[_Column]]:
    """Yields the columns that may be left out, those that go together in one list, the least important first: what
    repeats an id, all times but the first, minor columns, and those that add to another."""
    names = {column.name for column in columns}
    yield [column for column in columns if _named_by_id(column.name, names, roles)]
    for column in reversed([column for column in columns if column.times][1:]):
        yield [column]
    for column in reversed([column for column in columns if column.minor]):
        yield [column]
    for column in reversed([column for column in columns if column.name in roles.asides]):
        yield [column]


def _named_by_id(name: str, names: set[str], roles: Roles) -> bool:
    return name.endswith(roles.name_suffix) and name.removesuffix(roles.name_suffix) in names


def _room(widths: Sequence[int]) -> int:
    return sum(widths) + _GAP * (len(widths) - 1)


def _print(console: Console, columns: Sequence[_Column], below: Sequence[_Column]) -> None:
    from rich.text import Text  # noqa: PLC0415  # only a terminal needs it

    widths = _widths(columns, console.width)

    def line(cells: Sequence[str], style: str = "") -> Text:
        drawn = []
        for column, width, cell in zip(columns, widths, cells, strict=True):
            # It is a text and not markup, because a title may contain [brackets].
            text = Text(cell, style)
            if not column.addresses:
                text.truncate(width, overflow="ellipsis")
            text.align("right" if column.numbers else "left", max(width, text.cell_len))
            drawn.append(text)
        joined = Text(" " * _GAP).join(drawn)
        joined.rstrip()
        return joined

    # Only an address may be longer than a line: the terminal breaks it, and it is still copied as one.
    whole = any(column.addresses for column in columns)
    console.print(line([column.head for column in columns], "bold"), no_wrap=True, overflow="crop")
    console.print(Text("\N{BOX DRAWINGS LIGHT HORIZONTAL}" * min(_room(widths), console.width)))
    for at in range(len(columns[0].texts)):
        console.print(line([column.texts[at] for column in columns]), no_wrap=True, overflow="crop", soft_wrap=whole)
        for column in [*below, *_cut_addresses(columns, widths, at)]:
            if column.texts[at]:
                name = f"{column.head}: " if len(below) > 1 else ""
                console.print(Text(f"{_INDENT}{name}{column.texts[at]}"), soft_wrap=True)


def _cut_addresses(columns: Sequence[_Column], widths: Sequence[int], row: int) -> list[_Column]:
    """Returns the columns of names and addresses in which this row has an address that is too long for them."""
    from rich.cells import cell_len  # noqa: PLC0415  # only a terminal needs it

    pairs = zip(columns, widths, strict=True)
    mixed = ((column.texts[row], column, width) for column, width in pairs if not column.title and not column.addresses)
    return [column for text, column, width in mixed if _is_address(text) and cell_len(text) > width]


def _widths(columns: Sequence[_Column], width: int) -> list[int]:
    """Returns a width for each column. What is left above the least widths is shared evenly among columns that need
    more."""
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
