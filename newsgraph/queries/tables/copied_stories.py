"""Copies, each with the earliest story of its text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from newsgraph.graph.columnar.arrays import Array, Flags, Integers, coded
from newsgraph.graph.columnar.cells import NO_TIME, NONE, microseconds
from newsgraph.graph.columnar.graph_columns import Coded, GraphColumns, joined
from newsgraph.queries.tables.chosen_stories import chosen_stories


@dataclass(frozen=True, slots=True)
class Originals:
    """The earliest stories: ids, which ascend, addresses and titles; the smallest outlet of each, ``NONE`` without one;
    and their times in microseconds since 1970."""

    ids: Sequence[str]
    urls: Sequence[str | None]
    titles: Sequence[str | None]
    outlet: Integers
    moment: Integers
    sure: Flags


@dataclass(frozen=True, slots=True)
class CopiedStories:
    """A row for each copy and its original. ``original`` are positions in ``originals``, ``copy`` is a number that no
    other copy has, and ``agency`` is who the original credits, else the copy. ``outlet_rows`` and ``copy_outlet`` are
    the rows with each of the copy's outlets, which are positions in ``outlets``."""

    originals: Originals
    outlets: Sequence[str]
    original: Integers
    copy: Integers
    moment: Integers
    sure: Flags
    similarity: Array
    agency: Coded
    outlet_rows: Integers
    copy_outlet: Integers


def of_rows(rows: Sequence[Sequence[Any]]) -> CopiedStories:
    """Returns the table of the rows of ``questions/copies``."""
    ids, original = coded([row[0] for row in rows])
    told = {row[0]: row for row in rows}
    first = [told[id] for id in ids]
    outlets, _ = coded([outlet for row in rows for outlet in (*row[5], *row[9])])
    places = {outlet: place for place, outlet in enumerate(outlets)}
    moment, sure = _times(rows, 7, 8)
    began, began_surely = _times(first, 3, 4)
    return CopiedStories(
        originals=Originals(
            ids=ids,
            urls=[row[1] for row in first],
            titles=[row[2] for row in first],
            outlet=np.array([min(map(places.__getitem__, row[5]), default=NONE) for row in first], dtype=np.int64),
            moment=began,
            sure=began_surely,
        ),
        outlets=outlets,
        original=original,
        copy=coded([row[6] for row in rows])[1],
        moment=moment,
        sure=sure,
        similarity=np.array([row[10] for row in rows], dtype=np.float64),
        agency=Coded(*coded([row[11] for row in rows])),
        outlet_rows=np.array([at for at, row in enumerate(rows) for _ in row[9]], dtype=np.int64),
        copy_outlet=np.array([places[one] for row in rows for one in row[9]], dtype=np.int64),
    )


def _times(rows: Sequence[Sequence[Any]], time: int, sure: int) -> tuple[Integers, Flags]:
    """Returns the moments, and whether they are exact, from two columns of the rows."""
    moments = np.array([microseconds(row[time]) for row in rows], dtype=np.int64)
    return moments, np.array([bool(row[sure]) for row in rows], dtype=np.bool_) & (moments != NO_TIME)


def of_columns(columns: GraphColumns, values: Mapping[str, Any]) -> CopiedStories:
    """Returns the table that the text would give."""
    pairs, stories, originals = columns.copy_of, columns.stories, columns.originals
    kept = np.flatnonzero(chosen_stories(columns, values)[pairs.start])
    copy, first = pairs.start[kept], pairs.end[kept]
    published, number = columns.published_by, len(stories)
    outlet_rows, right = joined(copy, published.start, number)
    # Edges are by story and then by outlet, so that the first of a story leads to its smallest outlet.
    begin = np.searchsorted(published.start, originals.place)
    there = np.append(published.start, NONE)[begin] == originals.place
    agency, other = stories.agency.code[first].astype(np.int64), stories.agency.code[copy].astype(np.int64)
    return CopiedStories(
        originals=Originals(
            ids=originals.ids,
            urls=originals.urls,
            titles=originals.titles,
            outlet=np.where(there, np.append(published.end, NONE)[begin], NONE),
            moment=stories.moment[originals.place],
            sure=stories.sure[originals.place],
        ),
        outlets=columns.outlets.ids,
        original=np.searchsorted(originals.place, first),
        copy=copy.astype(np.int64),
        moment=stories.moment[copy],
        sure=stories.sure[copy],
        similarity=columns.similarity[kept],
        agency=Coded(stories.agency.names, np.where(agency >= 0, agency, other)),
        outlet_rows=outlet_rows,
        copy_outlet=published.end[right].astype(np.int64),
    )
