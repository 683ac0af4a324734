"""Edited headlines and excerpts, counted by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsgraph.graph.stores.protocol import Store
from newsgraph.loaders.load import load
from newsgraph.queries.ask import ask

START = datetime(2021, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_each_edit_is_a_row(store: Store, tmp_path: Path) -> None:
    article = tmp_path / "articles" / "1.md"
    article.parent.mkdir()
    for number, (title, excerpt) in enumerate([("One", "x"), ("Two", "x"), ("Two", "y"), ("One", "y")]):
        article.write_text(
            f"---\ntitle: {title}\nexcerpt: {excerpt}\nwebUrl: https://daily.example/1\n"
            "publishedDateTime: 2021-03-01T10:00:00Z\n---\n"
        )
        keeps = True if number == 0 else None  # remembered
        report = load(store, [article.parent], keep_versions=keeps, now=START + number * HOUR)
        assert report.reworded == (number > 0)
    rows = [(row.before, row.after, row.edited, row.seen_at, row.replaced_at) for row in ask(store, "changes")]
    assert rows == [
        ("Two", "One", "headline", START + 2 * HOUR, START + 3 * HOUR),
        ("Two", "Two", "excerpt", START + HOUR, START + 2 * HOUR),
        ("One", "Two", "headline", START, START + HOUR),
    ]
    assert [row.excerpt_after for row in ask(store, "changes", edited="excerpt")] == ["y"]
    assert [row.after for row in ask(store, "changes", edited="headline")] == ["One", "Two"]
    assert len(ask(store, "changes", outlet=["daily.example"])) == 3
    assert not len(ask(store, "changes", since="2021-04-01"))
    assert "--keep-versions" in ask(store, "changes", since="2021-04-01").notes[-1]
