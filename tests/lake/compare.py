"""Builds a lake and a store of the same files, and says where they differ."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import newsgraph
from newsgraph.graph.transfer import differences
from newsgraph.lake.build import BuildOptions, Sizes, build
from newsgraph.lake.engine import Engine, LocalEngine
from newsgraph.lake.events import derive_events
from newsgraph.lake.graph import LakeGraph
from newsgraph.loaders.researcher.corrections_file import read_corrections
from newsgraph.loaders.researcher.outlets_file import read_outlets

NOW = datetime(2021, 6, 1, tzinfo=UTC)
SEEDS = Path(__file__).parents[2] / "seeds"


def build_lake(
    lake: Path,
    folder: Path,
    *,
    days: int = 28,
    files: int = 2_000,
    records: int = 40_000,
    outlets: Path | None = None,
    corrections: Path | None = None,
    authors: bool | None = None,
    engine: Engine | None = None,
) -> None:
    """Builds a lake, or brings it up to date, and derives its events."""
    options = BuildOptions(
        outlets=None if outlets is None else read_outlets(outlets),
        corrections=None if corrections is None else read_corrections(corrections).corrections,
        authors=authors,
        days=days,
        now=NOW,
        sizes=Sizes(files, records),
    )
    with engine or LocalEngine(1) as running:
        build(running, lake, [folder], options)
        derive_events(running, lake)


def differing(
    lake: Path,
    folder: Path,
    *,
    outlets: Path | None = None,
    corrections: Path | None = None,
    authors: bool | None = None,
    url: str = "networkx:",
) -> list[str]:
    """Where a lake differs from a new store that the same folder is loaded into."""
    with newsgraph.open(url) as graph:
        graph.load(folder, outlets=outlets, corrections=corrections, authors=authors, now=NOW)
        return [str(one) for one in differences(LakeGraph(lake), graph.store)]
