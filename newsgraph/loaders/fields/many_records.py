"""Reads many articles of one file at once, column by column, with the result that ``RecordReader`` gives one by one.

Most articles have nothing to report: a title, an address and values that are as they should be. Each field of such
articles is converted for all of them together. An article of another kind is read by ``RecordReader``, in its place. A
test checks that both ways give the same records and problems.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from itertools import compress, repeat
from operator import attrgetter, methodcaller
from typing import Any, NamedTuple, Protocol

from newsgraph.graph.urls.identity import story_ids, story_ids_of_each
from newsgraph.loaders.fields.converters import Converter, address, address_text, all_clean, are_none_of, text
from newsgraph.loaders.fields.dialect import EMPTY_TEXTS, REMOVED, RecordReader, nothing, pick
from newsgraph.loaders.fields.times import exact_times
from newsgraph.loaders.record_columns import DEFAULTS, RecordColumns
from newsgraph.loaders.records import ADDRESSES, ArticleRecord

#: The number of articles that are read together, and below which they are read one by one.
TOGETHER, _FEW = 1_000, 4
#: The number of texts of one kind whose values are remembered.
_REMEMBERED = 4096
#: The converters of addresses by which a story is known.
_OF_ADDRESSES = (address, address_text)


class Row(NamedTuple):
    """The named values of one article, its path in the file, and its line if there is one article on each."""

    values: Mapping[str, Any]
    place: str = ""
    line: int | None = None


class _Given(Protocol):
    """Named values of some articles."""

    @property
    def names(self) -> set[str]:
        """All names that any of the articles has."""
        ...

    def __len__(self) -> int: ...

    def column(self, name: str) -> Sequence[Any]:
        """Returns the values of that name, with None for an article that doesn't have it."""
        ...

    def row(self, number: int) -> Row:
        """Returns one of the articles."""
        ...


class _Rows:
    """Named values that stand together by article."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self.names: set[str] = set().union(*(row.values for row in rows))

    def __len__(self) -> int:
        return len(self._rows)

    def column(self, name: str) -> Sequence[Any]:
        if "." in name:
            return [pick(row.values, name) for row in self._rows]
        return [row.values.get(name) for row in self._rows]

    def row(self, number: int) -> Row:
        return self._rows[number]


class _Cells:
    """Named values that stand together by name. Each article has a line of its own."""

    def __init__(self, columns: Mapping[str, Sequence[Any]], lines: Sequence[int]) -> None:
        self._columns, self._lines = columns, lines
        self.names = set(columns)

    def __len__(self) -> int:
        return len(self._lines)

    def column(self, name: str) -> Sequence[Any]:
        if "." in name:
            return [pick(self.row(number).values, name) for number in range(len(self))]
        return self._columns[name]

    def row(self, number: int) -> Row:
        return Row({name: column[number] for name, column in self._columns.items()}, "", self._lines[number])


class ManyRecords:
    """Collects the articles of one file, and reads a thousand of them together."""

    def __init__(self, reader: RecordReader, *, printable: bool = False) -> None:
        """``printable`` says that all characters of texts but newlines can surely be printed."""
        self._reader = reader
        self._printable = printable
        self._waiting: list[Row] = []
        self._records = RecordColumns()

    def add(self, values: Mapping[str, Any], place: str = "", line: int | None = None) -> None:
        """Adds an article, as ``RecordReader.read`` takes it."""
        self._waiting.append(Row(values, place, line))
        if len(self._waiting) == TOGETHER:
            self.read()

    def add_columns(self, columns: Mapping[str, Sequence[Any]], lines: Sequence[int]) -> None:
        """Adds articles whose values stand together by name, with None where there is none, and the line of each."""
        self._read(_Cells(columns, lines))

    def read(self) -> RecordColumns:
        """Reads what was added, and returns all records so far. Before another reader reports a problem, this keeps the
        problems of the file in order."""
        rows, self._waiting = self._waiting, []
        self._read(_Rows(rows))
        return self._records

    def _read(self, given: _Given) -> None:
        if len(given) >= _FEW:
            _Columns(self._reader, given, self._printable).add_to(self._records)
            return
        for number in range(len(given)):
            if (record := self._reader.read(*given.row(number))) is not None:
                self._records.append(record)


class _Columns:
    """Some articles with a column for each field. Articles that are read one by one are ``odd``."""

    def __init__(self, reader: RecordReader, given: _Given, printable: bool) -> None:
        self._reader = reader
        self._given = given
        self._printable = printable
        self._plan = reader.dialect.plan(given.names)
        self._odd: set[int] = set()
        self._columns: dict[str, list[Any]] = {}

    def add_to(self, records: RecordColumns) -> None:
        """Adds the articles, without those that give no record."""
        self._leave_out_nested()
        for field, several in self._plan.fields:
            self._columns[field] = self._column(DEFAULTS[field], several)
        ids = self._ids()
        times = self._times()
        single = self._one_by_one(times)
        if single:
            ids = self._with_single(single, ids)
        records.extend(self._columns, ids)

    def _with_single(self, single: Mapping[int, ArticleRecord | None], ids: list[Any]) -> list[Any]:
        """Puts the records that were read one by one into their places, and takes out the articles that gave none.
        Returns the ids of those that are left."""
        told = {number: record for number, record in single.items() if record is not None}
        for field, default in DEFAULTS.items():
            values = list(map(attrgetter(field), told.values()))
            if field not in self._columns and values.count(default) == len(values):
                continue
            column = self._columns.setdefault(field, [default] * len(ids))
            for number, value in zip(told, values, strict=True):
                column[number] = value
        for number, record in told.items():
            ids[number] = record.spellings
        if len(told) == len(single):
            return ids
        kept = [number in told or number not in single for number in range(len(ids))]
        self._columns = {field: list(compress(column, kept)) for field, column in self._columns.items()}
        return list(compress(ids, kept))

    def _leave_out_nested(self) -> None:
        dialect = self._reader.dialect
        for name in self._given.names & {dialect.provider, dialect.related}:
            self._odd.update(number for number in range(len(self._given)) if name in self._given.row(number).values)

    def _column(self, default: Any, several: Sequence[tuple[str, Converter]]) -> list[Any]:
        """Returns the values of a field. Each is the first that one of several names gives."""
        (name, converter), *others = several
        column = self._converted(converter, self._given.column(name), default)
        for name, converter in others:
            if default in column:
                more = self._converted(converter, self._given.column(name), default)
                column = [other if one == default else one for one, other in zip(column, more, strict=True)]
        return column

    def _converted(self, converter: Converter, given: Sequence[Any], default: Any) -> list[Any]:
        if (
            (converter is text or converter in _OF_ADDRESSES)
            and all_clean(given, printable=self._printable)
            and are_none_of(given, EMPTY_TEXTS)
            and (converter is text or _are_addresses(given))
        ):
            return list(given)
        of_text = _of_text(converter)
        column: list[Any] = []
        for number, one in enumerate(given):
            value = None
            try:
                if type(one) is str:
                    value = None if one in EMPTY_TEXTS else of_text(one)
                elif one is not None and not nothing(one):
                    value = converter(one)
            except ValueError:
                self._odd.add(number)
            column.append(default if value is None else value)
        return column

    def _ids(self) -> list[Any]:
        """Returns the ids that the addresses give. An article without title or address is odd."""
        titles: Sequence[Any] = self._columns.get("title", [None] * len(self._given))
        addresses = [self._columns[field] for field in ADDRESSES if field in self._columns]
        if len(addresses) == 1 and None not in addresses[0]:
            single = story_ids_of_each(addresses[0])
            ids: list[Any] = [(id,) for id in single]
            sound = None not in single
        else:
            several = zip(*addresses, strict=True) if addresses else repeat((), len(self._given))
            ids = [story_ids([one for one in own if one is not None]) for own in several]
            sound = False
        if sound and None not in titles and are_none_of(titles, REMOVED):
            return ids
        for number, (title, own) in enumerate(zip(titles, ids, strict=True)):
            if title is None or title in REMOVED or not own or None in own:
                self._odd.add(number)
        return ids

    def _times(self) -> list[datetime | None]:
        """Returns the times that are surely exact."""
        dialect, names = self._reader.dialect, self._plan.time
        if not names or names[0] in dialect.seen or names[0] in dialect.converters:
            return [None] * len(self._given)
        return exact_times(self._given.column(names[0]))

    def _one_by_one(self, times: list[datetime | None]) -> dict[int, ArticleRecord | None]:
        """Reads what may be reported, in the order of the articles. Returns the records of the odd ones."""
        reader, given, pictures = self._reader, self._given, bool(self._plan.images)
        qualities = ["exact"] * len(times)
        images: list[Any] = [()] * len(times)
        unknown = not reader.dialect.known.issuperset(given.names)
        single: dict[int, ArticleRecord | None] = {}
        all_told = unknown or pictures
        for number in range(len(given)) if all_told else sorted(self._odd.union(_places_of_none(times))):
            row = given.row(number)
            if number in self._odd:
                single[number] = reader.read(*row)
                continue
            if unknown:
                reader.note_unknown(row.values, row.place)
            if times[number] is None:
                values = {field: column[number] for field, column in self._columns.items()}
                times[number], qualities[number] = reader.time(row.values, row.place, values, row.line)
            if pictures:
                images[number] = reader.images(row.values, row.place, row.line)
        self._columns |= {"published_at": times, "date_quality": qualities, "images": images}
        return single


def _places_of_none(column: Sequence[Any]) -> list[int]:
    return [number for number, value in enumerate(column) if value is None] if None in column else []


def _are_addresses(texts: Sequence[str]) -> bool:
    """Tells whether each of some clean texts begins as an address does, and holds no other one. It is left to
    :meth:`_Columns._ids` whether they are valid."""
    begin = all(map(methodcaller("startswith", ("https://", "http://")), texts))
    return begin and "\n".join(texts).count("://") == len(texts)


@cache
def _of_text(converter: Converter) -> Callable[[str], Any]:
    """Returns the converter for texts. It remembers values, except titles and addresses: each article has its own.

    For an address it leaves it to :meth:`_Columns._ids` whether a whole address is valid.
    """
    if converter is text:
        return converter
    if converter not in _OF_ADDRESSES:
        return lru_cache(maxsize=_REMEMBERED)(converter)

    def convert(written: str) -> Any:
        clean = text(written)
        return clean if clean is not None and _are_addresses([clean]) else converter(written)

    return convert
