"""Puts a researcher's decisions into a store. They are kept in it and in a file beside it, and take effect at once.

If there is a file beside the store, it decides. So a line that is removed or added by hand takes effect at the next
load or command. The file is written before the store: if the program is killed in between, no decision is lost.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from newsgraph.errors import InputError, UsageError
from newsgraph.graph.corpus import Corpus
from newsgraph.graph.corrections import Corrections, Decision, constraints_of
from newsgraph.graph.stores.protocol import Store
from newsgraph.loaders.merging.change import Changer
from newsgraph.loaders.researcher.corrections_file import (
    ReadCorrections,
    checked,
    file_beside,
    read_corrections,
    write_corrections,
)

if TYPE_CHECKING:
    from newsgraph.graph.events.preview import Preview
    from newsgraph.graph.events.sync import EventsReport


@dataclass(frozen=True, slots=True)
class Kept:
    """The decisions that hold for a store.

    ``problems`` has a line for each wrong line of the file beside the store, ``lines`` the number of each decision's
    line in that file. ``path`` is that file; None if the store has none.
    """

    corrections: Corrections
    problems: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    path: Path | None = None


def kept_corrections(store: Store) -> Kept:
    """Returns the decisions of the file beside the store, or those in the store if there is no such file.

    Raises InputError for a file that can't be read.
    """
    path = file_beside(store.url)
    if path is not None and path.exists():
        read = read_corrections(path)
        return Kept(read.corrections, read.problems, read.lines, path)
    return Kept(Corrections.from_json(Corpus.of(store).corrections), path=path)


def given_corrections(store: Store, given: Path | None, *, dry_run: bool = False) -> tuple[Corrections, list[str]]:
    """Returns the decisions for a load, and a line for each thing that is wrong with their file.

    They are those of the file ``given``, which is then kept beside the store; without it, those already kept. Decisions
    that the file beside the store has, but ``given`` hasn't, are moved to a file ``.old.csv``. Raises InputError if
    ``given`` can't be read.
    """
    if given is None:
        try:
            kept = kept_corrections(store)
        except InputError as error:
            return Corrections.from_json(Corpus.of(store).corrections), [f"{error}. The decisions in the store hold"]
        return kept.corrections, list(kept.problems)
    read = read_corrections(given)
    path = file_beside(store.url)
    if path is not None and not dry_run and not (path.exists() and path.samefile(given)):
        if path.exists():
            _set_aside(path, read)
        write_corrections(read.corrections, path)
    return read.corrections, list(read.problems)


def _set_aside(path: Path, read: ReadCorrections) -> None:
    there = set(read.corrections)
    try:
        before = read_corrections(path)
    except InputError:
        lost = True
    else:
        lost = bool(before.problems) or any(one not in there for one in before.corrections)
    if lost:
        path.replace(path.with_suffix(".old.csv"))


def correct(store: Store, corrections: Corrections, *, now: datetime | None = None) -> EventsReport:
    """Makes these the decisions of the store: in the file beside it, in the store, and in its times and events. Saves.

    The caller must hold the writer's lock. Raises InputError, UsageError or OutputError if the file beside the store
    can't be written. Nothing is changed then.
    """
    path = file_beside(store.url)
    if path is not None and (path.exists() or corrections):
        write_corrections(corrections, path)
    corpus = Corpus.of(store).write(store, corrections=corrections.to_json())
    changed: frozenset[str] = frozenset()
    times = true_times(corrections)
    wrong = misdated(store, times)
    if wrong:
        change = Changer(store, corpus.directory, now or datetime.now(UTC), times).change({}, wrong)
        in_step = corpus.events_current
        corpus.write(store, events_current=False)
        store.write(change.batch)
        changed = change.resolvable
        if in_step:
            Corpus.of(store).write(store, events_current=True)
    from newsgraph.graph.events.sync import derive_events  # noqa: PLC0415  # heavy; only where there are decisions

    return derive_events(store, changed=changed)


def signed(decision: Decision, reason: str = "", author: str = "") -> Decision:
    """Returns the decision with its parts in the form in which they are kept, dated today (UTC).

    Raises UsageError if something in it is wrong.
    """
    made = replace(
        decision,
        reason=" ".join(reason.split()),
        author=" ".join(author.split()),
        made_at=datetime.now(UTC).date().isoformat(),
    )
    lasting = checked(made)
    if isinstance(lasting, str):
        field, _, problem = lasting.partition(": ")
        raise UsageError(field.removeprefix("field "), problem)
    return lasting


def contradictions(seen: Preview, kept: Corrections, wanted: Corrections) -> Iterator[str]:
    """Yields a line for each contradiction among the ``wanted`` decisions that involves one which isn't in ``kept``."""
    known = set(kept)
    for conflict in seen.conflicts:
        pair = conflict.overruled, conflict.holding
        if any(wanted.decisions[number - 1] not in known for number in pair):
            one, other = (wanted.decisions[number - 1].words for number in pair)
            yield f"Decisions {pair[0]} ({one}) and {pair[1]} ({other}) contradict each other; the later one holds"


def true_times(corrections: Corrections) -> dict[str, tuple[int, datetime]]:
    """Returns normalised address -> number of the decision and the time that it gives. A later decision overrides."""
    from newsgraph.graph.urls.identity import story_id  # noqa: PLC0415  # reads the public suffix list

    return corrections.numbered_dates({address: story_id(address) or address for address in corrections.addresses})


def misdated(store: Store, times: Mapping[str, tuple[int, datetime]]) -> list[str]:
    """Returns the stories whose time isn't what the decisions say: it must be corrected, or no longer be corrected."""
    wanted: dict[str, tuple[int, datetime]] = {}
    for address, story in _stories_named(store, times).items():
        wanted[story] = max(wanted.get(story, times[address]), times[address])
    wrong = {str(id) for id, time, *_ in store.query(_CORRECTED) if wanted.get(str(id), (0, None))[1] != time}
    for node in store.nodes("Story", sorted(wanted)):
        if node.properties.get("date_quality") != "corrected":
            wrong.add(node.id)
    return sorted(wrong)


def doubts(store: Store, corrections: Corrections) -> Iterator[str]:
    """Yields a line for each contradiction between decisions, and one for decisions about stories that don't exist."""
    constraints = constraints_of(corrections, _stories_named(store, corrections.addresses))
    for conflict in constraints.conflicts:
        one, other = (corrections.decisions[number - 1] for number in (conflict.overruled, conflict.holding))
        yield (
            f"decisions {conflict.overruled} ({one.words}) and {conflict.holding} ({other.words}) contradict each "
            f"other; {conflict.holding}, the later one, holds"
        )
    if constraints.absent:
        count = len({number for number, _ in constraints.absent})
        number, address = constraints.absent[0]
        yield (
            f"{count:,} {'decision names a story that is' if count == 1 else 'decisions name stories that are'} not in "
            f"the store, such as {number} ({address}); kept. newsgraph corrections lists them"
        )


_CORRECTED = files("newsgraph.graph.events").joinpath("corrected_times.cypher").read_text(encoding="utf-8")


def _stories_named(store: Store, addresses: Collection[str]) -> dict[str, str]:
    if not addresses:
        return {}
    from newsgraph.graph.events.sync import stories_named  # noqa: PLC0415  # heavy; only where there are decisions

    return stories_named(store, addresses)
