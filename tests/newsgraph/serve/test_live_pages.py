"""The pages are those of the site, and those of the store as it is now."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from newsgraph.errors import StoreMissingError, UsageError
from newsgraph.graph.batch import Batch, Node
from newsgraph.graph.stores.registry import open_store
from newsgraph.serve import live_store
from newsgraph.serve.pages.desk import Serving
from newsgraph.serve.server import Server
from newsgraph.views.site.base import Site, SiteOptions
from newsgraph.views.site.build import site_files
from newsgraph.views.site.names import page_file
from tests.newsgraph.serve.running import Running, running
from tests.newsgraph.views.corpus import make


def told(html: str) -> str:
    """What a page tells between its head and its foot, without how it leads to other pages."""
    return re.sub(r"<script.*?</script>", "", html[html.index("<main") : html.index("</main>")], flags=re.DOTALL)


def test_each_page_of_the_site_is_there_and_tells_the_same(store_url: str, live: Running) -> None:
    with open_store(store_url, readonly=True) as store:
        files = {name: content.decode() for name, content in site_files(Site(store, SiteOptions()))}
    pages = {name: html for name, html in files.items() if name.endswith(".html")}
    assert len(pages) > 50
    kinds = {name.partition("/")[0] for name in pages}
    assert {"events", "outlets", "topics", "lists", "index.html", "map.html", "search.html"} <= kinds
    for name, html in pages.items():
        reply = live.get("/" + name)
        assert reply.status == 200, name
        if "<main" in html and name not in ("about.html", "lead-lag.html", "together.html"):
            assert told(reply.text) == told(html), name
    assert live.get("/").text == live.get("/index.html").text
    assert "form-action 'self'" in live.get("/").headers["content-security-policy"]


def test_every_link_of_every_page_leads_somewhere(live: Running) -> None:
    seen: set[str] = set()
    new = ["/index.html"]
    while new and len(seen) < 250:
        path = new.pop()
        seen.add(path)
        reply = live.get(path)
        assert reply.status == 200, path
        for href in re.findall(r'<a [^>]*href="([^"#?]+)', reply.text):
            if not href.startswith("http"):
                folder = path.rpartition("/")[0]
                there = re.sub(r"/[^/]+/\.\./", "/", f"{folder}/{href}")
                new += [] if there in seen or there in new else [there]
    assert len(seen) > 70
    assert "/ask/first-to-cover.html" in seen


@pytest.fixture(params=["news.kgl", "networkx:news.json", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def changing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A store of each kind, with ten stories."""
    if request.param == "neo4j":
        url = request.getfixturevalue("neo4j_store_url")
    else:
        scheme, _, name = str(request.param).rpartition(":")
        url = (f"{scheme}:" if scheme else "") + str(tmp_path_factory.mktemp("changing") / name)
    with open_store(url) as store:
        store.write(make(10).batch())
    yield url


def test_what_is_loaded_shows_on_the_next_page(changing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_store, "LOOK_EVERY", 0.0)
    with running(Serving(changing, port=0)) as server:
        before = server.get("/outlets.html").text
        assert "Newcomer" not in before
        assert (
            server.post("/cypher.json", {"query": "MATCH (o:Outlet {id: 'new.example'}) RETURN o.name"}).text == "[]\n"
        )
        page = "/" + page_file("outlet", "new.example")
        assert server.get(page).status == 404
        with open_store(changing, create=False) as store:
            outlet = Node("Outlet", "new.example", {"name": "The Newcomer"})
            # A server's store has no file: that something was loaded shows in its files' records.
            source = Node("Source", "a/b.md", {"path": "b.md", "format": "markdown", "content_hash": "x"})
            store.write(Batch([outlet, source], []))
        assert "The Newcomer" in server.get("/outlets.html").text
        assert server.get(page).status == 200
        asked = server.post("/cypher.json", {"query": "MATCH (o:Outlet {id: 'new.example'}) RETURN o.name AS name"})
        assert asked.text == '[\n  {"name": "The Newcomer"}\n]\n'


def test_a_store_that_goes_away_is_one_line_and_comes_back(own_store: str) -> None:
    from pathlib import Path

    with running(Serving(own_store, port=0)) as server:
        assert server.get("/").status == 200
        kept = Path(own_store).read_bytes()
        Path(own_store).unlink()
        reply = server.get("/")
        assert reply.status == 503
        assert "nothing loaded yet" in reply.text
        assert server.post("/cypher.csv", {"query": "RETURN 1"}).status == 503
        Path(own_store).write_bytes(kept)
        assert server.get("/").status == 200


def test_a_store_that_is_not_there_or_empty_is_said_before_anything_listens(tmp_path: pytest.TempPathFactory) -> None:
    with pytest.raises(StoreMissingError, match="nothing loaded yet"):
        Server(Serving(f"{tmp_path}/none.kgl", port=0))
    with open_store(f"{tmp_path}/empty.kgl"):
        pass
    with pytest.raises(UsageError, match="nothing is loaded yet"):
        Server(Serving(f"{tmp_path}/empty.kgl", port=0))


def test_a_page_with_nothing_to_show_says_so(tmp_path: pytest.TempPathFactory) -> None:
    url = f"{tmp_path}/one.kgl"
    with open_store(url) as store:
        store.write(Batch([Node("Story", "https://a.example/1", {"title": "One", "date_quality": "missing"})], []))
    with running(Serving(url, port=0)) as server:
        for path in ("/", "/events.html", "/ask.html", "/cypher.html", "/search.html", "/map.html"):
            assert server.get(path).status == 200, path
        empty = server.get("/lead-lag.html")
        assert empty.status in (200, 400)
        assert 'role="alert"' in empty.text


@pytest.mark.parametrize(
    "path", ["/none.html", "/events/none.html", "/ask/none.html", "/a/b/c/none.html", "/events//x"]
)
def test_a_page_that_is_not_there_still_leads_home(live: Running, path: str) -> None:
    reply = live.get(path)
    assert reply.status == 404
    up = "../" * (path.count("/") - 1)
    assert f'<link rel="stylesheet" href="{up}site.css">' in reply.text
    assert f'href="{up}index.html"' in reply.text


def test_finished_pages_are_kept_up_to_a_size(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_store, "MOST_KEPT", 30_000)
    editions = live_store.Editions(live_store.LiveStore(store_url), SiteOptions())
    edition = editions.now()
    assert editions.now() is edition
    first = edition.page("index.html")
    assert edition.page("index.html") is first
    for file in ("events.html", "outlets.html", "topics.html", "about.html", "search.html"):
        edition.page(file)
    assert edition.page("index.html") is not first
    assert edition.page("none.html") is None
    editions.close()
