"""Reads JSON of no known service by the usual names. These are used in many ways (``published`` is a time or yes and
no, ``source`` a name, an address or an object), so the kind of a value decides what it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from newsgraph.graph.agencies import agency_named
from newsgraph.loaders.fields.column_names import CLOCKS, ZONES
from newsgraph.loaders.fields.converters import boolean, label, time_text
from newsgraph.loaders.fields.default_dialect import GENERAL
from newsgraph.loaders.fields.dialect import nothing
from newsgraph.loaders.fields.languages import language_tag
from newsgraph.loaders.fields.literals import OPENING, literal
from newsgraph.loaders.fields.saved_pages import TIMES_OF_SAVING, saves_pages
from newsgraph.loaders.fields.times import ReadTime, completes, parse_time
from newsgraph.loaders.json.articles import first_text
from newsgraph.loaders.json.structure import ABOUT, like_an_article, only_page_address, plain_name
from newsgraph.loaders.markup.addresses import is_collector, is_proxy, is_web, same_site
from newsgraph.loaders.markup.archived import original
from newsgraph.loaders.markup.plain_text import plain, shortened, web_text
from newsgraph.patterns import later

#: Names for the text itself, used by services and by programs that turn XML into JSON.
_INNER = (
    "rendered", "main", "default", "#text", "_text", "$text",
    "$t", "_cdata", "__cdata", "#cdata-section", "@value", "value",
    "_",
    "text", "content", "full", "raw", "plain", "$date", "$numberLong", "$numberInt", "iso", "datetime", "date",
)  # fmt: skip
_LINKS = ("href", "@href", "_href", "url", "permalink", "link", "web", "@id", "canonical", "html", *_INNER)
_PICTURES = frozenset({"url", "contentUrl", "src", "image", "href", "path"})
_HOME = (
    "domain", "url", "htmlUrl", "site_url", "siteUrl", "home_page_url", "homepage", "hostname", "hostName",
    "domainName", "homepage_url", "uri", "href", "link", "website",
)  # fmt: skip
#: A host that stands where the outlet's name should be; and what ``media`` can be instead of the outlet.
_HOST = later(r"(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}")
_NO_MEDIUM = later(
    r"[/\\]|^(?:text|print|online|offline|web|blog|news|social|tv|radio|photo|image|picture|video|audio|podcast|none)?$",
    re.IGNORECASE,
)
#: Names under which an article has its outlet. Some of them are often something else, unless an object is there.
_OFTEN_OTHER = ("origin", "media", "site", "feed", "website", "blog")
_OUTLETS = ("source", "publisher", "publication", "outlet", "newspaper", *_OFTEN_OTHER)
_NAMES = ("name", "title", "label", "display_name", "displayName", "full_name", "media_name", "id")
_TIMES_INSIDE = (
    *_INNER, "date-parts",
    "timestamp", "seconds", "_seconds", "time", "utc", "gmt", "local", "en", "published", "publishedAt",
)  # fmt: skip
#: Names, in small letters without marks, of a time of publication that are longer or shorter than the usual ones.
_PUBLICATION = re.compile(
    r"(?:article|news|story|first|original|web|item|post)?(?:date|time|datetime|timestamp)?(?:of|was)?"
    r"(?:publish(?:ed)?|publication|published|pub|released?|issued?|posted)"
    r"(?:on|at|in)?(?:date|timestamp|time|dt|tstz|ts|utc|gmt|iso|string|str|parsed|local|s|ms)*+"
    r"|isodate|dateiso|issued|datetime"
)
_TAG = re.compile(r"[a-z]{2}(?:[-_][A-Za-z]{2,4}){0,2}|[a-z]{3}")
_TIME = re.compile(r"[1-9]\d{8,12}(?:\.\d+)?|\D*+\d.*[-/.:T ].*", re.DOTALL)
_BY_PLAIN_NAME = {
    plain_name(name): name
    for names in (*GENERAL.fields.values(), GENERAL.time, GENERAL.seen, GENERAL.images)
    for name in reversed(names)
    if "." not in name
} | {
    "storyurl": "url", "newsurl": "url", "sourceurl": "url", "shareurl": "url", "pageurl": "url", "requestedurl": "url",
    "respondedurl": "url", "newstitle": "title", "titlefull": "title", "heading": "title",
    "createdutc": "date", "createdat": "date",
    "created": "date", "publisheddatetime": "published_at", "dateandtime": "date",
    "datepublishedutc": "date", "published": "published",
    "imgurl": "image", "thumbnailurl": "image", "photo": "image", "picture": "image", "img": "image",
    "updated": "updated", "author": "author",
    "authorname": "author", "authornames": "authors", "source": "source", "publisher": "publisher",
    "authorsbyline": "byline", "creators": "authors", "publishedby": "authors", "contributors": "authors",
    "expandedurl": "canonical_url", "unwoundurl": "canonical_url", "canonicallink": "canonical_url",
    "leadimageurl": "image", "bannerimage": "image", "previewpicture": "image",
    "shortdescription": "excerpt", "contentsnippet": "excerpt", "abstractnote": "excerpt", "metadescription": "excerpt",
    "desc": "excerpt",
    "humanlanguage": "language", "metalang": "language", "metalanguage": "language", "metakeywords": "keywords",
    "containertitle": "publication", "publicationtitle": "publication", "domainname": "domain", "displaylink": "domain",
    "providerurl": "provider_domain", "tag": "tags", "metasitename": "site_name",
}  # fmt: skip
_ABOUT = (*sorted(ABOUT), "open_graph", "openGraph")
#: Prefixes of the vocabularies whose names programs keep (``og:title``, ``dc:creator``).
_VOCABULARIES = frozenset({"og", "article", "dc", "dct", "dcterms", "schema", "twitter", "atom", "rss", "prism"})
_TEXTS = (*GENERAL.fields["title"], *GENERAL.fields["excerpt"])
_LINKING = GENERAL.fields["url"]
_DATES = (*GENERAL.time, *GENERAL.seen)


def general_names(value: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the article by the default dialect's names, each value of the kind that its field needs."""
    named = _with_metadata(usually_spelled(value))
    if "attributedTo" in named and isinstance(named.get("name"), str):  # as ActivityPub calls it
        named.setdefault("title", named.pop("name"))
    for name in _TEXTS:
        if named.get(name) is not None:
            named[name] = _reader_text(named[name])
    for name, given in named.items():
        if isinstance(given, str) and given[:1] in OPENING and name not in _TEXTS:
            named[name] = literal(given)
    _linked(named)
    for name in _DATES:
        if isinstance(named.get(name), (Mapping, list)):
            named[name] = _time_in(named[name])
    _timed(named)
    _published(named)
    _outlet(named)
    _lists(named)
    return named


def _lists(named: dict[str, Any]) -> None:
    """Gives pictures, categories, related articles and topics the form that their fields need."""
    for name in GENERAL.images:
        given = named.get(name)
        if isinstance(given, Mapping) and not _PICTURES & given.keys():
            named[name] = _address(given)
    for name in GENERAL.fields["category"]:
        if isinstance(named.get(name), list):
            named[name] = next(filter(None, map(_category, named[name])), None)
    related = named.get("related")
    if related is not None and not (isinstance(related, list) and all(map(like_an_article, related))):
        named["related stories"] = named.pop("related")  # something else, such as numbers of other articles
    for name in GENERAL.fields["topics"]:
        given = named.get(name)
        if isinstance(given, Mapping):
            named[name] = [one for one in given if isinstance(one, str)]
        elif isinstance(given, list) and any(isinstance(one, Mapping) for one in given):
            named[name] = [written for one in given if isinstance(written := label(one), str)]


def _category(given: Any) -> Any:
    """Returns a category; of those that readers of feeds keep (``user/-/label/News``) only the name of a folder."""
    if isinstance(given, str) and given.startswith("user/"):
        return given.partition("/label/")[2]
    return given


def _linked(named: dict[str, Any]) -> None:
    """Sets the address, from any value that holds one."""
    _find_link(named)
    link = named.get("url") or named.get("link")
    if isinstance(link, str) and is_proxy(link):
        page = _address(named.get("guid") or named.get("id"))
        if is_web(page) and not is_proxy(page):
            named["webUrl"] = page


def _find_link(named: dict[str, Any]) -> None:
    """Sets the address where no usual name has one."""
    for name in _LINKING:
        if isinstance(named.get(name), (Mapping, list)):
            named[name] = _address(named[name])
    if any(named.get(name) for name in _LINKING):
        return
    for name in ("alternate", "links", "html", "guid", "source"):
        given = named.get(name)
        if name == "links" and isinstance(given, list) and all(isinstance(one, str) for one in given):
            continue  # the links in the article's text
        found = _address(given)
        if is_web(found):
            named["url"] = found
            if name != "source" or isinstance(named[name], str):
                del named[name]
            return
    alone = only_page_address(named)
    if alone is not None:
        named["url"] = named.pop(alone)


def usually_spelled(value: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the values under the dialect's own spelling of names that differ only in capitals and marks."""
    named = dict(value)
    for name in value:
        if name not in GENERAL.known and isinstance(name, str) and len(name) < 40:
            usual = _usual(name)
            if usual is not None and usual not in named:
                named[usual] = named.pop(name)
    return named


@lru_cache(maxsize=4096)
def _usual(name: str) -> str | None:
    """Returns the dialect's own spelling of a name, which may have the prefix of a vocabulary."""
    prefix, mark, local = name.partition(":")
    if mark and prefix.lower() in _VOCABULARIES:
        return _BY_PLAIN_NAME.get(plain_name(local))
    return _BY_PLAIN_NAME.get(plain_name(name))


def _with_metadata(named: dict[str, Any]) -> dict[str, Any]:
    """Returns the values together with those of objects for metadata, which are used where the article itself says
    nothing."""
    for name in [one for one in _ABOUT if one in named]:
        inside = named[name]
        if isinstance(inside, Mapping):
            del named[name]
            for inner, given in usually_spelled(inside).items():
                if nothing(named.get(inner)):
                    named[inner] = given
    return named


def _reader_text(given: Any) -> Any:
    if isinstance(given, list):
        given = next((one for one in given if one), None)
    if isinstance(given, Mapping):
        sentences = given.get("sentences")
        if isinstance(sentences, list):
            return shortened(" ".join(one for one in sentences if isinstance(one, str))) or None
        written = first_text(given, *_INNER)
        if written is None:
            return _reader_text(inside) if isinstance(inside := _of_language(given), str) else None
        return shortened(plain(written))
    if not isinstance(given, str):
        return given
    # A < or & within a text may be meant as such; a text that begins with a tag is HTML.
    return plain(given) if given.lstrip().startswith("<") else web_text(given)


def _address(given: Any) -> str | None:
    if isinstance(given, str):
        return given
    if isinstance(given, list):
        return next((found for one in given[:20] if (found := _address(one)) and is_web(found)), None)
    if isinstance(given, Mapping):
        for name in _LINKS:
            found = first_text(given, name)
            if found and is_web(found):
                return found
        inner = [one for one in list(given.values())[:20] if isinstance(one, (Mapping, list))] or [_of_language(given)]
        return next((found for one in inner if (found := _address(one)) and is_web(found)), None)
    return None


#: The names of a time of publication that are better than ``published``. Those after it are of the making of a record.
_BETTER_THAN_PUBLISHED = GENERAL.time[: GENERAL.time.index("published")]


def _published(named: dict[str, Any]) -> None:
    """Takes ``published`` as a time unless it is yes or no."""
    given = named.get("published")
    if isinstance(given, (bool, type(None))):
        return
    try:
        boolean(given)
    except ValueError:
        written = _time_in(given)
        if written is not None and _TIME.fullmatch(written.strip()):
            del named["published"]
            if not any(named.get(name) for name in _BETTER_THAN_PUBLISHED):
                named["published_at"] = written


def _time_in(given: Any) -> str | None:
    """Returns a text as it is, or the time that a list or an object holds: also MongoDB's, PHP's, and Firestore's
    seconds, the parts of dates in bibliographies, and Python's ``struct_time``. None for anything else."""
    for _ in range(4):
        if isinstance(given, list):
            if len(given) > 1 and all(isinstance(one, str) and _PART.fullmatch(one) for one in given):
                return _of_parts(given)
            given = next((one for one in given if one), None)
        elif isinstance(given, Mapping):
            if isinstance(given.get("date"), str):  # as PHP writes it, perhaps with its zone
                return time_text(given)
            given = next((given[name] for name in _TIMES_INSIDE if given.get(name)), None) or _of_language(given)
        else:
            break
    return given if isinstance(given, str) else None


def _credit_agency(named: dict[str, Any]) -> None:
    """Takes an agency that an article of another site gives as its source as a credit: the site is the outlet."""
    agency, link = agency_named(str(named.get("outlet_name"))), next(filter(None, map(named.get, _LINKING)), None)
    home = named.get("outlet_domain")
    if agency is None or not isinstance(link, str) or not isinstance(home, str) or is_collector(link):
        return
    if not same_site(link, home if is_web(home) else f"https://{home}"):
        named.setdefault("agency", named.pop("outlet_name"))
        del named["outlet_domain"]


#: The length of Python's ``struct_time``. Those that readers of feeds write are in UTC.
_STRUCT_TIME = 9


#: A part of a time. Numbers in JSON are read as texts.
_PART = re.compile(r"-?\d{1,4}", re.ASCII)


def _of_parts(parts: Sequence[str]) -> str:
    """Returns the time whose parts these are: year, month, day, and perhaps hour, minute and second."""
    day = "-".join(parts[:3])
    if len(parts) <= 3:
        return day
    clock = ":".join(part.zfill(2) for part in (*parts[3:6], "0", "0")[:3])
    return f"{day} {clock}{'Z' if len(parts) == _STRUCT_TIME else ''}"


def _of_language(given: Mapping[str, Any]) -> Any:
    """Returns the first value if the names are those of languages, as content systems export them (``en-US``)."""
    tags = all(isinstance(name, str) and _TAG.fullmatch(name) and language_tag(name) for name in given)
    return next((one for one in given.values() if one), None) if tags else None


def _timed(named: dict[str, Any]) -> None:
    """Takes a time from a name that says that it is one of publication (``time_published``, ``isoDate``), if no usual
    name holds a time, or if the time there is not complete and this one is. The time at which somebody kept a page is
    not one of publication."""
    names = tuple(named)
    if saves_pages(names):
        for name in TIMES_OF_SAVING & named.keys():
            named.setdefault("seendate", _time_in(named.pop(name)))
    of_publication, of_change, (clocks, zones) = publication_names(names), _of_change(names), _beside(names)
    if not (of_publication or of_change or clocks or zones):
        return
    usual = next((name for name in GENERAL.time if not nothing(named.get(name))), None)
    told = parse_time(_time_in(named[usual])) if usual is not None else None
    if told is not None and told.quality == "exact":
        return
    if _takes_publication(named, of_publication, usual, told):
        return
    if usual is not None:
        _complete(named, usual, clocks)
        _complete(named, usual, zones)
    elif not any(named.get(name) for name in GENERAL.seen):
        _take_change(named, of_change)


def _takes_publication(
    named: dict[str, Any], of_publication: tuple[str, ...], usual: str | None, told: ReadTime | None
) -> bool:
    """Tells whether one of these names holds a better time than the usual one, and takes it."""
    for name in of_publication:
        written = _time_in(named.get(name)) if name != usual else None
        read = parse_time(written)
        if read.time is not None and (told is None or completes(read, told)):
            del named[name]
            named[usual or "published_at"] = written
            return True
    return False


def _complete(named: dict[str, Any], usual: str, beside: tuple[str, ...]) -> None:
    """Adds the time of day, or the zone, that one of these names holds, to a date that lacks it."""
    written = _time_in(named[usual])
    told = parse_time(written)
    for name in beside:
        given = named.get(name) if name != usual else None
        if isinstance(given, str) and completes(parse_time(f"{written} {given}"), told):
            named[usual] = f"{written} {given}"
            del named[name]
            return


def _take_change(named: dict[str, Any], of_change: tuple[str, ...]) -> None:
    """Takes the first time among those of changes as the one at which the article was seen."""
    for name in of_change:
        written = _time_in(named[name])
        if parse_time(written).time is not None:
            del named[name]
            named["seendate"] = written
            return


#: Names, in small letters without marks, of the time at which an article was changed, or found by a collector.
_CHANGE = later(
    r"(?:date|time|last|article|first)*(?:update|updated|modified|modify|change|changed|crawl|crawled|scrape|scraped|fetched"
    r"|retrieved|indexed|collected|download|downloaded|seen|discovered|harvested)(?:on|at|date|time|datetime|timestamp|utc)*"
)


@lru_cache(maxsize=1024)
def _of_change(names: tuple[Any, ...]) -> tuple[str, ...]:
    """Returns those of an article's names that say that they hold when it was changed or found."""
    return tuple(name for name in names if isinstance(name, str) and _CHANGE.fullmatch(plain_name(name[:40])))


@lru_cache(maxsize=1024)
def _beside(names: tuple[Any, ...]) -> tuple[tuple[str, ...], ...]:
    """Returns those of an article's names that hold a time of day, and those that hold a time zone."""
    texts = [name for name in names if isinstance(name, str)]
    return tuple(tuple(name for name in texts if plain_name(name[:40]) in those) for those in (CLOCKS, ZONES))


@lru_cache(maxsize=1024)
def publication_names(names: tuple[Any, ...]) -> tuple[str, ...]:
    """Returns those of an article's names that say that they hold its time of publication."""
    return tuple(
        name for name in names if isinstance(name, str) and len(name) < 40 and _PUBLICATION.fullmatch(plain_name(name))
    )


def _outlet(named: dict[str, Any]) -> None:
    """Sets name and domain of the outlet, from objects and addresses under its usual names."""
    if (
        isinstance(given := named.get("media"), str)
        and named.get("media_name") is None
        and not _NO_MEDIUM.search(given)
    ):
        named["media_name"] = named.pop("media")
    for name in _OUTLETS:
        given = named.get(name)
        if name in _OFTEN_OTHER and not isinstance(given, Mapping):
            continue
        if isinstance(given, list):
            given = next(iter(given), None)
        if isinstance(given, Mapping):
            home = first_text(given, *_HOME)
            if home and "." in home:
                named.setdefault("outlet_domain", original(home))
            told = first_text(given, *_NAMES)
            del named[name]
            if told:
                named.setdefault("outlet_name", plain(told))
            _credit_agency(named)
        elif isinstance(given, str) and (is_web(given) or _HOST.fullmatch(given)):
            del named[name]
            named.setdefault("outlet_domain", given)
    if str(named.get("domain")).startswith("self."):  # as Reddit marks its own pages
        del named["domain"]
    if isinstance(named.get("provider"), str):
        named.setdefault("outlet_name", named.pop("provider"))
    elif isinstance(named.get("provider"), list):
        told = first_text(named, "provider.name")
        del named["provider"]
        if told:
            named.setdefault("outlet_name", told)
