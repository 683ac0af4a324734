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
from newsgraph.lake.manifest import read_manifest
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
    changed: float = 1_000,
    now: datetime = NOW,
) -> None:
    """Builds a lake, or brings it up to date, and derives its events.

    With ``changed`` (see ``Sizes``) as it is, all but the first build merge only what a change reaches.
    """
    options = BuildOptions(
        outlets=None if outlets is None else read_outlets(outlets),
        corrections=None if corrections is None else read_corrections(corrections).corrections,
        authors=authors,
        days=days,
        now=now,
        sizes=Sizes(files, records, changed),
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
    now: datetime = NOW,
) -> list[str]:
    """Where a lake differs from a new store that the same folder is loaded into."""
    with newsgraph.open(url) as graph:
        graph.load(folder, outlets=outlets, corrections=corrections, authors=authors, now=now)
        return [str(one) for one in differences(LakeGraph(lake), graph.store)]


def not_as_anew(lake: Path, anew: Path) -> list[str]:
    """The tables of a lake that have other files than one that was built from nothing. Files with the same name have
    the same bytes. Only tables with a file for each batch of files are left out: batches are others in another
    history."""
    one, other = read_manifest(lake), read_manifest(anew)
    names = (one.tables.keys() | other.tables.keys()) - {"MENTIONS", "DESCRIBES_OUTLET", "DESCRIBES_TOPIC", "groups"}
    return sorted(name for name in names if one.files(name) != other.files(name))
