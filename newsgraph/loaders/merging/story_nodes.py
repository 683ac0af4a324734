"""Makes the Story nodes of merged stories, as a table: one column for each property."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter

from newsgraph.graph.agencies import agency_credited, agency_in_credit, agency_named
from newsgraph.graph.batch import NodeTable
from newsgraph.graph.language_tags import normalised_tag
from newsgraph.graph.schema import DateQuality, Value
from newsgraph.loaders.merging.stories import MergedStory, PlacedRecord
from newsgraph.loaders.records import ArticleRecord

#: Record field -> Story property with the same content. Times and addresses are merged separately.
_FIELDS = (
    "title", "excerpt", "amp_url", "cdn_amp_url", "original_url", "kind", "category", "quality", "heat", "published",
    "language", "country",
)  # fmt: skip

#: The decisions of researchers about times: any spelling of a story's address -> the decision's number and the time.
TrueTimes = Mapping[str, tuple[int, datetime]]


def story_table(stories: Sequence[MergedStory], now: datetime, true_times: TrueTimes | None = None) -> NodeTable:
    """Returns the Story nodes of merged stories, in their order. A time after ``now`` is marked as future.

    Of several decisions about the time of a story, the last one holds. The files' own time is kept in addition.
    """
    best = [story.records[0].record for story in stories]
    # Most stories are told once. Only for the others a second record is looked at.
    others = [number for number, story in enumerate(stories) if len(story.records) > 1]
    columns = _plain_columns(stories, best, others)
    columns["url"] = _urls(stories, best)
    columns |= _time_columns(stories, best, others, now)
    columns["agency"] = [_agency_of(one) for one in best]
    for number in others:
        columns["agency"][number] = _agency([one.record for one in stories[number].records])
    if true_times:
        _correct_times(columns, stories, true_times)
    there = {name: column for name, column in columns.items() if _any_value(column)}
    return NodeTable("Story", [story.id for story in stories], there)


def _any_value(column: list[Value | None]) -> bool:
    # None is counted fast, but compared with each value that is another.
    return bool(column) and (column[0] is not None or column.count(None) < len(column))


def _plain_columns(
    stories: Sequence[MergedStory], best: Sequence[ArticleRecord], others: Sequence[int]
) -> dict[str, list[Value | None]]:
    """Returns the columns of ``_FIELDS``. ``others`` are the places of the stories that more than one record tells."""
    columns: dict[str, list[Value | None]] = {}
    for name in _FIELDS:
        column = columns[name] = list(map(attrgetter(name), best))
        for number in others:
            if column[number] is None:
                column[number] = _first(stories[number].records, attrgetter(name))
    if any(columns["language"]):
        columns["language"] = [None if tag is None else normalised_tag(str(tag)) for tag in columns["language"]]
    return columns


def _time_columns(
    stories: Sequence[MergedStory], best: Sequence[ArticleRecord], others: Sequence[int], now: datetime
) -> dict[str, list[Value | None]]:
    """Returns when the stories were published, and how sure that is."""
    dated = list(best)
    for number in others:
        dated[number] = _dated(stories[number].records)
    qualities: list[Value | None] = [
        _undated(one) if (time := one.published_at) is None else "future" if time > now else one.date_quality
        for one in dated
    ]
    return {"published_at": [one.published_at for one in dated], "date_quality": qualities}


def _first(records: Iterable[PlacedRecord], value_of: Callable[[ArticleRecord], Value | None]) -> Value | None:
    return next((value for one in records if (value := value_of(one.record)) is not None), None)


def _urls(stories: Sequence[MergedStory], best: Sequence[ArticleRecord]) -> list[Value | None]:
    return [record.url or _other_url(story) for story, record in zip(stories, best, strict=True)]


def _other_url(story: MergedStory) -> str:
    # If no record has a webUrl, the address that names the story is used.
    urls = (one.record.url for one in story.records)
    return next(filter(None, urls), story.records[0].record.addresses[0])


def _dated(records: Sequence[PlacedRecord]) -> ArticleRecord:
    """Returns the record whose time counts: the best one that has a time, or else that says that it is impossible."""
    own = [one.record for one in records]
    with_time = next((one for one in own if one.published_at is not None), None)
    return with_time or next((one for one in own if one.date_quality == "impossible"), own[0])


def _undated(record: ArticleRecord) -> str:
    return "impossible" if record.date_quality == "impossible" else "missing"


def _correct_times(
    columns: dict[str, list[Value | None]], stories: Sequence[MergedStory], true_times: TrueTimes
) -> None:
    times, qualities = columns["published_at"], columns["date_quality"]
    own_times: list[Value | None] = [None] * len(stories)
    own_qualities: list[Value | None] = [None] * len(stories)
    for number, story in enumerate(stories):
        given = max((true_times[one] for one in story.addresses if one in true_times), default=None)
        if given is not None:
            own_times[number], own_qualities[number] = times[number], qualities[number]
            times[number], qualities[number] = given[1], DateQuality.CORRECTED.value
    columns |= {"source_published_at": own_times, "source_date_quality": own_qualities}


def _agency(records: Sequence[ArticleRecord]) -> str | None:
    """Returns the agency that the records of a story credit. What one of them names counts before any text."""
    named = filter(None, map(_agency_in_fields, records))
    return next(named, None) or next(filter(None, map(_agency_in_texts, records)), None)


def _agency_of(record: ArticleRecord) -> str | None:
    """Returns the agency that a record credits."""
    return _agency_in_fields(record) or _agency_in_texts(record)


def _agency_in_fields(record: ArticleRecord) -> str | None:
    """Returns the agency in a field for credits, in a byline, or as the source."""
    if record.credit is not None and (found := agency_in_credit(record.credit)) is not None:
        return found
    for name in record.authors:
        if (found := agency_named(name)) is not None:
            return found
    return None if record.outlet_name is None else agency_named(record.outlet_name)


def _agency_in_texts(record: ArticleRecord) -> str | None:
    """Returns the agency in a mark at the beginning or end of the excerpt or title."""
    if record.excerpt is not None and (found := agency_credited(record.excerpt)) is not None:
        return found
    return agency_credited(record.title)
