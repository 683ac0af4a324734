"""Derives the events of a lake, partition by partition, and brings them up to date.

What is worked out for a partition lies in a file whose name ends in a hash of everything that it depends on. So a new
day has its own partition and those beside it derived again, and a lake that did not change has nothing derived.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from newsgraph.graph.batch import Edge, Node
from newsgraph.graph.corrections import Constraints, Corrections, constraints_of
from newsgraph.graph.events import Background, Derivation, DerivedEvent, Era, EventSettings, Follow
from newsgraph.graph.events.base import EventBase, fingerprint
from newsgraph.graph.events.moments import seconds
from newsgraph.graph.events.sync import EventsReport, event_node, kept_settings, known_text, stories_named
from newsgraph.graph.events.threads.keeping import threads_made_by
from newsgraph.graph.gc_pause import collector_paused
from newsgraph.lake.deriving import MARGIN, derive_stretch
from newsgraph.lake.engine import Engine, Keyed
from newsgraph.lake.graph import LakeGraph
from newsgraph.lake.groups import Group, groups_from, read_groups, siblings_in, texts_of, write_groups
from newsgraph.lake.manifest import Derived, Manifest, read_manifest, write_manifest, writing_lake
from newsgraph.lake.partitions import UNDATED, UNSURE
from newsgraph.lake.stories import LakeStories, StoryFiles
from newsgraph.lake.tables import (
    Written,
    key_of,
    need_pyarrow,
    read_table,
    row_count,
    rows_of,
    write_edges,
    write_nodes,
    write_table,
)
from newsgraph.loaders.load_report import Step, Steps
from newsgraph.version import __version__

if TYPE_CHECKING:
    from newsgraph.graph.events.clustering.stretches import Stretches

#: The tables of a partition's events.
OF_EVENTS = ("Event", "COVERS", "COPY_OF")
#: The tables that the events make.
TABLES = (*OF_EVENTS, "FOLLOWS")
#: Stories of neighbouring partitions whose threads are found in one call. It limits the memory of a process.
STORIES_AT_ONCE = 10_000
#: Stories of neighbouring partitions that one call derives, one partition after the other, of which it holds one with
#: its margins in memory. The more they are, the less is worked out twice in the margins between calls.
STORIES_IN_A_ROW = 64_000
#: The partition of the events that decisions touch.
DECIDED = "decided"


def derive_events(engine: Engine, lake: Path, steps: Steps | None = None) -> EventsReport:
    """Derives the events of a lake, or brings them up to date with its stories. They are those that a store with the
    same stories has.

    Raises UsageError, StoreError and OutputError; then the lake is as it was.
    """
    need_pyarrow()
    lake = lake.absolute()
    with collector_paused(), writing_lake(lake):
        before = read_manifest(lake)
        run = _Deriving(engine, lake, before, steps or (lambda step: None))
        after = run.run()
        if after != before:
            write_manifest(lake, after)
    return run.report(after)


@dataclass(frozen=True, slots=True)
class Words:
    """Counts the words of some spans of days, for the background (see ``graph.events.text.background``)."""

    files: StoryFiles
    settings: EventSettings
    keys: Mapping[int, str]

    def __call__(self, spans: tuple[int, ...]) -> Iterator[Keyed]:
        import pyarrow as pa  # noqa: PLC0415

        from newsgraph.graph.events.text.background import words_of  # noqa: PLC0415
        from newsgraph.graph.events.updates.changes import in_span  # noqa: PLC0415

        stories = LakeStories(self.files)
        for span in spans:
            found = words_of(in_span(span, stories, self.settings), self.settings)
            table = pa.table(
                {
                    "term": pa.array([-1, *found.terms], pa.int64()),  # the first row has the number of texts
                    "texts": pa.array([found.texts, *found.counts], pa.int64()),
                }
            )
            yield "", write_table(self.files.lake, "words", str(span), table, self.keys[span]).file


@dataclass(frozen=True, slots=True)
class Derive:
    """Derives the events of some partitions of sure times, given by their numbers, ascending."""

    files: StoryFiles
    background: Background
    settings: EventSettings

    def __call__(self, numbers: tuple[int, ...]) -> Iterator[Keyed]:
        from newsgraph.graph.events.clustering.stretches import Stretches  # noqa: PLC0415
        from newsgraph.graph.events.text.background import ceilings  # noqa: PLC0415

        stories = LakeStories(self.files)
        world = Stretches(stories, self.settings, ceilings(self.background, self.settings))
        for number in numbers:
            yield "", (str(number), self._derived(number, world))
            # The world holds those stories that the next partition has in its margin.
            stories.forget(number + 1)

    def _derived(self, number: int, world: Stretches) -> Derived:
        length = self.files.part_seconds
        found = derive_stretch(world, number * length, (number + 1) * length)
        first, last = self.files.numbers_of(found.low, found.high)
        key = input_key(self.files, first, last, self.background, self.settings)
        groups = groups_from(found.events, self.settings)
        begins = [seconds(one.event.first_published_at) for one in groups if one.event.first_published_at is not None]
        file = write_groups(self.files.lake, str(number), groups, key)
        extent = (min(begins), max(begins)) if begins else (0, 0)
        return Derived(first, last, key, file, extent)


def input_key(files: StoryFiles, first: int, last: int, background: Background, settings: EventSettings) -> str:
    """A hash of what the events of a partition depend on: the stories from one partition to another, and what weighs
    their words."""
    from newsgraph.graph.events.text.background import eras_between  # noqa: PLC0415

    length = files.part_seconds
    eras = eras_between(background, first * length, (last + 1) * length - 1, settings)
    return key_of(rules_key(eras, settings), files.within(first, last))


def rules_key(eras: Sequence[Era], settings: EventSettings) -> str:
    """A hash of the version, the settings, and what weighs the words."""
    levels = [(era.begins, sorted(era.levels.items())) for era in eras]
    return key_of("events", __version__, sorted(settings.to_dict().items()), levels)


@dataclass(frozen=True, slots=True)
class UnsureTask:
    """Partitions whose stories have an unsure time, or the one of those that have none, and the name of the result."""

    name: str
    parts: tuple[str, ...]
    key: str


@dataclass(frozen=True, slots=True)
class DeriveUnsure:
    """Groups stories of an unsure time among themselves."""

    files: StoryFiles
    background: Background
    settings: EventSettings

    def __call__(self, task: UnsureTask) -> Iterator[Keyed]:
        from newsgraph.graph.events.clustering.undated import groups_of  # noqa: PLC0415
        from newsgraph.graph.events.text.background import ceilings  # noqa: PLC0415

        stories = LakeStories(self.files)
        some = [story for part in task.parts for story in stories.part(part)]
        found = groups_of(some, self.settings, ceilings(self.background, self.settings))
        yield "", write_groups(self.files.lake, task.name, groups_from(found, self.settings), task.key)


@dataclass(frozen=True, slots=True)
class NearTask:
    """Events, groups of stories of unsure time that may join them, and the name of the result."""

    part: str
    events: str
    groups: str
    key: str


@dataclass(frozen=True, slots=True)
class FindNearest:
    """Finds, for each group of stories of unsure time, the event of a partition that it is nearest to."""

    files: StoryFiles
    background: Background
    settings: EventSettings

    def __call__(self, task: NearTask) -> Iterator[Keyed]:
        import pyarrow as pa  # noqa: PLC0415

        from newsgraph.graph.events.clustering.undated import nearest  # noqa: PLC0415
        from newsgraph.graph.events.text.background import ceilings  # noqa: PLC0415

        lake, stories = self.files.lake, LakeStories(self.files)
        events, groups = list(read_groups(lake, task.events)), list(read_groups(lake, task.groups))
        texts = texts_of([*events, *groups], stories)
        best = nearest(
            [one.found(texts) for one in events],
            [one.found(texts) for one in groups],
            self.settings,
            ceilings(self.background, self.settings),
        )
        rows = [
            (group.event.id, one.likeness, one.first, events[one.event].event.id)
            for group, one in zip(groups, best, strict=True)
            if one is not None
        ]
        columns = list(zip(*rows, strict=True)) if rows else [(), (), (), ()]
        table = pa.table(
            {
                "group": pa.array(columns[0], pa.string()),
                "likeness": pa.array(columns[1], pa.float64()),
                "first": pa.array(columns[2], pa.string()),
                "event": pa.array(columns[3], pa.string()),
            }
        )
        yield "", write_table(lake, "near", task.part, table, task.key).file


@dataclass(frozen=True, slots=True)
class JoinTask:
    """Events of a partition, and the groups that join them: event, group and their likeness."""

    part: str
    events: str
    groups: str
    joins: tuple[tuple[str, str, float], ...]
    key: str


@dataclass(frozen=True, slots=True)
class Join:
    """Adds groups of stories of unsure time to the events of a partition."""

    files: StoryFiles
    background: Background
    settings: EventSettings

    def __call__(self, task: JoinTask) -> Iterator[Keyed]:
        from newsgraph.graph.events.clustering.undated import with_groups  # noqa: PLC0415
        from newsgraph.graph.events.text.background import ceilings  # noqa: PLC0415

        lake, stories = self.files.lake, LakeStories(self.files)
        highest = ceilings(self.background, self.settings)
        groups = {one.event.id: one for one in read_groups(lake, task.groups)}
        joins: dict[str, list[tuple[Group, float]]] = defaultdict(list)
        for event, group, likeness in task.joins:
            joins[event].append((groups[group], likeness))
        after = []
        for one in read_groups(lake, task.events):
            if one.event.id not in joins:
                after.append(one)
                continue
            added = joins[one.event.id]
            texts = texts_of([one, *(group for group, _ in added)], stories)
            with_texts = [(group.found(texts), likeness) for group, likeness in added]
            [grown] = groups_from([with_groups(one.found(texts), with_texts, self.settings, highest)], self.settings)
            after.append(replace(grown, whole=one.whole))
        yield "", (task.part, write_groups(lake, task.part, after, task.key))


@dataclass(frozen=True, slots=True)
class NamedIn:
    """Finds the events that hold one of some stories."""

    lake: Path
    stories: frozenset[str]

    def __call__(self, file: str) -> Iterator[Keyed]:
        for one in read_groups(self.lake, file):
            if any(member.story_id in self.stories for member in one.event.members):
                yield "", one


@dataclass(frozen=True, slots=True)
class ThreadsTask:
    """A stretch of time, by the number of a partition, and the files of the events from which its threads follow."""

    number: int
    files: tuple[str, ...]
    key: str


@dataclass(frozen=True, slots=True)
class FindThreads:
    """Finds which event continues which, for the events that began in some neighbouring partitions of time."""

    files: StoryFiles
    background: Background
    settings: EventSettings
    aside: frozenset[str]

    def __call__(self, tasks: tuple[ThreadsTask, ...]) -> Iterator[Keyed]:
        from newsgraph.graph.events.threads.following import Chapter, follows, gap_of  # noqa: PLC0415

        lake, length = self.files.lake, self.files.part_seconds
        _, most = gap_of(self.settings)
        start, end = tasks[0].number * length, (tasks[-1].number + 1) * length
        files = dict.fromkeys(file for task in tasks for file in task.files)
        groups: list[tuple[int, Group]] = []
        for one in events_in(lake, files, self.aside):
            time = one.event.first_published_at
            if time is not None and start - most <= seconds(time) < end:
                groups.append((seconds(time), one))
        texts = texts_of([one for _, one in groups], LakeStories(self.files))
        chapters = [
            Chapter(one.event.id, begins, tuple(texts[member.story_id] for member in one.event.members))
            for begins, one in groups
        ]
        wanted = {chapter.id: chapter.begins // length for chapter in chapters if chapter.begins >= start}
        edges: dict[int, list[Edge]] = defaultdict(list)
        for found in follows(chapters, wanted.keys(), self.background, self.settings):
            edges[wanted[found.event_id]].append(_edge(found))
        for task in tasks:
            written = write_edges(lake, "FOLLOWS", str(task.number), edges[task.number], task.key)
            yield from (("", one) for one in written)


def _edge(one: Follow) -> Edge:
    return Edge("FOLLOWS", one.event_id, one.earlier_id, {"score": one.score, "related": one.related})


def events_in(lake: Path, files: Iterable[str], aside: frozenset[str]) -> Iterator[Group]:
    """Yields the events of some files. Those of ``aside`` are taken from the file of decided events alone."""
    for file in files:
        decided = file.startswith(f"groups/{DECIDED}-")
        for one in read_groups(lake, file):
            if decided or one.event.id not in aside:
                yield one


@dataclass(frozen=True, slots=True)
class TablesTask:
    """A file of events of which the tables of a partition are made, without the events of ``aside``."""

    part: str
    file: str
    aside: frozenset[str]
    key: str


@dataclass(frozen=True, slots=True)
class WriteTables:
    """Writes events, what covers them, and copies."""

    lake: Path

    def __call__(self, task: TablesTask) -> Iterator[Keyed]:
        groups = [one for one in read_groups(self.lake, task.file) if one.event.id not in task.aside]
        derivation = Derivation(
            tuple(one.event for one in groups), tuple(copy for one in groups for copy in one.copies)
        )
        for one in write_events(self.lake, task.part, derivation, {}, task.key):
            yield "", one


def write_events(lake: Path, part: str, derivation: Derivation, names: Mapping[str, str], key: str) -> list[Written]:
    """Writes the tables of some events; ``names`` are those that decisions give events."""
    covers = [
        Edge("COVERS", member.story_id, event.id, {"score": float(member.score), "weak_fit": member.weak_fit})
        for event in derivation.events
        for member in event.members
    ]
    copies = [
        Edge("COPY_OF", copy.story_id, copy.original_id, {"similarity": float(copy.similarity)})
        for copy in derivation.copies
    ]
    nodes: list[Node] = [event_node(event, names.get(event.id)) for event in derivation.events]
    return [
        *write_nodes(lake, "Event", part, nodes, key),
        *write_edges(lake, "COVERS", part, covers, key),
        *write_edges(lake, "COPY_OF", part, copies, key),
    ]


@dataclass(frozen=True, slots=True)
class Decided:
    """What decisions make of the events that they touch: the events as they were (``aside``), the file with those that
    take their place, its tables, and what is kept to undo it."""

    aside: frozenset[str] = frozenset()
    file: str = ""
    tables: tuple[Written, ...] = ()
    base: str = ""


class _Deriving:
    def __init__(self, engine: Engine, lake: Path, before: Manifest, steps: Steps) -> None:
        self.engine = engine
        self.lake = lake
        self.before = before
        self.steps = steps
        self.settings = kept_settings(before.corpus)
        self.files = StoryFiles.of(lake, before)
        self.made: set[str] = set()
        self.there = set(before.made)

    def run(self) -> Manifest:
        self.steps(Step("Counting words"))
        background = self._background()
        made_by = rules_key(background.eras, self.settings)
        self.steps(Step("Deriving events", 0, len(self.files.numbers()), "partitions"))
        derived = self._derived(background)
        files = {part: one.file for part, one in derived.items() if one.file}
        files = self._with_unsure(files, background, made_by)
        decided = self._decided(files, background)
        self.steps(Step("Following threads"))
        begins = {part: derived[part].begins for part in files if part in derived}
        written = [*self._tables(files, decided), *self._threads(files, begins, decided, background, made_by)]
        siblings = sorted(ids for file in files.values() for ids in siblings_in(self.lake, file))
        known = Derivation((), (), background, tuple(siblings))
        corpus = replace(
            self.before.corpus,
            event_settings=json.dumps(self.settings.chosen(), sort_keys=True),
            event_origin="derived",
            event_background=known_text(known),
            event_threads=threads_made_by(background, self.settings),
            event_base=decided.base,
            events_current=True,
        )
        after = replace(self.before, corpus=corpus, derived=derived, made=tuple(sorted(self.made)))
        return after.with_tables(TABLES, written)

    def report(self, after: Manifest) -> EventsReport:
        counts = {table: sum(row_count(self.lake, file) for file in after.files(table).values()) for table in OF_EVENTS}
        return EventsReport(counts["Event"], counts["COVERS"], counts["COPY_OF"], "derived")

    def _missing(self, table: str, part: str, key: str) -> bool:
        """Whether a result isn't there from before. Notes that it is wanted."""
        file = f"{table}/{part}-{key}.parquet"
        self.made.add(file)
        return file not in self.there

    def _background(self) -> Background:
        from newsgraph.graph.events.text.background import (  # noqa: PLC0415
            SpanWords,
            background_of,
            span_seconds,
        )

        length = span_seconds(self.settings)
        spans: set[int] = set()
        for number in self.files.numbers():
            stories = self.files.parts[str(number)][0]
            times = read_table(self.lake, stories, ["published_at"])["published_at"].cast("int64").to_numpy()
            spans.update((times // 1_000_000 // length).tolist())
        whole = sorted(spans)
        keys = {
            span: key_of("words", __version__, sorted(self.settings.to_dict().items()), self._inputs(span, length))
            for span in whole[:-1]
        }
        missing: dict[int, list[int]] = defaultdict(list)
        for span, key in keys.items():
            if self._missing("words", str(span), key):
                missing[span * length // self.files.part_seconds].append(span)
        self.engine.run([tuple(some) for some in missing.values()], Words(self.files, self.settings, keys))
        found = {}
        for span, key in keys.items():
            table = read_table(self.lake, f"words/{span}-{key}.parquet", ["term", "texts"])
            terms, texts = table["term"].to_numpy(), table["texts"].to_numpy()
            found[span] = SpanWords(int(texts[0]), terms[1:], texts[1:])
        return background_of(whole, found, self.settings)

    def _inputs(self, span: int, length: int) -> list[tuple[str, ...]]:
        return self.files.within(*self.files.numbers_of(span * length, (span + 1) * length - 1))

    def _derived(self, background: Background) -> dict[str, Derived]:
        """The events of the partitions of sure times; only those whose stories changed are derived again."""
        kept: dict[str, Derived] = {}
        missing: list[int] = []
        for number in self.files.numbers():
            had = self.before.derived.get(str(number))
            if had is not None and had.key == input_key(self.files, had.first, had.last, background, self.settings):
                kept[str(number)] = had
            else:
                missing.append(number)
        # However many stories there are, a call is no shorter than its margins.
        margins = 2 * MARGIN * int(self.settings.window_hours * 3600)
        together = self._together(missing, STORIES_IN_A_ROW, -(-margins // self.files.part_seconds))
        found = self.engine.run(together, Derive(self.files, background, self.settings))
        return dict(sorted({**kept, **dict(found)}.items()))

    def _together(self, numbers: Iterable[int], most: int, least: int = 1) -> list[tuple[int, ...]]:
        """Partitions (by number, ascending) that are worked on in one call: neighbours share what is worked out for the
        margin between them. They are at least ``least`` of them, or have no more stories than ``most``."""
        found: list[tuple[int, ...]] = []
        stories = 0
        for number in numbers:
            stored = self.files.parts.get(str(number))
            more = row_count(self.lake, stored[0]) if stored else 0
            if found and found[-1][-1] == number - 1 and (len(found[-1]) < least or stories + more <= most):
                found[-1] += (number,)
                stories += more
            else:
                found.append((number,))
                stories = more
        return found

    def _with_unsure(self, files: dict[str, str], background: Background, made_by: str) -> dict[str, str]:
        """The files of events by partition, after stories of an unsure time and then those of none were added."""
        unsure = self.files.unsure()
        dated = tuple(part for part in unsure if part != UNDATED)
        for name, parts in ((UNSURE, dated), (UNDATED, tuple(part for part in unsure if part == UNDATED))):
            if not parts:
                continue
            key = key_of(made_by, [self.files.parts[part] for part in parts])
            task = UnsureTask(name, parts, key)
            if self._missing("groups", name, key):
                self.engine.run([task], DeriveUnsure(self.files, background, self.settings))
            files = self._joined(files, name, f"groups/{name}-{key}.parquet", background)
        return files

    def _joined(self, files: dict[str, str], name: str, groups: str, background: Background) -> dict[str, str]:
        """The files of events after the groups of a file joined them, and with the groups that joined none."""
        from newsgraph.graph.events.clustering.undated import nearness  # noqa: PLC0415

        near = [NearTask(part, file, groups, key_of(file, groups)) for part, file in sorted(files.items())]
        missing = [task for task in near if self._missing("near", task.part, task.key)]
        self.engine.run(missing, FindNearest(self.files, background, self.settings))
        best: dict[str, tuple[float, str, str, str]] = {}
        for task in near:
            rows = rows_of(self.lake, f"near/{task.part}-{task.key}.parquet", ["group", "likeness", "first", "event"])
            for group, likeness, first, event in rows:
                had = best.get(group)
                if had is None or nearness(likeness, first) < nearness(*had[:2]):
                    best[group] = (likeness, first, event, task.part)
        joins: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
        for group, (likeness, _, event, part) in sorted(best.items()):
            joins[part].append((event, group, likeness))
        after = dict(files)
        tasks = []
        for part, several in joins.items():
            key = key_of("joined", files[part], groups, several)
            after[part] = f"groups/{part}-{key}.parquet"
            if self._missing("groups", part, key):
                tasks.append(JoinTask(part, files[part], groups, tuple(several), key))
        self.engine.run(tasks, Join(self.files, background, self.settings))
        alone = [one for one in read_groups(self.lake, groups) if one.event.id not in best]
        if alone:
            part, key = f"alone-{name}", key_of("alone", groups, sorted(best))
            after[part] = f"groups/{part}-{key}.parquet"
            if self._missing("groups", part, key):
                write_groups(self.lake, part, alone, key)
        return after

    def _constraints(self) -> Constraints:
        decided = Corrections.from_json(self.before.corpus.corrections)
        if not decided:
            return Constraints()
        return constraints_of(decided, stories_named(LakeGraph(self.lake, self.before), decided.addresses))

    def _decided(self, files: Mapping[str, str], background: Background) -> Decided:
        """Applies the decisions to the events that they touch, all in this process: decisions are made by people."""
        constraints = self._constraints()
        if not constraints:
            return Decided()
        from newsgraph.graph.events.clustering.corrected import corrected_events  # noqa: PLC0415

        named = frozenset(_stories_of(constraints))
        touched: list[Group] = self.engine.run(sorted(files.values()), NamedIn(self.lake, named))
        stories = LakeStories(self.files)
        events = sorted((one.event for one in touched), key=_order)
        copies = tuple(sorted((copy for one in touched for copy in one.copies), key=lambda copy: copy.story_id))
        done = corrected_events(
            Derivation(tuple(events), copies, background), stories.stories, constraints, self.settings
        )
        had, has = set(copies), set(done.derivation.copies)
        base = EventBase(
            fingerprint(constraints), done.made, done.replaced, {}, frozenset(has - had), frozenset(had - has)
        )
        key = key_of(DECIDED, sorted(one.event.id for one in touched), base.to_json(), sorted(files.items()))
        groups = [Group(event, (), "") for event in done.derivation.events]
        file = write_groups(self.lake, DECIDED, groups, key)
        if file:
            self.made.add(file)
        tables = write_events(self.lake, DECIDED, done.derivation, done.names, key)
        return Decided(frozenset(one.event.id for one in touched), file, tuple(tables), base.to_json())

    def _tables(self, files: Mapping[str, str], decided: Decided) -> list[Written]:
        tasks: list[TablesTask] = []
        written = list(decided.tables)
        for part, file in files.items():
            key = key_of("tables", file, sorted(decided.aside))
            kept = [
                Written(table, part, there)
                for table in OF_EVENTS
                if (there := self.before.files(table).get(part, "")).endswith(f"-{key}.parquet")
            ]
            if kept:
                written += kept
            else:
                tasks.append(TablesTask(part, file, decided.aside, key))
        return written + self.engine.run(tasks, WriteTables(self.lake))

    def _threads(
        self,
        files: Mapping[str, str],
        begins: Mapping[str, tuple[int, int]],
        decided: Decided,
        background: Background,
        made_by: str,
    ) -> list[Written]:
        from newsgraph.graph.events.threads.following import gap_of  # noqa: PLC0415

        _, most = gap_of(self.settings)
        length = self.files.part_seconds
        loose = [file for part, file in files.items() if part not in begins]
        loose += [decided.file] if decided.file else []
        numbers = {one for first, last in begins.values() for one in range(first // length, last // length + 1)}
        for one in events_in(self.lake, loose, decided.aside):
            if one.event.first_published_at is not None:
                numbers.add(seconds(one.event.first_published_at) // length)
        tasks: list[ThreadsTask] = []
        written: list[Written] = []
        for number in sorted(numbers):
            start, end = number * length - most, (number + 1) * length
            near = [files[part] for part, (first, last) in begins.items() if first < end and last >= start]
            key = key_of("threads", made_by, near, loose, sorted(decided.aside))
            there = self.before.files("FOLLOWS").get(str(number), "")
            if there.endswith(f"-{key}.parquet"):
                written.append(Written("FOLLOWS", str(number), there))
            else:
                tasks.append(ThreadsTask(number, (*near, *loose), key))
        by_number = {task.number: task for task in tasks}
        together = [tuple(by_number[number] for number in some) for some in self._together(by_number, STORIES_AT_ONCE)]
        return written + self.engine.run(together, FindThreads(self.files, background, self.settings, decided.aside))


def _order(event: DerivedEvent) -> tuple[bool, str, str]:
    first = event.first_published_at
    return first is None, first.isoformat() if first else "", event.id


def _stories_of(constraints: Constraints) -> set[str]:
    """The stories that decisions about events and copies name."""
    found = {story for pair in (*constraints.together, *constraints.apart) for story in pair}
    found.update(constraints.left_out, constraints.labels, constraints.no_copies)
    found.update(story for pair in constraints.copies.items() for story in pair)
    found.update(story for story, _, _ in constraints.names)
    return found
