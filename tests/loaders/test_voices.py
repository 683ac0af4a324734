"""Authors, agencies, countries and entities: from every format into the graph, and authors out of it again."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.graph.subgraph import Filters, select
from newsgraph.loaders.load import load
from newsgraph.loaders.records import ArticleRecord
from newsgraph.loaders.registry import read
from tests.loaders.snapshots import snapshot

NOW = datetime(2026, 1, 1, tzinfo=UTC)
URL = "https://courier.example/ferry"
FRONT = f"---\ntitle: Ferry aground\nwebUrl: {URL}\npublishedDateTime: 2021-03-04T21:15:00Z\n"


def only(text: str, ending: str) -> ArticleRecord:
    reading = read(text.encode(), ending)
    assert reading is not None
    (record,) = reading.records
    assert isinstance(record, ArticleRecord)
    assert not [one for one in reading.problems if not one.doubt], reading.problems
    return record


def as_json(**values: Any) -> str:
    return json.dumps(values)


GKG = "\t".join(
    (
        "20210304211500-1", "20210304211500", "1", "courier.example", URL, "", "", "", "",
        "4#Skerry, Scotland, United Kingdom#UK#UKU8#58.1#-3.1#-1;1#Norway#NO#NO#62#10#NO", "", "una quay;rory pier",
        "", "lifeboat institution", "", "", "", "", "", "", "", "", "", "", "", "",
        "<PAGE_TITLE>Ferry aground</PAGE_TITLE><PAGE_AUTHORS>Una Quay;Rory Pier</PAGE_AUTHORS>",
    )
)  # fmt: skip
BOTH = ("Una Quay", "Rory Pier")
#: Each: the file, its ending, and the names in its byline.
BYLINES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "front matter": (f"{FRONT}author: Una Quay\n---\n", ".md", ("Una Quay",)),
    "front matter, list": (f"{FRONT}authors:\n- Una Quay\n- Rory Pier\n---\n", ".md", BOTH),
    "front matter, byline": (f"{FRONT}byline: By Una Quay and Rory Pier\n---\n", ".md", BOTH),
    "front matter, objects": (f"{FRONT}authors:\n- name: Una Quay\n- name: Rory Pier\n---\n", ".md", BOTH),
    "rss": (
        f'<rss xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><item><title>T</title><link>{URL}</link>'
        "<dc:creator>Una Quay</dc:creator><dc:creator>Rory Pier</dc:creator></item></channel></rss>",
        ".rss",
        BOTH,
    ),
    "rss author": (
        f"<rss><channel><item><title>T</title><link>{URL}</link><author>quay@courier.example (Una Quay)</author>"
        "</item></channel></rss>",
        ".rss",
        ("Una Quay",),
    ),
    "atom": (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>T</title><link href="{URL}"/>'
        "<author><name>Una Quay</name><email>quay@courier.example</email></author>"
        "<author><name>Rory Pier</name></author></entry></feed>",
        ".atom",
        BOTH,
    ),
    "json feed": (
        as_json(
            version="https://jsonfeed.org/version/1.1",
            title="C",
            items=[{"id": URL, "url": URL, "title": "T", "authors": [{"name": "Una Quay"}, {"name": "Rory Pier"}]}],
        ),
        ".json",
        BOTH,
    ),
    "json-ld": (
        json.dumps(
            {
                "@context": "https://schema.org", "@type": "NewsArticle", "headline": "T", "url": URL,
                "author": [
                    {"@type": "Person", "name": "Una Quay"},
                    {"@type": "Organization", "name": "The Courier"},
                    {"@type": "Person", "name": "Rory Pier"},
                ],
            }
        ),
        ".json",
        BOTH,
    ),
    "html": (
        f'<html><head><meta property="og:type" content="article"><meta property="og:title" content="T">'
        f'<meta property="og:url" content="{URL}">'
        '<meta name="author" content="By Una Quay and Rory Pier"></head></html>',
        ".html",
        BOTH,
    ),
    "table": (f"title;url;Autor\nT;{URL};Una Quay, Rory Pier\n", ".csv", BOTH),
    "newsapi": (
        as_json(articles=[{"source": {"name": "C"}, "author": "Una Quay, Rory Pier", "title": "T", "url": URL,
                           "publishedAt": "2021-03-04T21:15:00Z"}]),
        ".json",
        BOTH,
    ),
    "nyt": (
        as_json(response={"docs": [{"headline": {"main": "T"}, "web_url": URL,
                                    "byline": {"original": "By Una Quay and Rory Pier"}}]}),
        ".json",
        BOTH,
    ),
    "gkg": (GKG, ".csv", BOTH),
    "nitf": (
        f'<nitf><head><title>T</title><pubdata ex-ref="{URL}"/></head><body><body.head><byline>'
        "<person>Una Quay</person></byline></body.head></body></nitf>",
        ".xml",
        ("Una Quay",),
    ),
    "ninjs": (as_json(uri=URL, type="text", headline="T", versioncreated="2021-03-04", byline="By Una Quay"), ".json",
              ("Una Quay",)),
    "newsml": (
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/"><contentMeta><headline>T</headline><by>Una Quay</by>'
        f'</contentMeta><itemMeta><link href="{URL}"/></itemMeta></newsItem>',
        ".xml",
        ("Una Quay",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BYLINES)
def test_every_format_gives_its_authors(name: str) -> None:
    text, ending, names = BYLINES[name]
    assert only(text, ending).authors == names


ENTITIES: dict[str, tuple[str, str, set[tuple[str, str]]]] = {
    "json-ld": (
        json.dumps(
            {
                "@context": "https://schema.org", "@type": "NewsArticle", "headline": "T", "url": URL,
                "about": [{"@type": "Person", "name": "Ida Mole", "sameAs": ["https://www.wikidata.org/wiki/Q42"]}],
                "mentions": [{"@type": "City", "name": "Skerry"}, {"@type": "Thing", "name": "Fog"}],
            }
        ),
        ".json",
        {("Q42", "Ida Mole"), ("place:skerry", "Skerry")},
    ),
    "ninjs": (
        as_json(
            uri=URL, type="text", headline="T", versioncreated="2021-03-04", person=[{"name": "Ida Mole"}],
            organisation=[{"name": "Lifeboats", "code": "wd:Q7"}], place=[{"name": "Skerry"}],
            subject=[{"name": "Sea"}],
        ),
        ".json",
        {("person:ida-mole", "Ida Mole"), ("Q7", "Lifeboats"), ("place:skerry", "Skerry")},
    ),
    "gkg": (
        GKG,
        ".csv",
        {
            ("place:skerry-scotland-united-kingdom", "Skerry, Scotland, United Kingdom"), ("place:norway", "Norway"),
            ("person:una-quay", "una quay"), ("person:rory-pier", "rory pier"),
            ("organisation:lifeboat-institution", "lifeboat institution"),
        },
    ),
    "event registry": (
        as_json(
            articles={
                "results": [
                    {
                        "title": "T", "url": URL, "dateTimePub": "2021-03-04T21:15:00Z",
                        "concepts": [
                            {"type": "person", "label": {"eng": "Ida Mole"}, "uri": "http://w.example/Ida"},
                            {"type": "loc", "label": {"eng": "Skerry"}}, {"type": "wiki", "label": {"eng": "Sea"}},
                        ],
                    }
                ]
            }
        ),
        ".json",
        {("person:ida-mole", "Ida Mole"), ("place:skerry", "Skerry")},
    ),
    "nyt": (
        as_json(response={"docs": [{"headline": {"main": "T"}, "web_url": URL, "keywords": [
            {"name": "persons", "value": "Mole, Ida"}, {"name": "subject", "value": "Sea"},
            {"name": "glocations", "value": "Skerry (Scotland)"}]}]}),
        ".json",
        {("person:ida-mole", "Ida Mole"), ("place:skerry-scotland", "Skerry (Scotland)")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ENTITIES)
def test_what_a_file_lists_becomes_entities(name: str) -> None:
    text, ending, wanted = ENTITIES[name]
    assert {(str(one.id), one.name) for one in only(text, ending).entities} == wanted


def filled(folder: Path, files: dict[str, str], store: Store, **options: Any) -> Store:
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    report = load(store, [folder], now=NOW, **options)
    assert not report.errors, report.errors
    return store


def story(tmp_path: Path, text: str, ending: str = "md") -> dict[str, Any]:
    with open_store("networkx:") as store:
        (node,) = filled(tmp_path, {f"a.{ending}": text}, store).nodes("Story")
        return dict(node.properties)


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("excerpt: SKERRY (Reuters) - A ferry ran aground.", "Reuters"),
        ("byline: Una Quay, Associated Press", "Associated Press"),
        ("agency: dpa", "dpa"),
        ("source: AFP", "AFP"),
        ("source: The Courier", None),
        ("excerpt: A ferry ran aground, Reuters says.", None),
        ("author: Una Quay", None),
    ],
)
def test_the_agency_is_what_a_credit_says(tmp_path: Path, line: str, agency: str | None) -> None:
    assert story(tmp_path, f"{FRONT}{line}\n---\n").get("agency") == agency


def test_a_credit_names_no_outlet(tmp_path: Path) -> None:
    with open_store("networkx:") as store:
        filled(tmp_path, {"a.md": f"{FRONT}source: Reuters\n---\n"}, store)
        (outlet,) = store.nodes("Outlet")
    assert (outlet.id, outlet.properties["name"]) == ("courier.example", "courier.example")


def test_an_agency_in_a_byline_is_no_author(tmp_path: Path) -> None:
    with open_store("networkx:") as store:
        filled(tmp_path, {"a.md": f"{FRONT}byline: Una Quay, Reuters\n---\n"}, store)
        assert [one.id for one in store.nodes("Author")] == ["una-quay"]
        (edge,) = store.edges("AUTHORED_BY")
    assert edge.properties["position"] == 0


def test_language_and_country_in_one_spelling(tmp_path: Path) -> None:
    found = story(tmp_path, f"{FRONT}locale: en-gb\ncountry: United Kingdom\n---\n")
    assert (found["language"], found["country"]) == ("en-GB", "GB")


def test_the_country_of_an_outlet_is_what_most_of_its_stories_say(tmp_path: Path) -> None:
    files = {
        f"{number}.md": FRONT.replace("/ferry", f"/{number}") + f"outlet_country: {country}\n---\n"
        for number, country in enumerate(("NO", "Norway", "se"))
    }
    with open_store("networkx:") as store:
        filled(tmp_path, files, store)
        (outlet,) = store.nodes("Outlet")
    assert outlet.properties["country"] == "NO"


def test_parts_by_language_and_country(tmp_path: Path) -> None:
    lines = (("en-gb", "country: GB"), ("en", "outlet_country: NO"), ("nb", "country: SE"), ("", ""))
    files = {
        f"{n}.md": FRONT.replace("courier", f"c{n}") + (f"locale: {tag}\n" if tag else "") + f"{country}\n---\n"
        for n, (tag, country) in enumerate(lines)
    }

    def chosen(**filters: Any) -> set[str]:
        return {one.id[9:10] for one in select(store, Filters(**filters)).nodes("Story")}

    with open_store("networkx:") as store:
        filled(tmp_path, files, store)
        assert chosen(language="en") == {"0", "1"}
        assert chosen(language="en-gb") == {"0"}
        assert chosen(country="NO") == {"1"}
        assert chosen(country="SE", language="nb") == {"2"}


WITH_NAMES = {name.replace(" ", "_").replace(",", ""): given for name, given in BYLINES.items()}


@pytest.mark.parametrize("open_", [lambda folder: "networkx:", lambda folder: str(folder / "s.kgl")])
def test_authors_are_left_out_taken_out_and_brought_back(tmp_path: Path, open_: Callable[[Path], str]) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    files = {
        f"{number}{ending}": text.replace("/ferry", f"/ferry{number}")
        for number, (text, ending, _) in enumerate(BYLINES.values())
    }

    def fresh(**options: Any) -> dict[str, Any]:
        with open_store("networkx:") as store:
            return snapshot(filled(folder, files, store, **options))

    with open_store(open_(tmp_path)) as store:
        named = snapshot(filled(folder, files, store))
        assert named == fresh()
        bare = snapshot(filled(folder, files, store, authors=False))
        assert bare == fresh(authors=False)
        assert not [one for one in bare if one.startswith(("Author ", "AUTHORED_BY"))]
        kept = "".join(str(value) for key, value in bare.items() if not key.startswith("MENTIONS_ENTITY"))
        assert '"authors"' not in kept
        assert snapshot(filled(folder, {}, store)) == bare  # it is remembered
        (folder / "0.md").write_text(files["0.md"].replace("Una Quay", "Ida Mole"), "utf-8")
        load(store, [folder], now=NOW)
        assert "Mole" not in str(snapshot(store))
        assert snapshot(filled(folder, files, store, authors=True)) == named


@settings(max_examples=25, deadline=None)
@given(
    names=st.lists(
        st.lists(st.sampled_from(["Una Quay", "Rory Pier", "una quay", "Reuters"]), max_size=3), min_size=1, max_size=4
    ),
    authors=st.lists(st.booleans() | st.none(), max_size=4),
)
def test_after_any_loads_the_graph_is_that_of_a_fresh_one(
    tmp_path_factory: pytest.TempPathFactory, names: list[list[str]], authors: list[bool | None]
) -> None:
    folder = tmp_path_factory.mktemp("articles")
    files = {
        f"{number}.json": as_json(title="T", webUrl=f"{URL}{number % 2}", authors=one)
        for number, one in enumerate(names)
    }
    with open_store("networkx:") as store, open_store("networkx:") as other:
        for wanted in authors:
            filled(folder, files, store, authors=wanted)
        filled(folder, files, store)
        last = next((one for one in reversed(authors) if one is not None), True)
        assert snapshot(store) == snapshot(filled(folder, files, other, authors=last))
