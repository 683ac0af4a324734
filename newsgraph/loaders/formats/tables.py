"""Tables of articles, a row each: CSV with commas or semicolons, TSV, or bars. The first row holds the names of the
columns; those that are usual are known, ``--map title=headline,url=link`` names others."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from newsgraph.errors import UsageError
from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.default_dialect import GENERAL
from newsgraph.loaders.fields.dialect import ADDRESSES, Dialect, RecordReader
from newsgraph.loaders.records import Problem, Problems, Reading, Record

FORMAT = "table"
TIME, IMAGE = "published_at", "image"
_SEEN = "seen_at"
#: What a column can hold, in the words of ``--map``.
FIELDS = (*GENERAL.fields, TIME, IMAGE)
DIALECT = Dialect(
    name=FORMAT,
    fields={name: (name,) for name in GENERAL.fields},
    time=(TIME,),
    seen=(_SEEN,),
    images=(IMAGE,),
)
_DELIMITERS = ",;\t|"
_MARKS = re.compile(r"[^a-z0-9]+")
#: A column of one of newsgraph's own import files for Neo4j.
_OURS = (":ID(", ":START_ID(", ":LABEL", ":TYPE")


def read_map(given: str) -> dict[str, str]:
    """``title=headline,url=link`` as record field to column. Raises UsageError."""
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


def _plain(name: str) -> str:
    return _MARKS.sub("", name.casefold())


def _guesses() -> dict[str, tuple[str, int]]:
    """Plain name -> field, and how good a name for it."""
    found: dict[str, tuple[str, int]] = {}
    named = {
        **GENERAL.fields,
        TIME: (*GENERAL.time, "published", "pubdate"),
        _SEEN: GENERAL.seen,
        IMAGE: GENERAL.images,
    }
    for field, names in named.items():
        for place, name in enumerate((field, *names)):
            found.setdefault(_plain(name), (field, place))
    # In a table "published" mostly is a time.
    found["published"] = TIME, len(GENERAL.time)
    return found


_GUESSES = _guesses()


def _header(document: Document) -> tuple[str, list[str]] | None:
    """The delimiter and the names of the columns; None for what is no table."""
    first = document.text.lstrip().split("\n", 1)[0]
    if len(first) > 65_536:
        return None
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        names = [name.strip() for name in next(csv.reader([first], delimiter=delimiter), [])]
    except csv.Error:
        return None
    return delimiter, names


def matches(document: Document) -> bool:
    """Whether its ending says so, or its first line names a title and an address."""
    if document.ending in (".csv", ".tsv", ".tab"):
        return True
    if document.ending not in (".txt", "") or "\n" not in document.text.strip():
        return False
    header = _header(document)
    fields = {_GUESSES[_plain(name)][0] for name in header[1] if _plain(name) in _GUESSES} if header else set()
    return "title" in fields and bool(fields & set(ADDRESSES))


def read(document: Document) -> Reading | None:
    """The articles; None for a table of something else: one whose header names neither a title nor an address."""
    header = _header(document)
    if header is None or any(mark in name for name in header[1] for mark in _OURS):
        return None
    delimiter, names = header
    problems: list[Problem] = []
    columns = _columns(names, document.columns, problems)
    fields = set(columns.values())
    if "title" not in fields and not fields & set(ADDRESSES):
        return Reading(FORMAT, problems=tuple(problems)) if problems else None
    note = ", ".join(f"{field}={name}" for name, field in sorted(columns.items(), key=lambda pair: pair[1]))
    if "title" not in fields or not fields & set(ADDRESSES):
        lacking = "title" if "title" not in fields else "url"
        problems.append(
            Problem(
                f"no column is the {lacking}", f"Name it: --map {lacking}=COLUMN; columns are {_listed(names)}", line=1
            )
        )
        return Reading(FORMAT, problems=tuple(problems), notes=(f"columns: {note}",))
    reader = RecordReader(DIALECT)
    records: list[Record] = []
    for line, row in _rows(document.text, delimiter, names, reader.problems):
        record = reader.read({columns[name]: cell for name, cell in row.items() if name in columns}, "", line)
        if record is not None:
            records.append(record)
    left = Counter(dict.fromkeys((name for name in names if name and name not in columns and not _known(name)), 1))
    return Reading(FORMAT, tuple(records), (*problems, *reader.problems), left, (f"columns: {note}",))


def _known(name: str) -> bool:
    return _plain(name) in {_plain(one) for one in GENERAL.left_out}


def _listed(names: list[str]) -> str:
    shown = ", ".join(name[:40] for name in names[:12] if name)
    return shown + (" ..." if len(names) > 12 else "")


def _columns(names: list[str], given: Mapping[str, str], problems: list[Problem]) -> dict[str, str]:
    """Column -> field. A map whose columns are all missing is meant for other tables."""
    columns: dict[str, str] = {}
    missing = {field: column for field, column in given.items() if column not in names}
    if len(missing) < len(given):
        columns = {column: field for field, column in given.items() if column in names}
        for field, column in missing.items():
            said = f"there is no column {column!r} for {field}"
            problems.append(Problem(said, f"Change --map; columns are {_listed(names)}", line=1))
    taken = set(columns.values())
    best: dict[str, tuple[int, int, str]] = {}
    for place, name in enumerate(names):
        field, rank = _GUESSES.get(_plain(name), ("", 0))
        if field and field not in taken and name not in columns:
            best[field] = min(best.get(field, (rank, place, name)), (rank, place, name))
    return columns | {name: field for field, (_, _, name) in best.items()}


def _rows(text: str, delimiter: str, names: list[str], problems: Problems) -> Iterator[tuple[int, dict[str, str]]]:
    """Line and cells of every row after the header; what is broken costs its row and is reported."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = True
    before = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problems.append(
                Problem(f"the row is broken: {error}", "Check the quotes there; other rows are loaded", line=before + 1)
            )
            before = reader.line_num
            continue
        line, before = before + 1, reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if header:
            header = False
            continue
        while len(cells) > len(names) and not cells[-1].strip():
            cells.pop()
        if len(cells) > len(names):
            said = f"the row has {len(cells)} cells, but there are {len(names)} columns"
            remedy = 'The row is left out; put cells that hold the separator in "quotes"'
            problems.append(Problem(said, remedy, line=line))
            continue
        yield line, dict(zip(names, cells, strict=False))
