"""Reads JSON of no known service by the usual names. These are used in many ways (``published`` is a time or yes and
no, ``source`` a name, an address or an object), so the kind of a value decides what it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from newsgraph.loaders.fields.converters import boolean, label, time_text
from newsgraph.loaders.fields.default_dialect import GENERAL
from newsgraph.loaders.fields.dialect import nothing
from newsgraph.loaders.fields.languages import language_tag
from newsgraph.loaders.fields.times import parse_time
from newsgraph.loaders.json.articles import first_text
from newsgraph.loaders.json.structure import like_an_article, only_page_address, plain_name
from newsgraph.loaders.markup.addresses import is_web
from newsgraph.loaders.markup.archived import original
from newsgraph.loaders.markup.plain_text import plain, shortened, web_text

#: Names for the text itself, used by services and by programs that turn XML into JSON.
_INNER = (
    "rendered", "main", "default", "#text", "_text", "$t", "_cdata", "__cdata", "#cdata-section", "@value", "value",
    "_",
    "text", "content", "full", "raw", "plain", "$date", "$numberLong", "$numberInt", "iso", "datetime", "date",
)  # fmt: skip
_LINKS = ("href", "@href", "_href", "url", "permalink", "link", "web", "@id", "canonical", "html", *_INNER)
_PICTURES = frozenset({"url", "contentUrl", "src", "image", "href", "path"})
_HOME = (
    "domain", "url", "htmlUrl", "site_url", "siteUrl", "home_page_url", "homepage", "hostname", "hostName",
    "domainName", "uri", "href", "link", "website",
)  # fmt: skip
#: Names under which an article has its outlet. Some of them are often something else, unless an object is there.
_OFTEN_OTHER = ("origin", "media", "site", "feed", "website", "blog")
_OUTLETS = ("source", "publisher", "publication", "outlet", "newspaper", *_OFTEN_OTHER)
_NAMES = ("name", "title", "label", "display_name", "displayName", "full_name", "media_name", "id")
_TIMES_INSIDE = (
    *_INNER, "timestamp", "seconds", "_seconds", "time", "utc", "gmt", "local", "en", "published", "publishedAt",
)  # fmt: skip
#: Names, in small letters without marks, of a time of publication that are longer or shorter than the usual ones.
_PUBLICATION = re.compile(
    r"(?:article|news|story|first|original|web|item|post)?(?:date|time|datetime|timestamp)?(?:of|was)?"
    r"(?:publish(?:ed)?|publication|published|pub|released?|issued?|posted)"
    r"(?:on|at|in)?(?:date|time|datetime|timestamp|dt|ts|tstz|utc|gmt|iso|str|string|parsed|local|s|ms)*"
)
_TAG = re.compile(r"[a-z]{2}(?:[-_][A-Za-z]{2,4}){0,2}|[a-z]{3}")
_TIME = re.compile(r"[1-9]\d{8,12}(?:\.\d+)?|.*\d.*[-/.:T ].*", re.DOTALL)
_BY_PLAIN_NAME = {
    plain_name(name): name
    for names in (*GENERAL.fields.values(), GENERAL.time, GENERAL.seen, GENERAL.images)
    for name in reversed(names)
    if "." not in name
} | {
    "storyurl": "url", "newsurl": "url", "sourceurl": "url", "shareurl": "url", "pageurl": "url", "requestedurl": "url",
    "respondedurl": "url", "newstitle": "title", "titlefull": "title", "createdutc": "date", "createdat": "date",
    "created": "date", "publisheddatetime": "published_at", "publishtime": "date", "publishedtime": "date",
    "publicationtime": "date", "dateandtime": "date", "datepublishedutc": "date", "published": "published",
    "imgurl": "image", "thumbnailurl": "image", "photo": "image", "picture": "image", "img": "image",
    "updated": "updated", "author": "author",
    "authorname": "author", "authornames": "authors", "source": "source", "publisher": "publisher",
}  # fmt: skip
_TEXTS = (*GENERAL.fields["title"], *GENERAL.fields["excerpt"])
_LINKING = GENERAL.fields["url"]
_DATES = (*GENERAL.time, *GENERAL.seen)


def general_names(value: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the article by the default dialect's names, each value of the kind that its field needs."""
    named = _spelled(value)
    for name in _TEXTS:
        if named.get(name) is not None:
            named[name] = _reader_text(named[name])
    _linked(named)
    for name in _DATES:
        if isinstance(named.get(name), (Mapping, list)):
            named[name] = _time_in(named[name])
    _published(named)
    _timed(named)
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
    for name in _LINKING:
        if isinstance(named.get(name), (Mapping, list)):
            named[name] = _address(named[name])
    if any(named.get(name) for name in _LINKING):
        return
    for name in ("alternate", "links", "html", "guid", "source"):
        found = _address(named.get(name))
        if is_web(found):
            named["url"] = found
            if name != "source" or isinstance(named[name], str):
                del named[name]
            return
    alone = only_page_address(named)
    if alone is not None:
        named["url"] = named.pop(alone)


def _spelled(value: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the values under the dialect's own spelling of names that differ only in capitals and marks."""
    named = dict(value)
    for name in value:
        if name not in GENERAL.known and isinstance(name, str) and len(name) < 40:
            usual = _BY_PLAIN_NAME.get(plain_name(name))
            if usual is not None and usual not in named:
                named[usual] = named.pop(name)
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
            if not any(named.get(name) for name in GENERAL.time):
                named["published_at"] = written


def _time_in(given: Any) -> str | None:
    """Returns a text as it is, or the time that a list or an object holds: also MongoDB's, PHP's, and Firestore's
    seconds. None for anything else."""
    for _ in range(4):
        if isinstance(given, list):
            given = next((one for one in given if one), None)
        elif isinstance(given, Mapping):
            if isinstance(given.get("date"), str):  # as PHP writes it, perhaps with its zone
                return time_text(given)
            given = next((given[name] for name in _TIMES_INSIDE if given.get(name)), None) or _of_language(given)
        else:
            break
    return given if isinstance(given, str) else None


def _of_language(given: Mapping[str, Any]) -> Any:
    """Returns the first value if the names are those of languages, as content systems export them (``en-US``)."""
    tags = all(isinstance(name, str) and _TAG.fullmatch(name) and language_tag(name) for name in given)
    return next((one for one in given.values() if one), None) if tags else None


def _timed(named: dict[str, Any]) -> None:
    """Takes a time from a name that only says that it is one of publication (``time_published``, ``published_utc``), if
    no usual name holds a time."""
    if any(not nothing(named.get(name)) for name in GENERAL.time):
        return
    for name, given in named.items():
        if isinstance(name, str) and len(name) < 40 and _PUBLICATION.fullmatch(plain_name(name)):
            written = _time_in(given)
            if written is not None and parse_time(written).time is not None:
                del named[name]
                named["published_at"] = written
                return


def _outlet(named: dict[str, Any]) -> None:
    """Sets name and domain of the outlet, from objects and addresses under its usual names."""
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
        elif isinstance(given, str) and is_web(given):
            del named[name]
            named.setdefault("outlet_domain", given)
    if isinstance(named.get("provider"), str):
        named.setdefault("outlet_name", named.pop("provider"))
    elif isinstance(named.get("provider"), list):
        told = first_text(named, "provider.name")
        del named["provider"]
        if told:
            named.setdefault("outlet_name", told)
