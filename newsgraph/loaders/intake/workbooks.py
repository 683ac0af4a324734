"""Workbooks of Excel and other spreadsheets (Office Open XML, ``.xlsx``) as tables: the text of each sheet, with tabs
between the cells and the sheet's rows as its lines. Those of LibreOffice are read by ``open_documents``.

A cell that is shown as a date is written as one, because the number in it says nothing. If a cell's text leads to an
address, the row gets that address in a column ``hyperlink`` before the others.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element, ParseError

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

_WORKBOOK = "xl/workbook.xml"
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.ASCII)
#: Formats of numbers that every workbook knows and that show dates, or only times of the day.
_DATES, _CLOCKS = (
    frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)}),
    frozenset({*range(18, 22), 45, 46, 47}),
)
#: What a format shows as it is: texts in quotes, single characters, and colours or places in brackets.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]++\])[^\[\]]*+\]', re.IGNORECASE)


def sheets_of(data: bytes) -> list[Sheet]:
    """Returns the sheets that are shown and have any cells. Raises WorkbookError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            return [sheet for sheet in _sheets(opened, len(data)) if sheet.text.strip()]
    except (zipfile.BadZipFile, ParseError, KeyError, IndexError, EOFError, OSError, RuntimeError, ValueError) as error:
        said = str(error) if isinstance(error, WorkbookError) else f"it is damaged ({type(error).__name__}: {error})"
        raise WorkbookError(said) from None


def _sheets(opened: zipfile.ZipFile, size: int) -> Iterator[Sheet]:
    if _WORKBOOK in opened.namelist():
        return _Workbook(opened, size).sheets()
    from newsgraph.loaders.intake.open_documents import sheets_in  # noqa: PLC0415  # few workbooks are LibreOffice's

    return sheets_in(Parts(opened, size))


class _Workbook(Parts):
    def __init__(self, opened: zipfile.ZipFile, size: int) -> None:
        super().__init__(opened, size)
        self._starts = datetime(1899, 12, 30)  # what cells show has no zone
        self._texts: list[str] = []
        self._kinds: list[str] = []

    def sheets(self) -> Iterator[Sheet]:
        places: list[tuple[str, str]] = []
        for one in self.elements(_WORKBOOK, "workbookPr", "sheet"):
            if local(one) == "workbookPr" and one.get("date1904") in ("1", "true"):
                self._starts = datetime(1904, 1, 1)
            elif local(one) == "sheet" and one.get("state", "visible") == "visible":
                place = next((value for key, value in one.items() if key.endswith("}id")), "")
                places.append((one.get("name", ""), place))
        targets = self._targets(_WORKBOOK)
        self._texts = [cleaned(_text(one)) for one in self.elements("xl/sharedStrings.xml", "si")]
        self._kinds = list(self._kinds_of_styles())
        for name, place in places:
            if place in targets:
                yield Sheet(name, self._sheet(targets[place]))

    def _targets(self, part: str) -> dict[str, str]:
        """Returns what a part leads to: its other parts, and addresses, by their ids."""
        folder, _, name = part.rpartition("/")
        found: dict[str, str] = {}
        for one in self.elements(f"{folder}/_rels/{name}.rels", "Relationship"):
            target = one.get("Target", "")
            if one.get("TargetMode") != "External":
                target = target[1:] if target.startswith("/") else f"{folder}/{target}"
            found[one.get("Id", "")] = target
        return found

    def _kinds_of_styles(self) -> Iterator[str]:
        """Yields for each style of cells whether it shows a ``date``, a ``clock``, or neither."""
        own: dict[int, str] = {}
        for one in self.elements("xl/styles.xml", "numFmt", "cellXfs"):
            if local(one) == "numFmt":
                own[int(one.get("numFmtId", "0"))] = one.get("formatCode", "")
                continue
            for style in one:
                number = int(style.get("numFmtId", "0"))
                shown = _LITERAL.sub("", own.get(number, "").lower())
                if number in _DATES or "y" in shown or "d" in shown:
                    yield "date"
                else:
                    yield "clock" if number in _CLOCKS or "h" in shown else ""

    def _sheet(self, part: str) -> str:
        rows: dict[int, dict[int, str]] = {}
        leads: dict[int, str] = {}
        targets = self._targets(part)
        last = 0
        for one in self.elements(part, "row", "hyperlink"):
            if local(one) == "hyperlink":
                self._lead(one, targets, leads)
                continue
            last = int(one.get("r", last + 1))
            if not 0 < last <= MOST_ROWS:
                raise WorkbookError(f"it has a row {last}")
            rows[last] = cells = dict(self._cells(one, leads, last))
            self.show(max(cells, default=0))  # few cells may stand far apart
        return "".join(lines_of(rows, leads))

    def _lead(self, one: Element, targets: Mapping[str, str], leads: dict[int, str]) -> None:
        place = next((value for key, value in one.items() if key.endswith("}id")), "")
        cell = _CELL.match(one.get("ref", ""))
        if cell is not None and targets.get(place, "").startswith(("http://", "https://")):
            leads.setdefault(int(cell[2]), targets[place])

    def _cells(self, row: Element, leads: dict[int, str], number: int) -> Iterator[tuple[int, str]]:
        column = -1
        for cell in row:
            named = _CELL.fullmatch(cell.get("r", ""))
            column = _column(named[1]) if named else column + 1
            if column >= MOST_COLUMNS:
                raise WorkbookError(f"it has more than {MOST_COLUMNS:,} columns")
            inside = {local(one): one for one in cell}
            formula = _FORMULA.match(inside["f"].text or "") if "f" in inside else None
            if formula is not None:
                leads.setdefault(number, formula[1])
            text = self._text_of(cell, inside)
            self.show(len(text))
            yield column, text

    def _text_of(self, cell: Element, inside: Mapping[str, Element]) -> str:
        """Returns what a cell shows."""
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return cleaned(_text(inside["is"])) if "is" in inside else ""
        written = (inside["v"].text or "") if "v" in inside else ""
        if kind == "s" and written:
            return self._texts[int(written)]
        if kind == "n" and _NUMBER.fullmatch(written):
            return self._number(written, int(cell.get("s", "0")))
        return "" if kind == "e" else cleaned(written)

    def _number(self, written: str, style: int) -> str:
        """Returns what a cell with a number shows in that style."""
        number = float(written)
        shows = self._kinds[style] if style < len(self._kinds) else ""
        if shows and 0 <= number < _LAST_DAY:
            time = self._starts + timedelta(seconds=round(number * 86_400))
            if shows == "clock" and number < 1:
                return f"{time:%H:%M:%S}"
            return f"{time:%Y-%m-%d}" if number == int(number) else f"{time:%Y-%m-%d %H:%M:%S}"
        whole = abs(number) < 2**53 and number == int(number)
        return str(int(number)) if whole else written


_NUMBER = re.compile(r"-?\d{1,400}(?:\.\d{1,400})?(?:[eE][+-]?\d{1,3})?", re.ASCII)
#: The number of the day 31 December 9999.
_LAST_DAY = 2_958_466
_FORMULA = re.compile(r'\s*HYPERLINK\(\s*"(https?://[^"]+)"', re.IGNORECASE)


def _text(element: Element) -> str:
    """Returns the text of a cell without that of its readings in another script."""
    parts: Sequence[Element] = [one for one in element if local(one) in ("t", "r")]
    return "".join(
        one.text or "" for part in parts for one in ([part] if local(part) == "t" else part) if local(one) == "t"
    )


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
