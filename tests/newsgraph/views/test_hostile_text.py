"""Whatever a file says, a page shows it as text and runs none of it."""

from __future__ import annotations

import base64
import itertools
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.views import map as map_page
from newsgraph.views.document import LONGEST_TEXT, data_block, json_text, shown, web_address
from newsgraph.views.registry import VIEWS, page_html, write_page
from tests.browser import Browser
from tests.newsgraph.views.corpus import MemoryStore

# Each sets the window's title to "owned" if it is ever run, in its own way of getting run.
RUN = "document.title='owned'"
PAYLOADS = {
    "script": f"<script>{RUN}</script>",
    "script end": f"</script><script>{RUN}</script>",
    "script end odd": f"</ScRiPt ><script>{RUN}</script>",
    "image": f'<img src=x onerror="{RUN}">',
    "svg": f"<svg onload={RUN}>",
    "attribute double": f'" onmouseover="{RUN}" autofocus onfocus="{RUN}" x="',
    "attribute single": f"' onmouseover='{RUN}' autofocus onfocus='{RUN}' x='",
    "comment": f"<!--<script>{RUN}//",
    "comment end": f"--><script>{RUN}</script>",
    "javascript link": f"javascript:{RUN}",
    "javascript link odd": f"JaVa\tScRiPt:{RUN}",
    "data link": f"data:text/html,<script>{RUN}</script>",
    "vbscript link": "vbscript:msgbox(1)",
    "href": f'<a href="javascript:{RUN}">href</a>',
    "template": "{{ 7*7 }}{% raw %}${7*7}#{7*7}<%= 7*7 %>",
    "json end": f'"}}]);{RUN};//',
    "backslashes": "\\u003cscript\\u003e\\\\\"\\'",
    "bidi": "safe \u202etxt.exe\u202c \u2066x\u2069 \u200f",
    "lone surrogate": "half \ud83d pair \udc00",
    "null": "nu\x00ll \x08\x1b[31m",
    "separators": "line\u2028para\u2029end",
    "long": "long " * 20_000,
    "style end": "</style><style>*{display:none}</style>",
    "title end": f"</title><script>{RUN}</script>",
    "prototype": "__proto__",
    "constructor": "constructor",
}
FIELDS = [
    ("Story", "title"), ("Story", "excerpt"), ("Story", "url"), ("Story", "category"), ("Story", "kind"),
    ("Story", "language"), ("Story", "date_quality"), ("Story", "amp_url"), ("Story", "original_url"), ("Story", "id"),
    ("Outlet", "name"), ("Outlet", "domain"), ("Outlet", "logo_url"), ("Outlet", "group"), ("Outlet", "id"),
    ("Topic", "name"), ("Topic", "keywords"), ("Topic", "id"),
    ("Event", "title"), ("Event", "label"), ("Event", "id"), ("Image", "url"),
]  # fmt: skip
AT = datetime(2024, 5, 1, 12, tzinfo=UTC)


def store_with(field: tuple[str, str] | None, payload: str) -> MemoryStore:
    """Two stories on an event, with the payload in that field, or in every field for None."""
    store = MemoryStore()
    values: dict[str, dict[str, Any]] = {
        "Story": {"id": "https://a.example/1", "title": "One", "url": "https://a.example/1", "published_at": AT},
        "Outlet": {"id": "a.example", "name": "A"},
        "Topic": {"id": "t", "name": "T"},
        "Event": {"id": "event:1", "title": "One", "story_count": 2},
        "Image": {"id": "https://i.example/1", "url": "https://i.example/1.png"},
    }
    for label, name in FIELDS:
        if field is None or field == (label, name):
            values[label][name] = (payload,) if name == "keywords" else payload
    ids = {label: properties.pop("id") for label, properties in values.items()}
    for label, properties in values.items():
        store.node(label, ids[label], **properties)
    other = store.node("Story", "https://b.example/2", title="Two", published_at=AT)
    for story in (ids["Story"], other):
        store.edge("PUBLISHED_BY", story, ids["Outlet"])
        store.edge("ABOUT", story, ids["Topic"])
        store.edge("COVERS", story, ids["Event"])
    store.edge("HAS_IMAGE", ids["Story"], ids["Image"])
    store.edge("RELATED_TO", other, ids["Story"])
    return store


class _Elements(HTMLParser):
    """Counts elements and notes every event handler attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.handlers: list[str] = []
        self.links: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self.links += [value for name, value in attrs if name in ("href", "src", "action", "srcdoc")]


def elements(html: str) -> _Elements:
    found = _Elements()
    found.feed(html)
    return found


CASES = list(itertools.product(FIELDS, PAYLOADS))


def test_there_are_enough_combinations() -> None:
    assert len(CASES) >= 300


@pytest.fixture(scope="module")
def harmless() -> _Elements:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(map_page, "VIS_NODES", 0)
        return elements(page_html("map", store_with(("Story", "title"), "harmless"), title="harmless"))


@pytest.mark.parametrize("name", PAYLOADS)
def test_no_field_changes_the_markup(name: str, harmless: _Elements, monkeypatch: pytest.MonkeyPatch) -> None:
    """The elements of the page are those of the harmless one, whichever field holds the payload."""
    monkeypatch.setattr(map_page, "VIS_NODES", 0)  # without vis-network there is half a megabyte less to look through
    for field in FIELDS:
        found = elements(page_html("map", store_with(field, PAYLOADS[name])))
        assert found.tags == harmless.tags, field
        assert not found.handlers
        assert not found.links
    titled = elements(page_html("map", store_with(None, "x"), title=PAYLOADS[name]))
    assert not titled.handlers
    assert titled.tags.count("script") == harmless.tags.count("script")


@pytest.mark.parametrize("painter", ["vis", "raster"])
def test_none_of_them_runs_and_all_are_shown(
    browser: Browser, tmp_path: Path, painter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_page, "VIS_NODES", 10_000 if painter == "vis" else 0)
    # The shell is the same for both painters; half of the payloads is enough for the second.
    for name, payload in list(PAYLOADS.items())[:: 1 if painter == "vis" else 2]:
        target = tmp_path / f"{name.replace(' ', '-')}.html"
        write_page("map", store_with(None, payload), target, title=payload)
        browser.open(target, ready="return document.documentElement.dataset.drawn === 'all'")
        assert browser.run("return document.title") != "owned", name
        browser.run("document.getElementById('overlay').focus()")
        browser.keys("n")
        browser.wait("return !document.getElementById('card').hidden")
        seen = browser.run("return document.querySelector('#card h2').textContent")
        # Blanks at the ends are the browser's to trim.
        assert seen == shown(payload), name
        for _ in range(2):  # a story, then one of its neighbours
            browser.run("document.querySelector('#card li button').click()")
            assert browser.run(
                "return [...document.querySelectorAll('#card a')].every(a => /^https?:$/.test(a.protocol))"
            ), name
            assert not browser.run("return document.querySelectorAll('#card script, #card img, #card style').length")
        browser.run("const s = document.getElementById('search'); s.value = 'o'; s.dispatchEvent(new Event('input'))")
        assert browser.run("return document.title") != "owned", name


SHEETS = [name for name in VIEWS if name != "map"]


@contextmanager
def full_store_with(payload: str) -> Iterator[Store]:
    """A store with the payload in every field; ids that no store takes are left as they are. Another outlet is on the
    same event, so that there are pairs, and there is a second topic."""
    held = store_with(None, payload)
    with open_store("networkx:") as store:
        for named in held.labels.values():
            for identity in [identity for identity in named if identity == payload]:
                named["id " + shown(identity, 50)] = named.pop(identity)._replace(id="id " + shown(identity, 50))
        batch = held.batch()
        ids = {payload: "id " + shown(payload, 50)}
        nodes = [node._replace(properties=_storable(node.properties)) for node in batch.nodes]
        nodes += [Node("Outlet", "b.example", {"name": shown(payload)}), Node("Topic", "t2", {"name": shown(payload)})]
        edges = [
            edge._replace(start=ids.get(edge.start, edge.start), end=ids.get(edge.end, edge.end))
            for edge in batch.edges
            if not (edge.type == "PUBLISHED_BY" and edge.start == "https://b.example/2")
        ]
        edges += [Edge("PUBLISHED_BY", "https://b.example/2", "b.example")]
        edges += [Edge("ABOUT", edge.start, "t2") for edge in edges if edge.type == "ABOUT"]
        store.write(Batch(nodes, edges))
        yield store


def sheets_with(payload: str) -> Iterator[tuple[str, str]]:
    """The other pages on a graph with the payload in every field."""
    with full_store_with(payload) as store:
        event = next(store.nodes("Event")).id
        for name in SHEETS:
            yield (
                name,
                page_html(name, store, **({"event": event} if name == "timeline" else {}), title=payload, min_shared=1),
            )


def _storable(properties: Mapping[str, Any]) -> dict[str, Any]:
    # Stores refuse lone surrogates, so loaders replace them.
    def whole(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(whole, value))
        return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value

    clean = {key: whole(value) for key, value in properties.items()}
    if "published_at" in clean:
        clean["date_quality"] = "exact"
    return clean


def test_the_other_pages_keep_their_markup_too(browser: Browser, tmp_path: Path) -> None:
    plain = {name: elements(html) for name, html in sheets_with("harmless")}
    for payload_name, payload in PAYLOADS.items():
        for name, html in sheets_with(payload):
            found = elements(html)
            place = (payload_name, name)
            assert not found.handlers, place
            assert set(found.tags) <= set(plain[name].tags) | {"a"}, place
            assert found.tags.count("script") == plain[name].tags.count("script"), place
            assert all(re.match(r"https?://|#", value or "") for value in found.links), place
            if payload_name in ("script end", "attribute double", "image", "title end"):
                target = tmp_path / f"{name}.html"
                target.write_text(html, encoding="utf-8")
                browser.open(target, ready="return document.readyState === 'complete'")
                assert browser.run("return document.title") != "owned", place
                assert payload in browser.run("return document.body.textContent"), place


@given(st.text(st.characters(exclude_categories=())))
def test_json_in_a_page_holds_no_markup_and_says_the_same(text: str) -> None:
    written = json_text({"text": text})
    assert not set(written) & set("<>&\u2028\u2029")
    assert written.isascii()
    assert json.loads(written)["text"] == text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


@given(st.text(st.characters(exclude_categories=())))
def test_shown_text_can_be_written_and_keeps_what_is_harmless(text: str) -> None:
    result = shown(text)
    result.encode("utf-8")
    assert len(result) <= LONGEST_TEXT
    assert "\x00" not in result
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", result)
    if text.isascii() and text.isprintable() and len(text) <= LONGEST_TEXT:
        assert result == text


@given(st.text(st.characters(exclude_categories=())))
def test_only_web_addresses_become_links(text: str) -> None:
    for address in (text, "javascript:" + text, "https://" + text, "//" + text):
        found = web_address(address)
        assert found is None or re.match(r"https?://\S+\Z", found, re.IGNORECASE)


@pytest.mark.parametrize(
    ("address", "is_link"),
    [
        ("https://a.example/x?y=1#z", True),
        ("HTTP://A.EXAMPLE", True),
        ("https://münchen.example/ä", True),
        ("javascript:alert(1)", False),
        (" https://a.example", False),
        ("https://", False),
        ("https:///path", False),
        ("https://a.example:port/", False),
        ("ftp://a.example", False),
        ("//a.example", False),
        ("https://a.example/\x00", False),
    ],
)
def test_web_addresses(address: str, is_link: bool) -> None:
    assert (web_address(address) == address) is is_link


def test_large_data_is_compressed_and_small_is_not() -> None:
    assert not data_block("x", ["a"]).packed
    block = data_block("x", ["a" * 500_000])
    assert block.packed
    assert len(block.content) < 5_000


@given(st.binary(max_size=400))
def test_packed_data_reads_back_and_holds_no_markup(content: bytes) -> None:
    block = data_block("x", content.hex(), plain=0)
    assert block.packed
    assert not set(block.content) & set("<>&\"'\\")
    back = bytes.maketrans(b",./", b"&<>")
    packed = base64.b85decode(block.content.encode().translate(back))
    assert json.loads(zlib.decompress(packed)) == content.hex()
