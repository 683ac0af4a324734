"""Whatever a file says, a page shows it as text and runs none of it."""

from __future__ import annotations

import itertools
import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.views import map as map_page
from newsgraph.views import page_html, write_page
from newsgraph.views.document import LONGEST_TEXT, data_block, json_text, shown, web_address
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
    return elements(page_html("map", store_with(("Story", "title"), "harmless"), title="harmless"))


@pytest.mark.parametrize("name", PAYLOADS)
def test_no_field_changes_the_markup(name: str, harmless: _Elements) -> None:
    """The elements of the page are those of the harmless one, whichever field holds the payload."""
    for field in FIELDS:
        found = elements(page_html("map", store_with(field, PAYLOADS[name])))
        # A category adds its line to the legend.
        allowed = ["ul", "li", "span", "bdi"] if field == ("Story", "category") else []
        extra = list(found.tags)
        for tag in harmless.tags:
            extra.remove(tag)
        assert sorted(extra) == sorted(allowed), field
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
    for name, payload in PAYLOADS.items():
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
