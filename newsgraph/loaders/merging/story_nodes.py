"""Makes the Story nodes of merged stories, as a table: one column for each property."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter

from newsgraph.graph.agencies import agency_credited, agency_in_credit, agency_named
from newsgraph.graph.batch import NodeTable
from newsgraph.graph.language_tags import normalised_tag
from newsgraph.graph.schema import DateQuality, Value
from newsgraph.loaders.merging.stories import Merged, PlacedRecord
from newsgraph.loaders.records import ArticleRecord

#: Record field -> Story property with the same content. Times and addresses are merged separately.
_FIELDS = (
    "title", "excerpt", "amp_url", "cdn_amp_url", "original_url", "kind", "category", "quality", "heat", "published",
    "language", "country",
)  # fmt: skip

#: The decisions of researchers about times: any spelling of a story's address -> the decision's number and the time.
TrueTimes = Mapping[str, tuple[int, datetime]]


def story_table(stories: Sequence[Merged], now: datetime, true_times: TrueTimes | None = None) -> NodeTable:
    """Returns the Story nodes of merged stories, in their order. A time after ``now`` is marked as future.

    Of several decisions about the time of a story, the last one holds. The files' own time is kept in addition.
    """
    best = [story.records[0].record for story in stories]
    # Most stories are told once. Only for the others a second record is looked at.
    others = [number for number, story in enumerate(stories) if len(story.records) > 1]
    columns: dict[str, list[Value | None]] = {}
    for name in _FIELDS:
        column = columns[name] = list(map(attrgetter(name), best))
        for number in others:
            if column[number] is None:
                column[number] = _first(stories[number].records, attrgetter(name))
    if any(columns["language"]):
        columns["language"] = [None if tag is None else normalised_tag(str(tag)) for tag in columns["language"]]
    columns["url"] = _urls(stories, best)
    dated = list(best)
    for number in others:
        dated[number] = _dated(stories[number].records)
    columns["published_at"] = [one.published_at for one in dated]
    columns["date_quality"] = [_quality(one, now) for one in dated]
    columns["agency"] = [_agency(story.records) for story in stories]
    if true_times:
        _correct_times(columns, stories, true_times)
    there = {name: column for name, column in columns.items() if any(value is not None for value in column)}
    return NodeTable("Story", [story.id for story in stories], there)


def _first(records: Iterable[PlacedRecord], value_of: Callable[[ArticleRecord], Value | None]) -> Value | None:
    return next((value for one in records if (value := value_of(one.record)) is not None), None)


def _urls(stories: Sequence[Merged], best: Sequence[ArticleRecord]) -> list[Value | None]:
    # If no record has a webUrl, the address that names the story is used.
    return [
        record.url or next((one.record.url for one in story.records if one.record.url), record.addresses[0])
        for story, record in zip(stories, best, strict=True)
    ]


def _dated(records: Sequence[PlacedRecord]) -> ArticleRecord:
    """Returns the record whose time counts: the best one that has a time, or else that says that it is impossible."""
    own = [one.record for one in records]
    with_time = next((one for one in own if one.published_at is not None), None)
    return with_time or next((one for one in own if one.date_quality == "impossible"), own[0])


def _quality(record: ArticleRecord, now: datetime) -> str:
    if record.published_at is None:
        return "impossible" if record.date_quality == "impossible" else "missing"
    return "future" if record.published_at > now else record.date_quality


def _correct_times(columns: dict[str, list[Value | None]], stories: Sequence[Merged], true_times: TrueTimes) -> None:
    times, qualities = columns["published_at"], columns["date_quality"]
    own_times: list[Value | None] = [None] * len(stories)
    own_qualities: list[Value | None] = [None] * len(stories)
    for number, story in enumerate(stories):
        given = max((true_times[one] for one in story.addresses if one in true_times), default=None)
        if given is not None:
            own_times[number], own_qualities[number] = times[number], qualities[number]
            times[number], qualities[number] = given[1], DateQuality.CORRECTED.value
    columns |= {"source_published_at": own_times, "source_date_quality": own_qualities}


def _agency(records: Sequence[PlacedRecord]) -> str | None:
    """Returns the agency that the records of a story credit.

    It is looked for in fields for credits, in bylines, as the source, and as a mark at the beginning or end of an
    excerpt or title.
    """
    for one in records:
        record = one.record
        if record.credit is not None and (found := agency_in_credit(record.credit)) is not None:
            return found
        for name in record.authors:
            if (found := agency_named(name)) is not None:
                return found
        if record.outlet_name is not None and (found := agency_named(record.outlet_name)) is not None:
            return found
    for one in records:
        excerpt = one.record.excerpt
        if excerpt is not None and (found := agency_credited(excerpt)) is not None:
            return found
        if (found := agency_credited(one.record.title)) is not None:
            return found
    return None
