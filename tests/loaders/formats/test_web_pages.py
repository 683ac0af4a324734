"""Saved web pages: metadata wherever it stands, linked data as a graph, and whose page it is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.loaders.document import Document
from newsgraph.loaders.formats import html_pages
from newsgraph.loaders.markup.archived import original
from newsgraph.loaders.markup.html_tags import scan
from newsgraph.loaders.records import ArticleRecord, Reading
from newsgraph.loaders.registry import read

CANONICAL = '<link rel="canonical" href="https://ledger.example/a">'
ARTICLE = '<meta property="og:type" content="article"><meta property="og:title" content="T">'


def page(head: str, before: str = "", body: str = "") -> str:
    return f'<!DOCTYPE html>{before}<html lang="en"><head>{head}</head><body>{body}</body></html>'


def linked(*values: Any) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(value)}</script>' for value in values)


def reading(text: str) -> Reading:
    found = read(text.encode(), ".html")
    assert found is not None
    return found


def only(text: str) -> ArticleRecord:
    (record,) = reading(text).records
    assert isinstance(record, ArticleRecord)
    return record


def errors(found: Reading) -> list[str]:
    return [problem.describe("f") for problem in found.problems if not problem.doubt]


NEWS = {"@type": "NewsArticle", "headline": "T", "datePublished": "2021-03-01T10:00:00Z"}


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="og:type" content="article"><meta name="og:title" content="T">',
        "<META PROPERTY='OG:TYPE' CONTENT='Article'><META PROPERTY='OG:TITLE' CONTENT='T'>",
        "<meta property=og:type content=article><meta property=og:title content=T>",
        '<meta content="article" property="og:type"/><meta content="T" property="og:title"/>',
        '<meta property="article:published_time" content="2021-03-01T10:00:00Z"><meta property="og:title" content="T">',
        f"<style>{'a{b:c}' * 5_000}</style>{ARTICLE}",
        f"<div id=x></div>{ARTICLE}",
        f'<!-- <meta property="og:title" content="no"> -->{ARTICLE}',
        f'<script>document.write(\'<meta property="og:title" content="no">\')</script>{ARTICLE}',
    ],
)
def test_metadata_is_found_wherever_and_however_it_is_written(head: str) -> None:
    assert only(page(CANONICAL + head)).title == "T"


def test_a_page_without_an_article_is_of_another_kind() -> None:
    assert read(page('<meta property="og:type" content="website"><title>Front</title>').encode(), ".html") is None
    found = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": NEWS}]}
    assert read(page(linked(found)).encode(), ".html") is None


SHAPES: dict[str, tuple[Any, ...]] = {
    "an array": ([{"@type": "WebSite", "name": "x"}, NEWS],),
    "a graph": ({"@graph": [{"@type": "WebPage"}, NEWS]},),
    "a main entity": ({"@type": "WebPage", "mainEntity": NEWS},),
    "several types": ({**NEWS, "@type": ["Thing", "NewsArticle"]},),
    "capitals": ({**NEWS, "@type": "NEWSARTICLE"},),
    "an address as type": ({**NEWS, "@type": "https://schema.org/NewsArticle"},),
    "a list as headline": ({**NEWS, "headline": ["T"]},),
    "a text with language": ({**NEWS, "headline": {"@value": "T", "@language": "en"}},),
    "entities": ({**NEWS, "headline": "&#84;"},),
    "two blocks": ({"@type": "BreadcrumbList"}, NEWS),
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_an_article_in_linked_data_of_every_shape(shape: tuple[Any, ...]) -> None:
    record = only(page(CANONICAL + linked(*shape)))
    assert (record.title, record.date_quality, record.url) == ("T", "exact", "https://ledger.example/a")


def test_references_are_looked_up_across_blocks() -> None:
    article = {**NEWS, "publisher": {"@id": "#o"}, "image": {"@id": "#i"}, "mainEntityOfPage": {"@id": "#page"}}
    organisation = {"@type": "Organization", "@id": "#o", "name": "Ledger", "logo": {"@id": "#l"}}
    pictures = [
        {"@type": "ImageObject", "@id": "#i", "url": "/i.jpg", "width": "640px", "height": {"value": 480}},
        {"@type": "ImageObject", "@id": "#l", "contentUrl": "https://ledger.example/l.png"},
    ]
    found = reading(page(CANONICAL + linked(article, [organisation], {"@graph": pictures})))
    (record,) = found.records
    assert isinstance(record, ArticleRecord)
    assert (record.outlet_name, record.outlet_logo_url) == ("Ledger", "https://ledger.example/l.png")
    (image,) = record.images
    assert (image.url, image.width, image.height) == ("https://ledger.example/i.jpg", 640, 480)
    assert not errors(found)


def test_things_that_name_each_other_in_a_circle_end() -> None:
    first = {**NEWS, "@id": "#a", "publisher": {"@id": "#b"}, "isPartOf": {"@id": "#a"}}
    second = {"@id": "#b", "name": "Ledger", "logo": {"@id": "#b"}, "parentOrganization": {"@id": "#b"}}
    assert only(page(CANONICAL + linked(first, second))).outlet_name == "Ledger"


@pytest.mark.parametrize(
    "broken",
    ['{"name": "He said "no""}', '{"a": [1, 2}', "{", '{"a": "'],
)
def test_a_broken_block_costs_itself_and_is_told(broken: str) -> None:
    found = reading(page(f'{CANONICAL}<script type="application/ld+json">{broken}</script>{linked(NEWS)}'))
    assert len(found.records) == 1 and not errors(found)
    assert "1 parts of its linked data" in found.notes[0]


@pytest.mark.parametrize(
    "written",
    [
        '<!--{"@type": "NewsArticle", "headline": "T"}-->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "T"}\n//]]>',
        '{"@type": "NewsArticle", "headline": "T",};',
        '{"@type": "NewsArticle", "headline": "T", "x": "it\\\'s"}',
        '{"@type": "NewsArticle", "headline": "T", "x": "two\nlines"}',
    ],
)
def test_linked_data_as_pages_hold_it(written: str) -> None:
    found = reading(page(f'{CANONICAL}<script type="application/ld+json">{written}</script>'))
    assert len(found.records) == 1 and not found.notes


def test_an_article_that_is_broken_for_good_is_an_error() -> None:
    found = reading(page('<script type="application/ld+json">{"@type": "NewsArticle", "headline": "a "b""}</script>'))
    assert not found.records and "is broken" in errors(found)[0]


def test_of_several_articles_the_pages_own_counts() -> None:
    other = {**NEWS, "headline": "Other", "url": "https://ledger.example/b"}
    own = {**NEWS, "mainEntityOfPage": "https://ledger.example/a"}
    assert only(page(CANONICAL + linked([other, own]))).title == "T"
    assert only(page(f"{CANONICAL}{ARTICLE}{linked([{**other, 'url': None}, NEWS])}")).title == "T"


WHOSE = {
    "the first canonical": (f'{CANONICAL}{ARTICLE}<link rel="canonical" href="https://ledger.example/v">', "", "/a"),
    "a relative canonical": (
        '<base href="https://ledger.example/x/"><link rel="canonical" href="/a">' + ARTICLE, "", "/a",
    ),
    "a canonical elsewhere": (
        '<link rel="canonical" href="https://wire.example/z"><meta property="og:url" content="https://ledger.example/a">'
        + ARTICLE,
        "",
        "/a",
    ),
    "a browser's note": (ARTICLE, "<!-- saved from url=(0026)https://ledger.example/a -->", "/a"),
    "SingleFile's note": (ARTICLE, "<!--\n Page saved with SingleFile \n url: https://ledger.example/a \n-->", "/a"),
    "HTTrack's note": (ARTICLE, "<!-- Mirrored from ledger.example/a by HTTrack Website Copier/3.x -->", "/a"),
    "a front page as og:url": (
        f'<meta property="og:url" content="https://ledger.example/">{CANONICAL}{ARTICLE}', "", "/a",
    ),
    "an archive's copy": (
        '<link rel="canonical" href="https://web.archive.org/web/20210301000000/https://ledger.example/a">' + ARTICLE,
        "",
        "/a",
    ),
    "a saved copy in an archive": (
        ARTICLE, "<!-- saved from url=(0)https://web.archive.org/web/2021id_/http://ledger.example:80/a -->", ":80/a",
    ),
    "the address in linked data": (linked({**NEWS, "url": "https://ledger.example/a"}), "", "/a"),
    "a fragment in linked data": (linked({**NEWS, "@id": "https://ledger.example/a#article"}), "", "/a"),
}  # fmt: skip


@pytest.mark.parametrize("name", WHOSE)
def test_the_page_is_its_own_sites(name: str) -> None:
    head, before, path = WHOSE[name]
    assert (
        str(only(page(head, before)).url).removeprefix("https://ledger.example").removeprefix("http://ledger.example")
        == path
    )


def test_two_domains_of_one_outlet_are_both_addresses() -> None:
    head = '<link rel="canonical" href="https://ledger.co.uk/a"><meta property="og:url" content="https://ledger.com/a">'
    record = only(page(head + ARTICLE))
    assert (record.url, record.original_url) == ("https://ledger.co.uk/a", "https://ledger.com/a")


def test_who_owns_the_outlet_is_not_the_outlet() -> None:
    owner = {"@type": "Organization", "name": "Holding plc", "url": "https://holding.example/"}
    record = only(page(CANONICAL + linked({**NEWS, "publisher": owner})))
    assert (record.outlet_name, record.outlet_domain) == (None, None)
    named = '<meta property="og:site_name" content="The Ledger">'
    record = only(page(CANONICAL + named + linked({**NEWS, "publisher": {"name": "Holding plc"}})))
    assert record.outlet_name == "The Ledger"


def test_published_stands_before_modified_and_machine_readable_before_visible() -> None:
    head = CANONICAL + ARTICLE + '<meta property="article:modified_time" content="2021-03-02T10:00:00Z">'
    record = only(page(head))
    assert (str(record.published_at), record.date_quality) == ("2021-03-02 10:00:00+00:00", "seen")
    body = '<time datetime="2021-03-01T09:00:00Z">yesterday</time>'
    assert str(only(page(head, body=body)).published_at) == "2021-03-01 09:00:00+00:00"
    marked = (
        '<time datetime="2020-01-01T00:00:00Z"></time><time itemprop="datePublished" datetime="2021-03-01T08:00:00Z">'
    )
    assert str(only(page(head, body=marked)).published_at) == "2021-03-01 08:00:00+00:00"


def test_microdata() -> None:
    body = (
        '<article itemscope itemtype="http://schema.org/NewsArticle"><h1 itemprop="headline">T <b>U</b></h1>'
        '<meta itemprop="datePublished" content="2021-03-01T10:00:00Z"/>'
        '<div itemprop="publisher" itemscope itemtype="https://schema.org/Organization">'
        '<meta itemprop="name" content="Ledger"></div><p itemprop="description">Safe.</p></article>'
    )
    record = only(page(CANONICAL, body=body))
    assert (record.title, record.excerpt, record.outlet_name) == ("T U", "Safe.", "Ledger")
    assert record.date_quality == "exact"


@pytest.mark.parametrize(
    ("written", "own"),
    [
        ("https://web.archive.org/web/20210301100000/https://a.example/b?c=1", "https://a.example/b?c=1"),
        ("https://web.archive.org/web/2021im_/http:/a.example/b", "http://a.example/b"),
        ("https://archive.ph/2021.03.01-100000/https://a.example/b", "https://a.example/b"),
        ("https://archive.org/details/thing", "https://archive.org/details/thing"),
        ("https://a.example/web/20210301100000/b", "https://a.example/web/20210301100000/b"),
    ],
)
def test_archives_show_pages_of_others(written: str, own: str) -> None:
    assert original(written) == own


@given(st.text(alphabet="<>!-=\"'/ \nmetascriptlinkhtmlcontent{}[]:&;", max_size=200))
def test_tags_of_anything_are_read(written: str) -> None:
    scan(written)
    html_pages.read(Document(f"<html>{written}", ".html"))
