"""scoops, lead-lag and co-coverage on labelled headlines, recomputed with pandas, and where the two differ.

    python bench/headlines.py FOLDER

``FOLDER`` holds ``headlines-tuning.csv`` (url, published_at, title, domain, and event, a researcher's label). It is
loaded and its labels are imported as a user would; the answers are then computed once more from the file, with pandas
and scipy. Only which lines are one story and whose, and which stories are copies, is taken from the store. Prints the
rows compared and the cells that differ; ends with 1 if any does.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import newsgraph
from bench._measure import table
from newsgraph.graph.events.sync import import_events
from newsgraph.graph.stores.protocol import Store
from newsgraph.loaders.researcher.labels_file import read_labels

STORIES = """
MATCH (s:Story)-[:PUBLISHED_BY]->(o:Outlet)
RETURN s.url AS url, o.id AS outlet, COUNT { (s)-[:COPY_OF]->(:Story) } > 0 AS is_copy
"""
#: Where a number of floating point may differ by the order of its sums.
CLOSE = 1e-9


def headlines(path: Path, store: Store) -> pd.DataFrame:
    """One row a story: event, outlet, second, is_copy."""
    stories = pd.DataFrame(list(store.query(STORIES)), columns=["url", "outlet", "is_copy"])
    file = pd.read_csv(path, usecols=["url", "published_at", "event"])
    file["second"] = (pd.to_datetime(file.published_at, utc=True) - pd.Timestamp(0, tz="UTC")) // pd.Timedelta("1s")
    return file.merge(stories, on="url").drop(columns=["url", "published_at"])


def firsts(rows: pd.DataFrame) -> pd.DataFrame:
    """One row for each outlet of each event of two or more: its first second, the event's, its rank from the front."""
    first = rows.groupby(["event", "outlet"], as_index=False).second.min()
    of_event = first.groupby("event")
    first["k"] = of_event.outlet.transform("size")
    first["lag"] = first.second - of_event.second.transform("min")
    first["leaders"] = (first.lag == 0).groupby(first.event).transform("sum")
    return first[first.k >= 2]


def q_values(p_values: Any, tests: int) -> Any:
    """Benjamini and Hochberg's, with 1 for the tests that have no row."""
    padded = np.concatenate([p_values, np.ones(tests - len(p_values))])
    return stats.false_discovery_control(np.minimum(padded, 1))[: len(p_values)]


def wilson(successes: pd.Series, trials: pd.Series) -> list[tuple[float, float]]:
    pairs = zip(successes, trials, strict=True)
    intervals = [stats.binomtest(k, n).proportion_ci(method="wilson") if n else (np.nan, np.nan) for k, n in pairs]
    return [(low, high) for low, high in intervals]


def scoops(first: pd.DataFrame) -> pd.DataFrame:
    marked = first.assign(
        won=(first.lag == 0) & (first.leaders == 1),
        shared=(first.lag == 0) & (first.leaders > 1),
        chance=(1 / first.k).where(first.leaders == 1, 0.0),
        behind=(first.lag / 3600).where(first.lag > 0),
    )
    by = marked.groupby("outlet")
    found = pd.DataFrame({
        "events": by.size(), "firsts": by.won.sum(), "tied": by.shared.sum(), "expected": by.chance.sum(),
        "median_lag_hours": by.behind.median(),
    })  # fmt: skip
    found["share"] = found.firsts / found.events
    found["lift"] = found.firsts / found.expected.where(found.expected > 0)
    found[["low", "high"]] = wilson(found.firsts, found.events)
    tails = []
    for outlet, chances in by.chance:
        law = np.ones(1)
        for chance in chances:
            law = np.convolve(law, [1 - chance, chance])
        tails.append(law[found.firsts[outlet] :].sum())
    found["q"] = q_values(tails, len(tails))
    return found


def lead_lag(first: pd.DataFrame, least: int = 5) -> pd.DataFrame:
    pairs = first.merge(first, on="event", suffixes=("_a", "_b")).query("outlet_a < outlet_b")
    pairs["hours"] = (pairs.second_b - pairs.second_a) / 3600
    by = pairs.groupby(["outlet_a", "outlet_b"]).hours
    found = pd.DataFrame({
        "shared": by.size(), "a_first": by.apply(lambda lag: (lag > 0).sum()),
        "b_first": by.apply(lambda lag: (lag < 0).sum()), "median_lag_hours": by.median(),
        "lags": by.apply(sorted),
    })[lambda found: found.shared >= least]  # fmt: skip
    decided = found.a_first + found.b_first
    found["ties"] = found.shared - decided
    found["share"] = found.a_first / decided.where(decided > 0)
    found[["low", "high"]] = wilson(found.a_first, decided)
    # The 2.5 % point of Binomial(n, 1/2) is the smallest count whose tail exceeds it: as many lie outside on each side.
    ends = [(lags, int(stats.binom.ppf(0.025, len(lags), 0.5))) for lags in found.lags]
    found["lag_low"] = [lags[outside - 1] if outside else np.nan for lags, outside in ends]
    found["lag_high"] = [lags[-outside] if outside else np.nan for lags, outside in ends]
    tests = [stats.binomtest(k, n).pvalue if n else 1.0 for k, n in zip(found.a_first, decided, strict=True)]
    found["q"] = q_values(tests, len(tests))
    return found.drop(columns="lags")


def co_coverage(first: pd.DataFrame) -> pd.DataFrame:
    pairs = first.merge(first, on="event", suffixes=("_a", "_b")).query("outlet_a < outlet_b")
    found = pairs.groupby(["outlet_a", "outlet_b"]).size().to_frame("shared")
    events = first.groupby("outlet").size()
    for side in "ab":
        found[f"{side}_events"] = events.reindex(found.index.get_level_values(f"outlet_{side}")).to_numpy()
    found["jaccard"] = found.shared / (found.a_events + found.b_events - found.shared)
    number = first.groupby("k").event.nunique()
    counts = first.groupby(["outlet", "k"]).size().unstack(fill_value=0)[number.index].to_numpy()
    place = {outlet: row for row, outlet in enumerate(sorted(first.outlet.unique()))}
    laws: dict[tuple[int, int, int], Any] = {}
    expected, tails = [], []
    for (a, b), shared in found.shared.items():
        of_a, of_b = counts[place[a]], counts[place[b]]
        expected.append((of_a * of_b / number).sum())
        law = np.ones(1)
        for n, m, k in zip(number, of_a, of_b, strict=True):
            if m and k:
                key = (n, m, k)
                if key not in laws:
                    laws[key] = stats.hypergeom(n, m, k).pmf(range(min(m, k) + 1))
                law = np.convolve(law, laws[key])
        tails.append(law[shared:].sum())
    found["expected"], found["q"] = expected, q_values(tails, len(events) * (len(events) - 1) // 2)
    return found


def differing(ours: pd.DataFrame, theirs: pd.DataFrame) -> list[str]:
    """The rows and cells in which the two are not the same."""
    apart = [f"{key}: only in one" for key in ours.index.symmetric_difference(theirs.index)]
    both = ours.index.intersection(theirs.index)
    for name in theirs.columns:
        mine, other = (part.loc[both, name].astype(float) for part in (ours, theirs))
        off = ~np.isclose(mine, other, rtol=CLOSE, atol=1e-12, equal_nan=True)
        apart += [f"{key}, {name}: {mine[key]} and {other[key]}" for key in both[off]]
    return apart


def main() -> int:
    """Compares and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    path: Path = parser.parse_args().folder / "headlines-tuning.csv"
    rows: list[tuple[str, ...]] = [("question", "copies", "rows", "columns", "cells that differ")]
    apart: list[str] = []
    with tempfile.TemporaryDirectory() as folder, newsgraph.open(str(Path(folder) / "news.kgl")) as graph:
        graph.load(path)
        import_events(graph.store, read_labels(path, graph.store).events)
        told = headlines(path, graph.store)
        for copies, chosen in (("include", told), ("exclude", told[~told.is_copy])):
            first = firsts(chosen)
            for name, theirs, key in (
                ("scoops", scoops(first), ["outlet"]),
                ("lead-lag", lead_lag(first), ["a", "b"]),
                ("co-coverage", co_coverage(first), ["a", "b"]),
            ):
                all_outlets = {"min_events": 1} if name == "scoops" else {}
                ours = graph.ask(name, copies=copies, **all_outlets).to_dataframe().set_index(key)
                found = differing(ours, theirs)
                rows.append((name, copies, str(len(ours)), str(len(theirs.columns)), str(len(found))))
                apart += found
    table(f"{len(told):,} stories on {told.event.nunique()} events, {told.is_copy.sum()} of them copies", rows)
    for line in apart[:20]:
        print(line)
    return 1 if apart else 0


if __name__ == "__main__":
    sys.exit(main())
