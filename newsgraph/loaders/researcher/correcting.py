"""Putting a researcher's decisions into a store: kept in it and in the file beside it, and applied at once.

The file beside the store is the one that counts where there is one, so that a line that is taken out, or put in by
hand, holds from the next load or the next command on. It is written before the store: a program that is killed in
between loses no decision.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from newsgraph.errors import InputError
from newsgraph.graph.corpus import Corpus
from newsgraph.graph.corrections import Corrections, constraints_of
from newsgraph.graph.events.sync import EventsReport, derive_events, stories_named
from newsgraph.graph.stores.protocol import Store
from newsgraph.loaders.load import merge_again
from newsgraph.loaders.researcher.corrections_file import (
    ReadCorrections,
    file_beside,
    read_corrections,
    write_corrections,
)
from newsgraph.loaders.researcher.outlets_preview import (
    outlet_conflicts,
    places_outlets_otherwise,
    told_otherwise,
)


@dataclass(frozen=True, slots=True)
class Kept:
    """The decisions that hold for a store; ``problems`` a line for each wrong line of the file beside it, ``lines`` the
    line of each decision there, ``path`` that file, or None where the store has none."""

    corrections: Corrections
    problems: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    path: Path | None = None


def kept_corrections(store: Store) -> Kept:
    """The decisions of the file beside the store; those in the store where there is no such file.

    Raises InputError for a file that can't be read.
    """
    path = file_beside(store.url)
    if path is not None and path.exists():
        read = read_corrections(path)
        return Kept(read.corrections, read.problems, read.lines, path)
    return Kept(Corrections.from_json(Corpus.of(store).corrections), path=path)


def given_corrections(store: Store, given: Path | None, *, dry_run: bool = False) -> tuple[Corrections, list[str]]:
    """The decisions with which to load: those of the file ``given``, which is then kept beside the store, else those
    kept. Also a line for each thing that is wrong with the file.

    Decisions that the file beside the store holds and ``given`` doesn't are set aside in a file ``.old.csv``. Raises
    InputError for a ``given`` that can't be read.
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
    """Makes these the decisions of the store: in the file beside it, in the store, in its times, outlets and events.
    Saves.

    The caller holds the writer's lock. Raises InputError, UsageError or OutputError where the file beside the store
    can't be written, and then nothing is changed.
    """
    path = file_beside(store.url)
    if path is not None and (path.exists() or corrections):
        write_corrections(corrections, path)
    before = Corpus.of(store)
    after = replace(before, corrections=corrections.to_json())
    wanted = after.directory
    placed = places_outlets_otherwise(before.directory, wanted)
    before.write(store, corrections=after.corrections, rebuilding=before.rebuilding or placed)
    return derive_events(store, changed=merge_again(store, told_otherwise(before.directory, wanted), now=now))


def doubts(store: Store, corrections: Corrections) -> Iterator[str]:
    """A line for each contradiction of the decisions, and one for those about stories that are not there."""
    constraints = constraints_of(corrections, stories_named(store, corrections.addresses))
    for conflict in (*constraints.conflicts, *outlet_conflicts(store, corrections)):
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
