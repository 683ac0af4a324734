"""Who is first how often, for pairs of outlets: a matrix in which each cell leads to the events that it counts.

The numbers are those of the question lead-lag. The events of a cell come from the same first times that it counts. The
outlets are in the order of the leaves of an average-linkage clustering of their rows (leaves ordered as by Bar-Joseph,
Gifford and Jaakkola, "Fast optimal leaf ordering for hierarchical clustering", Bioinformatics 17, 2001), in the
direction in which those who are first more often come first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import pdist

from newsgraph.errors import NothingToWriteError
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.ask import ask
from newsgraph.queries.asking.find import known_events
from newsgraph.queries.asking.parameters import bind
from newsgraph.queries.questions.lead_lag import QUESTION, LeadLag, Parameters
from newsgraph.queries.statistics.first_times import FirstTimes, first_times
from newsgraph.views.document import Page, data_block, render, script_of, shown, shown_names
from newsgraph.views.options import Options
from newsgraph.views.stamp import stamp
from newsgraph.views.wording import counted, percent, rounded, small

#: The number of outlets in the matrix: those with the most events in common with others.
MOST_OUTLETS = 40
#: The number of colours on each side of the middle.
STEPS = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: the row outlet compared with the column outlet. ``step`` is from -STEPS (column first) to STEPS (row
    first). ``clear`` means that the interval doesn't include one half."""

    row: int
    column: int
    step: int
    clear: bool
    words: str


def build(store: Store, options: Options) -> Page:
    """Returns the matrix of the stories that the filters leave. Pairs with fewer than ``min_shared`` common events are
    empty.

    Raises NothingToWriteError when no pair has a common event.
    """
    asked = options.asked()
    every = ask(store, "lead-lag", **asked, min_shared=1)
    if not len(every):
        raise NothingToWriteError(
            "lead-lag",
            "no two outlets have a common event with stories of sure dates",
            "Load more articles, or widen the filters",
        )
    pairs = [pair for pair in every if pair.shared >= options.min_shared]
    common = _common(pairs or every)
    chosen = [name for name, _ in sorted(common.items(), key=lambda item: (-item[1], item[0]))[:MOST_OUTLETS]]
    by_pair = {(pair.a, pair.b): pair for pair in pairs}
    order = _order(chosen, by_pair)
    place = {name: number for number, name in enumerate(order)}
    names = shown_names(store, "outlet", 60)
    cells = {
        (cell.row, cell.column): cell
        for pair in pairs
        if pair.a in place and pair.b in place
        for cell in _cells(pair, place, names)
    }
    bound = bind(Parameters, {**asked, "min_shared": 1}, store)
    table = first_times(QUESTION.told(store, bound), dates=bound.dates, min_outlets=bound.min_outlets)
    behind = _behind(store, table, place)
    data = {
        "names": [names.get(name, name) for name in order],
        "leaders": _sorted(order, _leads(pairs, place)),
        "busiest": _sorted(order, common),
        **behind,
        "pages": [options.links.href("event", event) for event in behind["events"]] if options.links.nav else [],
    }
    block = data_block("pairs", data)
    lines = [
        f"{counted(len(pairs), 'pair')} of outlets with at least {counted(options.min_shared, 'common event')},"
        f" of {counted(len(every), 'pair')} with any",
    ]
    context = {
        "facts": [
            f"{counted(len(order), 'outlet')}" + (f" of {len(common):,}" if len(common) > len(order) else ""),
            lines[0],
        ],
        "filters": options.words,
        "order": [(name, names.get(name, name)) for name in order],
        "cells": cells,
        "min_shared": options.min_shared,
        "notes": every.notes,
        "scale": list(range(-STEPS, STEPS + 1)),
    }
    return render(
        "lead_lag",
        options.title or "Who covers the event before whom",
        context=context,
        scripts=[script_of("base.js", "lead_lag.js")],
        blocks=[block],
        styles=("page.css", "sheet.css", "lead_lag.css"),
        lines=lines,
        links=options.links,
        stamp=stamp(
            store, options, settings=[f"pairs of outlets with at least {counted(options.min_shared, 'common event')}"]
        ),
    )


def _cells(pair: LeadLag, place: Mapping[str, int], names: Mapping[str, str]) -> list[Cell]:
    """Returns the two cells of a pair, one from each side."""
    a, b = place[pair.a], place[pair.b]
    clear = pair.low is not None and pair.high is not None and (pair.low > 0.5 or pair.high < 0.5)
    cells = []
    for row, column, first, sign in ((a, b, pair.a_first, 1), (b, a, pair.b_first, -1)):
        share = None if pair.share is None else pair.share if sign == 1 else 1 - pair.share
        ends = (pair.low, pair.high) if sign == 1 else (_less(pair.high), _less(pair.low))
        words = (
            f"{names.get((pair.a, pair.b)[sign < 0], (pair.a, pair.b)[sign < 0])} before "
            f"{names.get((pair.b, pair.a)[sign < 0], (pair.b, pair.a)[sign < 0])}: "
            f"{first} of {counted(pair.shared, 'event')}"
        )
        if pair.ties:
            words += f", {counted(pair.ties, 'tie')}"
        if share is not None:
            words += f"; share first {percent(share)} ({percent(ends[0])} to {percent(ends[1])})"
        words += f"; median lead {rounded(sign * pair.median_lag_hours)} h; q {small(pair.q)}"
        step = 0 if share is None else round((share - 0.5) * 2 * STEPS)
        cells.append(Cell(row, column, step, clear, words))
    return cells


def _common(pairs: Sequence[LeadLag]) -> Counter[str]:
    """Returns, for each outlet, the number of events that it has in common with others, added up over all pairs."""
    common: Counter[str] = Counter()
    for pair in pairs:
        common[pair.a] += pair.shared
        common[pair.b] += pair.shared
    return common


def _leads(pairs: Sequence[LeadLag], place: Mapping[str, int]) -> Counter[str]:
    """Returns, for each outlet, how many more events it was first on than second, over all pairs that are shown."""
    leads: Counter[str] = Counter()
    for pair in pairs:
        if pair.a in place and pair.b in place:
            leads[pair.a] += pair.a_first - pair.b_first
            leads[pair.b] += pair.b_first - pair.a_first
    return leads


def _sorted(order: Sequence[str], counts: Counter[str]) -> list[int]:
    """Returns positions in ``order``, those with the highest counts first."""
    return sorted(range(len(order)), key=lambda number: (-counts[order[number]], number))


def _less(share: float | None) -> float | None:
    return None if share is None else 1 - share


def _order(names: Sequence[str], pairs: Mapping[tuple[str, str], LeadLag]) -> list[str]:
    """Returns the names in the order of a clustering of their shares, those who are first more often first."""
    if len(names) < 3:
        return sorted(names)
    place = {name: number for number, name in enumerate(names)}
    shares = np.zeros((len(names), len(names)))
    for (a, b), pair in pairs.items():
        if a in place and b in place and pair.share is not None:
            shares[place[a], place[b]] = pair.share - 0.5
            shares[place[b], place[a]] = 0.5 - pair.share
    leaves = leaves_list(linkage(pdist(shares), "average", optimal_ordering=True)).tolist()
    lead = shares.sum(axis=1)[leaves]
    middle = len(leaves) // 2
    if lead[:middle].sum() < lead[-middle:].sum():
        leaves.reverse()
    return [names[leaf] for leaf in leaves]


def _behind(store: Store, table: FirstTimes, place: Mapping[str, int]) -> dict[str, list[Any]]:
    """Returns the events of the outlets shown: ids, titles, and for each event pairs of outlet and first second."""
    shown_outlet = [place.get(name, -1) for name in table.outlets]
    events, firsts = [], []
    for number, event in enumerate(table.events):
        rows = range(int(table.starts[number]), int(table.starts[number + 1]))
        own = [(shown_outlet[table.outlet[row]], int(table.second[row])) for row in rows]
        kept = [value for outlet, second in own if outlet >= 0 for value in (outlet, second)]
        if len(kept) > 2:
            events.append(event)
            firsts.append(kept)
    titles = {id: shown(event.label or event.title or id, 200) for id, event in known_events(store, events).items()}
    return {"events": events, "titles": [titles.get(event, event) for event in events], "firsts": firsts}
