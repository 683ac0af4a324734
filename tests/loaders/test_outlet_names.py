"""What an outlet is called, from what its stories call it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import newsgraph
from newsgraph.cli import cli
from newsgraph.graph.schema import Value
from newsgraph.loaders.merging.outlet_names import usual_name


@pytest.mark.parametrize(
    ("counts", "domain", "name"),
    [
        ({"Washington Post": 3, "Washington Post (blog)": 5, "Post": 1}, "washingtonpost.com", "Washington Post"),
        ({"CNN (blog)": 5}, "cnn.com", "CNN"),
        ({"Daily News (New York)": 2}, "nydailynews.com", "Daily News (New York)"),
        ({"Yahoo!7 News": 4, "Yahoo News": 3, "Associated Press": 2, "AP": 2}, "yahoo.com", "Yahoo News"),
        ({"Yahoo!7 News": 9, "Yahoo Sports": 5, "Yahoo!": 3}, "yahoo.com", "Yahoo!"),
        ({"Reuters UK": 6, "Reuters": 3, "Reuters.com": 2}, "reuters.com", "Reuters"),
        ({"BBC News": 60, "BBC Sport": 38, "Bbc1": 1}, "bbc.co.uk", "BBC News"),
        ({"New York Times": 5, "NYTimes": 2}, "nytimes.com", "New York Times"),
        ({"Chicago Tribune": 2, "ABC News": 2, "ESPN": 1}, "go.com", "ABC News"),
        (
            {"Baltimore Business Journal": 3, "Boston Business Journal": 2, "Denver Business Journal": 2, "x": 1},
            "bizjournals.com",
            "Business Journal",
        ),
        ({"Mirror": 2, "The Mirror": 3, "Daily Star": 4}, "mirror.co.uk", "The Mirror"),
        ({"(blog)": 1}, "a.com", "(blog)"),
        ({"A": 1, "B": 1}, "c.com", "A"),
    ],
)
def test_usual_names(counts: dict[Value, int], domain: str, name: str) -> None:
    assert usual_name(counts, domain) == name


@given(st.dictionaries(st.text(min_size=1), st.integers(1, 9), min_size=1), st.text())
def test_any_names_give_one_whatever_their_order(counts: dict[Value, int], domain: str) -> None:
    found = usual_name(counts, domain)
    assert found
    assert usual_name(dict(reversed(counts.items())), domain) == found


def test_every_name_finds_its_outlet_and_the_list_shows_the_doubtful_first(tmp_path: Path) -> None:
    folder = tmp_path / "stories"
    folder.mkdir()
    said = ("Wall Street Journal", "Wall Street Journal (blog)", "WSJ Europe", "The Ledger", "Ledger")
    for number, name in enumerate(said):
        host = "ledger.example" if "Ledger" in name else "blogs.wsj.com" if "blog" in name else "wsj.com"
        (folder / f"{number}.md").write_text(
            f"---\ntitle: Story {number}\nwebUrl: https://{host}/{number}\n"
            f"publishedDateTime: 2021-03-01T10:00:00Z\nprovider: {{name: {name}, domain: {host}}}\n---\n"
        )
    path = str(tmp_path / "news.kgl")
    with newsgraph.open(path) as graph:
        graph.load(folder)
        node = next(iter(graph.store.nodes("Outlet", ["wsj.com"]))).properties
        assert node["name"] == "Wall Street Journal"
        assert node["names"] == ("WSJ Europe", "Wall Street Journal (blog)")
        for name in said[:3]:
            assert graph.ask("outlet-profile", outlet=name).parameters["outlet"] == "wsj.com"
    listed = CliRunner().invoke(cli, ["outlets", "--format", "json", "--store", path]).output
    assert listed.index("wsj.com") < listed.index("ledger.example")
    assert "Wall Street Journal (1), Wall Street Journal (blog) (1)" in listed and "blogs.wsj.com (1)" in listed
