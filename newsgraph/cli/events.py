"""``newsgraph events``: derives, scores, explains and imports events."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsgraph.cli.decisions.deciding import confirm, decide, decision_options
from newsgraph.cli.decisions.events_decisions import join, leave_out, move, rename, split
from newsgraph.cli.decisions.events_review import review
from newsgraph.cli.load import SECONDS_TO_WAIT
from newsgraph.cli.shared.answers import answer_options, emit, output_of
from newsgraph.cli.shared.common import open_for_reading, store_option
from newsgraph.cli.shared.load_progress import load_progress
from newsgraph.cli.shared.terminal import say, tell

if TYPE_CHECKING:
    from newsgraph.graph.corrections import Decision
    from newsgraph.graph.events import Explanation, Score
    from newsgraph.graph.events.sync import EventsReport
    from newsgraph.graph.stores.protocol import Store

_LABELS = click.argument("labels", type=click.Path(path_type=Path), metavar="LABELS.csv")


@click.group("events")
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
        tell(f"{len(had):,} events go, {named:,} come; {lost:,} stories will have no event")
        if dry_run:
            tell("Nothing written.")
            return
        confirm(yes)
        _say(import_events(store, read.events))
    _say_absent(read.absent)


def _say_absent(absent: tuple[str, ...]) -> None:
    if absent:
        say(f"{len(absent):,} labelled stories are not in the store, such as {absent[0]}")


@command.command("score")
@_LABELS
@store_option
@answer_options
def score_(labels: Path, store_url: str, **options: Any) -> None:
    """Compare the events with labels: B-cubed precision, recall and F1, ARI, NMI, and the worst ten events.

    Stories without a label do not count, nor do labelled stories that the store does not have. Their numbers are shown
    separately. With --format, the worst events are the rows, and the measures are printed on standard error.
    """
    from newsgraph.graph.events import score  # noqa: PLC0415
    from newsgraph.graph.events.sync import read_derivation  # noqa: PLC0415
    from newsgraph.loaders.researcher.labels_file import read_labels  # noqa: PLC0415

    output = output_of(store_url, **options)
    with open_for_reading(store_url) as store:
        read = read_labels(labels, store)
        events = {member.story_id: event.id for event in read_derivation(store).events for member in event.members}
    found = score(read.events, events)
    for line in measures(found, len(read.absent)):
        say(line)
    names = ("label", "stories", "precision", "recall", "f1", "split_into", "merged_with")
    rows = [
        (one.label, one.story_count, one.precision, one.recall, one.f1, _parts(one.split_into), _parts(one.merged_with))
        for one in found.worst
    ]
    emit(output, names, rows)


@command.command("why")
@click.argument("story")
@click.argument("other", required=False)
@store_option
def why(story: str, other: str | None, store_url: str) -> None:
    """Say why STORY is in its event, or why STORY and OTHER are together or apart, in words and numbers.

    A story is named by its address in any spelling, or by its id.
    """
    from newsgraph.graph.events.sync import explain_stories, stories_named  # noqa: PLC0415
    from newsgraph.queries.asking.decisions import event_of  # noqa: PLC0415

    with open_for_reading(store_url) as store:
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


def measures(score: Score, absent: int) -> list[str]:
    """Returns the measures of a score, one on each line."""
    low, high = score.interval or (None, None)
    between = f" (95 % interval {low:.4f} to {high:.4f}, by labelled events)" if low is not None else ""
    return [
        f"B-cubed precision  {score.precision:.4f}",
        f"B-cubed recall     {score.recall:.4f}",
        f"B-cubed F1         {score.f1:.4f}{between}",
        f"ARI                {score.adjusted_rand:.4f}",
        f"NMI                {score.mutual_information:.4f}",
        f"Stories            {score.story_count:,} labelled and resolved; {score.unlabelled:,} without a label, "
        f"{score.missing:,} without an event and {absent:,} not in the store are left out",
        f"Events             {score.event_count:,} found, {score.label_count:,} labelled",
    ]


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


def _parts(parts: tuple[tuple[str, int], ...]) -> str:
    return ", ".join(f"{name} ({count:,})" for name, count in parts)


def _say(report: EventsReport) -> None:
    tell(f"Events: {report.events:,} of {report.stories:,} stories, {report.copies:,} copies ({report.origin})")
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
