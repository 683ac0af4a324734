"""A researcher's decisions as a CSV file, one on each line, which people can read, compare, share and edit.

::

    kind,stories,to,from,value,date,author,reason
    split,https://www.cnbc.com/2020/06/11/a.html,,https://www.bbc.com/news/b,,2026-11-27,,about the activists
    rename,https://www.bbc.com/news/b,,,Amazon pauses police use,2026-11-27,Ada,

Several addresses in one cell are separated by a space, which an address can't contain. A text that a spreadsheet would
take for a formula has an apostrophe before it in the file, and not where it is used.
"""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from msgspec import Struct

from newsgraph.errors import InputError
from newsgraph.graph.corrections import KINDS, Corrections, Decision, Kind
from newsgraph.graph.outlet_decisions import column_and_value
from newsgraph.graph.stores.registry import file_of
from newsgraph.loaders.fields.times import parse_time
from newsgraph.loaders.intake import contents
from newsgraph.loaders.researcher.outlets_file import is_column, named_domain
from newsgraph.output.atomic_files import write_texts
from newsgraph.output.safe_text import formula_guarded, formula_unguarded

COLUMNS = ("kind", "stories", "to", "from", "value", "date", "author", "reason")
#: The beginning of lines that are remarks and not decisions.
REMARK = "#"
_REMEDY = f"Begin the file with the line: {','.join(COLUMNS)}"


class ReadCorrections(Struct, frozen=True):
    """The decisions of a file, and a line for each wrong line of it: file, line, what is wrong, what to do."""

    corrections: Corrections
    problems: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()  # the number of each decision's line in the file, from 1


def file_beside(store_url: str) -> Path | None:
    """Returns the file of decisions beside a store: ``news.corrections.csv`` for ``news.kgl``.

    None for a server, and for a store that is in memory alone.
    """
    held = file_of(store_url)
    return None if held is None else held.with_name(f"{held.stem}.corrections.csv")


def read_corrections(path: Path) -> ReadCorrections:
    """Returns the decisions of a CSV file (commas, semicolons or tabs) in UTF-8, with or without a byte-order mark.

    Empty lines, and lines that begin with #, are ignored. A wrong line is named in ``problems``; the others are used.
    An empty file has no decisions. Raises InputError for a file that can't be read, is in another encoding, or has no
    header.
    """
    text = _text(path)
    decisions: list[Decision] = []
    problems: list[str] = []
    lines: list[int] = []
    for line, row in _rows(path, text):
        problem = str(row) if isinstance(row, str) else ""
        if not isinstance(row, str):
            made = _decision(row)
            if isinstance(made, Decision):
                decisions.append(made)
                lines.append(line)
            else:
                problem = made
        if problem:
            problems.append(f"{path}: line {line}: {problem}. The other lines hold")
    return ReadCorrections(Corrections(tuple(decisions)), tuple(problems), tuple(lines))


def write_corrections(corrections: Corrections, path: Path) -> None:
    """Makes a file hold these decisions. It appears complete or not at all.

    If the file exists, its remarks, its wrong lines and its columns stay. Only the lines of removed decisions are
    removed, and those of new ones are added at its end.
    """
    if not path.exists():
        write_texts([as_text(corrections)], path, force=True)
        return
    read = read_corrections(path)
    if read.corrections == corrections:
        return
    text = _text(path)
    kept = 0  # the number of the file's decisions that are still wanted, in their order
    gone: set[int] = set()
    wanted = corrections.decisions
    for decision, line in zip(read.corrections, read.lines, strict=True):
        if kept < len(wanted) and wanted[kept] == decision:
            kept += 1
        else:
            gone.add(line)
    columns = _columns(text)
    lines = [line for number, line in enumerate(text.splitlines(), 1) if number not in gone]
    if columns is None or not set(COLUMNS) <= set(columns[1]):
        lines, kept, columns = [",".join(COLUMNS)], 0, (",", list(COLUMNS))
        if read.problems:
            raise InputError(
                str(path), "some of its lines are no decisions, and its columns are not all there", _REMEDY
            )
    out = io.StringIO()
    writer = csv.writer(out, delimiter=columns[0], lineterminator="\n")
    for one in wanted[kept:]:
        cells = _cells_of(one)
        writer.writerow([cells.get(name, "") for name in columns[1]])
    write_texts(["".join(f"{line}\n" for line in lines), out.getvalue()], path, force=True)


def _columns(text: str) -> tuple[str, list[str]] | None:
    """Returns the separator and the columns of a file; None if it has no header yet."""
    head = next((line for line in text.splitlines() if line.strip() and not line.startswith(REMARK)), None)
    if head is None:
        return None
    delimiter = max("\t;,", key=head.count)
    return delimiter, [cell.strip().casefold() for cell in next(csv.reader([head], delimiter=delimiter))]


def as_text(corrections: Corrections) -> str:
    """The text of the file that holds the decisions."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_cells_of(one).values() for one in corrections)
    return out.getvalue()


def _cells_of(one: Decision) -> dict[str, str]:
    cells = (
        one.kind.value, " ".join(one.stories), one.to, " ".join(one.apart), one.value, one.made_at, one.author,
        one.reason,
    )  # fmt: skip
    return dict(zip(COLUMNS, map(formula_guarded, cells), strict=True))


def checked(decision: Decision) -> Decision | str:
    """Returns the decision with its parts in the form in which they are kept, or what is wrong with it."""
    return _checked_outlets(decision) if decision.kind.of_outlets else _checked_stories(decision)


def _checked_stories(decision: Decision) -> Decision | str:
    kind = decision.kind
    least = 2 if kind is Kind.JOIN else 1
    if len(decision.stories) < least:
        return f"field stories: {kind} needs {'two stories' if least == 2 else 'a story'}, there {_is(decision)}"
    had = {"to": decision.to, "from": decision.apart, "value": decision.value}
    for name in kind.fields:
        if not had[name]:
            return f"field {name}: is empty; {kind} needs it"
    if kind is Kind.RENAME and len(decision.stories) > 1:
        return "field stories: rename needs one story of the event, and there are several"
    if kind is Kind.DATE:
        moment, quality, *_ = parse_time(decision.value)
        if moment is None or quality != "exact":
            return (
                f"field value: {decision.value} is no exact time; "
                "write it with its time zone, such as 2020-06-10T23:05:00Z"
            )
        return replace(decision, value=moment.isoformat().replace("+00:00", "Z"))
    return decision


def _checked_outlets(decision: Decision) -> Decision | str:
    kind = decision.kind
    if not decision.stories:
        return f"field stories: {kind} needs a domain, and there is none"
    if kind is Kind.OUTLET_JOIN and not decision.to:
        return f"field to: is empty; {kind} needs it"
    domains: list[str] = []
    for given in (*decision.stories, *((decision.to,) if decision.to else ())):
        found = named_domain(given)
        if found is None:
            return f"field stories: {given} is no domain; write one such as example.com, without a path"
        domains.append(found)
    to = domains.pop() if decision.to else ""
    value = decision.value
    if kind is Kind.OUTLET_SET:
        column, text = column_and_value(value)
        if "=" not in value or not is_column(column) or column in ("domain", "outlet"):
            return f"field value: {value!r} gives no column a value; write COLUMN=VALUE, such as country=DE"
        value = f"{column}={text}"
    return replace(decision, stories=tuple(dict.fromkeys(domains)), to=to, value=value)


def _is(decision: Decision) -> str:
    return "is one" if decision.stories else "is none"


def _decision(row: dict[str, str]) -> Decision | str:
    named = row["kind"].casefold()
    if named not in KINDS:
        said = f"there is no kind {row['kind']}" if named else "the kind is missing"
        return f"field kind: {said}; write one of {', '.join(KINDS)}"
    if len(row["to"].split()) > 1:
        return "field to: it holds several addresses; give one"
    return checked(
        Decision(
            KINDS[named],
            tuple(dict.fromkeys(row["stories"].split())),
            row["to"],
            tuple(dict.fromkeys(row["from"].split())),
            row["value"],
            row["date"],
            row["author"],
            row["reason"],
        )
    )


def _text(path: Path) -> str:
    # The one beside a store is read without being named, so it is opened as carefully as an article's.
    content = contents.content(path).data
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in content:
        raise InputError(str(path), "it is no text in UTF-8", "Save it as CSV in UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(str(path), f"line {line}: it is no text in UTF-8", "Save it as CSV in UTF-8") from None


def _rows(path: Path, text: str) -> Iterator[tuple[int, dict[str, str] | str]]:
    """Yields the number of each line that isn't empty, and its cells by column, cleaned, or what is wrong with it."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith(REMARK)]
    delimiter = max("\t;,", key=lines[0].count) if lines else ","
    columns: list[str] = []
    for number, cells in _cells(text, delimiter):
        if isinstance(cells, str):
            yield number, cells
            continue
        if not any(cell.strip() for cell in cells) or cells[0].startswith(REMARK):
            continue
        if columns:
            yield number, _row(columns, cells)
            continue
        columns = [cell.strip().casefold() for cell in cells]
        missing = [name for name in ("kind", "stories") if columns.count(name) != 1]
        if missing:
            raise InputError(str(path), f"line {number}: the header has no column {missing[0]}", _REMEDY)


def _row(columns: list[str], cells: list[str]) -> dict[str, str] | str:
    """Returns the cells of a line by column, cleaned, or what is wrong with it."""
    while len(cells) > len(columns) and not cells[-1].strip():
        cells.pop()
    if len(cells) > len(columns):
        remedy = 'put values that hold the separator in "quotes"'
        return f"it has {len(cells)} values, but there are {len(columns)} columns; {remedy}"
    row = dict.fromkeys(COLUMNS, "") | dict(zip(columns, map(_clean, cells), strict=False))
    bad = next((name for name in COLUMNS if not row[name].isprintable()), None)
    return f"field {bad}: it holds characters that can't be shown; remove them" if bad else row


def _cells(text: str, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Yields the cells of each line with its number. If the quotes of a line are wrong, only that line is lost, because
    a cell of this file contains no line break."""
    for number, line in enumerate(text.splitlines(), 1):
        try:
            yield number, next(iter(csv.reader([line], delimiter=delimiter, strict=True)), [])
        except csv.Error as error:
            yield number, f"it is no CSV ({error}); check the quotes"


def _clean(cell: str) -> str:
    return formula_unguarded(" ".join(unicodedata.normalize("NFC", cell).split()))


def listed(numbers: Iterable[int]) -> str:
    """Returns numbers for a message: 1, 2 and 3."""
    texts = [str(number) for number in numbers]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}" if texts else ""
