"""A researcher's own questions: ``.cypher`` files in a folder, which are listed, checked and asked like the package's.

The file's name without ``.cypher`` is the question's name. Its header (see :mod:`newsgraph.queries.asking.texts`) says
what it is for, and documents every parameter and every column. It may only read.
"""

from __future__ import annotations

import dataclasses
import keyword
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from newsgraph.errors import UsageError
from newsgraph.graph.stores.bounds import SECONDS, Bounds
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.query_text import parameters_in
from newsgraph.graph.stores.reading_rules import check_reads_only
from newsgraph.queries.answer import Found, column
from newsgraph.queries.asking.parameters import REQUIRED, Kind, bind, parameter, parameters_of
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import Entry, Header, header_of

_PARAMETERS: dict[str, Kind] = {
    "text": Kind.TEXT,
    "integer": Kind.INTEGER,
    "number": Kind.REAL,
    "boolean": Kind.FLAG,
    "time": Kind.MOMENT,
    "event": Kind.EVENT,
    "outlet": Kind.OUTLET,
    "topic": Kind.TOPIC,
}
_COLUMNS: dict[str, Any] = {
    "text": str | None,
    "integer": int | None,
    "number": float | None,
    "boolean": bool | None,
    "time": datetime | None,
    "list": list[Any] | None,
    "any": Any,
}
#: Names that ``ask`` itself uses, in Python or on the command line.
_RESERVED = frozenset(
    {
        "limit", "sort", "store", "store_url", "format", "target", "force", "raw", "excel", "questions_folder",
        "timeout", "memory", "provenance", "provenance_file", "show_cypher", "name", "output", "help",
    }
)  # fmt: skip


def listed(folder: Path, taken: Collection[str]) -> dict[str, str]:
    """Returns name and purpose of each question in the folder.

    Raises UsageError for a folder or a file that can't be read, and for a file with one of the names ``taken``.
    """
    return {name: header.purpose for name, (header, _) in _read(folder, taken).items()}


def load(folder: Path, name: str, taken: Collection[str], bounds: Bounds | None = None) -> Question[Any, Any]:
    """Returns the question of that name after checking it. It is answered within ``bounds`` (None: those of any user's
    query).

    Raises UsageError, which says what is wrong with its file, and KeyError if there is none.
    """
    limits = bounds or Bounds.of(timeout=SECONDS, memory=None, limit=None)
    header, text = _read(folder, taken)[name]
    subject = str(folder / f"{name}.cypher")
    _check(header, text, subject)
    row = dataclasses.make_dataclass(
        "OwnRow", [(one.name, _COLUMNS[one.type], column(one.meaning, one.unit)) for one in header.columns], frozen=True
    )
    declared = dataclasses.make_dataclass(
        "OwnParameters",
        [
            (one.name, Any, parameter(_PARAMETERS[one.type], one.meaning, default=_default(one)))
            for one in header.parameters
        ],
        frozen=True,
        kw_only=True,
    )
    _check_defaults(declared, subject)

    def query(asked: Any) -> Mapping[str, Any]:
        return {one.name: getattr(asked, one.name) for one in header.parameters}

    def answer(store: Store, text: str, asked: Any) -> Found[Any]:
        values = _converted(declared, query(asked), store)
        rows = store.user_query(text, values, timeout=limits.seconds, memory=limits.memory)
        names = tuple(one.name for one in header.columns)
        if rows.columns != names:
            raise UsageError(
                subject, f"it returns {', '.join(rows.columns)}", f"Its header says {', '.join(names)}: make them agree"
            )
        return Found([row(*cells) for cells in rows])

    return Question(name, row, declared, query, answer, text, header.purpose, own=True)


def _converted(declared: type, values: Mapping[str, Any], store: Store) -> Mapping[str, Any]:
    """Converts defaults, which are texts in the header, in the same way as what a person types."""
    given = {name: value for name, value in values.items() if value is not None}
    bound: object = bind(declared, given, store)
    return {name: getattr(bound, name) for name in values}


def _read(folder: Path, taken: Collection[str]) -> dict[str, tuple[Header, str]]:
    if not folder.is_dir():
        raise UsageError(str(folder), "is no folder", "Give the folder that holds your .cypher files with --questions")
    found: dict[str, tuple[Header, str]] = {}
    for path in sorted(folder.glob("*.cypher")):
        if not re.fullmatch(r"[A-Za-z0-9][\w-]*", path.stem):
            raise UsageError(str(path), "its name can't be a question's", "Use letters, digits, - and _")
        if path.stem in taken:
            raise UsageError(str(path), "a question of newsgraph's own has that name", "Give the file another name")
        if not path.is_file():  # reading from a FIFO would wait for somebody who writes to it
            raise UsageError(str(path), "is no file", "Remove it, or give it another name")
        try:
            text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError:
            raise UsageError(str(path), "is not UTF-8 text", "Save it as UTF-8") from None
        except OSError as error:
            raise UsageError(str(path), f"can't be read ({error.strerror})", "Check its permissions") from None
        found[path.stem] = (header_of(text, str(path)), text)
    return found


def _check(header: Header, text: str, subject: str) -> None:
    check_reads_only(text)
    if not header.columns:
        raise UsageError(subject, "documents no column", "Add '// columns:' and below it '//   name (type): meaning'")
    _check_entries(header.parameters, _PARAMETERS, f"{subject}, parameters")
    _check_entries(header.columns, _COLUMNS, f"{subject}, columns")
    for one in header.parameters:
        if one.name in _RESERVED:
            raise UsageError(subject, f"a parameter can't be called {one.name}", "Every question takes one")
    documented = {one.name for one in header.parameters}
    used = parameters_in(text)
    for name in sorted(used - documented):
        raise UsageError(subject, f"${name} isn't documented", f"Add '//   {name} (text): meaning' under parameters")
    for name in sorted(documented - used):
        raise UsageError(subject, f"the text never uses ${name}", "Take it out of the header, or use it")


def _check_entries(entries: Sequence[Entry], types: Mapping[str, Any], subject: str) -> None:
    seen: set[str] = set()
    for one in entries:
        if one.type not in types:
            raise UsageError(subject, f"{one.name} has no type {one.type!r}", f"Choose {', '.join(types)}")
        if one.name in seen or keyword.iskeyword(one.name) or not one.name.isidentifier():
            raise UsageError(subject, f"{one.name} can't be a name here, or stands twice", "Rename it")
        seen.add(one.name)


def _default(one: Entry) -> Any:
    return REQUIRED if one.default is None else None if one.default == "null" else one.default


def _check_defaults(declared: type, subject: str) -> None:
    for one in parameters_of(declared):
        if one.default is not None and one.kind in (Kind.EVENT, Kind.OUTLET, Kind.TOPIC):
            raise UsageError(subject, f"{one.name} can't have a default", "Names differ between corpora: leave it out")
