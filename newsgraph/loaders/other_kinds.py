"""Says in words why a file has no article, and whether it looks as if it should have one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from newsgraph.graph.urls.identity import normalised_address
from newsgraph.loaders.document import JSON_ENDINGS, Document
from newsgraph.loaders.fields.column_names import field_of
from newsgraph.loaders.fields.times import parse_time
from newsgraph.patterns import later

#: How many objects are looked at, and how deeply nested.
_MOST, _DEEPEST = 2_000, 8
_ROOT = later(r"<(?![?!])([\w:.-]+)")
#: Elements of XML by which it seems to hold articles: a title with a text, and an address of a page.
_TITLED = later(
    r"<(?:[\w-]+:)?(?:[\w-]{0,20}title|headline|hl1)(?=[\s>])[^<>]{0,500}>[^<]{0,2000}[^<\s]", re.IGNORECASE
)
_ADDRESSED = later(
    r"<(?:[\w-]+:)?[\w-]{0,20}(?:url|link|permalink)(?=[\s>])[^<>]{0,500}>\s{0,50}https?://[^/?#<\s]+/[^<\s]",
    re.IGNORECASE,
)
_PAGE_ADDRESS = later(r"https?://[^/?#]+/[^\s]")
_PAGE = later(r"<!doctype html|<html[\s>]", re.IGNORECASE)


def reason(document: Document) -> tuple[str, bool]:
    """Returns why no article is in it, and whether it looks like a file of articles that should have been read."""
    if document.json is not None:
        return _of_json(document)
    if document.ending in JSON_ENDINGS and not document.head.startswith("{"):
        return "it is no JSON, which begins with { or [", True
    if document.head.startswith("<"):
        return _of_markup(document)
    if _about_folder(document):
        return "it is a note about its folder", False
    if document.ending in (".yaml", ".yml"):
        return "the YAML has no title with a web address", False
    return "no article was found in it", False


def _of_markup(document: Document) -> tuple[str, bool]:
    if _PAGE.search(document.head):
        return "the page holds neither a schema.org article nor OpenGraph's properties of one", False
    root = _ROOT.search(document.head)
    return ("it is no feed", False) if root is None else _of_xml(root[1], document.text)


def _of_xml(root: str, text: str) -> tuple[str, bool]:
    if root == "NewsML":
        return "it is NewsML 1, whose items have no web addresses; get them as NewsML-G2, NITF or ninjs", True
    if root.lower() == "opml":
        return "it is a list of feeds (OPML); load what the feeds themselves hold", False
    said = f"it is XML with <{root[:40]}> at its root, which is no feed"
    if _TITLED.search(text) and _ADDRESSED.search(text):
        return f"{said}, but holds titles and addresses", True
    return said, False


def _about_folder(document: Document) -> bool:
    """Tells whether the file's name is one of those that notes about a folder have."""
    name = document.path.replace("\\", "/").rpartition("/")[2]
    return document.ending in WRITTEN and name[: -len(document.ending)].casefold() in _NOTES


def is_written(document: Document) -> bool:
    """Tells whether it is a text in which front matter is wanted."""
    return document.ending in WRITTEN and not _about_folder(document)


#: Endings of texts that may have front matter; and what notes about a folder are called.
WRITTEN = (".md", ".markdown", ".mdx", ".txt")
_NOTES = frozenset({
    "readme", "license", "licence", "copying", "changelog", "changes", "contributing", "contributors", "authors",
    "code_of_conduct", "code-of-conduct", "security", "notice", "todo", "requirements", "robots", "humans", "ads",
    "security.txt", "citation", "install", "support", "history", "pull_request_template", "issue_template",
})  # fmt: skip


def _of_json(document: Document) -> tuple[str, bool]:
    assert document.json is not None
    names: dict[str, None] = {}
    for one in _objects([element.value for element in document.json.elements]):
        names.update(dict.fromkeys(str(name)[:40] for name in one))
        fields = {known[0] for name in one if (known := field_of(str(name)))}
        if "title" in fields and any(
            _is_address(value) for name, value in one.items() if not str(name).startswith("$")
        ):
            shown = ", ".join(list(dict.fromkeys(map(str, one)))[:12])
            return f"an object with a title has its address under a name that nobody knows, among {shown}", True
        if "title" in fields and _dated(one):
            shown = ", ".join(list(dict.fromkeys(map(str, one)))[:12])
            return f"an object with a title and a time of publication has no full web address, among {shown}", True
    shown = ", ".join(list(names)[:12]) or "no names at all"
    return f"no object in the JSON has a title and a web address; it has {shown}", False


def _dated(value: Mapping[str, Any]) -> bool:
    """Tells whether it holds a time of publication."""
    from newsgraph.loaders.json.general_names import publication_names  # noqa: PLC0415  # only where nothing was read

    names = (*publication_names(tuple(value)), "date", "pubDate")
    return any(parse_time(given).time is not None for name in names if isinstance(given := value.get(name), str))


def _objects(values: list[Any]) -> Iterator[Mapping[str, Any]]:
    waiting = [(value, 0) for value in values[::-1]]
    for _ in range(_MOST):
        if not waiting:
            return
        value, depth = waiting.pop()
        if isinstance(value, Mapping):
            yield value
        inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
        if depth < _DEEPEST:
            waiting.extend((one, depth + 1) for one in list(inner)[:_MOST][::-1] if isinstance(one, (Mapping, list)))


def _is_address(value: Any) -> bool:
    """Tells whether it is the address of a page. The address of a site, without a path, is no article's."""
    if not isinstance(value, str) or not _PAGE_ADDRESS.match(value):
        return False
    return normalised_address(value) is not None
