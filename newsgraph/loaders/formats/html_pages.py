"""Web pages as a browser or a crawler saves them. What is read is the schema.org article in them (JSON-LD or microdata)
and the OpenGraph and other metadata. Nothing is guessed from the visible text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from msgspec.structs import replace

from newsgraph.graph.agencies import agency_in_credit
from newsgraph.graph.urls.identity import story_id
from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.bylines import byline
from newsgraph.loaders.fields.dialect import Dialect, RecordReader
from newsgraph.loaders.fields.times import ReadTime, completes, parse_time
from newsgraph.loaders.formats.linked_data import DIALECT as LINKED_DATA
from newsgraph.loaders.formats.linked_data import Graph, is_article, is_text, nodes
from newsgraph.loaders.json.text import value_of
from newsgraph.loaders.markup.addresses import is_web, one_outlet, resolved, same_site
from newsgraph.loaders.markup.archived import original
from newsgraph.loaders.markup.html_tags import (
    Page,
    contents,
    microdata,
    microformats,
    saved_from,
    scan,
    scan_other_marks,
)
from newsgraph.loaders.markup.plain_text import plain, unescaped
from newsgraph.loaders.records import ArticleRecord, Problem, Reading

FORMAT = "html"
#: The length of the longest page in characters.
MAXIMUM = 16 * 2**20
DIALECT = Dialect(
    name=FORMAT,
    fields={
        "title": ("og:title", "twitter:title", "title"),
        "excerpt": ("og:description", "twitter:description", "description"),
        "url": ("address",),
        "original_url": ("alias",),
        "amp_url": ("amphtml",),
        "kind": ("og:type",),
        "category": ("article:section",),
        "language": ("og:locale", "lang"),
        "topics": ("article:tag", "news_keywords", "keywords"),
        "outlet_name": ("og:site_name", "application-name"),
        "credit": ("credit",),
        "authors": ("authors",),
    },
    time=("published",),
    seen=("modified",),
    images=("og:image", "twitter:image"),
    address_name="og:url",
)
_WORD = re.compile(r"\w{3,}")
_ROOT = re.compile(r"<(?:!doctype\s+html|html)(?=[\s>])", re.IGNORECASE)
#: Metadata that says when an article was published, the most reliable first.
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "parsely-pub-date",
    "sailthru.date", "cxenseparse:recs:publishtime", "article.published", "published-date", "publication_date",
    "publish-date", "publishdate", "publish_date", "pubdate", "dcterms.created", "dcterms.issued", "dc.date.issued",
    "dc.date.created", "dcterms.date", "dc.date", "citation_publication_date",
    "originalpublicationdate", "rnews:datepublished",
    "article_date_original", "date",
)  # fmt: skip
#: Those that only articles have. Pages of other kinds have a date, too.
_OF_PUBLICATION = tuple(
    name for name in _PUBLISHED if name not in ("dcterms.created", "dc.date.created", "dcterms.date", "dc.date", "date")
)
_MODIFIED = ("article:modified_time", "og:updated_time", "og:article:modified_time", "datemodified", "last-modified")
#: Metadata that says who wrote it, the most reliable first.
_AUTHORS = (
    "citation_author", "parsely-author", "sailthru.author", "author", "byl", "dc.creator", "dcterms.creator",
    "article:author_name", "og:article:author", "article:author", "news_author", "cxenseparse:author",
)  # fmt: skip
_CREDITS = ("syndication-source", "original-source", "news_agency", "agency", "dc.source", "source")
#: Relations by which a page gives its own address.
_OWN = ("og:url", "twitter:url", "parsely-link", "url", "mainentityofpage")


def matches(document: Document) -> bool:
    """Whether it is a web page."""
    root = document.xml_root
    if root is not None and root.local == "html":
        return True
    if document.ending in (".html", ".htm", ".xhtml") and "<" in document.head:
        return True
    return document.head.startswith("<") and _ROOT.search(document.head) is not None


def read(document: Document) -> Reading | None:
    """Returns the page's article; None for a page that holds none."""
    if len(document.text) > MAXIMUM:
        said = f"the page can't be read (it is larger than {MAXIMUM // 2**20} MB)"
        return Reading(FORMAT, problems=(Problem(said, "Leave it out"),))
    page = _scanned(document.text)
    values, broken, described = _linked_values(page)
    address, alias = _address(page)
    graph = Graph(values, resolved(page.base, address) or address)
    linked = _own_article(graph, page, address)
    if linked is None and not _is_article(page):
        linked = described = _only_entry(graph, page, address)
    if linked is None and not _is_article(page):
        if any("Article" in one for one in broken):
            return Reading(
                FORMAT, problems=(Problem("its linked data (JSON-LD) is broken", "Mend it, or leave the page out"),)
            )
        return None
    if address is None and linked is not None:
        given = graph.address(linked)
        address = original(given) if given else None
    named = _named(page, address, alias)
    article = (
        None
        if linked is None
        else {name: value for name, value in graph.article(linked).items() if name not in _ADDRESSES}
    )
    if article is not None:
        article["url"] = address
        if linked is described and _of_another(article, named["og:title"]):
            article["headline"] = named["og:title"]
        if article.get("datePublished") == article.get("dateModified"):
            _earlier(article, named)
    reading = _united(article, named, address)
    notes = (f"{len(broken):,} parts of its linked data (JSON-LD) are broken and left out",) if broken else ()
    return Reading(FORMAT, reading.records, reading.problems, reading.unknown_fields, notes)


_ADDRESSES = ("url", "mainEntityOfPage", "@id")


def _scanned(text: str) -> Page:
    """Returns what the page says; by RDFa and microformats, too, if it says by nothing else that it is an article."""
    page = scan(text)
    if _is_article(page) or any(map(is_article, nodes(_linked_values(page)[0]))):
        return page
    return scan_other_marks(text) or page


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _earlier(article: dict[str, Any], named: Mapping[str, Any]) -> None:
    """Takes the metadata's time of publication if the article gives its last change as that, too, and the metadata give
    an earlier day."""
    given, other = parse_time(_text(article.get("datePublished"))).time, parse_time(named["published"]).time
    if given is not None and other is not None and given - other > timedelta(days=1):
        article["datePublished"] = named["published"]


def _of_another(article: Mapping[str, Any], title: str | None) -> bool:
    """Tells whether the headline that was found by microdata differs from the page's title altogether. It is one of the
    articles that the page leads to, then."""
    headline = article.get("headline") or article.get("name")
    if not title or not isinstance(headline, str):
        return bool(title)
    return _words(headline).isdisjoint(_words(title))


def _words(written: str) -> set[str]:
    return set(_WORD.findall(written.casefold()))


def _linked_values(page: Page) -> tuple[list[Any], list[str], dict[str, Any] | None]:
    """Returns the page's linked data, JSON-LD before microdata, those of its texts that are broken, and the article
    that the microdata describe."""
    values, broken = [], []
    for written in page.linked:
        if not written.strip():
            continue
        value = value_of(written)
        if value is None:
            broken.append(written)
        else:
            values.append(value)
    described = microdata(page.properties)
    if described is not None:
        values.append(described)
    return values, broken, described


def _own_article(graph: Graph, page: Page, address: str | None) -> Mapping[str, Any] | None:
    """Returns the page's own article among those in its linked data: the one with its address, or with its title, or
    the first."""
    articles = [one for one in graph.things if is_text(one)] or [one for one in graph.things if is_article(one)]
    if len(articles) > 1:
        own = story_id(address) if address else None
        for one in articles:
            given = graph.address(one)
            if own is not None and given is not None and story_id(given) == own:
                return one
        title = next((unescaped(one) for one in contents(page, ("og:title", "twitter:title"))), None)
        for one in articles:
            if title and str(one.get("headline") or one.get("name")) in title:
                return one
    return articles[0] if articles else None


def _only_entry(graph: Graph, page: Page, address: str | None) -> dict[str, Any] | None:
    """Returns the entry of a blog that a page is, by microformats; None for a list of several."""
    entries = microformats(page)
    own = story_id(address) if address else None
    linked = ((one, graph.address(one)) for one in entries)
    of_address = [one for one, given in linked if own is not None and given is not None and story_id(given) == own]
    fitting = of_address or entries
    return fitting[0] if len(fitting) == 1 else None


def _is_article(page: Page) -> bool:
    """Whether the page's metadata says that it is an article."""
    kinds = [one.strip().lower() for one in contents(page, ("og:type", "twitter:type", "parsely-type", "pagetype"))]
    if any(one.endswith("article") or one in ("post", "news", "story") for one in kinds):
        return True
    titled = any(contents(page, ("og:title", "twitter:title", "parsely-title"))) or page.heading or page.title
    return "website" not in kinds and bool(titled) and any(contents(page, _OF_PUBLICATION))


def _address(page: Page) -> tuple[str | None, str | None]:
    """Returns the page's own address, and another one that it is known by.

    The program that saved the page knows best where it was. A canonical link to another outlet is a credit, because
    syndicated texts name their source in this way. A page in an archive of the web is a page of its own site.
    """
    saved = _web(original(saved_from(page) or ""))
    canonical = next((full for full in (_full(page, one, saved) for one in _linked(page, "canonical")) if full), None)
    owns = [full for full in (_full(page, one, saved) for one in contents(page, _OWN)) if full]
    own = saved or next(iter(owns), None)
    if canonical is None:
        return own, None
    if own is None:
        return canonical, None
    if same_site(own, canonical):
        return canonical, None
    if one_outlet(own, canonical):
        return canonical, own
    return own, None


def _linked(page: Page, *relations: str) -> Iterator[str]:
    for relation in relations:
        yield from (address for name, address in page.links if name == relation)


def _web(address: str | None) -> str | None:
    return address if is_web(address) else None


def _full(page: Page, written: str, saved: str | None) -> str | None:
    """Returns the full address, of the page itself if it is in an archive. None if it isn't a page's address: that of a
    site's front page isn't."""
    base = page.base if is_web(page.base) else saved or next(iter(filter(is_web, contents(page, ("og:url",)))), None)
    full = _web(original(resolved(written.strip(), base) or ""))
    if full is None or story_id(full) is None:
        return None
    try:
        parts = urlsplit(full)
    except ValueError:
        return None
    return full if parts.path.strip("/") or parts.query else None


def _named(page: Page, address: str | None, alias: str | None) -> dict[str, Any]:
    """Returns the page's metadata by the dialect's names."""
    named: dict[str, Any] = {"address": address, "alias": alias, "lang": page.language}
    for name in (
        "og:title",
        "twitter:title",
        "og:description",
        "twitter:description",
        "description",
        "og:site_name",
        "application-name",
    ):
        named[name] = next((plain(one) for one in contents(page, (name,))), None)
    named["title"] = plain(page.heading) if page.heading else plain(page.title) if page.title else None
    for name in ("og:type", "article:section", "og:locale"):
        named[name] = next((unescaped(one) for one in contents(page, (name,))), None)
    named["article:tag"] = [unescaped(one) for one in contents(page, ("article:tag",))]
    for name in ("news_keywords",):
        named[name] = next((unescaped(one) for one in contents(page, (name,))), None)
    for name in ("og:image", "twitter:image"):
        alternatives = (name, f"{name}:url", f"{name}:secure_url", f"{name}:src")
        named[name] = next((resolved(one, page.base or address) for one in contents(page, alternatives)), None)
    amp = next((resolved(one, page.base or address) for one in _linked(page, "amphtml")), None)
    named["amphtml"] = original(amp) if amp else None
    named.update(_voices(page))
    named.update(_times(page))
    if named["og:locale"] and page.language and named["og:locale"].lower()[:2] != page.language.lower()[:2]:
        named["og:locale"] = None  # many sites leave their software's en_US there
    return named


def _voices(page: Page) -> dict[str, Any]:
    """Returns who wrote it, and which agency its metadata credits."""
    authors = ([unescaped(one) for one in contents(page, (name,))] for name in _AUTHORS)
    credits = (unescaped(one) for one in contents(page, _CREDITS))
    return {
        "authors": next((names for given in authors if (names := byline(given))), None),
        "credit": next((one for one in credits if agency_in_credit(one) is not None), None),
    }


def _times(page: Page) -> dict[str, Any]:
    """Returns when it was published, and when it was changed.

    The time of publication is in its metadata, or else in a time element that is marked as such, or that is the only
    one. Of several, which may belong to other articles and to comments, the first after the heading is used like a time
    of change.
    """
    below, above = page.times[page.before_heading :], page.times[: page.before_heading]
    ordered = (*below, *above)
    shown = [one for one, of_publication in ordered if of_publication] or [one for one, _ in ordered]
    beside = shown[:1]
    if len(set(shown)) > 1:
        shown = []
    return {
        "published": next((one.strip() for one in (*contents(page, _PUBLISHED), *shown[:1]) if one.strip()), None),
        "modified": next((one.strip() for one in (*contents(page, _MODIFIED), *beside) if one.strip()), None),
    }


def _united(article: Mapping[str, Any] | None, named: Mapping[str, Any], address: str | None) -> Reading:
    """Joins what linked data and metadata say: linked data is better for the time, OpenGraph for the address."""
    first, second = RecordReader(LINKED_DATA), RecordReader(DIALECT)
    linked = None if article is None else first.read(article)
    if linked is not None and not any(named.get(name) for name in DIALECT.fields["title"]):
        named = {**named, "title": linked.title}  # so that the rest of the metadata is read
    told = (linked, second.read(named))
    records = [record for record in told if record is not None]
    if not records:
        return Reading(FORMAT, problems=tuple(first.problems if article is not None else second.problems))
    kept = first if told[0] is not None else second
    record = _one(records)
    name = named.get("og:site_name")
    if isinstance(name, str) and "." not in name:  # the site's own name, where linked data may name who owns it
        record = replace(record, outlet_name=name)
    problems = tuple(one for one in kept.problems if not one.doubt or one.doubt == record.date_quality)
    return Reading(FORMAT, (record,), problems, first.unknown)


def _one(records: list[ArticleRecord]) -> ArticleRecord:
    values = {name: getattr(records[0], name) for name in ArticleRecord.__struct_fields__}
    for other in records[1:]:
        for name in ArticleRecord.__struct_fields__:
            value = getattr(other, name)
            if name not in ("date_quality", "published_at") and not values.get(name) and value:
                values[name] = value
        if completes(
            ReadTime(other.published_at, other.date_quality), ReadTime(values["published_at"], values["date_quality"])
        ):
            values["published_at"], values["date_quality"] = other.published_at, other.date_quality
    return ArticleRecord(**values)
