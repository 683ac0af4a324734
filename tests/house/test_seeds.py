"""docs/seeds.md tells the truth about seeds/."""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import frontmatter
import pytest

import newsgraph

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
PAGE = (ROOT / "docs" / "seeds.md").read_text("utf-8")
REAL_ARTICLE = "000_f604c0a6d69e84b5.txt"


@dataclass(frozen=True)
class Article:
    number: str
    raw: bytes
    data: dict[str, Any]

    @property
    def outlet(self) -> str:
        return str(self.data["provider"]["domain"])

    @property
    def clock(self) -> datetime | None:
        """Its time in UTC when that is exact and not to come."""
        time = self.data.get("publishedDateTime")
        if not isinstance(time, datetime) or time.tzinfo is None or time.year >= 2100:
            return None
        return time.astimezone(UTC)

    @property
    def images(self) -> set[str]:
        return {image["url"] for image in self.data.get("images", ())}

    @property
    def related_urls(self) -> list[str]:
        return [related["webUrl"] for related in self.data.get("related", ())]


def read(path: Path) -> Article:
    raw = path.read_bytes()
    return Article(path.name[:3], raw, frontmatter.loads(raw.decode("utf-8-sig")).metadata)


ARTICLES = {article.number: article for article in map(read, sorted(SEEDS.glob("*.md")))}


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under that heading, without its head."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


EVENTS = {event: (files.split(), first, order.split(", ")) for event, files, first, order in rows("Events")}
TRAPS = {what: set(files.split()) for what, files in rows("What is in there to trip over")}


def test_the_real_article_is_kept_byte_for_byte() -> None:
    digest = sha256((SEEDS / REAL_ARTICLE).read_bytes()).hexdigest()
    assert digest == "5cbb1ca6b122be9fb485fc9621319738f6e1166337b7744f3cde3163001dee6e"


def test_every_invented_article_belongs_to_one_event() -> None:
    listed = [number for files, _, _ in EVENTS.values() for number in files]
    assert sorted(listed) == sorted(ARTICLES)
    assert len(list(SEEDS.iterdir())) == len(ARTICLES) + 1
    assert "35 invented ones" in PAGE and len(ARTICLES) == 35
    assert "Ten outlets report on twelve events" in PAGE
    assert len({article.outlet for article in ARTICLES.values()}) == 10 and len(EVENTS) == 12


def test_everything_invented_says_so() -> None:
    for article in ARTICLES.values():
        for address in re.findall(rb"https?://[^\s\"]+", article.raw):
            host = urlsplit(address.decode()).hostname or ""
            assert host.endswith((".example", "-example.cdn.ampproject.org")), address


@pytest.mark.parametrize("event", EVENTS)
def test_the_order_of_coverage_is_as_the_page_says(event: str) -> None:
    files, first, order = EVENTS[event]
    timed = sorted((article.clock, article.outlet) for article in map(ARTICLES.get, files) if article and article.clock)
    unsure = sorted(f"({article.outlet})" for article in map(ARTICLES.get, files) if article and not article.clock)
    assert [outlet for _, outlet in timed] + unsure == order
    assert first == order[0]


def test_two_outlets_meet_often_and_one_leads() -> None:
    lead: dict[str, list[float]] = defaultdict(list)
    for files, _, _ in EVENTS.values():
        times = {ARTICLES[number].outlet: ARTICLES[number].clock for number in files}
        ledger, courier = times.get("harbourledger.example"), times.get("northgatecourier.example")
        if ledger and courier:
            lead["ledger" if ledger < courier else "courier"].append((courier - ledger).total_seconds() / 60)
    assert (len(lead["ledger"]), len(lead["courier"])) == (5, 1)
    assert (min(lead["ledger"]), max(lead["ledger"])) == (2 * 60 + 35, 6 * 60 + 15)
    assert "ahead in five of them, by 2 h 35 min to 6 h 15 min" in PAGE


def with_own_query(article: Article) -> bool:
    return any("?id=" in url for url in [article.data["webUrl"], *article.related_urls])


def time_of(article: Article) -> object:
    return article.data.get("publishedDateTime")


def naive(article: Article) -> bool:
    time = time_of(article)
    return isinstance(time, datetime) and time.tzinfo is None


def offset(article: Article) -> bool:
    time = time_of(article)
    return isinstance(time, datetime) and bool(time.utcoffset())


def dated_only(article: Article) -> bool:
    return isinstance(time_of(article), date) and not isinstance(time_of(article), datetime)


def related_has(pattern: str) -> Callable[[Article], bool]:
    return lambda article: any(re.search(pattern, url) for url in article.related_urls)


CHECKS: dict[str, Callable[[Article], bool]] = {
    "a wire text printed by three outlets, with three different tails": lambda a: (
        b"Some 1,900 people in four villages" in a.raw.split(b"related:")[0]
    ),
    "two alike events two days apart: different ferries, different operators": lambda a: a.number in ("001", "005"),
    "a late follow-up, three weeks after its event": lambda a: b"three weeks on" in a.raw,
    "a time without a zone": naive,
    "a day without a time": dated_only,
    "no date at all": lambda a: time_of(a) is None,
    "a date in the future": lambda a: getattr(time_of(a), "year", 0) > 2100,
    "a time with an offset other than UTC": offset,
    "one photograph at four outlets": lambda a: any("grey-heron-aground" in url for url in a.images),
    "a placeholder image that one outlet puts on unrelated events": lambda a: any(
        "default-share" in u for u in a.images
    ),
    "a file with CRLF line ends": lambda a: b"\r\n" in a.raw,
    "a file with a byte-order mark": lambda a: a.raw.startswith(b"\xef\xbb\xbf"),
    "related stories named by an AMP address and its cache": lambda a: b"cdnAmpWebUrl" in a.raw,
    "related stories named with tracking parameters": related_has("utm_source="),
    "related stories named with `http://` and another `www.`": related_has("^http://"),
    "related stories named by a mobile host": related_has("//m[.]"),
    "a trailing slash more": lambda a: a.number == "007" and related_has("/$")(a),
    "a query that is part of the address (`?id=`)": with_own_query,
    "topics spelled in two ways": lambda a: (
        bool({"Offshore Wind", "Offshore wind"} & set(a.data["topics"])) and a.number in ("032", "033")
    ),
}


def test_the_page_lists_every_trap_that_is_checked() -> None:
    assert TRAPS.keys() == CHECKS.keys()


@pytest.mark.parametrize("what", CHECKS)
def test_the_traps_are_where_the_page_says(what: str) -> None:
    assert {number for number, article in ARTICLES.items() if CHECKS[what](article)} == TRAPS[what]


def test_related_stories_are_other_articles_in_other_spellings() -> None:
    """Every related story is one of the corpus, recognisable by its path, and most are spelled otherwise."""
    paths = {urlsplit(article.data["webUrl"]).path.rstrip("/"): article for article in ARTICLES.values()}
    same = other = 0
    for article in ARTICLES.values():
        for url in article.related_urls:
            named = paths[urlsplit(url).path.rstrip("/").removesuffix("/amp")]
            same += named.data["webUrl"] == url
            other += named.data["webUrl"] != url
    assert other > 2 * same > 0


def test_the_events_that_are_derived_are_those_of_the_page() -> None:
    """The resolver finds the events of the table, from the texts, the times and the related lists."""
    listed = {frozenset(ARTICLES[number].data["webUrl"] for number in files) for files, _, _ in EVENTS.values()}
    with newsgraph.open("networkx:") as graph:
        graph.load(SEEDS)
        rows = graph.cypher("MATCH (e:Event)<-[:COVERS]-(s:Story) RETURN e.id AS event, collect(s.url) AS urls")
    derived = {frozenset(urls) for _, urls in rows if isinstance(urls, list)}
    assert len(derived) == len(rows)
    assert {urls for urls in derived if any(".example/" in url for url in urls)} == listed
