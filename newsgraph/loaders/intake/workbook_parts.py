"""What workbooks of all kinds are read with: the XML parts of their archive, with limits for all of them together, and
the lines of a sheet."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import cast
from xml.etree.ElementTree import Element, XMLPullParser

from msgspec import Struct

from newsgraph.loaders.fields.column_names import HYPERLINK
from newsgraph.loaders.intake.contents import MAXIMUM_BYTES
from newsgraph.loaders.intake.decompress import MAXIMUM_RATIO, RATIO_FROM

MOST_COLUMNS, MOST_ROWS = 1_000, 1_048_576
_CHUNK = 2**16
_BLANKS = re.compile(r"[\s\x00-\x1f]+")


class WorkbookError(ValueError):
    """The workbook can't be read. The message says why."""


class Sheet(Struct, frozen=True):
    """A sheet's name and its cells as text."""

    name: str
    text: str


class Parts:
    """The XML parts of a workbook's archive, with the limits for all of them together. ``size``: its bytes."""

    def __init__(self, opened: zipfile.ZipFile, size: int) -> None:
        self._zip = opened
        self._names = frozenset(opened.namelist())
        self._left = MAXIMUM_BYTES
        self._most_shown = min(MAXIMUM_BYTES, max(RATIO_FROM, MAXIMUM_RATIO * size))
        self._shown = 0

    def elements(self, part: str, *names: str) -> Iterator[Element]:
        """Yields the elements of these names, each when it is complete; none if there is no such part."""
        if part not in self._names:
            return
        info = self._zip.getinfo(part)
        if info.file_size > RATIO_FROM and info.file_size > MAXIMUM_RATIO * max(1, info.compress_size):
            raise WorkbookError(f"it unpacks to more than {MAXIMUM_RATIO} times its size")
        parser: XMLPullParser[Element] = XMLPullParser(("start", "end"))  # a document type is refused
        root: Element | None = None
        with self._zip.open(info) as stream:
            while chunk := stream.read(_CHUNK):
                self._left -= len(chunk)
                if self._left < 0:
                    raise WorkbookError(f"it unpacks to more than {MAXIMUM_BYTES // 2**20} MB")
                if b"<!DOCTYPE" in chunk:
                    raise WorkbookError("its XML declares a document type")
                parser.feed(chunk)
                for event, one in cast("Iterator[tuple[str, Element]]", parser.read_events()):
                    if root is None:
                        root = one
                    if event == "end" and local(one) in names:
                        yield one
                        one.clear()
        parser.close()

    def show(self, characters: int) -> None:
        """Counts characters of cells, before they are kept: one text may be shown in many cells. Raises WorkbookError
        if they are too many for all cells of a workbook of this size."""
        self._shown += characters
        if self._shown > self._most_shown:
            raise WorkbookError(f"its cells show more than {self._most_shown // 2**20} MB, too much for its size")


def lines_of(rows: Mapping[int, Mapping[int, str]], leads: Mapping[int, str]) -> Iterator[str]:
    """Yields the lines of a sheet's table. ``leads`` are the addresses that cells of a row lead to."""
    first = min(leads, default=0)
    before = 0
    for number, cells in sorted(rows.items()):
        yield "\n" * (number - before - 1)
        before = number
        there = [cells.get(column, "") for column in range(max(cells, default=-1) + 1)]
        if leads:
            there.insert(0, HYPERLINK if number < first else leads.get(number, ""))
        yield "\t".join(map(_quoted, there)) + "\n"


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if '"' in cell else cell


def local(element: Element) -> str:
    """Returns an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def cleaned(text: str) -> str:
    """Returns the text of a cell on one line, without blanks around it."""
    return _BLANKS.sub(" ", text).strip()
