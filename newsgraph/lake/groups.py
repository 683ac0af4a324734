"""The table ``groups``: events as they are derived, each with its stories, their scores and the copies among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from newsgraph.graph.events import Copy, DerivedEvent, EventSettings, Membership, StoryText
from newsgraph.graph.events.clustering.derivation import ScoredGroup, lasting
from newsgraph.graph.events.moments import moment_of, seconds
from newsgraph.lake.stories import LakeStories
from newsgraph.lake.tables import rows_of, write_table

if TYPE_CHECKING:
    import pyarrow

TABLE = "groups"
_COLUMNS = (
    "id", "title", "first_published_at", "last_published_at", "outlet_count", "whole", "stories", "scores", "weak_fits",
    "copies", "originals", "similarities",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """An event, the copies among its stories, and ``ScoredGroup.whole`` where several events have the same (else
    empty)."""

    event: DerivedEvent
    copies: tuple[Copy, ...]
    whole: str

    def found(self, texts: dict[str, StoryText]) -> ScoredGroup:
        """The event in the form in which it was derived."""
        members = self.event.members
        return ScoredGroup(
            tuple(texts[member.story_id] for member in members),
            tuple(member.score for member in members),
            self.copies,
            self.whole,
        )


def groups_from(found: Sequence[ScoredGroup], settings: EventSettings) -> list[Group]:
    """Returns derived events as rows of the table."""
    parts = Counter(one.whole for one in found)
    return [Group(lasting(one, settings), one.copies, one.whole if parts[one.whole] > 1 else "") for one in found]


@cache
def _schema() -> pyarrow.Schema:
    import pyarrow as pa  # noqa: PLC0415

    texts, reals = pa.list_(pa.string()), pa.list_(pa.float64())
    time = pa.timestamp("us", tz="UTC")
    kinds = [pa.string(), pa.string(), time, time, pa.int64(), pa.string(), texts, reals, pa.list_(pa.bool_()),
             texts, texts, reals]  # fmt: skip
    return pa.schema(list(zip(_COLUMNS, kinds, strict=True)))


def write_groups(lake: Path, part: str, groups: Iterable[Group], key: str) -> str:
    """Writes the events of a partition, by id. Returns the file; an empty text if there is no event."""
    import pyarrow as pa  # noqa: PLC0415

    rows = sorted(groups, key=lambda group: group.event.id)
    if not rows:
        return ""
    columns = zip(*map(_cells, rows), strict=True)
    arrays = [pa.array(list(column), field.type) for column, field in zip(columns, _schema(), strict=True)]
    return write_table(lake, TABLE, part, pa.Table.from_arrays(arrays, schema=_schema()), key).file


def _cells(row: Group) -> tuple[object, ...]:
    event, members, copies = row.event, row.event.members, row.copies
    return (
        event.id,
        event.title,
        event.first_published_at,
        event.last_published_at,
        event.outlet_count,
        row.whole,
        [member.story_id for member in members],
        [member.score for member in members],
        [member.weak_fit for member in members],
        [copy.story_id for copy in copies],
        [copy.original_id for copy in copies],
        [copy.similarity for copy in copies],
    )


def read_groups(lake: Path, file: str) -> Iterator[Group]:
    """Yields the events of a file, by id; none for an empty text."""
    for row in rows_of(lake, file, _COLUMNS) if file else ():
        id, title, first, last, outlets, whole, stories, scores, weak, copies, originals, similarities = row
        members = tuple(map(Membership, stories, scores, weak))
        event = DerivedEvent(id, title, first, last, len(members), outlets, members)
        yield Group(event, tuple(map(Copy, copies, originals, similarities)), whole)


def siblings_in(lake: Path, file: str) -> list[tuple[str, ...]]:
    """The ids of the events of each group of a file that was parted into several."""
    found: dict[str, list[str]] = {}
    for id, whole in rows_of(lake, file, ["id", "whole"]) if file else ():
        if whole:
            found.setdefault(whole, []).append(id)
    return [tuple(sorted(ids)) for ids in found.values()]


def texts_of(groups: Sequence[Group], stories: LakeStories) -> dict[str, StoryText]:
    """The texts of all stories of some events, by id."""
    wanted = {member.story_id for group in groups for member in group.event.members}
    times = [
        seconds(time)
        for group in groups
        for time in (group.event.first_published_at, group.event.last_published_at)
        if time is not None
    ]
    found: dict[str, StoryText] = {}
    if times:
        # An event's last second may have a fraction.
        near = stories.dated(moment_of(min(times)), moment_of(max(times) + 1))
        found = {story.id: story for story in near if story.id in wanted}
    if len(found) < len(wanted):
        found.update((story.id, story) for story in stories.undated() if story.id in wanted)
    return found
