"""Reads JSON of no known service by the usual names. These are used in many ways (``published`` is a time or yes and
no, ``source`` a name, an address or an object), so the kind of a value decides what it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from newsgraph.loaders.fields.converters import boolean
from newsgraph.loaders.fields.default_dialect import GENERAL
from newsgraph.loaders.json.articles import first_text
from newsgraph.loaders.json.structure import plain_name
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
_HOME = ("domain", "url", "htmlUrl", "home_page_url", "homepage", "hostname", "uri", "href", "link", "website")
_NAMES = ("name", "title", "label", "display_name", "displayName", "full_name", "media_name", "id")
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
            named[name] = first_text(named, *(f"{name}.{inner}" for inner in _INNER))
    _published(named)
    _outlet(named)
    for name in GENERAL.images:
        given = named.get(name)
        if isinstance(given, Mapping) and not _PICTURES & given.keys():
            named[name] = _address(given)
    for name in GENERAL.fields["category"]:
        if isinstance(named.get(name), list):
            named[name] = next((one for one in named[name] if one), None)
    for name in GENERAL.fields["topics"]:
        if isinstance(named.get(name), Mapping):
            named[name] = [one for one in named[name] if isinstance(one, str)]
    return named


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
        given = first_text(given, *_INNER)
        if given is None:
            return None
        return shortened(plain(given))
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
        inner = [one for one in list(given.values())[:20] if isinstance(one, (Mapping, list))]
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
        written = (
            first_text(named, *(f"published.{inner}" for inner in _INNER)) if isinstance(given, Mapping) else given
        )
        if isinstance(written, str) and _TIME.fullmatch(written.strip()):
            del named["published"]
            if not any(named.get(name) for name in GENERAL.time):
                named["published_at"] = written


def _outlet(named: dict[str, Any]) -> None:
    """Sets name and domain of the outlet, from objects and addresses under its usual names."""
    for name in ("source", "publisher", "publication", "outlet", "origin", "media", "site", "newspaper"):
        given = named.get(name)
        if name in ("media", "site", "origin") and not isinstance(given, Mapping):
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
