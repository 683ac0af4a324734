"""What was taken for one can be listed, with the reason."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.load import load
from newsgraph.loaders.merging.report import Merger, merged
from newsgraph.loaders.researcher.outlets_file import read_outlets

NOW = datetime(2021, 6, 1, tzinfo=UTC)


def test_every_merger_is_listed_with_its_reason(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "a.md").write_text(
        "---\ntitle: A\nwebUrl: https://www.bbc.com/news/1?utm_source=x\n"
        "originalUrl: https://short.example/xyz\nprovider: {name: BBC, domain: bbc.com}\n---\n"
    )
    (folder / "b.md").write_text("---\ntitle: B\nwebUrl: https://short.example/xyz\n---\n")
    (folder / "c.md").write_text(
        "---\ntitle: C\nwebUrl: https://bbc.co.uk/2\nprovider: {name: BBC News, domain: bbc.co.uk}\n---\n"
    )
    (tmp_path / "outlets.csv").write_text("domain,outlet\nbbc.com,bbc\nbbc.co.uk,bbc\n")
    with open_store("networkx:") as store:
        load(store, [folder], outlets=read_outlets(tmp_path / "outlets.csv"), now=NOW)
        found = list(merged(store))
    story = "https://bbc.com/news/1"
    assert found == [
        Merger("address", story, "https://short.example/xyz", "f/a.md", "the original_url of the same article"),
        Merger("record", story, "f/a.md (main article)", "f/a.md", "the same address"),
        Merger(
            "record",
            story,
            "f/b.md (main article)",
            "f/b.md",
            "its address https://short.example/xyz is one of the story's",
        ),
        Merger("outlet", "bbc", "bbc.co.uk", "", "the outlets file says so"),
        Merger("outlet", "bbc", "bbc.com", "", "the outlets file says so"),
        Merger("outlet", "bbc", "BBC (bbc.com)", "", "so called by 1 of its stories"),
        Merger("outlet", "bbc", "BBC News (bbc.com)", "", "so called by 1 of its stories"),
    ]
