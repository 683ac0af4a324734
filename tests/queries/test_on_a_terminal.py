"""Every question's table on a terminal of 100 columns, on the sample articles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

import newsgraph
from newsgraph.api import Graph
from newsgraph.output.cells import Table
from newsgraph.output.terminal_table import draw
from newsgraph.queries.answer import columns_of
from newsgraph.queries.column_roles import COLUMN_ROLES
from newsgraph.queries.registry import QUESTIONS, question

SEEDS = Path(__file__).parents[2] / "seeds"
WIDTH = 100
#: What a question must be asked with, so that it has rows here.
ASKED: dict[str, dict[str, Any]] = {
    "first-to-cover": {"event": "Microsoft"},
    "coverage": {"event": "Microsoft"},
    "followers": {"outlet": "washingtonpost.com"},
    "blind-spots": {"outlet": "harbourledger.example"},
    "outlet-profile": {"outlet": "washingtonpost.com"},
    "thread": {"event": "Microsoft"},
    "path": {"a": "washingtonpost.com", "b": "cnbc.com"},
    "lead-lag": {"min_shared": 1},
    "co-coverage": {"min_shared": 1},
    "topics-together": {"min_together": 1},
}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    folder = tmp_path_factory.mktemp("edited")
    story = "---\ntitle: {}\nwebUrl: https://www.example.org/" + "a-long-way/" * 8 + "ferry\n---\n"
    with newsgraph.open(str(folder / "news.kgl")) as held:
        held.load([SEEDS], keep_versions=True)
        articles = folder / "articles"
        articles.mkdir()
        for title in ("Ferry aground", "Ferry aground off the island, 142 on board"):
            (articles / "a.md").write_text(story.format(title), encoding="utf-8")
            held.load([articles], keep_versions=True)
        yield held


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_address_is_whole_and_nothing_is_worth_less_than_an_id(
    graph: Graph, name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    answer = graph.ask(name, **ASKED.get(name, {}))
    names, rows = answer.names, list(answer.cells())[:12]
    assert rows, "a question without rows shows nothing here"
    units = tuple(one.unit for one in columns_of(question(name).row))
    left_out = draw(Table(names, rows, units=units), COLUMN_ROLES)
    lines = capsys.readouterr().out.splitlines()
    addresses = {str(cell) for row in rows for cell in row if str(cell).startswith(("http://", "https://"))}
    assert all(cell_len(line) <= WIDTH or any(one in line for one in addresses) for line in lines)
    if "url" in names:
        place = names.index("url")
        assert "url" not in left_out and all(any(str(row[place]) in line for line in lines) for row in rows)
    # Titles, lags and how sure the first is are shown in every table that has them.
    kept = {"title", "event_title", "lag_seconds", "median_lag_hours"} & set(names)
    empty = {column for at, column in enumerate(names) if all(row[at] is None for row in rows)}
    assert not (kept - empty) & set(left_out)


def test_a_narrow_terminal_shows_how_large_an_event_is_and_who_was_first(
    graph: Graph, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    answer = graph.ask("events")
    rows = list(answer.cells())
    left_out = draw(Table(answer.names, rows, units=tuple(one.unit for one in answer.columns)), COLUMN_ROLES)
    assert not {"event_id", "event_title", "stories", "first_outlet", "spread_hours"} & set(left_out)
    lines = capsys.readouterr().out.splitlines()
    # What one asks for next is whole, on a line of its own.
    assert [line.strip() for line in lines if line.startswith("    event:")] == [row.event_id for row in answer]
