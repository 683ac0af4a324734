"""Reads many articles of one file at once, column by column, with the result that ``RecordReader`` gives one by one.

Most articles have nothing to report: a title, an address and values that are as they should be. Each field of such
articles is converted for all of them together. An article of another kind is read by ``RecordReader``, in its place. A
test checks that both ways give the same records and problems.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from itertools import repeat
from typing import Any, NamedTuple

from msgspec import NODEFAULT
from msgspec.structs import fields

from newsgraph.graph.urls.identity import story_ids
from newsgraph.loaders.fields.converters import Converter, address, address_text, all_clean, text
from newsgraph.loaders.fields.dialect import ADDRESSES, EMPTY_TEXTS, REMOVED, RecordReader, nothing, pick
from newsgraph.loaders.fields.times import exact_time
from newsgraph.loaders.records import ArticleRecord

#: The number of articles that are read together, and below which they are read one by one.
_TOGETHER, _FEW = 1_000, 4
#: The number of texts of one kind whose values are remembered.
_REMEMBERED = 4096
_DEFAULTS = {one.name: None if one.default is NODEFAULT else one.default for one in fields(ArticleRecord)}


class Row(NamedTuple):
    """The named values of one article, its path in the file, and its line if there is one article on each."""

    values: Mapping[str, Any]
    place: str = ""
    line: int | None = None


class ManyRecords:
    """Collects the articles of one file, and reads a thousand of them together."""

    def __init__(self, reader: RecordReader) -> None:
        self._reader = reader
        self._waiting: list[Row] = []
        self._records: list[ArticleRecord] = []

    def add(self, values: Mapping[str, Any], place: str = "", line: int | None = None) -> None:
        """Adds an article, as ``RecordReader.read`` takes it."""
        self._waiting.append(Row(values, place, line))
        if len(self._waiting) == _TOGETHER:
            self.read()

    def read(self) -> list[ArticleRecord]:
        """Reads what was added, and returns all records so far. Before another reader reports a problem, this keeps the
        problems of the file in order."""
        rows, self._waiting = self._waiting, []
        if len(rows) < _FEW:
            self._records.extend([record for row in rows if (record := self._reader.read(*row)) is not None])
        else:
            self._records.extend(_Columns(self._reader, rows).records())
        return self._records


class _Columns:
    """Some articles with a column for each field. Articles that are read one by one are ``odd``."""

    def __init__(self, reader: RecordReader, rows: Sequence[Row]) -> None:
        self._reader = reader
        self._rows = rows
        self._names = set().union(*(row.values for row in rows))
        self._plan = reader.dialect.plan(self._names)
        self._odd: set[int] = set()
        self._columns: dict[str, Sequence[Any]] = {}

    def records(self) -> Sequence[ArticleRecord]:
        """Returns the records, without those of articles that give none."""
        self._leave_out_nested()
        for field, several in self._plan.fields:
            self._columns[field] = self._column(_DEFAULTS[field], several)
        ids = self._ids()
        times = self._times()
        single = self._one_by_one(times)
        columns = [self._columns.get(field) or repeat(default) for field, default in _DEFAULTS.items()]
        made: list[ArticleRecord] = []
        for number, record in enumerate(map(ArticleRecord, *columns)):
            if number not in self._odd:
                record.__dict__["spellings"] = ids[number]  # where cached_property keeps it
                made.append(record)
            elif (other := single[number]) is not None:
                made.append(other)
        return made

    def _leave_out_nested(self) -> None:
        dialect = self._reader.dialect
        for name in self._names & {dialect.provider, dialect.related}:
            self._odd.update(number for number, row in enumerate(self._rows) if name in row.values)

    def _given(self, name: str) -> list[Any]:
        if "." in name:
            return [pick(row.values, name) for row in self._rows]
        return [row.values.get(name) for row in self._rows]

    def _column(self, default: Any, several: Sequence[tuple[str, Converter]]) -> list[Any]:
        """Returns the values of a field. Each is the first that one of several names gives."""
        (name, converter), *others = several
        column = self._converted(converter, self._given(name), default)
        for name, converter in others:
            if default in column:
                more = self._converted(converter, self._given(name), default)
                column = [other if one == default else one for one, other in zip(column, more, strict=True)]
        return column

    def _converted(self, converter: Converter, given: Sequence[Any], default: Any) -> list[Any]:
        if converter is text and all_clean(given) and EMPTY_TEXTS.isdisjoint(given):
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

    def _ids(self) -> list[tuple[str | None, ...]]:
        """Returns the ids that the addresses give. An article without title or address is odd."""
        nothing_given: Sequence[None] = [None] * len(self._rows)
        titles = self._columns.get("title", nothing_given)
        addresses = [self._columns[field] for field in ADDRESSES if field in self._columns] or [nothing_given]
        ids = [story_ids([one for one in several if one is not None]) for several in zip(*addresses, strict=True)]
        for number, (title, several) in enumerate(zip(titles, ids, strict=True)):
            if title is None or title in REMOVED or not several or None in several:
                self._odd.add(number)
        return ids

    def _times(self) -> list[datetime | None]:
        """Returns the times that are surely exact."""
        dialect, names = self._reader.dialect, self._plan.time
        if not names or names[0] in dialect.seen or names[0] in dialect.converters:
            return [None] * len(self._rows)
        return [exact_time(one) if type(one) is str else None for one in self._given(names[0])]

    def _one_by_one(self, times: list[datetime | None]) -> dict[int, ArticleRecord | None]:
        """Reads what may be reported, in the order of the articles. Returns the records of the odd ones."""
        reader, pictures = self._reader, bool(self._plan.images)
        qualities = ["exact"] * len(times)
        images: list[Any] = [()] * len(times)
        known = dict(self._columns)
        unknown = not reader.dialect.known.issuperset(self._names)
        single: dict[int, ArticleRecord | None] = {}
        for number, row in enumerate(self._rows):
            if number in self._odd:
                single[number] = reader.read(*row)
                continue
            if unknown:
                reader.note_unknown(row.values, row.place)
            if times[number] is None:
                values = {field: column[number] for field, column in known.items()}
                times[number], qualities[number] = reader.time(row.values, row.place, values, row.line)
            if pictures:
                images[number] = reader.images(row.values, row.place, row.line)
        self._columns |= {"published_at": times, "date_quality": qualities, "images": images}
        return single


@cache
def _of_text(converter: Converter) -> Callable[[str], Any]:
    """Returns the converter for texts. It remembers values, except titles and addresses: each article has its own.

    For an address it leaves it to :meth:`_Columns._ids` whether a whole address is valid.
    """
    if converter is text:
        return converter
    if converter not in (address, address_text):
        return lru_cache(maxsize=_REMEMBERED)(converter)

    def convert(written: str) -> Any:
        clean = text(written)
        return clean if clean is not None and clean.startswith(("https://", "http://")) else converter(written)

    return convert
