"""Reading a researcher's list of outlets: a CSV or TSV file.

The columns are ``domain, outlet, name, country, group`` and any others (owner, language, leaning, circulation ...); the
first two are required::

    domain,outlet,name,country,group,language
    bbc.com,bbc.com,BBC,GB,BBC,en
    bbc.co.uk,bbc.com
    abcnews.go.com,abcnews.go.com,ABC News,US,Disney,en
"""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from newsgraph.errors import InputError
from newsgraph.graph.outlets import FACTS, OutletDirectory
from newsgraph.graph.urls.identity import read_host_or_address
from newsgraph.output.safe_text import formula_unguarded

_COLUMNS = ("domain", "outlet", *FACTS)
_SAVE_AS = "Save it as CSV in UTF-8 with the columns domain, outlet and, if you like, name, country, group"


def read_outlets(path: Path | str) -> OutletDirectory:
    """Returns the list in a CSV (commas or semicolons) or TSV file in UTF-8, with or without a byte-order mark.

    Raises InputError, which names file, line, field and remedy, for a file that can't be read or has another encoding,
    no header, a missing column or value, more values than columns, no domain, a domain of two outlets, or an outlet of
    two names.
    """
    return _Reading(Path(path)).directory()


def named_domain(text: str) -> str | None:
    """The domain or host that a text names, in its lasting form; None for what is none, such as an address with a
    path."""
    found = read_host_or_address(text)
    bare = text.partition("://")[2] or text
    if found is None or bare.rstrip("/").strip(".").count("/") or "." not in found.name.strip("."):
        return None
    return found.name


def is_column(name: str) -> bool:
    """Whether a column may be called so: letters, digits, blanks, - and _ alone."""
    return name.replace("_", "a").replace(" ", "a").replace("-", "a").isalnum()


class _Reading:
    """Reads one file. It remembers where each thing was first said, for the messages."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._outlet_of: dict[str, str] = {}
        self._facts: dict[str, dict[str, str]] = {}
        self._line_of: dict[tuple[str, ...], int] = {}
        self._spelling: dict[str, str] = {}

    def directory(self) -> OutletDirectory:
        for line, row in self._rows():
            domain = self._domain(line, row["domain"])
            outlet = self._outlet(line, row["outlet"])
            before = self._outlet_of.setdefault(domain, outlet)
            first = self._line_of.setdefault(("domain", domain), line)
            if before != outlet:
                problem = f"{domain} belongs to {outlet} here and to {before} in line {first}"
                raise self._error(line, "outlet", problem, "Keep one of the two lines")
            facts = self._facts.setdefault(outlet, {})
            for field in row:
                if field in ("domain", "outlet") or not row[field]:
                    continue
                first = self._line_of.setdefault((field, outlet), line)
                if facts.setdefault(field, row[field]) != row[field]:
                    problem = f"{outlet} has the {field} {row[field]} here and {facts[field]} in line {first}"
                    raise self._error(line, field, problem, f"Give it one {field}, or leave the others empty")
        return OutletDirectory(self._outlet_of, {outlet: facts for outlet, facts in self._facts.items() if facts})

    def _error(self, line: int, field: str, problem: str, remedy: str) -> InputError:
        return InputError(str(self._path), f"line {line}, field {field}: {problem}", remedy)

    def _text(self) -> str:
        try:
            content = self._path.read_bytes()
        except OSError as error:
            raise InputError(
                str(self._path), f"can't be read ({error.strerror or error})", "Check the name given with --outlets"
            ) from None
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in content:
            raise InputError(str(self._path), "is no text in UTF-8", _SAVE_AS)
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise InputError(str(self._path), f"line {line}: is no text in UTF-8", _SAVE_AS) from None
        if not text.strip():
            raise InputError(str(self._path), "is empty", _SAVE_AS)
        return text

    def _rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yields the number of each line that isn't empty, and its cells by column, cleaned; missing cells are
        empty."""
        text = self._text()
        header_line = text.lstrip("\r\n").splitlines()[0]
        delimiter = max("\t;,", key=header_line.count)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        columns: list[str] = []
        try:
            for cells in reader:
                if not any(cell.strip() for cell in cells):
                    continue
                if not columns:
                    columns = self._header(reader.line_num, cells)
                    continue
                while len(cells) > len(columns) and not cells[-1].strip():
                    cells.pop()
                if len(cells) > len(columns):
                    problem = f"{len(cells)} values, but {len(columns)} columns"
                    remedy = 'Put values that hold the separator in "quotes"'
                    raise self._error(reader.line_num, columns[-1], problem, remedy)
                row = dict.fromkeys(_COLUMNS, "") | dict(zip(columns, cells, strict=False))
                yield reader.line_num, {name: self._clean(reader.line_num, name, row[name]) for name in row if name}
        except csv.Error as error:
            problem = f"line {reader.line_num}: is no CSV ({error})"
            raise InputError(str(self._path), problem, "Check the quotes there") from None

    def _header(self, line: int, cells: list[str]) -> list[str]:
        columns = [cell.strip().casefold() for cell in cells]
        for name in ("domain", "outlet"):
            if name not in columns:
                remedy = "Begin the file with the line: domain,outlet,name,country,group"
                raise self._error(line, name, f"the header has no column {name}", remedy)
        for name in dict.fromkeys([*_COLUMNS, *columns]):
            if name and not is_column(name):
                remedy = "Use letters, digits, spaces, - and _ alone"
                raise self._error(line, name, "the name of the column holds other characters", remedy)
            if name and columns.count(name) > 1:
                raise self._error(line, name, "the column is there twice", "Keep one of them")
        return columns

    def _clean(self, line: int, field: str, cell: str) -> str:
        text = formula_unguarded(" ".join(unicodedata.normalize("NFC", cell).split()))
        if not text.isprintable():
            raise self._error(line, field, f"{text!r} holds characters that can't be shown", "Remove them")
        return text

    def _domain(self, line: int, cell: str) -> str:
        if not cell:
            raise self._error(line, "domain", "is missing", "Give a domain such as example.com, or remove the line")
        found = named_domain(cell)
        if found is None:
            remedy = "Give a domain or host such as example.com, without a path"
            raise self._error(line, "domain", f"{cell} is no domain", remedy)
        return found

    def _outlet(self, line: int, cell: str) -> str:
        if not cell:
            raise self._error(line, "outlet", "is missing", "Name the outlet, for example by its main domain")
        found = read_host_or_address(cell) if "/" not in cell else None
        outlet = found.name if found and found.public else cell
        before = self._spelling.setdefault(outlet.casefold(), outlet)
        first = self._line_of.setdefault(("outlet", outlet.casefold()), line)
        if before != outlet:
            problem = f"{outlet} is written {before} in line {first}"
            raise self._error(line, "outlet", problem, "Write it the same way in every line")
        return outlet
