"""Makes the Story nodes of stories, as a table: one column for each property."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from newsgraph.graph.agencies import agency_credited, agency_in_credit, agency_named
from newsgraph.graph.batch import NodeTable
from newsgraph.graph.language_tags import normalised_tag
from newsgraph.graph.schema import DateQuality, Value
from newsgraph.loaders.merging.stories import PlacedRecord, StoryColumns
from newsgraph.loaders.records import ArticleRecord

#: Record field -> Story property with the same content. Times and addresses are merged separately.
_FIELDS = (
    "title", "excerpt", "amp_url", "cdn_amp_url", "original_url", "kind", "category", "quality", "heat", "published",
    "language", "country",
)  # fmt: skip

#: The decisions of researchers about times: any spelling of a story's address -> the decision's number and the time.
TrueTimes = Mapping[str, tuple[int, datetime]]


def story_table(stories: StoryColumns, now: datetime, true_times: TrueTimes | None = None) -> NodeTable:
    """Returns the Story nodes of stories, in their order. A time after ``now`` is marked as future.

    Of several decisions about the time of a story, the last one holds. The files' own time is kept in addition.
    """
    columns = _plain_columns(stories)
    columns["url"] = _urls(stories)
    columns |= _time_columns(stories, now)
    columns["agency"] = _agencies(stories)
    if true_times:
        _correct_times(columns, stories, true_times)
    there = {name: column for name, column in columns.items() if _any_value(column)}
    return NodeTable("Story", stories.ids, there)


def _any_value(column: Sequence[Value | None]) -> bool:
    # None is counted fast, but compared with each value that is another.
    return bool(column) and (column[0] is not None or column.count(None) < len(column))


def _plain_columns(stories: StoryColumns) -> dict[str, Sequence[Value | None]]:
    """Returns the columns of ``_FIELDS``."""
    columns: dict[str, Sequence[Value | None]] = {}
    for name in _FIELDS:
        told = stories.column(name)
        # Most stories are told once. Only for the others a second record is looked at.
        more = {
            number: _first(records, attrgetter(name))
            for number, records in stories.several.items()
            if told[number] is None
        }
        columns[name] = _with(told, more)
    if any(columns["language"]):
        columns["language"] = [None if tag is None else normalised_tag(str(tag)) for tag in columns["language"]]
    return columns


def _with(column: Sequence[Any], more: Mapping[int, Any]) -> Sequence[Any]:
    """Returns a column with other values at some places."""
    if not more:
        return column
    changed = list(column)
    for number, value in more.items():
        changed[number] = value
    return changed


def _time_columns(stories: StoryColumns, now: datetime) -> dict[str, Sequence[Value | None]]:
    """Returns when the stories were published, and how sure that is."""
    dated = {number: _dated(records) for number, records in stories.several.items()}
    times = _with(stories.column("published_at"), {number: one.published_at for number, one in dated.items()})
    given = _with(stories.column("date_quality"), {number: one.date_quality for number, one in dated.items()})
    qualities: list[Value | None] = [
        _undated(quality) if time is None else "future" if time > now else quality
        for time, quality in zip(times, given, strict=True)
    ]
    return {"published_at": times, "date_quality": qualities}


def _first(records: Iterable[PlacedRecord], value_of: Callable[[ArticleRecord], Value | None]) -> Value | None:
    return next((value for one in records if (value := value_of(one.record)) is not None), None)


def _urls(stories: StoryColumns) -> Sequence[Value | None]:
    # If no record has a webUrl, the address that names the story is used.
    urls = stories.column("url")
    others = {
        number: url
        for number, records in stories.several.items()
        if not urls[number] and (url := next(filter(None, (one.record.url for one in records)), None))
    }
    return _with(stories.first_addresses(), others)


def _dated(records: Sequence[PlacedRecord]) -> ArticleRecord:
    """Returns the record whose time counts: the best one that has a time, or else that says that it is impossible."""
    own = [one.record for one in records]
    with_time = next((one for one in own if one.published_at is not None), None)
    return with_time or next((one for one in own if one.date_quality == "impossible"), own[0])


def _undated(quality: str) -> str:
    return "impossible" if quality == "impossible" else "missing"


def _correct_times(columns: dict[str, Sequence[Value | None]], stories: StoryColumns, true_times: TrueTimes) -> None:
    times, qualities = list(columns["published_at"]), list(columns["date_quality"])
    own_times: list[Value | None] = [None] * len(times)
    own_qualities: list[Value | None] = [None] * len(times)
    for number, addresses in enumerate(stories.addresses):
        given = max((true_times[one] for one in addresses if one in true_times), default=None)
        if given is not None:
            own_times[number], own_qualities[number] = times[number], qualities[number]
            times[number], qualities[number] = given[1], DateQuality.CORRECTED.value
    columns |= {"published_at": times, "date_quality": qualities}
    columns |= {"source_published_at": own_times, "source_date_quality": own_qualities}


def _agencies(stories: StoryColumns) -> list[Value | None]:
    """Returns the agencies that the stories credit. What one of several records names counts before any text."""
    fields = list(zip(*map(stories.column, ("credit", "authors", "outlet_name")), strict=True))
    named = {own: _agency_in_fields(*own) for own in set(fields)}
    texts = zip(*map(stories.column, ("excerpt", "title")), strict=True)
    agencies: list[Value | None] = [
        named[own] or _agency_in_texts(*said) for own, said in zip(fields, texts, strict=True)
    ]
    for number, records in stories.several.items():
        own_records = [one.record for one in records]
        in_fields = (_agency_in_fields(one.credit, one.authors, one.outlet_name) for one in own_records)
        in_texts = (_agency_in_texts(one.excerpt, one.title) for one in own_records)
        agencies[number] = next(filter(None, in_fields), None) or next(filter(None, in_texts), None)
    return agencies


def _agency_in_fields(credit: str | None, authors: Iterable[str], outlet_name: str | None) -> str | None:
    """Returns the agency in a field for credits, in a byline, or as the source."""
    if credit is not None and (found := agency_in_credit(credit)) is not None:
        return found
    for name in authors:
        if (found := agency_named(name)) is not None:
            return found
    return None if outlet_name is None else agency_named(outlet_name)


def _agency_in_texts(excerpt: str | None, title: str) -> str | None:
    """Returns the agency in a mark at the beginning or end of the excerpt or title."""
    if excerpt is not None and (found := agency_credited(excerpt)) is not None:
        return found
    return agency_credited(title)
