"""Workbooks of LibreOffice and others (OpenDocument, ``.ods``) as tables. Those of Excel are read by
:mod:`newsgraph.loaders.intake.workbooks`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from newsgraph.loaders.intake.workbook_parts import (
    MOST_COLUMNS,
    MOST_ROWS,
    Parts,
    Sheet,
    WorkbookError,
    cleaned,
    lines_of,
    local,
)

#: How a duration begins that is a time of the day: ``PT10H30M00S``.
_CLOCK = re.compile(r"PT(\d{2})H(\d{2})M(\d{2})", re.ASCII)


def sheets_in(parts: Parts) -> Iterator[Sheet]:
    """Yields the sheets that are shown. Raises WorkbookError."""
    hidden: set[str] = set()
    rows: dict[int, dict[int, str]] = {}
    leads: dict[int, str] = {}
    last = 0
    for one in parts.elements("content.xml", "style", "table-row", "table"):
        kind, said = local(one), _named(one)
        if kind == "style":
            if any(_named(inner).get("display") == "false" for inner in one):
                hidden.add(said.get("name", ""))
        elif kind == "table":
            if said.get("style-name", "") not in hidden:
                yield Sheet(said.get("name", ""), "".join(lines_of(rows, leads)))
            rows, leads, last = {}, {}, 0
        else:
            cells = dict(_cells(one))
            times = _times(said.get("number-rows-repeated"))
            link = next(
                (address for cell in one.iter() if (address := _web(_named(cell).get("href"))) is not None), None
            )
            for number in range(last + 1, last + 1 + times) if cells else ():
                if number > MOST_ROWS:
                    raise WorkbookError(f"it has a row {number}")
                parts.show(max(cells) + sum(map(len, cells.values())))
                rows[number] = cells
                if link is not None:
                    leads[number] = link
            last += times


def _named(element: Element) -> dict[str, str]:
    """Returns the attributes by their names without namespaces."""
    return {key.rpartition("}")[2]: value for key, value in element.items()}


def _times(repeated: str | None) -> int:
    return max(1, int(repeated)) if repeated and repeated.isdecimal() and len(repeated) < 9 else 1


def _web(address: str | None) -> str | None:
    return address if address and address.startswith(("http://", "https://")) else None


def _cells(row: Element) -> Iterator[tuple[int, str]]:
    """Yields column and text of the row's cells that aren't empty."""
    column = 0
    for cell in row:
        said = _named(cell)
        times = _times(said.get("number-columns-repeated"))
        shown = _shown(cell, said)
        for place in range(column, column + times) if shown else ():
            if place >= MOST_COLUMNS:
                raise WorkbookError(f"it has more than {MOST_COLUMNS:,} columns")
            yield place, shown
        column += times


def _shown(cell: Element, said: dict[str, str]) -> str:
    """Returns what a cell shows. A date is written as one, and so is a time of the day."""
    if said.get("value-type") == "date":
        return said.get("date-value", "").replace("T00:00:00", "")
    clock = _CLOCK.match(said.get("time-value", "")) if said.get("value-type") == "time" else None
    if clock is not None:
        return ":".join(clock.groups())
    texts = ["".join(one.itertext()) for one in cell if local(one) == "p"]
    return cleaned(" ".join(texts))
