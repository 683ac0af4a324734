"""Events that an outlet's peers covered and it did not.

The peers are those named with ``--peers``. If none are named, they are the ``--peer-count`` outlets with the highest
jaccard index: the number of events that both outlets covered, divided by the number that either covered, among events
of at least two outlets; equal ones are ordered by id. An outlet without a common event is never a peer. A story that
the filters leave out doesn't count as coverage. So if copies are left out, an event of which the outlet only published
copies is a blind spot (``--copies include`` counts it as covered).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from newsgraph.errors import UsageError
from newsgraph.graph.columnar.cells import NONE
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import ColumnRows, Found, column
from newsgraph.queries.asking.filters import (
    MEANINGS,
    AllDates,
    EventFilter,
    Grouping,
    OriginalsFilter,
    PeriodFilter,
    PlaceFilter,
    TopicFilter,
    chosen,
    period_notes,
    unsure_note,
)
from newsgraph.queries.asking.outlet_columns import Where, columns_of_outlets, grouped, grouping_notes
from newsgraph.queries.asking.parameters import Kind, parameter
from newsgraph.queries.asking.question import Question
from newsgraph.queries.asking.texts import packaged
from newsgraph.queries.tables.table import Table

if TYPE_CHECKING:
    from newsgraph.graph.columnar.arrays import Flags, Integers
    from newsgraph.queries.statistics.first_times import FirstTimes

#: An event of fewer outlets doesn't show which outlets are alike.
_FEWEST_OUTLETS = 2

_TOLD = Table("titled_coverage")


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """One event that the outlet has no story on."""

    event_id: str = column("id of the event")
    event_title: str | None = column("title of the event")
    peers_covering: int = column("peers that covered it", "outlets")
    peers: int = column("peers in all", "outlets")
    first_outlet: str | None = column("id of the outlet that alone was first; empty for a tie or without a sure date")
    outlets: int = column("outlets that covered it, peers or not", "outlets")
    unsure: int = column("stories on it whose date is unsure: they count as coverage, never as first", "stories")


@dataclass(frozen=True, kw_only=True)
class Parameters(Grouping, AllDates, OriginalsFilter, EventFilter, PlaceFilter, TopicFilter, PeriodFilter):
    """What blind-spots can be asked."""

    outlet: str = parameter(Kind.OUTLET, "the outlet: its domain or name", positional=True)
    peers: tuple[str, ...] = parameter(Kind.OUTLET, "an outlet to compare with; may be repeated", multiple=True)
    peer_count: int = parameter(Kind.INTEGER, "peers to take where none are named", default=10, minimum=1)
    min_peers: int = parameter(Kind.INTEGER, "events that at least so many peers covered", default=1, minimum=1)
    min_outlets: int = parameter(Kind.INTEGER, "events with at least so many outlets left", default=1, minimum=1)
    where: tuple[Where, ...] = parameter(
        Kind.WHERE,
        f"beside those of the outlet itself, {MEANINGS['where']}; several of one column are alternatives",
        multiple=True,
    )


def query(asked: Parameters) -> dict[str, Any]:
    """The values of the query text. The outlet itself is always among those that are compared."""
    values = chosen(asked)
    return values if values["outlets"] is None else values | {"outlets": sorted({*values["outlets"], asked.outlet})}


def answer(store: Store, text: str, asked: Parameters) -> Found[BlindSpot]:
    """Returns the events that most peers covered first, then by the number of outlets, then by id."""
    import numpy as np  # noqa: PLC0415

    from newsgraph.graph.columnar.arrays import Named, Numbers  # noqa: PLC0415
    from newsgraph.queries.statistics.first_times import first_times  # noqa: PLC0415

    values = query(asked)
    if asked.by is not None:
        value_of = columns_of_outlets(store)[asked.by]
        own = value_of.get(asked.outlet)
        if values["outlets"] is not None:  # the group itself is there as a whole, too
            values["outlets"] = sorted({*values["outlets"], *(one for one, value in value_of.items() if value == own)})
        named = tuple(dict.fromkeys(value_of.get(one, one) for one in asked.peers))
        asked = replace(asked, outlet=value_of.get(asked.outlet, asked.outlet), peers=named)
    if asked.outlet in asked.peers:
        raise UsageError("--peers", f"{asked.outlet} is the outlet itself", "Name others")
    told = _TOLD.read(store, text, values)
    stories = grouped(store, told.stories, asked.by)
    table = first_times(stories, dates=asked.dates, min_outlets=1, timed=False)
    peers = asked.peers or _alike(table, asked)
    covered = table.rows_of_each(_is_one_of(table, [asked.outlet])) > 0
    covering, outlets = table.rows_of_each(_is_one_of(table, peers)), table.sizes
    missed = np.flatnonzero(~covered & (covering >= asked.min_peers) & (outlets >= asked.min_outlets))
    missed = missed[np.lexsort((-outlets[missed], -covering[missed]))]  # stable, and events ascend by id

    unsure, _ = stories.distinct(~stories.sure, stories.event, len(stories.events))
    event = table.events.places[missed]
    firsts = _first_outlets(first_times(stories, dates="sure", min_outlets=1), len(stories.events))
    rows = ColumnRows(
        BlindSpot,
        [
            Named(stories.events, event),
            Named(told.titles, event),
            Numbers(covering[missed]),
            [len(peers)] * len(missed),
            Named(stories.outlets, firsts[event]),
            Numbers(outlets[missed]),
            Numbers(unsure[event]),
        ],
    )
    who = f"Peers: {', '.join(peers)}." if peers else f"{asked.outlet} shares no event with anyone: no peers."
    return Found(rows, (*period_notes(asked), who, *grouping_notes(asked.by), *unsure_note(table.left_out)))


def _is_one_of(table: FirstTimes, outlets: Sequence[str]) -> Flags:
    """Tells for each row whether it belongs to one of these outlets."""
    import numpy as np  # noqa: PLC0415

    named = np.fromiter((name in outlets for name in table.outlets), dtype=np.bool_, count=len(table.outlets))
    return np.asarray(named[table.outlet], dtype=np.bool_)


def _alike(table: FirstTimes, asked: Parameters) -> Sequence[str]:
    """Returns the peers of an outlet if none are named."""
    import numpy as np  # noqa: PLC0415

    number = len(table.outlets)
    several = table.per_row(table.sizes >= _FEWEST_OUTLETS)
    own = _is_one_of(table, [asked.outlet])
    common = several & ~own & table.per_row(table.rows_of_each(own) > 0)
    events, shared = (np.bincount(table.outlet[rows], minlength=number) for rows in (several, common))
    others = np.flatnonzero(shared)
    jaccard = shared[others] / (np.count_nonzero(several & own) + events[others] - shared[others])
    nearest = others[np.argsort(-jaccard, kind="stable")]  # outlets ascend by id
    return tuple(table.outlets[other] for other in nearest[: asked.peer_count].tolist())


def _first_outlets(table: FirstTimes, events: int) -> Integers:
    """Returns, for each of all ``events``, the only outlet that was first on it, or ``NONE``."""
    import numpy as np  # noqa: PLC0415

    alone = table.per_row(table.alone_first()) & table.is_first()
    found = np.full(events, NONE, dtype=np.int64)
    found[table.events.places[table.event[alone]]] = table.outlet[alone]
    return found


QUESTION = Question(
    name="blind-spots",
    row=BlindSpot,
    parameters=Parameters,
    query=query,
    answer=answer,
    text=packaged("questions/blind_spots"),
    detail=__doc__ or "",
    table=_TOLD,
)
