"""``newsgraph events``: derives, scores, explains and imports events."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsgraph.cli.decisions.deciding import confirm, decide, decision_options
from newsgraph.cli.decisions.events_decisions import join, leave_out, move, rename, split
from newsgraph.cli.decisions.events_review import review
from newsgraph.cli.load import SECONDS_TO_WAIT
from newsgraph.cli.shared.answers import Output, answer_options, emit, emit_rows, output_of
from newsgraph.cli.shared.common import Group, open_for_reading, store_option
from newsgraph.cli.shared.load_progress import load_progress
from newsgraph.cli.shared.terminal import say, tell

if TYPE_CHECKING:
    from newsgraph.graph.corrections import Decision
    from newsgraph.graph.events import Explanation, Mistake, Score
    from newsgraph.graph.events.sampling import Judged
    from newsgraph.graph.events.sync import EventsReport
    from newsgraph.graph.stores.protocol import Store
    from newsgraph.queries.firsts_right import FirstsRight

_LABELS = click.argument("labels", type=click.Path(path_type=Path), metavar="LABELS.csv")


@click.group("events", cls=Group)
def command() -> None:
    """Derive events again, measure them against labels, ask why, correct them, or take a researcher's own.

    LABELS.csv has a header with `event` and one of `story`, `url`, `id` (taken in that order); other columns are
    ignored. `story` is an address in any spelling, or a story id.
    """


for _decision in (join, split, move, leave_out, rename, review):
    command.add_command(_decision)


@command.command("build")
@click.option(
    "--window",
    type=click.FloatRange(min=0, min_open=True),
    metavar="HOURS",
    help="Never compare stories that are further apart.",
)
@click.option(
    "--threshold", type=click.FloatRange(0, 1), metavar="SIMILARITY", help="Lower merges more, higher splits more."
)
@click.option("--method", type=click.Choice(["light"]), help="The method.  [default: light]")
@click.option(
    "--semantic/--no-semantic",
    default=None,
    help="Let a sentence model help; needs newsgraph[semantic].  [default: as the store keeps it]",
)
@store_option
def build(
    window: float | None, threshold: float | None, method: str | None, semantic: bool | None, store_url: str
) -> None:
    """Derive the events of all stories from nothing.

    The parameters are kept in the store, and every later load uses them. Events that a researcher gave are replaced.
    """
    from newsgraph.graph.corpus import Corpus  # noqa: PLC0415
    from newsgraph.graph.events import EventSettings  # noqa: PLC0415
    from newsgraph.graph.events.sync import derive_events, kept_settings  # noqa: PLC0415  # keeps --help light
    from newsgraph.loaders.load_report import Step  # noqa: PLC0415

    given = {"window_hours": window, "threshold": threshold, "method": method}
    settings = EventSettings.from_dict({name: value for name, value in given.items() if value is not None})
    with _opened(store_url) as store:
        model = bool(kept_settings(Corpus.of(store)).semantic) if semantic is None else semantic
        with load_progress() as steps:
            report = derive_events(
                store,
                settings=settings,
                semantic=model,
                titles=lambda done, total: steps(Step("Deriving events", done, total, "titles")),
            )
        _say(report)


@command.command("import")
@_LABELS
@click.option("--replace", is_flag=True, help="Take away every event of ours: stories without a label have none.")
@decision_options
def import_(labels: Path, replace: bool, **options: Any) -> None:
    """Use a researcher's own events. The name of each becomes its title.

    The stories of a label are one event, and those of different labels are different events. All other stories keep the
    events that are derived. Stories that are loaded later are derived as usual and may join the researcher's events.
    Each label is a decision that `newsgraph corrections` lists.

    With --replace, there are no events but the researcher's. Later loads keep these and leave new stories without an
    event; `newsgraph events build` goes back to derived events.
    """
    from newsgraph.loaders.researcher.labels_file import read_labels  # noqa: PLC0415

    if replace:
        _import_all(labels, bool(options["yes"]), bool(options["dry_run"]), str(options["store_url"]))
        return

    def make(store: Store) -> list[Decision]:
        from newsgraph.errors import UsageError  # noqa: PLC0415
        from newsgraph.graph.corrections import Decision, Kind  # noqa: PLC0415

        read = read_labels(labels, store)
        _say_absent(read.absent)
        groups: dict[str, list[str]] = {}
        for story, label in read.events.items():
            groups.setdefault(" ".join(label.split()), []).append(story)
        if not groups:
            raise UsageError("labels", "none of the labelled stories is in the store", "Load their files first")
        return [Decision(Kind.LABEL, tuple(stories), value=label) for label, stories in groups.items()]

    decide(make, **options)


def _import_all(labels: Path, yes: bool, dry_run: bool, store_url: str) -> None:
    from newsgraph.graph.events.sync import import_events, read_derivation  # noqa: PLC0415
    from newsgraph.loaders.researcher.labels_file import read_labels  # noqa: PLC0415

    with _opened(store_url) as store:
        read = read_labels(labels, store)
        had = read_derivation(store).events
        lost = sum(member.story_id not in read.events for event in had for member in event.members)
        named = len(set(read.events.values()))
        tell(f"Events that go: {len(had):,}; that come: {named:,}. Stories that will have no event: {lost:,}")
        if dry_run:
            tell("Nothing written.")
            return
        confirm(yes)
        _say(import_events(store, read.events))
    _say_absent(read.absent)


def _say_absent(absent: tuple[str, ...]) -> None:
    if absent:
        many = "1 labelled story is" if len(absent) == 1 else f"{len(absent):,} labelled stories are"
        say(f"{many} not in the store, such as {absent[0]}")


@command.command("score")
@click.argument("labels", type=click.Path(path_type=Path), metavar="[LABELS.csv]", required=False)
@click.option(
    "--measures", "as_rows", is_flag=True, help="Write the measures as rows, instead of the worst merges and splits."
)
@store_option
@answer_options
def score_(labels: Path | None, as_rows: bool, store_url: str, **options: Any) -> None:
    """Compare the events with labels: how right they are, how often the first is right, and the worst mistakes.

    B-cubed and pairs of stories give precision, recall and F1, beside what leaving every story alone would give. `First
    right` asks first-to-cover from each story of each labelled event of three outlets or more. Then come the worst ten
    merges and the worst ten splits, with the words that caused them.

    Stories without a label do not count, nor do labelled stories that the store does not have; both are counted apart.
    With --format, the mistakes come as rows and the measures go to standard error; with --measures, the measures are
    the rows.

    Without labels, the answers about stories that `events review --random` drew say how right the events are: the share
    of stories that belong to their event, with an interval. They can't tell which stories belong together and are in
    different events.
    """
    from newsgraph.graph.corpus import Corpus  # noqa: PLC0415
    from newsgraph.graph.events import score, worst_mistakes  # noqa: PLC0415
    from newsgraph.graph.events.sync import StoreStories, kept_settings, read_derivation  # noqa: PLC0415
    from newsgraph.loaders.researcher.labels_file import read_labels  # noqa: PLC0415
    from newsgraph.queries.firsts_right import firsts_right  # noqa: PLC0415

    output = output_of(store_url, **options)
    if labels is None:
        _score_sample(store_url, output)
        return
    with open_for_reading(store_url) as store:
        read = read_labels(labels, store)
        derivation = read_derivation(store)
        events = {member.story_id: event.id for event in derivation.events for member in event.members}
        found = score(read.events, events)
        right = firsts_right(store, read.events, events)
        settings = kept_settings(Corpus.of(store))
        mistakes = (
            () if as_rows else worst_mistakes(read.events, events, StoreStories(store), derivation.background, settings)
        )
    measured = [*measures(found), *first_measures(right)]
    if as_rows:
        emit(output, ("measure", "value", "low", "high", "of"), [one.cells for one in measured])
        return
    for line in [*(one.line for one in measured), *counted_lines(found, len(read.absent))]:
        say(line)
    emit_rows(output, MISTAKES, [mistake_cells(one) for one in mistakes])


def _score_sample(store_url: str, output: Output) -> None:
    """Says how right events are by the answers about stories that were drawn at random."""
    from newsgraph.errors import UsageError  # noqa: PLC0415
    from newsgraph.graph.events.sampling import judged  # noqa: PLC0415
    from newsgraph.loaders.researcher.correcting import decision_states, kept_corrections  # noqa: PLC0415
    from newsgraph.queries.ask import check_loaded  # noqa: PLC0415

    with open_for_reading(store_url) as store:
        check_loaded(store)
        kept = kept_corrections(store)
        found = judged(store, kept.corrections, decision_states(store, kept.corrections))
    for problem in kept.remarks:
        say(f"newsgraph: {problem}")
    measured = sample_measure(found)
    if measured is None:
        reviewed = f" ({found.others:,} made otherwise say nothing about the rest)" if found.others else ""
        raise UsageError(
            "LABELS.csv",
            f"is missing, and no decision is about a story that was drawn at random{reviewed}",
            "Give labels, or judge some stories first: newsgraph events review --random 100",
        )
    for line in sampled_lines(measured, found):
        say(line)
    emit(output, ("measure", "value", "low", "high", "of"), [measured.cells])


def sample_measure(found: Judged) -> Measured | None:
    """Returns the share of stories that belong to their event, with its 95 % interval; None without an answer."""
    from newsgraph.queries.statistics.measures import wilson  # noqa: PLC0415

    if not found.judged:
        return None
    low, high = wilson(found.right, found.judged) or (0.0, 1.0)
    return Measured("belongs to its event", found.right / found.judged, low, high, of=found.judged)


def sampled_lines(measured: Measured, found: Judged) -> list[str]:
    """What the measure was made of and what it can't tell, for people."""
    lines = [
        measured.line,
        f"Judged             {found.right:,} of {found.judged:,} right; drawn from {found.drawn_from:,} stories that "
        "are no copies, of events of at least two such stories",
        "Not told           which stories belong together and are in different events; labels tell (events score "
        "LABELS.csv)",
    ]
    if found.others:
        said = "decision about events says" if found.others == 1 else "decisions about events say"
        lines.append(f"Left out           {found.others:,} other {said} nothing about the rest: not drawn at random")
    return lines


#: Columns of the mistakes. ``pairs`` are pairs of stories that are wrong; ``stories`` and ``others`` how many stories
#: the two sides have.
MISTAKES = (
    "kind", "pairs", "label", "stories", "other_label", "others", "event", "other_event", "likeness", "words", "why",
)  # fmt: skip


@command.command("doctor")
@store_option
@answer_options
def doctor(store_url: str, **options: Any) -> None:
    """Say what looks wrong in the events, without any labels, and what to type.

    Three things are suspect: an event above 3 % of the stories of its days (of 20 stories or more), a group that is
    held together by words which the corpus always has, and an event whose stories hardly fit each other. A suspicion is
    no proof: a great event may well hold a tenth of the news.
    """
    from newsgraph.graph.events.diagnosis import diagnose  # noqa: PLC0415
    from newsgraph.queries.ask import check_loaded  # noqa: PLC0415

    output = output_of(store_url, **options)
    with open_for_reading(store_url) as store:
        check_loaded(store)
        found = diagnose(store)
    rows = [
        (one.problem.value, one.event, one.title, one.stories, one.value, one.limit, one.words, shlex.join(one.command))
        for one in found.findings
    ]
    concerned = len({one.event for one in found.findings})
    notes = [f"{concerned:,} of {found.events:,} events look wrong ({found.stories:,} stories)", *found.advice]
    emit_rows(output, DIAGNOSIS, rows, notes=notes)


#: Columns of what looks wrong. ``value`` is beyond ``limit``; ``do`` is the command to type next.
DIAGNOSIS = ("problem", "event_id", "event_title", "stories", "value", "limit", "why", "do")


@command.command("why")
@click.argument("story")
@click.argument("other", required=False)
@store_option
def why(story: str, other: str | None, store_url: str) -> None:
    """Say why STORY is in its event, or why STORY and OTHER are together or apart, in words and numbers.

    A story is named by its address in any spelling, by its id, or by words of its title.
    """
    from newsgraph.graph.events.sync import explain_stories, stories_named  # noqa: PLC0415
    from newsgraph.queries.ask import check_loaded  # noqa: PLC0415
    from newsgraph.queries.asking.decisions import event_of  # noqa: PLC0415
    from newsgraph.queries.asking.names import resolve_story  # noqa: PLC0415

    with open_for_reading(store_url) as store:
        check_loaded(store)
        story = resolve_story(store, story)
        other = resolve_story(store, other) if other else None
        for left_out in stories_named(store, [one for one in (story, other) if one]).values():
            if event_of(store, left_out) is None:
                tell(f"{left_out} is in no event.")
                for line in decisions_about(store, left_out, None):
                    tell(line)
                return
        found = explain_stories(store, story, other)
        for line in explained(found):
            tell(line)
        for line in decisions_about(store, found.story_id, found.other_id):
            tell(line)


def decisions_about(store: Store, story: str, other: str | None) -> Iterator[str]:
    """Yields the decisions that affect where these stories are: those that name one of them, or another story of their
    events."""
    from newsgraph.graph.corpus import Corpus  # noqa: PLC0415
    from newsgraph.graph.corrections import Corrections, constraints_of  # noqa: PLC0415
    from newsgraph.graph.events.sync import stories_named  # noqa: PLC0415

    decided = Corrections.from_json(Corpus.of(store).corrections)
    named = stories_named(store, decided.addresses)
    asked = {one for one in (story, other) if one is not None}
    events = {edge.end for edge in store.edges("COVERS", starts=sorted(asked))}
    near = {edge.start for edge in store.edges("COVERS", ends=sorted(events))} | asked
    overruled = {one.overruled: one.holding for one in constraints_of(decided, named).conflicts}
    for number, one in enumerate(decided, 1):
        stories = {named[address] for address in one.addresses if address in named}
        if stories & near:
            how = f" (overruled by {overruled[number]})" if number in overruled else ""
            yield f"decision {number}{how}: {one.words}"


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure of a score; ``of`` is the number that it is a share or a mean of."""

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    of: int | None = None

    @property
    def cells(self) -> tuple[object, ...]:
        """It as a row."""
        return self.name, self.value, self.low, self.high, self.of

    @property
    def line(self) -> str:
        """It as a line for people."""
        value = "-" if self.value is None else f"{self.value:.4f}"
        interval = (
            "" if self.low is None or self.high is None else f"  (95 % interval {self.low:.4f} to {self.high:.4f})"
        )
        return f"{self.name:<24} {value}{interval}"


def measures(found: Score) -> list[Measured]:
    """Returns the measures of a score. ``alone`` is what leaving every story by itself would give."""
    stories = found.story_count
    low, high = found.interval or (None, None)
    return [
        Measured("B-cubed precision", found.precision, of=stories),
        Measured("B-cubed recall", found.recall, of=stories),
        Measured("B-cubed F1", found.f1, low, high, of=stories),
        Measured("B-cubed F1, alone", found.alone_f1, of=stories),
        Measured("pairs precision", found.pair_precision),
        Measured("pairs recall", found.pair_recall),
        Measured("pairs F1", found.pair_f1),
        Measured("pairs F1, alone", 0.0),
        Measured("ARI", found.adjusted_rand),
        Measured("NMI", found.mutual_information),
    ]


def first_measures(right: FirstsRight) -> list[Measured]:
    """How often the first is right, and how often it belongs to the event at all."""
    return [
        Measured("first right", right.share, right.low, right.high, of=right.events),
        Measured("first belongs", right.belongs, of=right.events),
    ]


def counted_lines(found: Score, absent: int) -> list[str]:
    """What a score was made of, for people."""
    return [
        f"Stories            {found.story_count:,} labelled and resolved; {found.unlabelled:,} without a label, "
        f"{found.missing:,} without an event and {absent:,} not in the store are left out",
        f"Events             {found.event_count:,} found, {found.label_count:,} labelled",
    ]


def mistake_cells(one: Mistake) -> tuple[object, ...]:
    """A mistake as a row; ``why`` is the command that tells more."""
    words = ", ".join(f"{term.text} {term.weight:.2f}" for term in one.words)
    why = shlex.join(["newsgraph", "events", "why", one.story, one.other])
    return (
        one.kind.value, one.pairs, one.label, one.stories, one.other_label, one.others, one.event, one.other_event,
        one.likeness, words, why,
    )  # fmt: skip


def explained(explanation: Explanation) -> Iterator[str]:
    """Yields the lines of an explanation for people."""
    yield explanation.words
    yield f"cosine of the texts  {explanation.cosine:.3f}"
    yield f"link                 {explanation.link:.3f}"
    if explanation.hours_apart is not None:
        yield f"hours apart          {explanation.hours_apart:.1f}"
    yield f"related link         {'yes' if explanation.related else 'no'}"
    for term in explanation.terms:
        yield f"  {term.weight:.3f}  {term.text}"


def _say(report: EventsReport) -> None:
    tell(str(report))
    if report.uncovered:
        tell(f"{report.uncovered:,} stories have no event")


@contextmanager
def _opened(store_url: str) -> Iterator[Store]:
    from newsgraph.graph.stores.registry import open_store  # noqa: PLC0415
    from newsgraph.graph.stores.writer_lock import writing  # noqa: PLC0415
    from newsgraph.queries.ask import check_loaded  # noqa: PLC0415

    with open_store(store_url, create=False) as store, writing(store, wait=SECONDS_TO_WAIT, waiting=say):
        check_loaded(store)
        yield store
