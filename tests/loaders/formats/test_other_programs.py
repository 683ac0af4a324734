"""Files as many programs and services write them: what each says must come out, and nothing else is lost."""

# ruff: noqa: E501, RUF001  # a case a line, and Turkish letters
from __future__ import annotations

import json
from typing import Any

import pytest

from newsgraph.loaders.records import ArticleRecord, Problem, Reading
from newsgraph.loaders.registry import read, reading_of

TEN = "2021-03-01T10:00:00+00:00 exact"
A = {"title": "Ferry aground", "url": "https://ledger.example/a"}
NAMED = {"title": "Ferry aground", "published_at": "2021-03-01T10:00:00Z"}


def found(text: str, ending: str) -> Reading:
    reading = read(text.encode(), ending)
    assert reading is not None
    return reading


def errors(reading: Reading) -> list[Problem]:
    return [one for one in reading.problems if not (one.doubt or one.remark)]


def said(record: ArticleRecord, name: str) -> Any:
    if name == "time":
        time = record.published_at
        return f"{time.isoformat() if time else None} {record.date_quality}"
    return getattr(record, name)


def only(reading: Reading) -> ArticleRecord:
    assert not errors(reading), reading.problems
    (record,) = reading.records
    assert isinstance(record, ArticleRecord)
    return record


# -- JSON --------------------------------------------------------------------------------------------------------------

JSON: dict[str, tuple[dict[str, Any], str, Any]] = {
    "a time under a longer name": ({**A, "time_published": "20210301T100000Z"}, "time", TEN),
    "a time with its zone in its name": ({**A, "published_utc": "2021-03-01T10:00:00Z"}, "time", TEN),
    "a search engine's field": ({**A, "published_dt": "2021-03-01T10:00:00Z"}, "time", TEN),
    "no time under such a name": ({**A, "publication": "20 Minuten"}, "outlet_name", "20 Minuten"),
    "a list with a time": ({**A, "date": ["2021-03-01T10:00:00Z"]}, "time", TEN),
    "MongoDB's long": ({**A, "published": {"$date": {"$numberLong": "1614592800000"}}}, "time", TEN),
    "MongoDB's number": ({**A, "date": {"$date": 1614592800000}}, "time", TEN),
    "Firestore's seconds": ({**A, "createdAt": {"_seconds": 1614592800, "_nanoseconds": 0}}, "time", TEN),
    "PHP's object": ({**A, "date": {"date": "2021-03-01 10:00:00.000000", "timezone_type": 3, "timezone": "UTC"}}, "time", TEN),
    "texts of one language": ({"title": {"en-US": "Ferry aground"}, "url": {"en-US": "https://ledger.example/a"}}, "title", "Ferry aground"),
    "times of one language": ({**A, "publishDate": {"en-US": "2021-03-01T10:00Z"}}, "time", TEN),
    "a country as locale": ({**A, "locale": "us", "language": "en"}, "language", "en"),
    "tags in a title": ({**A, "title": "A <b>ferry</b> aground"}, "title", "A ferry aground"),
    "escaped tags in a title": ({**A, "title": "A &lt;em&gt;ferry&lt;/em&gt; aground"}, "title", "A ferry aground"),
    "a title about tags": ({**A, "title": "What </p> and <b>x</b> mean"}, "title", "What </p> and <b>x</b> mean"),
    "topics with weights": ({**A, "topics": [{"topic": "Ferries", "relevance_score": "0.9"}]}, "topics", ("Ferries",)),
    "an empty list of related": ({**A, "related": ""}, "title", "Ferry aground"),
    "related that is a name": ({**A, "related": "AAPL"}, "title", "Ferry aground"),
    "related numbers": ({**A, "related": [17, 18]}, "title", "Ferry aground"),
    "the feed that it is from": ({**A, "feed": {"title": "The Ledger", "site_url": "https://ledger.example"}}, "outlet_name", "The Ledger"),
    "the website that it is on": ({**A, "website": {"name": "The Ledger", "hostName": "ledger.example"}}, "outlet_name", "The Ledger"),
    "a reader's folders": ({**A, "categories": ["user/-/state/com.google/reading-list", "user/-/label/Sea"]}, "category", "Sea"),
    "an address with its own name": ({"title": "Ferry aground", "news_link": "https://ledger.example/a", "image_link": "https://ledger.example/a.jpg"}, "url", "https://ledger.example/a"),
    "a word for no picture": ({**A, "thumbnail": "default"}, "images", ()),
    "a picture's path": ({**A, "image": "img/2021/ferry.jpg"}, "images", ()),
    "metadata in an object of its own": ({"title": "Ferry aground", "metadata": {"canonicalURL": "https://ledger.example/a", "datePublished": "2021-03-01T10:00:00Z"}}, "time", TEN),
    "an extractor's links are those in the text": ({"title": "Ferry aground", "links": ["https://other.example/x"], "meta": {"canonical": "https://ledger.example/a"}, "date": "2021-03-01"}, "url", "https://ledger.example/a"),
    "names of OpenGraph": ({"og:title": "Ferry aground", "og:url": "https://ledger.example/a", "article:published_time": "2021-03-01T10:00:00Z"}, "time", TEN),
    "an author by Dublin Core": ({**A, "dc:creator": "Una Quay"}, "authors", ("Una Quay",)),
    "no address under a longer prefix": ({**A, "og:image:url": "https://pictures.example/a.jpg"}, "url", "https://ledger.example/a"),
    "a complete time beside a date": ({**A, "date": "2021-03-01", "published_utc": 1614592800}, "time", TEN),
    "a complete time beside one that can be two": ({**A, "date": "03/01/2021", "isoDate": "2021-03-01T10:00:00Z"}, "time", TEN),
    "a time of another day beside a date": ({**A, "date": "2021-03-01", "published_utc": "2021-03-09T10:00:00Z"}, "time", "2021-03-01T00:00:00+00:00 date_only"),
    "the time of its record": ({**A, "date": "2021-03-01", "created_at": "2021-03-01T10:00:00Z"}, "time", "2021-03-01T00:00:00+00:00 date_only"),
    "published before the record was made": ({**A, "published": "2021-03-01T10:00:00Z", "created_at": "2024-03-01T10:00:00Z"}, "time", TEN),
    "Python's struct_time": ({**A, "published_parsed": [2021, 3, 1, 10, 0, 0, 0, 60, 0]}, "time", TEN),
    "parts of a date": ({**A, "issued": {"date-parts": [["2021", 3, 1]]}}, "time", "2021-03-01T00:00:00+00:00 date_only"),
    "a year alone": ({**A, "issued": {"date-parts": [[2021]]}}, "time", "None missing"),
    "when a page was kept": ({**A, "timestamp": "1614592800", "bookmarked_date": "2021-03-01"}, "time", "2021-03-01T10:00:00+00:00 seen"),
    "when a page was kept, and published": ({**A, "created_at": "2024-03-01T10:00:00Z", "is_archived": 1, "published_at": "2021-03-01T10:00:00Z"}, "time", TEN),
    "where a short link leads": ({"title": "Ferry aground", "url": "https://t.co/x", "expanded_url": "https://ledger.example/a"}, "url", "https://ledger.example/a"),
    "a bibliography's names": ({**A, "container-title": "The Ledger", "abstractNote": "A."}, "outlet_name", "The Ledger"),
    "a name and its author by ActivityPub": ({"name": "Ferry aground", "attributedTo": "https://ledger.example/una", "url": "https://ledger.example/a", "published": "2021-03-01T10:00:00Z"}, "time", TEN),
    "surnames first": ({**A, "author": "Quay, Una; van der Pier, Rory"}, "authors", ("Una Quay", "Rory van der Pier")),
    "places after names": ({**A, "author": "Una Quay, London; Rory Pier, Paris"}, "authors", ("Una Quay", "Rory Pier")),
    "a day and a time of the day": ({**A, "date": "2021-03-01", "time": "10:00", "tz": "UTC"}, "time", TEN),
    "a zone beside a time": ({**A, "published_at": "2021-03-01 11:00:00", "timezone": "Europe/Paris"}, "time", TEN),
    "a fuller time of the same day": ({**A, "date": "Mar 1, 2021", "datetime": "2021-03-01T10:00:00Z"}, "time", TEN),
    "only when it was changed": ({**A, "updated_at": "2021-03-01T10:00:00Z"}, "time", "2021-03-01T10:00:00+00:00 seen"),
    "only when it was found": ({**A, "scraped_at": "2021-03-01T10:00:00Z"}, "time", "2021-03-01T10:00:00+00:00 seen"),
    "changed after it was published": ({**A, "date": "2021-03-01T10:00:00Z", "updated_at": "2021-03-05T10:00:00Z"}, "time", TEN),
    "an agency as the source of another's page": ({**A, "source": {"name": "Associated Press", "url": "https://apnews.com"}}, "credit", "Associated Press"),
    "whose outlet is the page's": ({**A, "source": {"name": "Associated Press", "url": "https://apnews.com"}}, "outlet_domain", None),
    "an agency's own page": ({**A, "url": "https://apnews.com/a", "source": {"name": "AP", "url": "https://apnews.com"}}, "outlet_name", "AP"),
    "a host in place of a name": ({**A, "source": "www.ledger.example"}, "outlet_name", None),
    "the name of a medium": ({**A, "media": "The Ledger", "desc": "It ran aground."}, "outlet_name", "The Ledger"),
    "a kind of medium": ({**A, "media": "Online"}, "outlet_name", None),
    "an address within blanks": ({**A, "url": "  https://ledger.example/a "}, "url", "https://ledger.example/a"),
    "a page behind a proxy": ({"title": "Ferry aground", "link": "http://feedproxy.google.com/~r/l/~3/x/", "guid": "https://ledger.example/a"}, "url", "https://ledger.example/a"),
    "a forum's own page": ({**A, "url": "https://www.reddit.com/r/news/1", "domain": "self.news"}, "outlet_domain", None),
    "a list that Python wrote": ({**A, "authors": "['Una Quay', 'Rory Pier']"}, "authors", ("Una Quay", "Rory Pier")),
    "a list that became a text": ({**A, "tags": '["Sea", "Ferries"]'}, "topics", ("Sea", "Ferries")),
    "a heading": ({"heading": "Ferry aground", "weburl": "https://ledger.example/a"}, "title", "Ferry aground"),
    "the name of the site": ({**A, "meta_site_name": "The Ledger"}, "outlet_name", "The Ledger"),
    "the words of another program": ({**A, "language": "Deutsch", "country": "Germany"}, "language", "de"),
    "a byline with places": ({**A, "byline": "Una Quay in Oban and Rory Pier in New York"}, "authors", ("Una Quay", "Rory Pier")),
}  # fmt: skip


@pytest.mark.parametrize(("value", "name", "expected"), JSON.values(), ids=JSON)
def test_json(value: dict[str, Any], name: str, expected: Any) -> None:
    assert said(only(found(json.dumps({"list": [value]}), ".json")), name) == expected


def test_articles_in_elements_that_are_none_beside_lists_of_articles() -> None:
    one, two, three = ({**NAMED, "url": f"https://ledger.example/{number}"} for number in (1, 2, 3))
    reading = found(json.dumps({"results": [one, {"highlight": two, "stories": [three]}]}), ".json")
    assert [record.url[-1] for record in reading.records if isinstance(record, ArticleRecord) and record.url] == [
        "1",
        "2",
        "3",
    ]


def test_an_only_item_of_a_feed_that_became_json() -> None:
    item = {"title": "Ferry aground", "link": "https://ledger.example/a", "pubDate": "Mon, 01 Mar 2021 10:00:00 GMT"}
    feed = {"rss": {"channel": {"title": "The Ledger", "link": "https://ledger.example", "item": item}}}
    assert said(only(found(json.dumps(feed), ".json")), "time") == TEN


def test_the_dates_of_a_list_decide_for_one_another() -> None:
    rows = [
        {"title": f"T{day}", "url": f"https://ledger.example/{day}", "date": day}
        for day in ("03-04-2021", "03-25-2021")
    ]
    reading = found("\n".join(map(json.dumps, rows)), ".jsonl")
    assert [said(one, "time")[:10] for one in reading.records if isinstance(one, ArticleRecord)] == [
        "2021-03-04",
        "2021-03-25",
    ]


NINJS_3 = {
    "uri": "https://wire.example/ice", "type": "text", "versionCreated": "2021-03-01T10:00:00Z", "pubStatus": "usable",
    "by": "By Una Quay", "headlines": [{"role": "main", "value": "Ice closes the strait"}],
    "descriptions": [{"role": "summary", "value": "Two ships wait."}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected"),
    [("title", "Ice closes the strait"), ("excerpt", "Two ships wait."), ("time", TEN), ("authors", ("Una Quay",))],
)
def test_ninjs_with_capitals_inside_its_names(name: str, expected: Any) -> None:
    assert said(only(found(json.dumps(NINJS_3), ".json")), name) == expected


def test_ninjs_3_leaves_withdrawn_items_out() -> None:
    assert not found(json.dumps({**NINJS_3, "pubStatus": "canceled"}), ".json").records


def test_top_stories_of_the_times() -> None:
    story = {
        "section": "us", "title": "Ferry Aground", "abstract": "A.", "url": "https://ledger.example/a",
        "byline": "By Una Quay", "published_date": "2021-03-01T05:00:00-05:00", "des_facet": ["Ferries"],
        "per_facet": ["Mayor, Ann"], "geo_facet": ["Oban (Scotland)"],
        "multimedia": [{"url": "https://pictures.example/a.jpg", "width": 2048, "height": 1366}],
    }  # fmt: skip
    record = only(found(json.dumps({"status": "OK", "results": [story]}), ".json"))
    assert (said(record, "time"), record.topics, record.authors) == (TEN, ("Ferries",), ("Una Quay",))
    assert [(one.kind, one.name) for one in record.entities] == [("person", "Ann Mayor"), ("place", "Oban (Scotland)")]
    assert [one.width for one in record.images] == [2048]


def test_a_frame_of_rows_and_a_list_before_other_text() -> None:
    assert only(found(json.dumps({"rows": [list(A.values())], "columns": list(A)}), ".json")).title == "Ferry aground"
    reading = found(json.dumps([A]) + "\n%\n", ".json")
    assert only(reading).title == "Ferry aground" and "text after its end" in reading.notes[0]


def test_tei_of_trafilatura() -> None:
    text = (
        '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><title>Ferry aground</title><author>Una Quay</author>'
        '<publisher>The Ledger</publisher><ptr type="URL" target="https://ledger.example/a"/><date>2021-03-01</date></teiHeader></TEI>'
    )
    record = only(found(text, ".xml"))
    assert (record.title, record.url, record.outlet_name) == ("Ferry aground", "https://ledger.example/a", "The Ledger")
    assert reading_of(text.replace('type="URL"', 'type="x"').encode(), ".xml").other


FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "The Ledger",
    "home_page_url": "https://ledger.example/",
}


@pytest.mark.parametrize(
    ("item", "name", "expected"),
    [
        ({"id": "1", "url": "/a", "title": "T"}, "url", "https://ledger.example/a"),
        ({"id": "1", "url": "/a", "title": "T"}, "outlet_name", "The Ledger"),
        ({"id": "2", "url": "https://ledger.example/b", "content_text": "The ferry floats. More soon."}, "title", "The ferry floats. More soon."),
        ({"id": "3", "url": "https://ledger.example/c", "content_html": "<p>The dam <b>holds</b>.</p>"}, "title", "The dam holds."),
        ({"id": "https://ledger.example/d", "title": "T"}, "url", "https://ledger.example/d"),
    ],
)  # fmt: skip
def test_json_feed(item: dict[str, Any], name: str, expected: Any) -> None:
    assert said(only(found(json.dumps({**FEED, "items": [item]}), ".json")), name) == expected


# -- Pages -------------------------------------------------------------------------------------------------------------

LINK = '<link rel="canonical" href="https://ledger.example/a">'
OPEN = '<meta property="og:type" content="article"><meta property="og:title" content="Ferry aground">'
ARTICLE = 'itemscope itemtype="https://schema.org/NewsArticle"'
PERSON = 'itemprop="author" itemscope itemtype="https://schema.org/Person"'
PUBLISHED = '<meta property="article:published_time" content="%s">'


PLACE = '<link rel="canonical" href="https://blog.example/a">'
ENTRY = '<article class="post hentry"><h1 class="entry-title">Ferry aground</h1><time class="entry-date published" datetime="2021-03-01T10:00:00Z">1 March</time><span class="author vcard"><a href="/una">Una Quay</a></span></article>'


def linked(**values: Any) -> str:
    given = json.dumps(
        {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Ferry aground", **values}
    )
    return f'<script type="application/ld+json">{given}</script>'


PAGES: dict[str, tuple[str, str, str, Any]] = {
    "a canonical link without a scheme": (OPEN + '<link rel="canonical" href="//ledger.example/a">', "", "url", "https://ledger.example/a"),
    "a headline that is a link": (LINK, f'<div {ARTICLE}><a itemprop="headline" href="https://ledger.example/other">Ferry aground</a></div>', "title", "Ferry aground"),
    "a section that is a link": (LINK, f'<div {ARTICLE}><h1 itemprop="headline">F a</h1><a itemprop="articleSection" href="/tags/sea">Sea</a></div>', "category", "Sea"),
    "an author that is a link": (LINK, f'<div {ARTICLE}><h1 itemprop="headline">F a</h1><a itemprop="author" href="/authors/una-quay">Una Quay</a></div>', "authors", ("Una Quay",)),
    "keywords that are links": (LINK, f'<div {ARTICLE}><h1 itemprop="headline">F a</h1><span itemprop="keywords"><a href="/t/sea">Sea</a>, <a href="/t/ferries">Ferries</a></span></div>', "topics", ("Sea", "Ferries")),
    "two authors": (LINK, f'<div {ARTICLE}><h1 itemprop="headline">F a</h1><span {PERSON}><b itemprop="name">Una Quay</b></span><span {PERSON}><b itemprop="name">Rory Pier</b></span></div>', "authors", ("Una Quay", "Rory Pier")),
    "an author of something else": (LINK, f'<div {ARTICLE}><h1 itemprop="headline">F a</h1><span {PERSON}><b itemprop="name">Una Quay</b></span><time itemprop="datePublished" datetime="2021-03-01T10:00:00Z">1</time><span {PERSON}><b itemprop="name">Rory Pier</b></span></div>', "authors", ("Una Quay",)),
    "a headline of a teaser": (OPEN + LINK, f'<div {ARTICLE}><a itemprop="name" href="/x">Dam overflows twice</a></div>', "title", "Ferry aground"),
    "the main article of a page": (LINK, '<article itemprop="mainContentOfPage" itemscope itemtype="http://schema.org/Article"><h1 itemprop="headline">Own one</h1></article>', "title", "Own one"),
    "a date and a time": (OPEN + LINK + linked(datePublished="2021-03-01") + PUBLISHED % "2021-03-01T10:00:00Z", "", "time", TEN),
    "a date and a time of another day": (OPEN + LINK + linked(datePublished="2021-03-01") + PUBLISHED % "2021-03-09T10:00:00Z", "", "time", "2021-03-01T00:00:00+00:00 date_only"),
    "a time and its zone": (OPEN + LINK + linked(datePublished="2021-03-01T11:00:00") + PUBLISHED % "2021-03-01T11:00:00+01:00", "", "time", TEN),
    "a time and another time's zone": (OPEN + LINK + linked(datePublished="2021-03-01T11:00:00") + PUBLISHED % "2021-03-01T11:07:00+01:00", "", "time", "2021-03-01T11:00:00+00:00 no_zone"),
    "a change given as publication": (OPEN + LINK + linked(datePublished="2021-04-09", dateModified="2021-04-09") + PUBLISHED % "2021-03-01T10:00:00Z", "", "time", TEN),
    "metadata beside linked data without a time": (LINK + linked() + PUBLISHED % "2021-03-01T10:00:00Z", "", "time", TEN),
    "the page's language beside linked data": (LINK + linked(), "", "language", "en"),
    "one shown time": (OPEN + LINK, '<time datetime="2021-03-01T10:00:00Z">1 March</time>', "time", TEN),
    "several shown times": (OPEN + LINK, '<time datetime="2021-02-01T10:00:00Z">x</time><h1>Ferry aground</h1><time datetime="2021-03-01T10:00:00Z">1 March</time>', "time", "2021-03-01T10:00:00+00:00 seen"),
    "one of several is marked": (OPEN + LINK, '<time datetime="2021-02-01T10:00:00Z">x</time><time class="entry-date published" datetime="2021-03-01T10:00:00Z">1 March</time>', "time", TEN),
    "a publisher without a name": (LINK + linked(publisher={"@type": "NewsMediaOrganization", "foundingDate": "1936"}), "", "outlet_name", None),
    "an undefined publisher": (LINK + linked(publisher={"@type": "Organization", "name": "undefined"}), "", "outlet_name", None),
    "an author with several names": (LINK + linked(author={"@type": "Person", "name": ["Una Quay", "Rory Pier"]}), "", "authors", ("Una Quay", "Rory Pier")),
    "a button named HD": (OPEN + LINK, "<button>HD</button>", "title", "Ferry aground"),
    "an entry by its classes": (PLACE, ENTRY, "time", TEN),
    "its author": (PLACE, ENTRY, "authors", ("Una Quay",)),
    "an entry before a comment": (PLACE, '<div class="h-entry"><p class="p-name">Ferry aground</p><div class="h-cite"><b class="p-name">Nice!</b></div></div>', "title", "Ferry aground"),
    "the entry with the page's address": (PLACE, '<div class="h-entry"><a class="p-name u-url" href="https://blog.example/b">Dam</a></div><div class="h-entry"><a class="p-name u-url" href="https://blog.example/a">Ferry aground</a></div>', "title", "Ferry aground"),
    "classes beside linked data": (LINK + linked(datePublished="2021-03-01T10:00:00Z"), ENTRY.replace("Ferry", "Another ferry"), "title", "Ferry aground"),
    "RDFa": (PLACE, '<article typeof="schema:Article"><span property="schema:name" content="Ferry aground"></span><i property="schema:dateCreated" content="2021-03-01T10:00:00Z"></i></article>', "time", TEN),
    "a date that only articles have": ('<link rel="canonical" href="https://ledger.example/a"><title>Ferry aground</title><meta name="pubdate" content="2021-03-01T10:00:00Z">', "<p>Text</p>", "time", TEN),
    "an export of Medium": ("<title>Ferry aground</title>", '<article class="h-entry"><h1 class="p-name">Ferry aground</h1><footer><time class="dt-published" datetime="2021-03-01T10:00:00Z">1 March</time><a class="p-canonical" href="https://blog.example/a">Canonical link</a></footer></article>', "url", "https://blog.example/a"),
    "a byline with its agency": (OPEN + LINK + '<meta name="author" content="By UNA QUAY Associated Press">', "", "authors", ("UNA QUAY", "Associated Press")),
}  # fmt: skip


@pytest.mark.parametrize(("head", "body", "name", "expected"), PAGES.values(), ids=PAGES)
def test_pages(head: str, body: str, name: str, expected: Any) -> None:
    text = f'<!DOCTYPE html><html lang="en"><head>{head}</head><body>{body}</body></html>'
    assert said(only(found(text, ".html")), name) == expected


def test_a_list_of_entries_is_no_article() -> None:
    entries = "".join(f'<div class="h-entry"><a class="p-name u-url" href="/{one}">T{one}</a></div>' for one in (1, 2))
    assert reading_of(f"<html><body>{entries}</body></html>".encode(), ".html").other
    dated = '<html><head><title>About us</title><meta name="date" content="2021-03-01"></head></html>'
    assert reading_of(dated.encode(), ".html").other


# -- Feeds -------------------------------------------------------------------------------------------------------------


def rss(item: str, before: str = "") -> str:
    head = "<title>The Ledger</title><link>https://ledger.example/</link>"
    return f'{before}<?xml version="1.0"?><rss version="2.0"><channel>{head}<item><title>Ferry aground</title>{item}</item></channel></rss>'


URL = "<link>https://ledger.example/a</link>"
FEEDS = {
    "a time element": (rss(URL + '<pubDate><time datetime="2021-03-01T10:00:00Z">Mon, 03/01/2021 - 05:00</time></pubDate>'), "time", TEN),
    "an escaped time element": (rss(URL + '<pubDate>&lt;time datetime="2021-03-01T10:00:00Z"&gt;Mon, 03/01/2021&lt;/time&gt;</pubDate>'), "time", TEN),
    "the end of the day": (rss(URL + "<pubDate>Sun, 28 Feb 2021 24:00:00 GMT</pubDate>"), "time", "2021-03-01T00:00:00+00:00 exact"),
    "an enclosure as a link": (rss('<link rel="enclosure" type="image/jpeg">https://pictures.example/a.jpg</link>' + URL), "url", "https://ledger.example/a"),
    "a warning with tags before it": (rss(URL, "<br />\n<b>Warning</b>: no such key in feed.php on line 3<br />\n"), "title", "Ferry aground"),
    "a link out of a mail": (rss("<link>https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fledger.example%2Fa</link>"), "outlet_name", "The Ledger"),
    "a link to a copy": (rss("<link>https://webcache.googleusercontent.com/search?q=cache:https://ledger.example/a</link>"), "outlet_name", "The Ledger"),
    "RSS 1.1": ('<Channel xmlns="http://purl.org/net/rss1.1#" xmlns:dc="http://purl.org/dc/elements/1.1/"><title>L</title><items><item><title>Ferry aground</title><link>https://ledger.example/a</link><dc:date>2021-03-01T10:00:00Z</dc:date></item></items></Channel>', "time", TEN),
    "an entry by itself": ('<entry xmlns="http://www.w3.org/2005/Atom"><title>Ferry aground</title><link href="https://ledger.example/a"/><published>2021-03-01T10:00:00Z</published></entry>', "time", TEN),
    "an entry isn't its own outlet": ('<entry xmlns="http://www.w3.org/2005/Atom"><title>Ferry aground</title><link href="https://ledger.example/a"/></entry>', "outlet_name", None),
    "as a browser shows it": (f'<html><body><div id="webkit-xml-viewer-source-xml">{rss(URL)[21:]}</div></body></html>', "title", "Ferry aground"),
    "a time without a zone and one with it": (rss(URL + '<pubDate>Mon, 01 Mar 2021 11:00:00</pubDate><date xmlns="http://purl.org/dc/elements/1.1/">2021-03-01T11:00:00+01:00</date>'), "time", TEN),
    "a text in XHTML": ('<entry xmlns="http://www.w3.org/2005/Atom"><title>F</title><link href="https://ledger.example/a"/><summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>All <b>safe</b>.</p><p>More soon.</p></div></summary></entry>', "excerpt", "All safe. More soon."),
    "a forum's account": (rss(URL + "<author>/u/unaquay</author>"), "authors", ("unaquay",)),
}  # fmt: skip


@pytest.mark.parametrize(("text", "name", "expected"), FEEDS.values(), ids=FEEDS)
def test_feeds(text: str, name: str, expected: Any) -> None:
    assert said(only(found(text, ".xml")), name) == expected


BLOG = "http://schemas.google.com/blogger/2008/kind#"


def test_what_a_blogs_export_holds_beside_posts_is_no_story() -> None:
    kinds = "".join(
        f'<entry><title>{kind}</title><category term="{BLOG}{kind}"/><link href="https://blog.example/{kind}"/></entry>'
        for kind in ("post", "comment", "template", "settings")
    )
    draft = f'<entry><title>D</title><control xmlns="http://www.w3.org/2007/app"><draft>yes</draft></control><category term="{BLOG}post"/><link href="https://blog.example/d"/></entry>'
    reply = '<entry><title>R</title><in-reply-to xmlns="http://purl.org/syndication/thread/1.0" ref="x"/><link href="https://blog.example/r"/></entry>'
    reading = found(
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title>{kinds}{draft}{reply}</feed>', ".xml"
    )
    assert (only(reading).title, only(reading).topics) == ("post", ())
    assert reading.notes == ("what is no story is left out: 2 comments, 1 drafts, 1 settings, 1 templates",)


def test_a_feed_without_entries_is_told() -> None:
    reading = found('<rss version="2.0"><channel><title>The Ledger</title></channel></rss>', ".xml")
    assert (reading.records, reading.notes) == ((), ("the feed has no entries",))


# -- Tables ------------------------------------------------------------------------------------------------------------

TABLES = {
    "Italian": ("Titolo;Url articolo;Data pubblicazione\nTraghetto incagliato;https://ledger.example/a;28/2/2021\n", "url", "https://ledger.example/a"),
    "Polish": ("Tytuł;Adres URL;Data publikacji\nProm na mieliźnie;https://ledger.example/a;2021-03-01T10:00Z\n", "time", TEN),
    "Portuguese": ("Título|URL da notícia|Data\nBalsa encalha|https://ledger.example/a|2021-03-01T10:00Z\n", "url", "https://ledger.example/a"),
    "Turkish": ("Başlık;Bağlantı;Yayın Tarihi\nFeribot oturdu;https://ledger.example/a;2021-03-01T10:00Z\n", "time", TEN),
    "Japanese": ("タイトル,URL,公開日時\nフェリー座礁,https://ledger.example/a,2021-03-01T10:00Z\n", "time", TEN),
    "a longer title's name": ("News Headline,URL\nFerry aground,https://ledger.example/a\n", "title", "Ferry aground"),
    "a longer time's name": ("title,url,publication_timestamp\nF a,https://ledger.example/a,1614592800000\n", "time", TEN),
    "a time in seconds": ("title,url,unix_time\nF a,https://ledger.example/a,1614592800\n", "time", TEN),
    "a time of something else": ("title,url,date scraped\nF a,https://ledger.example/a,2021-03-01T10:00Z\n", "time", "None missing"),
    "an address of a picture": ("title,url,image link\nF a,https://ledger.example/a,https://pictures.example/a.jpg\n", "url", "https://ledger.example/a"),
    "an empty column and another": ("title,url,published_at,date\nF a,https://ledger.example/a,NaT,2021-03-01T10:00Z\n", "time", TEN),
    "year, month and day": ("title,url,year,month,day\nF a,https://ledger.example/a,2021.0,3.0,1.0\n", "time", "2021-03-01T00:00:00+00:00 date_only"),
    "a month's name": ("title,url,year,month,day\nF a,https://ledger.example/a,2021,March,1\n", "time", "2021-03-01T00:00:00+00:00 date_only"),
    "entities and tags": ("title,url\n<b>Ferries</b> &amp; &#8216;docks&#8217;,https://ledger.example/a\n", "title", "Ferries & ‘docks’"),
    "a short link and the canonical one": ("title,url,canonical_url\nF a,https://t.co/x,https://ledger.example/a\n", "url", "https://ledger.example/a"),
    "published before the record was made": ("title,url,Created,Published\nF a,https://ledger.example/a,2024-03-01,2021-03-01T10:00Z\n", "time", TEN),
    "whether it was published": ("title,url,published,created\nF a,https://ledger.example/a,true,2021-03-01T10:00Z\n", "time", TEN),
    "when a page was kept": ("URL,Title,Selection,Folder,Timestamp\nhttps://ledger.example/a,F a,,Unread,1614592800\n", "time", "2021-03-01T10:00:00+00:00 seen"),
    "the date of saving": ("Title,URL,Saved date\nF a,https://ledger.example/a,2021-03-01T10:00Z\n", "time", "None missing"),
    "a bibliography": ('"Item Type","Author","Title","Publication Title","Url","Date"\nnews,"Quay, Una; Pier, Rory",F a,The Ledger,https://ledger.example/a,2021-03-01\n', "authors", ("Una Quay", "Rory Pier")),
    "a zone in a column's name": ("title,url,Date (GMT+1)\nF a,https://ledger.example/a,2021-03-01 11:00\n", "time", TEN),
    "a zone's name in a column's name": ("title,url,Published [EST]\nF a,https://ledger.example/a,2021-03-01 05:00\n", "time", TEN),
    "several addresses in a cell": ("title,url\nF a,https://ledger.example/a ; https://other.example/b\n", "url", "https://ledger.example/a"),
    "an address in an address": ("title,url\nF a,https://web.archive.org/web/2021/https://ledger.example/a\n", "url", "https://web.archive.org/web/2021/https://ledger.example/a"),
    "a header in between": ("title,url\ntitle,url\nF a,https://ledger.example/a\n", "title", "F a"),
    "Meltwater": ("Date,Headline,URL,Opening Text,Source,Influencer\n13-Mar-2021 10:00AM,F a,https://ledger.example/a,It ran.,The Ledger,Una Quay\n", "authors", ("Una Quay",)),
    "Talkwalker": ("url;published;title;domain_url\nhttps://ledger.example/a;2021-03-01T10:00:00Z;F a;http://ledger.example/\n", "outlet_domain", "http://ledger.example/"),
    "Europresse": ("Titre;Nom de source;Date;URL\nF a;Le Courrier;13 mars 2021;https://ledger.example/a\n", "outlet_name", "Le Courrier"),
    "the only column of addresses": ("Titel;Koppeling;Datum\nF a;https://ledger.example/a;2021-03-01T10:00Z\n", "url", "https://ledger.example/a"),
    "a zone at the end of a column's name": ("title,url,Date CET\nF a,https://ledger.example/a,2021-03-01 11:00\n", "time", TEN),
    "a word that is no zone at a column's end": ("title,url,Published DATE\nF a,https://ledger.example/a,2021-03-01 10:00\n", "time", "2021-03-01T10:00:00+00:00 no_zone"),
    "a day beside a zone": ("title,url,day,pubDateTZ\nF a,https://ledger.example/a,2021-03-01 11:00,Europe/Paris\n", "time", TEN),
    "thousandths with a fraction": ("title,url,date\nF a,https://ledger.example/a,1614592800000.0\n", "time", TEN),
    "American dates with dots": ("title,url,date\nF a,https://ledger.example/a,03.25.2021\n", "time", "2021-03-25T00:00:00+00:00 date_only"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "name", "expected"), TABLES.values(), ids=TABLES)
def test_tables(text: str, name: str, expected: Any) -> None:
    assert said(only(found(text, ".csv")), name) == expected


def test_a_column_decides_about_dates_with_dots() -> None:
    rows = "".join(f"T{day},https://ledger.example/{day},{day}\n" for day in ("03.25.2021", "03.04.2021"))
    reading = found("title,url,date\n" + rows, ".csv")
    assert [said(one, "time")[:10] for one in reading.records if isinstance(one, ArticleRecord)] == [
        "2021-03-25",
        "2021-03-04",
    ]


def test_a_table_of_articles_without_addresses_is_an_error() -> None:
    (problem,) = errors(found("publish_date,headline_text\n20210301,ferry runs aground off skerrin\n", ".csv"))
    assert "no column holds web addresses" in problem.message and "headline_text" in problem.message
    assert reading_of(b"name,price\nFerry,3\n", ".csv").other


def test_what_a_map_says_is_so() -> None:
    text = "URL,Title,Folder,Note,Timestamp\nhttps://ledger.example/a,F a,,,1614592800\n"
    (record,) = reading_of(text.encode(), ".csv", {"published_at": "Timestamp"}).records
    assert isinstance(record, ArticleRecord) and said(record, "time") == TEN


def test_a_column_of_pictures_is_no_column_of_addresses() -> None:
    text = "Titel;Plaatje;Datum\nF a;https://ledger.example/2021/a.jpg;2021-03-01\n"
    assert not found(text, ".csv").records


@pytest.mark.parametrize("address", ["https://www.proquest.com/docview/1", "https://www.proquest.com"])
def test_a_press_archives_own_address_is_none(address: str) -> None:
    rows = f"Ferry,{address}\nDam,https://ledger.example/b\n"
    reading = found("title,url\n" + rows, ".csv")
    (problem,) = errors(reading)
    assert "no web address for 'Ferry'" in problem.message and problem.line == 2
    assert [one.title for one in reading.records if isinstance(one, ArticleRecord)] == ["Dam"]


# -- Notes that clip a page ----


@pytest.mark.parametrize(
    ("lines", "name", "expected"),
    [
        ("source: https://ledger.example/a\ncreated: 2024-05-05", "url", "https://ledger.example/a"),
        ("source: https://ledger.example/a\ncreated: 2024-05-05", "time", "2024-05-05T00:00:00+00:00 seen"),
        ("source: https://ledger.example/a\npublished: 2021-03-01T10:00:00Z\ncreated: 2024-05-05", "time", TEN),
        ('url: https://ledger.example/a\nauthor: ["[[Una Quay]]"]', "authors", ("Una Quay",)),
        ("URL: https://ledger.example/a\nDate: 2021-03-01T10:00:00Z", "time", TEN),
        ("url: https://ledger.example/a\nsource: The Ledger", "outlet_name", "The Ledger"),
    ],
)
def test_notes(lines: str, name: str, expected: Any) -> None:
    assert said(only(found(f"---\nTitle: Ferry aground\n{lines}\n---\nText\n", ".md")), name) == expected


# -- Files that hold no article ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text", "why"),
    [
        ("news/README.md", "# News\n", "a note about its folder"),
        ("news/LICENSE.txt", "Free.\n", "a note about its folder"),
        ("site/_config.yml", "title: The Ledger\nurl: https://ledger.example\n", "the settings of a site"),
        ("site/layouts/404.html", '{{ define "main" }}<p>none</p>{{ end }}', "no article"),
        ("feeds.xml", '<opml><body><outline title="L" xmlUrl="https://ledger.example/rss"/></body></opml>', "list of feeds"),
        ("20210301.export.csv", "\t".join(["1000", "20210301", *[""] * 58, "https://ledger.example/a"]) + "\n", "table of GDELT"),
        ("pages.xml", "<urlset><url><loc>https://ledger.example/a</loc></url></urlset>", "no feed"),
        ("schema.json", '{"$id": "https://ledger.example/schema.json", "title": "An article", "type": "object"}', "no object"),
    ],
)  # fmt: skip
def test_other_files_are_told_and_are_no_errors(path: str, text: str, why: str) -> None:
    ending = path[path.rindex(".") :]
    reading = reading_of(text.encode(), ending, path=path)
    assert why in reading.other and not reading.problems and not reading.records


@pytest.mark.parametrize(
    ("path", "text", "why"),
    [
        ("news/ferry.md", "The ferry ran aground.\n", "no front matter"),
        (
            "posts.json",
            '{"posts": [{"title": "Ferry", "slug": "ferry", "published_at": "2021-03-01T10:00:00Z"}]}',
            "no full web address",
        ),
        (
            "cms.xml",
            "<articles><article><title>Ferry</title><link>https://ledger.example/a</link></article></articles>",
            "holds titles and addresses",
        ),
        ("bare.csv", "Ferry aground,https://ledger.example/a,2021-03-01\n", "no row with the names"),
        ("notes.ris", "AU  - Quay, Una\n", "no web address"),
        ("wire/1.xml", '<?xml version="1.0"?><NewsML Version="1.2"><NewsItem/></NewsML>', "NewsML 1"),
    ],
)
def test_what_looks_like_an_article_is_an_error(path: str, text: str, why: str) -> None:
    (problem,) = errors(reading_of(text.encode(), path[path.rindex(".") :], path=path))
    assert why in problem.message
