"""What a change of files reaches: the stories that must be merged again, and where the records that tell of them are.

These are the stories that the changed files named before or name now, found by any spelling of their addresses. Only
the columns of ids are read for that, and of the records only those of sources that tell of one of these stories.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsgraph.graph.events.moments import seconds
from newsgraph.lake.engine import Engine, Keyed
from newsgraph.lake.manifest import Chunk, Manifest
from newsgraph.lake.partitions import UNSURE
from newsgraph.lake.tables import among, read_table, rows_among, rows_of
from newsgraph.loaders.merging.change import pages
from newsgraph.loaders.merging.record_json import records_of
from newsgraph.loaders.merging.stories import PlacedRecord, placed_records
from newsgraph.loaders.record_columns import articles
from newsgraph.loaders.records import PageRecord

if TYPE_CHECKING:
    import pyarrow

#: A source with its articles, each at its place, and its pages.
SourceRecords = tuple[str, list[PlacedRecord], tuple[PageRecord, ...]]
#: The time of a story, and the one that its files gave where a decision gave it another.
_TIMES = ("published_at", "source_published_at")


@dataclass(frozen=True, slots=True)
class Moved:
    """A chunk of which some sources changed or are ``gone``: as it was, and with those that are left (None: none)."""

    before: Chunk
    after: Chunk | None
    gone: frozenset[str]


@dataclass(frozen=True, slots=True)
class SourceChange:
    """The chunks of a lake: those that are the same as before, those with fewer sources, and new ones."""

    same: tuple[Chunk, ...]
    moved: tuple[Moved, ...]
    fresh: tuple[Chunk, ...]

    @property
    def chunks(self) -> tuple[Chunk, ...]:
        """All chunks as they are now, by name."""
        left = [one.after for one in self.moved if one.after is not None]
        return tuple(sorted((*self.same, *left, *self.fresh), key=lambda chunk: chunk.file))

    @property
    def share(self) -> float:
        """The share of the sources that changed, are new or are gone."""
        there = sum(chunk.sources for chunk in self.chunks)
        gone = sum(len(one.gone) for one in self.moved)
        return (gone + sum(chunk.sources for chunk in self.fresh)) / max(1, there)


@dataclass(frozen=True, slots=True)
class Again:
    """The stories that are merged again, as they were. ``spellings`` are all of theirs. ``beside`` maps the first
    spellings of records that are listed beside one of them, and whose stories stay as they are, to the story and its
    partition."""

    stories: frozenset[str] = frozenset()
    spellings: frozenset[str] = frozenset()
    beside: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reach:
    """What a change reaches: the stories, the partitions that they are in, and, by chunk, the sources that did not
    change and tell of them, with the number of their records that are merged."""

    again: Again = Again()
    parts: frozenset[str] = frozenset()
    sources: Mapping[str, frozenset[str]] = field(default_factory=dict)
    records: int = 0


def sources_in(lake: Path, file: str, wanted: frozenset[str] | None = None) -> Iterator[SourceRecords]:
    """Yields the ``wanted`` sources of a chunk, or all of them."""
    if wanted is not None and not wanted:
        return
    columns = ["id", "records"]
    for id, text in rows_of(lake, file, columns) if wanted is None else rows_among(lake, file, columns, wanted):
        records = records_of(text, id)
        yield id, list(placed_records(id, enumerate(articles(records)))), pages(records)


def lists_with(placed: Iterable[PlacedRecord], spellings: frozenset[str]) -> Iterator[tuple[PlacedRecord, bool]]:
    """Yields the records of stories that have one of the spellings, and those that are listed together with them: an
    article and its related ones. Each comes with whether it is of such a story."""
    for _, group in groupby(placed, key=lambda one: one.main):
        several = [(one, one.keys[0] in spellings) for one in group]
        if any(again for _, again in several):
            yield from several


def reach_of(
    engine: Engine, lake: Path, before: Manifest, change: SourceChange, addresses: Collection[str], now: datetime
) -> Reach:
    """Returns what a change of sources reaches in a lake that is merged, together with the stories of some addresses,
    and with those that are in the future no longer, or again.

    ``now`` has a zone, as ``before.merged.now``.
    """
    named = [(one.before.file, one.gone) for one in change.moved] + [(one.file, None) for one in change.fresh]
    spellings = frozenset(chain(addresses, *engine.run(named, Spelled(lake))))
    then = datetime.fromisoformat(before.merged.now) if before.merged else now
    span = min(then, now), max(then, now)
    parts = _parts(before)
    near = parts if spellings or before.corpus.corrections else _between(parts, span, before.part_seconds)
    found: list[Found] = engine.run(near, Find(lake, spellings, span))
    again = frozenset(story for one in found for story in one.spelled)
    known = frozenset(chain.from_iterable(keys for one in found for keys in one.spelled.values()))
    tellers: list[Telling] = engine.run(_of_mentions(before, change), FindTellers(lake, again, known)) if again else []
    beside = frozenset(chain.from_iterable(one.beside for one in tellers))
    places = {
        spelling: (story, one.part)
        for one in (engine.run(parts, Find(lake, beside, None)) if beside else ())
        for story, keys in one.spelled.items()
        for spelling in keys
        if spelling in beside
    }
    return Reach(
        Again(again, known, places),
        frozenset(one.part for one in found),
        {one.file: one.sources for one in tellers},
        sum(one.records for one in tellers),
    )


def _of_mentions(before: Manifest, change: SourceChange) -> list[TellersTask]:
    """The chunks that stay, each with its file of mentions and the sources that it lost."""
    mentions = before.files("MENTIONS")
    stay = [(chunk.file, chunk.file, frozenset[str]()) for chunk in change.same]
    stay += [(one.after.file, one.before.file, one.gone) for one in change.moved if one.after is not None]
    return [TellersTask(now, file, gone) for now, was, gone in stay if (file := mentions.get(Path(was).stem))]


@dataclass(frozen=True, slots=True)
class PartTask:
    """A partition: its name, and its files of stories and of other spellings of their addresses (empty: none)."""

    part: str
    stories: str
    addresses: str


def _parts(manifest: Manifest) -> list[PartTask]:
    addresses = manifest.files("ADDRESS_OF")
    return [PartTask(part, file, addresses.get(part, "")) for part, file in manifest.files("Story").items()]


def _between(parts: Sequence[PartTask], span: tuple[datetime, datetime], part_seconds: int) -> list[PartTask]:
    """The partitions with stories from one time to another."""
    first, last = (seconds(time) // part_seconds for time in span)
    return [one for one in parts if (name := one.part.removeprefix(UNSURE)).isdecimal() and first <= int(name) <= last]


@dataclass(frozen=True, slots=True)
class Spelled:
    """Returns all spellings of addresses in some sources of a chunk, or in all of them."""

    lake: Path

    def __call__(self, task: tuple[str, frozenset[str] | None]) -> Iterator[Keyed]:
        yield "", {key for _, placed, _ in sources_in(self.lake, *task) for one in placed for key in one.keys}


@dataclass(frozen=True, slots=True)
class Found:
    """Stories that were found in a partition, each with all of its spellings."""

    part: str
    spelled: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Find:
    """Finds the stories of a partition that have one of some spellings, or whose time is after the first of two and not
    after the second."""

    lake: Path
    spellings: frozenset[str]
    span: tuple[datetime, datetime] | None

    def __call__(self, task: PartTask) -> Iterator[Keyed]:
        import pyarrow as pa  # noqa: PLC0415

        times = () if self.span is None else _TIMES
        stories = read_table(self.lake, task.stories, ["id", *times])
        wanted = among(stories["id"], self.spellings)
        for name in times:
            wanted = pa.compute.or_(wanted, self._in_span(stories[name]))
        found = {id: [id] for id in stories.filter(wanted)["id"].to_pylist()}
        if task.addresses:
            addresses = read_table(self.lake, task.addresses)
            for story in addresses.filter(among(addresses["start"], self.spellings))["end"].to_pylist():
                found.setdefault(story, [story])
            theirs = addresses.filter(among(addresses["end"], found))
            for spelling, story in zip(theirs["start"].to_pylist(), theirs["end"].to_pylist(), strict=True):
                found[story].append(spelling)
        if found:
            yield "", Found(task.part, found)

    def _in_span(self, times: Any) -> Any:
        import pyarrow as pa  # noqa: PLC0415

        assert self.span is not None
        first, last = (pa.scalar(time, times.type) for time in self.span)
        inside = pa.compute.and_(pa.compute.greater(times, first), pa.compute.less_equal(times, last))
        return pa.compute.fill_null(inside, False)


@dataclass(frozen=True, slots=True)
class TellersTask:
    """A chunk as it is now, the file that says which stories its sources told of, and those that it holds no more."""

    file: str
    mentions: str
    gone: frozenset[str]


@dataclass(frozen=True, slots=True)
class Telling:
    """The sources of a chunk that tell of some stories, the number of their records of these, and the first spellings
    of the records that are listed beside them."""

    file: str
    sources: frozenset[str]
    records: int
    beside: frozenset[str]


@dataclass(frozen=True, slots=True)
class FindTellers:
    """Finds the sources of a chunk that tell of some stories, which have the ``spellings``."""

    lake: Path
    stories: frozenset[str]
    spellings: frozenset[str]

    def __call__(self, task: TellersTask) -> Iterator[Keyed]:
        mentions: pyarrow.Table = read_table(self.lake, task.mentions, ["start", "end"])
        telling = mentions.filter(among(mentions["end"], self.stories))["start"].to_pylist()
        sources = frozenset(telling) - task.gone
        if not sources:
            return
        listed = [
            one
            for _, placed, _ in sources_in(self.lake, task.file, sources)
            for one in lists_with(placed, self.spellings)
        ]
        beside = frozenset(one.keys[0] for one, again in listed if not again)
        yield "", Telling(task.file, sources, len(listed), beside)
