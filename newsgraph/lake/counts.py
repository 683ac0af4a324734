"""Counts the rows of a lake's tables: the few statements of :mod:`newsgraph.graph.schema_cypher` that a lake answers.

They are those that ``newsgraph info`` and the progress of ``newsgraph diff`` ask a store for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from newsgraph.graph import schema_cypher as statements
from newsgraph.graph.schema import EDGE_TYPES, NODE_TYPES, SURE, Corpus, Source, Story
from newsgraph.graph.stores.protocol import Rows
from newsgraph.lake.manifest import Manifest
from newsgraph.lake.tables import row_count, rows_of


def counting(lake: Path, manifest: Manifest) -> Mapping[str, Callable[[], Rows]]:
    """Returns the statements that a lake answers, each with what gives its answer."""
    counts = {statements.count_nodes(one): partial(_count, lake, manifest, one.label, "nodes") for one in NODE_TYPES}
    counts |= {statements.count_edges(one): partial(_count, lake, manifest, one.type, "edges") for one in EDGE_TYPES}
    counts[statements.count_nodes(Corpus)] = partial(Rows, ("nodes",), [(1,)])
    return {
        **counts,
        statements.count_by(Story, "date_quality"): partial(_count_by, lake, manifest, Story.label, "date_quality"),
        statements.count_by(Source, "format"): partial(_count_by, lake, manifest, Source.label, "format"),
        statements.span(Story, "published_at", where="date_quality", among=SURE): partial(_span, lake, manifest),
    }


def _count(lake: Path, manifest: Manifest, table: str, column: str) -> Rows:
    return Rows((column,), [(sum(row_count(lake, file) for file in manifest.files(table).values()),)])


def _rows(lake: Path, manifest: Manifest, table: str, *names: str) -> Iterator[tuple[Any, ...]]:
    return (row for file in manifest.files(table).values() for row in rows_of(lake, file, names))


def _count_by(lake: Path, manifest: Manifest, label: str, name: str) -> Rows:
    found: Counter[str] = Counter(value for (value,) in _rows(lake, manifest, label, name))
    ordered = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return Rows(("value", "nodes"), list(ordered))


def _span(lake: Path, manifest: Manifest) -> Rows:
    rows = _rows(lake, manifest, Story.label, "published_at", "date_quality")
    times = [time for time, quality in rows if quality in SURE]
    return Rows(("first", "last"), [(min(times, default=None), max(times, default=None))])
