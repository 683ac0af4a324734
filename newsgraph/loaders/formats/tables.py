"""Tables of articles with one row for each: CSV with commas or semicolons, TSV, or bars between the cells.

A row at the beginning holds the names of the columns. The usual names are known, in many languages. Other names are
given by ``--map title=headline,url=link``.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice, zip_longest
from typing import Any, NamedTuple

from msgspec.structs import replace

from newsgraph.errors import UsageError
from newsgraph.graph.urls.identity import normalised_address
from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.column_names import (
    CLOCK,
    CLOCKS,
    HYPERLINK,
    IMAGE,
    LEFT_OUT,
    SEEN,
    TIME,
    ZONE,
    ZONES,
    field_of,
    likely_field,
    of_something_else,
    plain_name,
    zone_in,
)
from newsgraph.loaders.fields.converters import are_none_of
from newsgraph.loaders.fields.dates_in_figures import DAY_IN_FIGURES, order_shown
from newsgraph.loaders.fields.default_dialect import GENERAL
from newsgraph.loaders.fields.dialect import Dialect, RecordReader
from newsgraph.loaders.fields.literals import OPENING, literal
from newsgraph.loaders.fields.many_records import TOGETHER, ManyRecords
from newsgraph.loaders.fields.saved_pages import TIMES_OF_SAVING, saves_pages
from newsgraph.loaders.fields.times import NO_HINTS, TimeHints, parse_time
from newsgraph.loaders.formats.press_archives import without_address
from newsgraph.loaders.markup.addresses import in_press_archive
from newsgraph.loaders.markup.plain_text import web_text
from newsgraph.loaders.records import ADDRESSES, Problem, Reading
from newsgraph.patterns import later

FORMAT = "table"
#: The fields that a column can hold, by the names that ``--map`` uses.
FIELDS = (*GENERAL.fields, TIME, IMAGE)
DIALECT = Dialect(
    name=FORMAT,
    fields={name: (name,) for name in GENERAL.fields},
    time=(TIME,),
    seen=(SEEN,),
    images=(IMAGE,),
)
_DELIMITERS = ",;\t|"
#: The first line that Excel adds, which names the separator.
_SEPARATOR = later(r'"?sep=(.)"?[ \t]*\n', re.IGNORECASE)
#: The number of rows at the beginning in which the header is looked for, and the number by which columns are judged.
_ROWS_BEFORE = 15
_ROWS_JUDGED = 200
#: The number of columns of an unknown name that are judged: each costs a reading of those rows.
_COLUMNS_JUDGED = 200
#: The number of characters at the beginning in which those rows are found.
_SAMPLE = 2**18
#: A column of one of newsgraph's own import files for Neo4j.
_OURS = (":ID(", ":START_ID(", ":LABEL", ":TYPE")
#: What programs write for an empty cell.
_NULLS = frozenset(
    {"nan", "NaN", "NAN", "None", "none", "null", "NULL", "Null", "N/A", "n/a", "NA", "<NA>", "NaT", "#N/A",
    "-", "--", "\\N"}
)  # fmt: skip
_SERIAL = later(r"[23456]\d{4}(?:[.,]\d{1,12})?", re.ASCII)
_STARTS_SPREADSHEETS = datetime(1899, 12, 30, tzinfo=UTC)


def read_map(given: str) -> dict[str, str]:
    """Reads ``title=headline,url=link`` and returns record field -> column. Raises UsageError."""
    columns: dict[str, str] = {}
    for part in given.split(","):
        name, separator, column = (one.strip() for one in part.partition("="))
        if not separator or not column:
            raise UsageError(
                "--map", f"{part.strip()!r} is no FIELD=COLUMN", "Write it as --map title=headline,url=link"
            )
        name = {"date": TIME, "time": TIME, "images": IMAGE}.get(name, name)
        if name not in FIELDS:
            raise UsageError("--map", f"there is no field {name!r}", f"Fields are {', '.join(FIELDS)}")
        if name in columns:
            raise UsageError("--map", f"{name} is given twice", "Name one column for it")
        columns[name] = column
    return columns


@dataclass(frozen=True, slots=True)
class _Table:
    """A table's text, the separator of its cells, the row that is the header, and the names in it."""

    text: str
    delimiter: str
    header: int
    names: Sequence[str]

    def rows(self) -> Iterator[tuple[int, list[str] | Problem]]:
        """Yields line and cells of every row after the header, or what is wrong with a broken row."""
        reader = csv.reader(_lines(self.text), delimiter=self.delimiter)
        before = number = 0
        width, first = len(self.names), self.names[0]
        while True:
            try:
                for cells in reader:
                    line, before = before + 1, reader.line_num
                    number += 1
                    if number - 1 <= self.header:
                        continue
                    # Most rows are complete, and nothing but their first cell has to be looked at.
                    if len(cells) == width and cells[0] != first and cells[0].strip():
                        yield line, cells
                    elif _any(cells) and cells != self.names:  # tables that were joined repeat their header
                        yield line, self._fitted(cells, line)
            except csv.Error as error:
                remedy = "Check the quotes there; other rows are loaded"
                yield before + 1, Problem(f"the row is broken: {error}", remedy, line=before + 1)
                before = reader.line_num
            else:
                return

    def _fitted(self, cells: list[str], line: int) -> list[str] | Problem:
        """Returns the cells of a row without the blank ones behind the last column."""
        while len(cells) > len(self.names) and not cells[-1].strip():
            cells.pop()
        if len(cells) <= len(self.names):
            return cells
        said = f"the row has {len(cells)} cells, but there are {len(self.names)} columns"
        remedy = 'The row is left out; put cells that hold the separator in "quotes"'
        return Problem(said, remedy, line=line)

    def blocks(self, advance: Callable[[int], None]) -> Iterator[_Block]:
        """Yields the rows, a thousand at a time. ``advance`` is called with the number of rows so far."""
        rows: list[list[str]] = []
        lines: list[int] = []
        told = 0
        for line, cells in self.rows():
            if isinstance(cells, Problem):
                yield _Block(rows, lines, cells)
            else:
                rows.append(cells)
                lines.append(line)
                if len(rows) < TOGETHER:
                    continue
                yield _Block(rows, lines)
            told += len(rows)
            advance(told)
            rows, lines = [], []
        yield _Block(rows, lines)

    def column(self, name: str, most: int | None = None) -> Iterator[str]:
        """Yields the cells of a column that aren't empty, of the first ``most`` rows or of all."""
        place = self.names.index(name)
        whole = (cells for _, cells in self.rows() if not isinstance(cells, Problem))
        for cells in islice(whole, most):
            if place < len(cells) and (cell := _clean(cells[place]).strip()):
                yield cell


class _Block:
    """Some rows of a table, one after the other, with the line of each. A broken row may follow them."""

    def __init__(self, rows: Sequence[Sequence[str]], lines: Sequence[int], broken: Problem | None = None) -> None:
        self.lines, self.broken = lines, broken
        # None stands where a row is too short.
        self._columns: list[tuple[str | None, ...]] = list(zip_longest(*rows))

    def cells(self, place: int) -> Sequence[str | None]:
        """Returns the cells of a column as they are written, with None where a row is too short."""
        return self._columns[place] if place < len(self._columns) else [None] * len(self.lines)

    def column(self, place: int) -> Sequence[Any]:
        """Returns the values of a column: most are the texts themselves; see :func:`_value`."""
        cells = self.cells(place)
        texts = [cell for cell in cells if cell is not None]
        plain = len(texts) == len(cells) and OPENING.isdisjoint({cell[:1] for cell in texts})
        if plain and are_none_of(texts, _NULLS):
            return texts
        return [cell if cell is None else _value(cell) for cell in cells]


def _table(document: Document) -> _Table | None:
    """Returns the table of a document; None if the document isn't a table."""
    text = document.text.lstrip("\n")
    said = _SEPARATOR.match(text)
    if said:
        text = "\n" + text[said.end() :]  # the numbers of the lines stay the same
    text = "\n" * (len(document.text) - len(document.text.lstrip("\n"))) + text
    sample = text[:_SAMPLE]
    if len(sample) == _SAMPLE:
        sample = sample[: sample.rfind("\n") + 1]
    best: tuple[tuple[int, int], str, int, list[str]] | None = None
    frequent = sorted(_DELIMITERS, key=lambda one: (one != "\t" or document.ending != ".tsv", -sample.count(one)))
    delimiters = said[1] if said else "".join(frequent)
    for delimiter in delimiters:
        for number, cells in enumerate(_first_rows(sample, delimiter)):
            names = [cell.strip() for cell in cells]
            found = _fields_in(names, document.columns)
            whole = "title" in found and bool(found & {*ADDRESSES})
            if whole and (best is None or (2, len(found)) > best[0]):
                best = (2, len(found)), delimiter, number, names
            # Otherwise the first row with several cells, by the separator that is most frequent.
            elif best is None and sum(bool(name) for name in names) > 1:
                best = (1, 0), delimiter, number, names
    return None if best is None else _Table(text, best[1], best[2], best[3])


def _first_rows(sample: str, delimiter: str) -> Iterator[list[str]]:
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)):
            if number > _ROWS_BEFORE:
                return
            yield cells
    except csv.Error:
        return


def _fields_in(names: Iterable[str], given: Mapping[str, str]) -> set[str]:
    found = {field for name in names if (known := field_of(name)) for field in known[:1]}
    return found | {field for field, column in given.items() if column in names}


def matches(document: Document) -> bool:
    """Tells whether it is a table, by its ending, or because a row at its beginning names a title and an address."""
    if document.ending in (".csv", ".tsv", ".tab"):
        return True
    if document.ending not in (".txt", "") or "\n" not in document.text.strip():
        return False
    table = _table(document)
    return table is not None and _tells_articles(set(_columns(table, document.columns, []).values()))


def _tells_articles(fields: set[str]) -> bool:
    return "title" in fields and bool(fields & set(ADDRESSES))


def read(document: Document) -> Reading:
    """Returns the articles. A table that looks like one of articles, but has no known columns, is an error, which
    suggests the columns. A table of something else is another kind of file."""
    table = _table(document)
    if table is None:
        return Reading(FORMAT, other="it has no columns")
    if any(mark in name for name in table.names for mark in _OURS):
        return Reading(FORMAT, other="it is one of newsgraph's own exports")
    problems: list[Problem] = []
    columns = _columns(table, document.columns, problems)
    note = ", ".join(f"{field}={name}" for name, field in sorted(columns.items(), key=lambda pair: pair[1]))
    if not _tells_articles(set(columns.values())):
        return _unmapped(table, columns, problems, note)
    return _articles(table, columns, tuple(problems), note, document)


def read_workbook(data: bytes, columns: Mapping[str, str], advance: Callable[[int], None]) -> Reading:
    """Returns the articles in the sheets of a workbook. A sheet of something else is passed over with a note, unless
    all of them are."""
    from newsgraph.loaders.intake.workbook_parts import WorkbookError  # noqa: PLC0415  # most tables are texts
    from newsgraph.loaders.intake.workbooks import sheets_of  # noqa: PLC0415  # likewise

    try:
        sheets = sheets_of(data)
    except WorkbookError as error:
        return Reading(FORMAT, problems=(Problem(f"the workbook can't be read: {error}", "Save it again, or as CSV"),))
    readings = [(one.name, read(Document(one.text, ".tsv", columns, advance=advance))) for one in sheets]
    of_articles = [(name, found) for name, found in readings if not found.other]
    if not of_articles:
        return Reading(FORMAT, other=readings[0][1].other if readings else "it has no cells")
    several = len(readings) > 1
    notes = [f"the sheet {name!r} is passed over: {found.other}" for name, found in readings if found.other]
    return Reading(
        FORMAT,
        tuple(record for _, found in of_articles for record in found.records),
        tuple(
            replace(one, message=f"in the sheet {name!r}, {one.message}" if several else one.message)
            for name, found in of_articles
            for one in found.problems
        ),
        sum((Counter(found.unknown_fields) for _, found in of_articles), Counter()),
        (*notes, *(note for _, found in of_articles for note in found.notes)),
    )


# -- Columns -----------------------------------------------------------------------------------------------------------


def _columns(table: _Table, given: Mapping[str, str], problems: list[Problem]) -> dict[str, str]:
    """Returns column -> field. If a map's columns are all missing, the map is meant for other tables."""
    names = table.names
    columns: dict[str, str] = {}
    missing = {field: column for field, column in given.items() if column not in names}
    if len(missing) < len(given):
        columns = {column: field for field, column in given.items() if column in names}
        for field, column in missing.items():
            said = f"there is no column {column!r} for {field}"
            problems.append(Problem(said, f"Change --map; columns are {_listed(names)}", line=table.header + 1))
    columns |= _usual(table, columns)
    columns |= _likely(table, columns)
    columns |= _only_addresses(table, columns)
    if saves_pages(tuple(names)):
        of_saving = [name for name in columns if name.lower() in TIMES_OF_SAVING and name not in given.values()]
        columns |= {name: SEEN for name in of_saving if columns[name] == TIME}
    return columns | _beside_times(names, columns)


def _usual(table: _Table, columns: Mapping[str, str]) -> dict[str, str]:
    """Returns the columns with usual names for the fields that have no column yet."""
    taken = set(columns.values())
    best: dict[str, tuple[int, int, str]] = {}
    for place, name in enumerate(table.names):
        field, rank = field_of(name) or ("", 0)
        if (
            field == TIME
            and plain_name(name) == "published"
            and not _mostly(list(table.column(name, _ROWS_JUDGED)), _is_time)
        ):
            continue  # it says whether, and not when
        if field == "url" and _is_link_text(table, name):
            continue
        if field and field not in taken and name not in columns:
            best[field] = min(best.get(field, (rank, place, name)), (rank, place, name))
    return {name: field for field, (_, _, name) in best.items() if field not in (CLOCK, ZONE)}


def _is_link_text(table: _Table, name: str) -> bool:
    """Tells whether a workbook's column holds the texts of links, whose addresses are in a column of their own."""
    return table.names[0] == HYPERLINK != name and not _mostly(list(table.column(name, _ROWS_JUDGED)), _is_address)


def _likely(table: _Table, columns: Mapping[str, str]) -> dict[str, str]:
    """Returns the columns for a title, an address and a time that no usual name gives: one word of their names, and
    what they hold, say so."""
    taken = {"url" if field in ADDRESSES else field for field in columns.values()}
    likely: dict[str, list[tuple[int, int, str]]] = {}
    for place, name in enumerate(table.names[:_COLUMNS_JUDGED]):
        field, rank = likely_field(name) or ("", 0)
        if field and field not in taken and field_of(name) is None and plain_name(name) not in LEFT_OUT:
            likely.setdefault(field, []).append((rank, place, name))
    found: dict[str, str] = {}
    for field, candidates in likely.items():
        for _, _, name in sorted(candidates):
            cells = list(table.column(name, _ROWS_JUDGED))
            if cells and _mostly(cells, _HOLDING[field]):
                found[name] = field
                break
    return found


def _only_addresses(table: _Table, columns: Mapping[str, str]) -> dict[str, str]:
    """Returns the only column that holds addresses of pages, where the others are known to be those of articles."""
    fields = set(columns.values())
    if "title" not in fields or not fields & _OF_ARTICLES or fields & set(ADDRESSES):
        return {}
    others = [name for name in table.names[:_COLUMNS_JUDGED] if name and name not in columns]
    found = [name for name in others if _mostly(list(table.column(name, _ROWS_JUDGED)), _is_page)]
    return {found[0]: "url"} if len(found) == 1 and not of_something_else(found[0]) else {}


def _is_page(cell: str) -> bool:
    """Tells whether a cell holds the address of a page below a site's first one, and not that of a picture."""
    return _is_address(cell) and cell.rstrip("/").count("/") > 2 and not _PICTURE.search(cell)


_PICTURE = later(r"\.(?:jpe?g|png|gif|webp|avif|svg)(?:\?|$)", re.IGNORECASE)


def _is_address(cell: str) -> bool:
    return "://" in cell and " " not in cell and normalised_address(cell) is not None


def _is_time(cell: str) -> bool:
    """Tells whether a cell holds a time, or figures that can be a date, of which the whole column decides."""
    return parse_time(cell).time is not None or DAY_IN_FIGURES.match(cell) is not None


def _is_title(cell: str) -> bool:
    return "://" not in cell and any(map(str.isalpha, cell))


_HOLDING = {"title": _is_title, "url": _is_address, TIME: _is_time}


def _beside_times(names: Sequence[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Returns the columns with the time of day and the zone, if another column has the date."""
    found: dict[str, str] = {}
    if TIME not in columns.values():
        return found
    for name in names:
        kind = CLOCK if plain_name(name) in CLOCKS else ZONE if plain_name(name) in ZONES else ""
        if kind and name not in columns and kind not in found.values():
            found[name] = kind
    return found


#: Fields that only articles have beside their title.
_OF_ARTICLES = frozenset({TIME, "outlet_name", "authors"})


def _unmapped(table: _Table, columns: Mapping[str, str], problems: list[Problem], note: str) -> Reading:
    """Returns what is reported about a table in which no column is known to be the title, or the address."""
    guessed = _guessed(table, columns)
    fields = {*columns.values(), *guessed}
    if _is_of_gdelt(table):
        return Reading(FORMAT, other="it is a table of GDELT that has no titles; load its files *.gkg.csv of version 2")
    if any(normalised_address(name) and "://" in name for name in table.names):
        said, remedy = "there is no row with the names of the columns", "Write one above the first: title,url,date"
        return Reading(FORMAT, problems=(*problems, Problem(said, remedy, line=table.header + 1)))
    if not problems and not fields & set(ADDRESSES):
        if "title" in columns.values() and set(columns.values()) & _OF_ARTICLES:
            said = f"no column holds web addresses, by which stories are known; columns are {_listed(table.names)}"
            return Reading(FORMAT, problems=(Problem(said, "Add a column url", line=table.header + 1),))
        return Reading(FORMAT, other=f"no column holds web addresses; columns are {_listed(table.names)}")
    lacking = [field for field in ("title", "url") if field not in columns.values()]
    lacking = [field for field in lacking if field != "url" or not set(columns.values()) & set(ADDRESSES)]
    guess = ",".join(f"{field}={guessed.get(field, 'COLUMN')}" for field in lacking)
    more = "".join(f",{field}={name}" for field, name in guessed.items() if field not in lacking)
    said = f"no column is known to be the {' or the '.join(lacking)}; columns are {_listed(table.names)}"
    remedy = f"Name {'it' if len(lacking) == 1 else 'them'}: --map {_quoted(guess + more)}"
    problems.append(Problem(said, remedy, line=table.header + 1))
    return Reading(FORMAT, problems=tuple(problems), notes=(f"columns: {note}",) if note else ())


#: How many columns GDELT's tables of events (versions 1 and 2) and of mentions have.
_WIDTHS_OF_GDELT = frozenset({57, 58, 61, 16})


def _is_of_gdelt(table: _Table) -> bool:
    """Tells whether it is one of GDELT's tables of events or mentions, or its first knowledge graph."""
    numbered = table.delimiter == "\t" and len(table.names) in _WIDTHS_OF_GDELT and table.names[0].isdecimal()
    return numbered or {"SOURCEURLS", "CAMEOEVENTIDS"} <= set(table.names)


def _quoted(written: str) -> str:
    """Returns the text quoted for a shell."""
    return written if re.fullmatch(r"[\w=,.-]+", written) else "'" + written.replace("'", "'\\''") + "'"


def _guessed(table: _Table, known: Mapping[str, str]) -> dict[str, str]:
    """Returns field -> column, guessed by what the cells hold: addresses, times, and for the title the longest texts of
    one line."""
    found: dict[str, str] = {}
    texts: list[tuple[float, str]] = []
    taken = set(known.values())
    for name in islice(dict.fromkeys(table.names), _COLUMNS_JUDGED):
        if not name or name in known:
            continue
        cells = list(table.column(name, _ROWS_JUDGED))
        if not cells:
            continue
        if _mostly(cells, _is_address):
            if not taken & set(ADDRESSES):
                found.setdefault("url", name)
        elif _mostly(cells, _is_time):
            if TIME not in taken:
                found.setdefault(TIME, name)
        elif (words := sum(len(cell.split()) for cell in cells) / len(cells)) >= 1.5 and len(set(cells)) * 2 >= len(
            cells
        ):
            # Titles have about ten words; whole texts have hundreds.
            texts.append((abs(words - 9), name))
    if texts and "title" not in taken:
        found["title"] = min(texts)[1]
    return {field: found[field] for field in ("title", "url", TIME) if field in found}


def _mostly(cells: Sequence[str], test: Callable[[str], bool]) -> bool:
    return sum(map(test, cells)) * 2 > len(cells)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(name[:40] for name in names[:12] if name)
    return shown + (" ..." if len(names) > 12 else "")


# -- Rows --------------------------------------------------------------------------------------------------------------


def _articles(
    table: _Table, columns: Mapping[str, str], problems: tuple[Problem, ...], note: str, document: Document
) -> Reading:
    time_columns = {field: name for name, field in columns.items() if field in (TIME, CLOCK, ZONE)}
    notes = [f"columns: {note}"]
    hints: Callable[[], TimeHints] = _no_hints
    convert: Callable[[str], str] = _as_written
    if TIME in time_columns:
        hints, convert = _of_times(table, time_columns[TIME])
    elif (guess := _guessed(table, columns).get(TIME)) is not None:
        given = _quoted(f"{TIME}={guess}")
        notes.append(f"no column is known to be the time of publication; {guess!r} may be: --map {given}")
    reader = RecordReader(DIALECT, hints=hints)
    places = [(place, columns[name]) for place, name in enumerate(table.names) if name in columns]
    places = list({field: (place, field) for place, field in reversed(places)}.values())[::-1]
    # A time that stands in one column, and is read as it is written, needs no more than that.
    timed = convert is not _as_written or CLOCK in time_columns or ZONE in time_columns
    others = _Others.of(table, columns)
    # Entities stand for any characters.
    many = ManyRecords(reader, printable=document.printable and not others.marked)
    for block in table.blocks(document.advance):
        by_field = others.completed({field: block.column(place) for place, field in places}, block)
        if timed:
            by_field = _with_whole_times(by_field, convert)
        start = 0
        for number in _in_press_archives(by_field.get("url", ())):
            _add_some(many, by_field, block.lines, slice(start, number))
            row = {field: column[number] for field, column in by_field.items()}
            reader.problems.append(without_address(row, "table", block.lines[number], "in a column url"))
            start = number + 1
        _add_some(many, by_field, block.lines, slice(start, len(block.lines)))
        if block.broken is not None:
            reader.problems.append(block.broken)
    records = many.read()
    left = reader.unknown + _unknown(table, {*columns, *(table.names[place] for place in others.places)})
    return Reading(FORMAT, records, (*problems, *reader.problems), left, tuple(notes))


def _add_some(many: ManyRecords, by_field: Mapping[str, Sequence[Any]], lines: Sequence[int], some: slice) -> None:
    if some.stop - some.start == len(lines):
        many.add_columns(by_field, lines)
    elif some.start < some.stop:
        many.add_columns({field: column[some] for field, column in by_field.items()}, lines[some])


def _in_press_archives(urls: Sequence[Any]) -> list[int]:
    """Returns the places of addresses of a press archive, which only its readers can open."""
    # All at once, as most tables have none. After the slash a host ends, if it is a whole address.
    if not in_press_archive("/\n".join(map(str, urls))):
        return []
    return [number for number, url in enumerate(urls) if in_press_archive(str(url))]


def _unknown(table: _Table, used: Container[str]) -> Counter[str]:
    """Returns the names of the columns that are not loaded."""
    names = [name for name in table.names if name and name not in used and plain_name(name) not in LEFT_OUT]
    return Counter(dict.fromkeys(names, 1))


#: By which a table shows that its texts have entities of HTML.
_ENTITY = later("&(?:#|amp;|quot;|nbsp;|rsquo;|lt;)")


class _Others(NamedTuple):
    """What completes a row beside its own columns: for some fields, the places of further columns, the best first; the
    places of year, month and day if no column has the date; and the fields whose texts may have entities of HTML."""

    spare: Sequence[tuple[str, Sequence[int]]]
    parts: tuple[int, ...]
    marked: tuple[str, ...]

    @classmethod
    def of(cls, table: _Table, columns: Mapping[str, str]) -> _Others:
        """Returns what completes the rows of a table with these columns."""
        marked = "</" in table.text or ("&" in table.text and _ENTITY.search(table.text) is not None)
        parts = () if TIME in columns.values() else _parts_of_date(table.names)
        return cls(_spare(table, columns), parts, ("title", "excerpt") if marked else ())

    @property
    def places(self) -> set[int]:
        return {*self.parts, *(place for _, several in self.spare for place in several)}

    def completed(self, by_field: dict[str, Sequence[Any]], block: _Block) -> dict[str, Sequence[Any]]:
        """Returns the columns of a block with their empty cells filled, and with texts as readers see them."""
        for field, several in self.spare:
            for place in several:
                if not all(by_field[field]):
                    more = block.column(place)
                    by_field[field] = [one or other or "" for one, other in zip(by_field[field], more, strict=True)]
        for field in self.marked:
            if field in by_field:
                by_field[field] = [
                    web_text(one) if isinstance(one, str) and ("&" in one or "</" in one) else one
                    for one in by_field[field]
                ]
        if self.parts:
            parts = zip(*(block.cells(place) for place in self.parts), strict=True)
            by_field[TIME] = [None if None in several else _joined(several) for several in parts]
        return by_field


def _spare(table: _Table, columns: Mapping[str, str]) -> list[tuple[str, list[int]]]:
    """Returns the places of further columns for a field, the best first, that are used in rows in which its own column
    is empty."""
    others: dict[str, list[tuple[int, int]]] = {}
    for place, name in enumerate(table.names):
        field, rank = field_of(name) or ("", 0)
        if field in columns.values() and name not in columns and field not in (CLOCK, ZONE):
            others.setdefault(field, []).append((rank, place))
    return [(field, [place for _, place in sorted(ranked)]) for field, ranked in others.items()]


def _parts_of_date(names: Sequence[str]) -> tuple[int, ...]:
    """Returns the places of the columns for year, month and day; none if the table hasn't all three."""
    plain = [plain_name(name) for name in names]
    parts = ("year", "month", "day")
    return tuple(plain.index(part) for part in parts) if set(parts) <= set(plain) else ()


def _joined(parts: Sequence[str]) -> str:
    """Returns ``2021-3-1`` for ``2021``, ``3.0`` and ``1``. A month may have its name."""
    figures = [part.strip().removesuffix(".0") for part in parts]
    return ("-" if all(map(str.isdecimal, figures)) else " ").join(figures)


def _lines(text: str) -> Iterable[str]:
    """Returns the lines of a text with their ends, which may be carriage returns."""
    # A stream would keep four bytes for each character.
    return io.StringIO(text, newline="") if "\r" in text else _lines_that_end_alike(text)


def _lines_that_end_alike(text: str) -> Iterator[str]:
    start = 0
    while end := text.find("\n", start) + 1:
        yield text[start:end]
        start = end
    if start < len(text):
        yield text[start:]


def _any(cells: Sequence[str]) -> bool:
    """Tells whether any of them holds more than blanks."""
    return bool("".join(cells).strip())


def _clean(cell: str) -> str:
    return "" if cell in _NULLS else cell


def _value(cell: str) -> Any:
    """Returns the cell, or the object or list that Python or JSON wrote into it."""
    return "" if cell in _NULLS else literal(cell)


def _with_whole_times(by_field: Mapping[str, Sequence[Any]], convert: Callable[[str], str]) -> dict[str, Sequence[Any]]:
    """Returns the columns with one time made of what several of them say of it."""
    left = {field: column for field, column in by_field.items() if field not in (CLOCK, ZONE)}
    nothing: Sequence[Any] = [None] * len(by_field[TIME])
    told = zip(by_field[TIME], by_field.get(CLOCK, nothing), by_field.get(ZONE, nothing), strict=True)
    left[TIME] = [
        _whole_time(convert(time), clock, zone) if isinstance(time, str) else time for time, clock, zone in told
    ]
    return left


def _whole_time(written: str, clock: Any, zone: Any) -> str:
    """Returns the date with the time of day and the zone that other columns give."""
    clock, zone = str(clock or "").strip(), str(zone or "").strip()
    if _HOUR.fullmatch(clock):  # the minutes aren't known, or in a column of their own
        clock = ""
    if clock and written and parse_time(written).quality in ("date_only", "impossible"):
        written = f"{written} {clock}"
    if zone and written and parse_time(written).quality in ("no_zone", "impossible"):
        written = f"{written} {zone}"
    return written


_HOUR = later(r"\d{1,2}")


def _no_hints() -> TimeHints:
    return NO_HINTS


def _as_written(written: str) -> str:
    return written


def _of_times(table: _Table, name: str) -> tuple[Callable[[], TimeHints], Callable[[str], str]]:
    """Returns a function that finds out what a column as a whole shows about its times, and one that prepares each.

    If the times are numbers of days, as spreadsheets count them, the second function turns them into dates.
    """
    first = next(table.column(name, _ROWS_JUDGED), "")
    if _SERIAL.fullmatch(first) and all(_SERIAL.fullmatch(cell) for cell in table.column(name)):
        return partial(replace, NO_HINTS, zone=zone_in(name)), _day_of_spreadsheet
    return partial(_shown_by, table, name, first), _as_written


def _shown_by(table: _Table, name: str, first: str) -> TimeHints:
    """Returns the hints that a column gives. ``first`` is its first cell.

    If one of its dates shows the order of day and month, that order is used for all. Its name can give their
    zone.
    """
    hints = replace(NO_HINTS, zone=zone_in(name))
    if not DAY_IN_FIGURES.match(first):
        return hints
    return replace(hints, order=order_shown(table.column(name)))


def _day_of_spreadsheet(written: str) -> str:
    """Returns 2021-03-01 12:00:00 for ``44256.5``, to the second; an empty text for a blank one."""
    if not written.strip():
        return ""
    days = float(written.replace(",", "."))
    time = _STARTS_SPREADSHEETS + timedelta(seconds=round(days * 86_400))
    return time.strftime("%Y-%m-%d" if days == int(days) else "%Y-%m-%d %H:%M:%S")
