"""Web pages as a browser saves them: the schema.org article (JSON-LD) and the OpenGraph properties that they hold.
Needs ``newsgraph[html]``, which brings extruct."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from newsgraph.loaders.document import Document
from newsgraph.loaders.fields.dialect import Dialect, RecordReader
from newsgraph.loaders.formats.linked_data import DIALECT as LINKED_DATA
from newsgraph.loaders.formats.linked_data import is_article
from newsgraph.loaders.records import ArticleRecord, Problem, Reading

FORMAT = "html"
#: Characters of the largest page.
MAXIMUM = 16 * 2**20
DIALECT = Dialect(
    name=FORMAT,
    fields={
        "title": ("og:title",),
        "excerpt": ("og:description",),
        "url": ("og:url", "canonical"),
        "amp_url": ("amphtml",),
        "kind": ("og:type",),
        "category": ("article:section",),
        "language": ("og:locale", "lang"),
        "topics": ("article:tag",),
        "outlet_name": ("og:site_name",),
    },
    time=("article:published_time", "og:published_time"),
    images=("og:image",),
    address_name="og:url",
)
_PAGE = re.compile(r"<!doctype html|<html[\s>]", re.IGNORECASE)


def matches(document: Document) -> bool:
    """Whether it is a web page."""
    return document.head.startswith("<") and _PAGE.search(document.head) is not None


def read(document: Document) -> Reading | None:
    """The page's article; None for a page that holds none."""
    try:
        if len(document.text) > MAXIMUM:
            raise ValueError(f"it is larger than {MAXIMUM // 2**20} MB")
        # An optional extra, of many parts that take long to import.
        extruct = import_module("extruct")
        found = extruct.extract(document.text, syntaxes=["json-ld", "opengraph"], errors="ignore")
    except ImportError:
        remedy = "pip install 'newsgraph[html]', or leave web pages out"
        return Reading(FORMAT, problems=(Problem("reading web pages needs an extra", remedy),))
    except (ValueError, RecursionError, AssertionError, TypeError) as error:
        return Reading(FORMAT, problems=(Problem(f"the page can't be read ({str(error)[:80]})", "Leave it out"),))
    linked = next((one for one in _inside(found.get("json-ld", ())) if is_article(one)), None)
    graph = _properties(found.get("opengraph", ()))
    if linked is None and graph.get("og:type") != "article":
        return None
    named = {**graph, **_links(document.text)}
    first, second = RecordReader(LINKED_DATA), RecordReader(DIALECT)
    # Pages that give their address do so in either way.
    address = named.get("canonical") or named.get("og:url")
    told = (first.read({"url": address, **linked}) if linked else None, second.read(named))
    records = [record for record in told if record is not None]
    if not records:
        return Reading(FORMAT, problems=tuple(first.problems if linked else second.problems))
    kept = first if told[0] is not None else second
    problems = tuple(one for one in kept.problems if one.doubt != "missing" or records[-1].published_at is None)
    return Reading(FORMAT, (_united(records, named),), problems, first.unknown)


def _inside(values: Any) -> Iterator[Mapping[str, Any]]:
    """The objects of the page's JSON-LD, those in graphs too."""
    waiting = list(values)[::-1]
    for _ in range(10_000):
        if not waiting:
            return
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(one[::-1])
        elif isinstance(one, Mapping):
            yield one
            inside = one.get("@graph")
            waiting.extend(inside[::-1] if isinstance(inside, list) else [])


def _properties(found: Any) -> dict[str, Any]:
    named: dict[str, Any] = {}
    for group in found:
        for name, value in group.get("properties", ()):
            if name == "article:tag":
                named.setdefault(name, []).append(value)
            elif value:
                named.setdefault(name, value)
    return named


_LINK = re.compile(r"<link\b[^>]{0,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-z]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)


def _links(text: str) -> dict[str, str]:
    """The page's own address and that of its AMP page, as its links give them."""
    links: dict[str, str] = {}
    for found in _LINK.finditer(text, 0, 262_144):
        named = {match[1].lower(): match[2] or match[3] or match[4] or "" for match in _ATTRIBUTE.finditer(found[0])}
        for relation in named.get("rel", "").lower().split():
            if relation in ("canonical", "amphtml") and named.get("href"):
                links.setdefault(relation, named["href"])
    return links


def _united(records: list[ArticleRecord], named: Mapping[str, Any]) -> ArticleRecord:
    """The first record with what it lacks from the second: linked data knows the time, OpenGraph the address."""
    values = records[0].model_dump()
    for other in records[1:]:
        for name, value in other.model_dump().items():
            if name != "date_quality" and not values.get(name) and value:
                values[name] = value
                if name == "published_at":
                    values["date_quality"] = other.date_quality
    if not values.get("outlet_name") and named.get("og:site_name"):
        values["outlet_name"] = str(named["og:site_name"])
    return ArticleRecord.model_validate(values)
