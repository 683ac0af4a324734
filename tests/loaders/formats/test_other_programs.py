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
    "a byline with its agency": (OPEN + LINK + '<meta name="author" content="By UNA QUAY Associated Press">', "", "authors", ("UNA QUAY", "Associated Press")),
}  # fmt: skip


@pytest.mark.parametrize(("head", "body", "name", "expected"), PAGES.values(), ids=PAGES)
def test_pages(head: str, body: str, name: str, expected: Any) -> None:
    text = f'<!DOCTYPE html><html lang="en"><head>{head}</head><body>{body}</body></html>'
    assert said(only(found(text, ".html")), name) == expected


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
    "a forum's account": (rss(URL + "<author>/u/unaquay</author>"), "authors", ("unaquay",)),
}  # fmt: skip


@pytest.mark.parametrize(("text", "name", "expected"), FEEDS.values(), ids=FEEDS)
def test_feeds(text: str, name: str, expected: Any) -> None:
    assert said(only(found(text, ".xml")), name) == expected


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


# -- Files that hold no article ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text", "why"),
    [
        ("news/README.md", "# News\n", "a note about its folder"),
        ("news/LICENSE.txt", "Free.\n", "a note about its folder"),
        ("site/_config.yml", "title: The Ledger\nurl: https://ledger.example\n", "the settings of a site"),
        ("site/layouts/404.html", '{{ define "main" }}<p>none</p>{{ end }}', "no article"),
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
        ("wire/1.xml", '<?xml version="1.0"?><NewsML Version="1.2"><NewsItem/></NewsML>', "NewsML 1"),
    ],
)
def test_what_looks_like_an_article_is_an_error(path: str, text: str, why: str) -> None:
    (problem,) = errors(reading_of(text.encode(), path[path.rindex(".") :], path=path))
    assert why in problem.message
