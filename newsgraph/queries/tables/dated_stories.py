"""Every story with the quality of its date, by outlet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from newsgraph.graph.columnar.arrays import Integers, coded, compact
from newsgraph.graph.columnar.cells import NONE
from newsgraph.graph.columnar.graph_columns import GraphColumns, joined, places_or_none
from newsgraph.queries.tables.chosen_stories import chosen_stories


@dataclass(frozen=True, slots=True)
class DatedStories:
    """A row for each story and outlet. ``outlet`` are positions in ``outlets``, which ascend, and in ``names``, or
    ``NONE`` for stories that name none. ``quality`` are positions in ``qualities``."""

    outlets: Sequence[str]
    names: Sequence[str | None]
    outlet: Integers
    qualities: Sequence[str]
    quality: Integers


#: A store that another program wrote may have stories without a quality.
_MISSING = "missing"


def of_rows(rows: Sequence[Sequence[Any]]) -> DatedStories:
    """Returns the table of the rows of ``questions/date_quality``."""
    qualities, quality = coded([row[1] or _MISSING for row in rows])
    outlets, outlet = coded([row[2] for row in rows])
    names = {row[2]: row[3] for row in rows}
    return DatedStories(outlets, [names[one] for one in outlets], outlet, qualities, quality)


def of_columns(columns: GraphColumns, values: Mapping[str, Any]) -> DatedStories:
    """Returns the table that the text would give."""
    kept = np.flatnonzero(chosen_stories(columns, values))
    pairs, outlets = columns.published_by, columns.outlets
    left, right = places_or_none(*joined(kept, pairs.start, len(columns.stories)), len(kept))
    outlet = np.append(pairs.end, NONE)[right]
    present, compacted = compact(outlet[outlet >= 0], len(outlets))
    place = np.full(len(outlet), NONE, dtype=np.int64)
    place[outlet >= 0] = compacted
    coded_qualities = columns.stories.quality
    qualities = [*coded_qualities.names, _MISSING]
    quality = coded_qualities.code[kept[left]].astype(np.int64)
    quality[quality == NONE] = qualities.index(_MISSING)
    return DatedStories(outlets.ids.taken(present), outlets.names.taken(present), place, qualities, quality)
