"""Puts a researcher's decisions into a store. They are kept in it and in a file beside it, and take effect at once.

If there is a file beside the store, it decides. So a line that is removed or added by hand takes effect at the next
load or command. The file is written before the store: if the program is killed in between, no decision is lost.

The file has no checksum, because people edit it. The store has one, and its own copy of the decisions. A file that
doesn't hold the same is named, with what is more or fewer, so that neither damage nor an edit goes unnoticed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from newsgraph.errors import InputError, UsageError
from newsgraph.graph.corpus import Corpus
from newsgraph.graph.corrections import Corrections, Decision, Kind, constraints_of
from newsgraph.graph.stores.protocol import Store
from newsgraph.loaders.load import merge_again
from newsgraph.loaders.researcher.corrections_file import (
    ReadCorrections,
    checked,
    file_beside,
    read_corrections,
    write_corrections,
)
from newsgraph.loaders.researcher.true_times import known_stories
from newsgraph.output.safe_text import one_line

if TYPE_CHECKING:
    from newsgraph.graph.events.preview import Preview
    from newsgraph.graph.events.sync import EventsReport


class Kept(Struct, frozen=True):
    """The decisions that hold for a store.

    ``problems`` has a line for each wrong line of the file beside the store, ``lines`` the number of each decision's
    line in that file. ``path`` is that file; None if the store has none. ``notes`` has a line if the file doesn't hold
    the decisions that the store took from it: it was edited, or damaged.
    """

    corrections: Corrections
    problems: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    path: Path | None = None
    notes: tuple[str, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """All lines that whoever uses the decisions must see: the problems, then the notes."""
        return (*self.problems, *self.notes)


def kept_corrections(store: Store) -> Kept:
    """Returns the decisions of the file beside the store, or those in the store if there is no such file.

    Raises InputError for a file that can't be read.
    """
    path = file_beside(store.url)
    stored = Corrections.from_json(Corpus.of(store).corrections)
    if path is not None and path.exists():
        read = read_corrections(path)
        return Kept(read.corrections, read.problems, read.lines, path, tuple(_changes(path, stored, read.corrections)))
    notes = (f"{path}: it is missing; the store's {_counted(stored)} hold",) if path is not None and stored else ()
    return Kept(stored, path=path, notes=notes)


def _changes(path: Path, stored: Corrections, read: Corrections) -> Iterator[str]:
    """Yields a line if the file doesn't hold the decisions that the store took from it, in their order."""
    if read == stored:
        return
    more, fewer = Counter(read) - Counter(stored), Counter(stored) - Counter(read)
    said = [
        f"{_counted(some)} {how}, such as {next(iter(some)).words}"
        for how, some in (("more", more), ("fewer", fewer))
        if some
    ]
    yield (
        f"{path}: it was changed since the store took its decisions: {'; '.join(said) or 'in their order'}. "
        "What it says now holds"
    )


def _counted(some: Corrections | Counter[Decision]) -> str:
    number = len(some) if isinstance(some, Corrections) else some.total()
    return "1 decision" if number == 1 else f"{number:,} decisions"


def given_corrections(store: Store, given: Path | None, *, dry_run: bool = False) -> Kept:
    """Returns the decisions for a load.

    They are those of the file ``given``, which is then kept beside the store; without it, those already kept. A file
    beside the store that is missing is written again. Decisions that the file beside the store has, but ``given``
    hasn't, are moved to a file ``.old.csv``. Raises InputError if ``given`` can't be read.
    """
    path = file_beside(store.url)
    if given is None or (path is not None and path.exists() and given.exists() and path.samefile(given)):
        try:
            kept = kept_corrections(store)
        except InputError as error:
            if given is not None:
                raise
            stored = Corrections.from_json(Corpus.of(store).corrections)
            return Kept(stored, (f"{error}. The decisions in the store hold",), path=path)
        if path is not None and kept.corrections and not path.exists() and not dry_run:
            write_corrections(kept.corrections, path)
            note = f"{path}: it was missing; written again with the store's {_counted(kept.corrections)}"
            return structs.replace(kept, notes=(note,))
        return kept
    read = read_corrections(given)
    notes: tuple[str, ...] = ()
    if path is not None and not dry_run:
        if path.exists():
            notes = tuple(_set_aside(path, read))
        write_corrections(read.corrections, path)
    return Kept(read.corrections, read.problems, read.lines, path, notes)


def _set_aside(path: Path, read: ReadCorrections) -> Iterator[str]:
    """Renames the file if it has anything that ``read`` hasn't, and yields a line about it."""
    there = set(read.corrections)
    try:
        before = read_corrections(path)
    except InputError:
        lost = True
    else:
        lost = bool(before.problems) or any(one not in there for one in before.corrections)
    if lost:
        names = (path.with_suffix(f".old{f'-{number}' if number > 1 else ''}.csv") for number in count(1))
        old = next(name for name in names if not name.exists())
        path.replace(old)
        yield f"{path}: it had decisions that are not in the new file; kept as {old}"


def correct(store: Store, corrections: Corrections, *, now: datetime | None = None) -> EventsReport:
    """Makes these the decisions of the store: in the file beside it, in the store, and in its times, outlets and
    events. Saves.

    The caller must hold the writer's lock. Raises InputError, UsageError or OutputError if the file beside the store
    can't be written. Nothing is changed then.
    """
    path = file_beside(store.url)
    if path is not None and (path.exists() or corrections):
        write_corrections(corrections, path)
        corrections = read_corrections(path).corrections  # what the next load will find
    from newsgraph.loaders.researcher.outlets_preview import (  # noqa: PLC0415  # only where there are decisions
        places_outlets_otherwise,
        told_otherwise,
    )

    before = Corpus.of(store)
    after = replace(before, corrections=corrections.to_json())
    wanted = after.directory
    placed = places_outlets_otherwise(before.directory, wanted)
    before.write(store, corrections=after.corrections, rebuilding=before.rebuilding or placed)
    from newsgraph.graph.events.sync import derive_events  # noqa: PLC0415  # heavy; only where there are decisions

    return derive_events(store, changed=merge_again(store, told_otherwise(before.directory, wanted), now=now))


#: What commands call a field of the file of decisions, where that is another name.
_GIVEN_AS = {
    (Kind.RENAME, "field value"): "NAME",
    (Kind.DATE, "field value"): "TIME",
    (Kind.OUTLET_SET, "field value"): "COLUMN=VALUE",
    (Kind.OUTLET_APART, "field stories"): "HOST",
}


def signed(decision: Decision, reason: str = "", author: str = "") -> Decision:
    """Returns the decision with its parts in the form in which they are kept, dated today (UTC).

    Raises UsageError if something in it is wrong.
    """
    made = replace(
        decision,
        reason=" ".join(one_line(reason).split()),
        author=" ".join(one_line(author).split()),
        made_at=datetime.now(UTC).date().isoformat(),
    )
    lasting = checked(made)
    if isinstance(lasting, str):
        field, _, problem = lasting.partition(": ")
        problem, _, remedy = problem.partition("; ")
        raise UsageError(
            _GIVEN_AS.get((made.kind, field), field.removeprefix("field ")), problem, remedy[:1].upper() + remedy[1:]
        )
    return lasting


def contradictions(seen: Preview, kept: Corrections, wanted: Corrections) -> Iterator[str]:
    """Yields a line for each contradiction among the ``wanted`` decisions that involves one which isn't in ``kept``."""
    known = set(kept)
    for conflict in seen.conflicts:
        pair = conflict.overruled, conflict.holding
        if any(wanted.decisions[number - 1] not in known for number in pair):
            one, other = (wanted.decisions[number - 1].words for number in pair)
            yield f"Decisions {pair[0]} ({one}) and {pair[1]} ({other}) contradict each other; the later one holds"


def decision_states(store: Store, corrections: Corrections) -> list[str]:
    """Returns, for each decision in their order, whether it holds: "holds", or the numbers of the later decisions that
    overrule it, or the first story or outlet that it names and that the store doesn't have."""
    from newsgraph.loaders.researcher.outlets_preview import absent_outlets  # noqa: PLC0415  # as in correct()

    constraints = constraints_of(corrections, known_stories(store, corrections.addresses))
    overruled: dict[int, set[int]] = {}
    for conflict in (*constraints.conflicts, *Corpus.of(store).decided_outlets(corrections).conflicts):
        overruled.setdefault(conflict.overruled, set()).add(conflict.holding)
    absent = absent_outlets(store, corrections)
    for number, address in constraints.absent:
        absent.setdefault(number, address)
    states = []
    for number in range(1, len(corrections) + 1):
        if number in overruled:
            states.append(f"overruled by {', '.join(map(str, sorted(overruled[number])))}")
        elif number in absent:
            states.append(f"not in the store: {absent[number]}")
        else:
            states.append("holds")
    return states


def doubts(store: Store, corrections: Corrections) -> Iterator[str]:
    """Yields a line for each contradiction between decisions, and one for decisions about stories that don't exist."""
    constraints = constraints_of(corrections, known_stories(store, corrections.addresses))
    for conflict in (*constraints.conflicts, *Corpus.of(store).decided_outlets(corrections).conflicts):
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
