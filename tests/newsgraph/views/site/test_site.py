"""The files of a site: right, the same every time, and nobody else's."""

from __future__ import annotations

import json
import re
import shlex
import string
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsgraph
from newsgraph.errors import OutputError, TargetExistsError, UsageError
from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.corrections import Corrections, Decision, Kind
from newsgraph.graph.events.sampling import SAMPLE
from newsgraph.graph.schema import Value
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.researcher.correcting import correct
from newsgraph.queries.ask import ask
from newsgraph.queries.asking.part_filters import part_filters
from newsgraph.queries.questions import coverage, first_to_cover
from newsgraph.views.registry import page_html
from newsgraph.views.site import build, front, lists
from newsgraph.views.site.base import Site
from newsgraph.views.site.build import SiteOptions, site_pages, write_site
from newsgraph.views.site.corpus import answers_by_event, read_corpus
from newsgraph.views.site.folder import LIST
from newsgraph.views.site.names import page_file
from newsgraph.views.site.search_index import Entry, folded, index_of, words_of
from tests.newsgraph.views.corpus import make
from tests.newsgraph.views.test_hostile_text import PAYLOADS, elements, full_store_with

BASE = "https://news.example/site"
INSIDE = re.compile(r"https?://|#|(\.\./)?[a-z0-9-]+(/[a-z0-9._-]+)?(\.html|\.css|\.xml)$")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(str(tmp_path_factory.mktemp("store") / "news.kgl")) as store:
        store.write(make(220).batch())
        yield store


@pytest.fixture(scope="module")
def site(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "public"
    write_site(store, folder, SiteOptions(base_url=BASE + "/", title="Ours"))
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name == "href"]


def test_every_event_outlet_and_topic_has_a_page_and_every_link_leads_somewhere(store: Store, site: Path) -> None:
    held = set(contents(site))
    for kind, label in (("event", "Event"), ("outlet", "Outlet"), ("topic", "Topic")):
        assert {page_file(kind, node.id) for node in store.nodes(label)} <= held
    for name in held:
        if name.endswith(".html"):
            links = _Links()
            links.feed((site / name).read_text(encoding="utf-8"))
            for href in links.found:
                if not href.startswith(("https://", "#")):
                    place = unquote(urlsplit(urljoin(name, href)).path)
                    assert place in held, (name, href)


def test_events_are_answered_as_the_questions_answer_them(store: Store) -> None:
    for question in (first_to_cover.QUESTION, coverage.QUESTION):
        found = answers_by_event(store, question)
        for node in store.nodes("Event"):
            asked = ask(store, question.name, event=node.id)
            assert list(found[node.id].rows if node.id in found else ()) == list(asked)
            assert tuple(found[node.id].notes if node.id in found else asked.notes) == tuple(asked.notes)


@pytest.mark.parametrize("page", ["index.html", "report.html", "attention.html"])
def test_attention_is_shown_as_shares_and_as_pictures_of_one_scale_or_each_its_own(site: Path, page: str) -> None:
    text = (site / page).read_text("utf-8")
    assert "Share of voice: " in text and ">One scale<" in text and "newsgraph ask attention --by topic" in text


def test_the_same_store_gives_the_same_bytes_and_touches_no_file(store: Store, site: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    write_site(store, again, SiteOptions(base_url=BASE, title="Ours"))
    assert contents(again) == contents(site)
    before = {path: path.stat().st_mtime_ns for path in again.rglob("*")}
    report = write_site(store, again, SiteOptions(base_url=BASE, title="Ours"))
    assert (report.changed, report.removed) == (0, 0)
    assert {path: path.stat().st_mtime_ns for path in again.rglob("*")} == before


def test_who_did_not_cover_an_event_is_the_same_on_its_page_alone(store: Store, site: Path) -> None:
    def told(html: str) -> list[tuple[str, str]]:
        part = html.partition('<h2 id="absent">')[2].partition("</section>")[0]
        return re.findall(r"<li>(?:<[^>]*>)*([^<]*)(?:<[^>]*>)* *<span[^>]*>([^<]*)", part)

    events = [row.event_id for row in ask(store, "events", copies="include", sort="-outlets", limit=3)]
    pages = {id: told(page_html("timeline", store, event=id)) for id in events}
    assert any(pages.values())
    for id, alone in pages.items():
        assert alone == told((site / page_file("event", id)).read_text("utf-8"))
    covering = {row.outlet_name for row in ask(store, "coverage", event=events[0])}
    assert not covering & {name for name, _ in pages[events[0]]}


@pytest.mark.parametrize("chosen", ["since", "topic", "where", "outlet", "event"])
def test_a_site_of_a_part_tells_what_the_questions_answer_with_its_filters(tmp_path: Path, chosen: str) -> None:
    corpus = make(160)
    for place, node in enumerate(corpus.labels["Outlet"].values()):
        facts = (f"owner=Owner {place % 2}", "agency=Reuters")
        corpus.labels["Outlet"][node.id] = Node("Outlet", node.id, {**node.properties, "facts": facts})
    with open_store("networkx:") as store:
        store.write(corpus.batch())
        largest = ask(store, "events", sort="-stories")[0]
        parts: dict[str, dict[str, Any]] = {
            "since": {"since": "2024-03-10"},
            "topic": {
                "topic": max(store.nodes("Topic"), key=lambda one: len(list(store.edges("ABOUT", ends=[one.id])))).id
            },
            "where": {"where": ["owner=owner 1"]},
            "outlet": {"outlet": ask(store, "first-to-cover", event=largest.event_id)[0].outlet},
            "event": {"event": largest.event_id, "until": "2024-04-01"},
        }
        filters = parts[chosen]
        report = site_pages(store, **filters).write(tmp_path / "public")
        read = read_corpus(store, SiteOptions(filters=part_filters(store, **filters)).of_page())
        events = {row.event_id: row for row in ask(store, "events", copies="include", **filters)}
        assert set(read.events) == set(events) and 0 < len(read.stories) < 160
        assert sum(row.stories for row in ask(store, "date-quality", copies="include", **filters)) == len(read.stories)
        for id in read.events:
            asked = {key: value for key, value in filters.items() if key != "event"}
            assert list(read.coverages[id].rows) == list(ask(store, "coverage", event=id, **asked))
            assert list(read.rankings[id].rows) == list(ask(store, "first-to-cover", event=id, **asked))
        assert list(read.scoops) == list(ask(store, "scoops", min_events=1, **filters))
    held = contents(tmp_path / "public")
    assert {name for name in held if name.startswith("events/")} == {page_file("event", id) for id in events}
    assert f"{len(read.stories)} stor" in report.lines[0]
    about = held["about.html"].decode()
    assert f"newsgraph view site FOLDER --{chosen} " in about.replace("--until", f"--{chosen}") and "Only" in about
    for name, content in held.items():
        links = _Links()
        links.feed(content.decode() if name.endswith(".html") else "")
        inside = [href for href in links.found if not href.startswith(("https://", "#"))]
        assert all(unquote(urlsplit(urljoin(name, href)).path) in held for href in inside), name


def test_the_command_that_makes_a_site_again_has_every_option_as_a_shell_reads_it(store: Store) -> None:
    title = """O'Brien's "news" for $5"""
    about = front.about_page(Site(store, SiteOptions(title=title, min_shared=1)))
    written = re.search(r"<pre[^>]*>(newsgraph view site .*?)</pre>", about.html)
    assert written is not None
    told = shlex.split(unescape(written.group(1)))
    assert told == ["newsgraph", "view", "site", "FOLDER", "--title", title, "--min-shared", "1"]


@pytest.mark.slow
def test_a_new_story_changes_few_pages_and_what_is_gone_is_removed(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "news.kgl")) as store:
        store.write(make(150).batch())
        folder = tmp_path / "public"
        write_site(store, folder)
        before = contents(folder)
        at = max(node.properties["published_at"] for node in store.nodes("Story"))
        story = Node("Story", "https://new.example/1", {"title": "New", "published_at": at, "date_quality": "exact"})
        edge = Edge("PUBLISHED_BY", story.id, "new.example")
        store.write(Batch([story, Node("Outlet", "new.example", {"name": "New"})], [edge]))
        report = write_site(store, folder)
        after = contents(folder)
        assert page_file("outlet", "new.example") in after
        same = sum(after.get(name) == content for name, content in before.items() if name != LIST)
        assert same == report.unchanged > len(after) / 2
        store.write(Batch(gone_nodes=[("Story", story.id), ("Outlet", "new.example")]))
        assert write_site(store, folder).removed == 1
        assert contents(folder) == before


@pytest.mark.slow
def test_only_our_own_files_are_replaced_or_removed(store: Store, tmp_path: Path) -> None:
    other = tmp_path / "mine"
    other.mkdir()
    (other / "thesis.docx").write_text("years of work")
    with pytest.raises(TargetExistsError, match="no site"):
        write_site(store, other)
    with pytest.raises(TargetExistsError, match="is a file"):
        write_site(store, other / "thesis.docx")
    folder = tmp_path / "public"
    write_site(store, folder)
    (folder / "CNAME").write_text("news.example")
    listed = json.loads((folder / LIST).read_text())
    listed["files"] |= {"../mine/thesis.docx": "0", "old.html": "0"}
    (folder / LIST).write_text(json.dumps(listed))
    (folder / "old.html").write_text("changed by hand")
    report = write_site(store, folder)
    assert (folder / "CNAME").read_text() == "news.example"
    assert (other / "thesis.docx").read_text() == "years of work"
    assert (folder / "old.html").read_text() == "changed by hand"
    assert any("old.html" in line for line in report.lines)
    (folder / "index.html").unlink()
    assert write_site(store, folder).changed == 1
    (folder / LIST).write_text("{")
    with pytest.raises(OutputError, match="can't be read"):
        write_site(store, folder)


def test_a_site_that_was_cut_off_is_put_right(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "public"
    whole = build.site_files

    def cut(site: Site) -> Iterator[tuple[str, bytes]]:
        for number, file in enumerate(whole(site)):
            if number == 20:
                raise OSError(28, "No space left on device")
            yield file

    with monkeypatch.context() as patch:
        patch.setattr(build, "site_files", cut)
        with pytest.raises(OutputError, match="No space left"):
            write_site(store, folder)
    write_site(store, folder)
    assert not list(folder.rglob("*.part"))
    assert (folder / "index.html").is_file()


@pytest.mark.parametrize(
    "address", ["ftp://a.example", "javascript:alert(1)", "news.example", "https://a.example/?x=1"]
)
def test_a_base_url_is_a_web_address(store: Store, tmp_path: Path, address: str) -> None:
    with pytest.raises(UsageError, match="--base-url"):
        write_site(store, tmp_path / "public", SiteOptions(base_url=address))


def test_sitemap_feed_and_canonical_links_name_the_pages(store: Store, site: Path) -> None:
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    pages = {name for name in contents(site) if name.endswith(".html")}
    # The file is our own, written a moment ago.
    locations = ElementTree.parse(site / "sitemap.xml").findall(".//s:loc", space)
    named = {unquote(str(one.text).removeprefix(BASE + "/")) or "index.html" for one in locations}
    assert named == pages
    items = ElementTree.parse(site / "new-events.xml").findall(".//item")  # likewise
    assert 0 < len(items) <= 50
    for item in items:
        assert unquote(str(item.findtext("link")).removeprefix(BASE + "/")) in pages
    event = str(items[0].findtext("link"))
    html = (site / unquote(event.removeprefix(BASE + "/"))).read_text(encoding="utf-8")
    assert f'<link rel="canonical" href="{event}">' in html
    assert event in html[html.index('id="cite"') :]


def test_without_an_address_there_are_none(store: Store, tmp_path: Path) -> None:
    write_site(store, tmp_path / "public")
    assert not list((tmp_path / "public").glob("*.xml"))
    assert "canonical" not in (tmp_path / "public" / "index.html").read_text(encoding="utf-8")


@given(st.sampled_from(["event", "outlet", "topic"]), st.text(st.characters(exclude_categories=())))
def test_a_page_file_is_safe_stable_and_one_of_a_kind(kind: str, id: str) -> None:
    name = page_file(kind, id)
    folder, file = name.split("/")
    assert folder == kind + "s"
    assert set(file) <= set(string.ascii_lowercase + string.digits + ".-_")
    assert ".." not in file and not file.startswith(".") and len(file) < 120
    assert name == page_file(kind, id)
    if kind != "event":
        assert name != page_file(kind, id + "x")
        assert page_file(kind, id.upper()) != name or id.upper() == id


@pytest.mark.parametrize("id", ["con", "nul.example", "com1", "A.example", "..", ".", "", "a/b", "x" * 300])
def test_what_a_file_system_might_misread_is_renamed(id: str) -> None:
    assert "_" in page_file("outlet", id)
    assert page_file("outlet", "reuters.com") == "outlets/reuters.com.html"
    assert page_file("event", "event:4998e1414c1b305d") == "events/4998e1414c1b305d.html"


@given(st.lists(st.text(max_size=60), max_size=12))
def test_every_word_leads_to_its_entries(names: list[str]) -> None:
    index = index_of([Entry("story", name, "x", "") for name in names])
    words, postings = index["words"], index["postings"]
    assert isinstance(words, list) and isinstance(postings, list)
    assert words == sorted(words, key=lambda word: word.encode("utf-16-be", "surrogatepass"))
    held: dict[str, list[int]] = {}
    for word, steps in zip(words, postings, strict=True):
        place, held[word] = 0, []
        for step in steps:
            place += step
            held[word].append(place)
    for number, name in enumerate(names):
        for word in words_of(name):
            assert number in held[word]
    assert folded("Élan VITAL") == "elan vital"
    assert {"北", "京", "北京"} <= words_of("北京")


@pytest.mark.slow
def test_hostile_texts_change_no_markup_and_leave_the_folder_nowhere(tmp_path: Path) -> None:
    plain: dict[str, set[str]] = {}
    for name, payload in [("harmless", "harmless"), *PAYLOADS.items()]:
        with full_store_with(payload) as store:
            folder = tmp_path / name.replace(" ", "-")
            write_site(store, folder, SiteOptions(title=payload, base_url=BASE))
        assert {path.parent for path in folder.rglob("*.html")} <= {
            folder / part for part in ("", "events", "outlets", "topics", "lists")
        }
        for path in folder.rglob("*.html"):
            kind = path.parent.name if path.parent != folder else path.name
            found = elements(path.read_text(encoding="utf-8"))
            if name == "harmless":
                plain.setdefault(kind, set()).update(found.tags)
            assert not found.handlers, (name, kind)
            assert set(found.tags) <= plain.get(kind, set(found.tags)) | {"a", "details", "summary"}, (name, kind)
            for value in found.links:
                assert re.match(r"https?://|#|(\.\./)?[a-z0-9-]+(/[a-z0-9._-]+)?(\.html|\.css|\.xml)$", value or ""), (
                    value
                )
        for path in folder.glob("*.xml"):
            ElementTree.parse(path)  # our own file


def test_an_index_stays_small_and_lists_are_parted(
    store: Store, site: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert (site / "index.html").stat().st_size < 300_000
    monkeypatch.setattr(lists, "ROWS", 10)
    folder = tmp_path / "parted"
    write_site(store, folder)
    parts = sorted(path.name for path in (folder / "lists").glob("outlets-*.html"))
    assert len(parts) == (len(list(store.nodes("Outlet"))) - 1) // 10
    months = list((folder / "lists").glob("events-*.html"))
    assert sum(path.read_text(encoding="utf-8").count('<span class="title">') for path in months) == len(
        list(store.nodes("Event"))
    )


def test_an_empty_store_and_one_without_events_are_clear(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "empty.kgl")) as store, pytest.raises(UsageError, match="nothing is loaded"):
        write_site(store, tmp_path / "public")
    assert not (tmp_path / "public").exists()
    corpus = make(12)
    with open_store(str(tmp_path / "bare.kgl")) as store:
        nodes = [node for node in corpus.batch().nodes if node.label != "Event"]
        edges = [edge for edge in corpus.batch().edges if edge.type != "COVERS"]
        store.write(Batch(nodes, edges))
        report = write_site(store, tmp_path / "bare")
    assert any("lead-lag.html is left out" in line for line in report.lines)
    assert "lead-lag.html" not in (tmp_path / "bare" / "index.html").read_text(encoding="utf-8")


def test_an_events_page_shows_agencies_and_that_it_was_corrected_but_not_by_whom(tmp_path: Path) -> None:
    seeds = Path(__file__).parents[4] / "seeds"
    with newsgraph.open("networkx:") as graph:
        graph.load([seeds])
        event = graph.ask("events", sort="-stories")[0].event_id
        first, second = (row.story_id for row in graph.ask("coverage", event=event)[:2])
        node = next(iter(graph.store.nodes("Story", [second])))
        graph.store.write(Batch([Node("Story", second, {**node.properties, "agency": "Reuters"})]))
        made = [
            Decision(Kind.DATE, (first,), value="2020-06-11T16:40:00Z", author="Ada", reason="their clock is wrong"),
            Decision(Kind.JOIN, (first, second), value=SAMPLE, author="Ada"),
        ]
        correct(graph.store, Corrections(tuple(made)))
        write_site(graph.store, tmp_path / "public")
        event = next(edge.end for edge in graph.store.edges("COVERS", starts=[first]))
        pages = [
            (tmp_path / "public" / page_file("event", event)).read_text("utf-8"),
            page_html("timeline", graph.store, event=event),
        ]
        outlet = next(edge.end for edge in graph.store.edges("PUBLISHED_BY", starts=[second]))
        own = (tmp_path / "public" / page_file("outlet", outlet)).read_text("utf-8")
    for page in pages:
        assert "Corrected by a researcher: a time set (1), stories looked at and left (1)." in page
        assert "A correction gives its time: 11 Jun 2020 16:40 UTC." in page
        assert '<span class="agency" title="The news agency that the story credits">Reuters</span>' in page
        assert "Ada" not in page and "clock" not in page
    assert "News agencies that its stories credit: Reuters 1 (of" in own


def test_edited_headlines_stand_on_the_page_of_their_event(tmp_path: Path) -> None:
    hour = timedelta(hours=1)
    at = datetime(2020, 6, 11, 9, tzinfo=UTC)
    wording: dict[str, Value] = {
        "title": "Mayor <i>resigns",
        "seen_at": at,
        "replaced_at": at + hour,
        "source": "x/1.md",
    }
    with open_store("networkx:") as store:
        store.write(make(30).batch())
        covers = next(iter(store.edges("COVERS")))
        version = Node("Version", f"{covers.start}#1", wording)
        store.write(Batch([version], [Edge("VERSION_OF", version.id, covers.start)]))
        write_site(store, tmp_path / "public")
        pages = [(tmp_path / "public" / page_file("event", covers.end)).read_text("utf-8")]
        pages.append(page_html("timeline", store, event=covers.end))
        other = next(edge.end for edge in store.edges("COVERS") if edge.end != covers.end)
        without = (tmp_path / "public" / page_file("event", other)).read_text("utf-8")
    for page in pages:
        assert "Edited after they were published" in page
        assert '<del><bdi dir="auto">Mayor &lt;i&gt;resigns</bdi></del>' in page
    assert "Edited after" not in without
