"""A site as a reader meets it: clicked through, searched, on a phone, in the dark, on paper, by keyboard."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Keys

from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.queries.ask import ask
from newsgraph.views.site.build import SiteOptions, write_site
from newsgraph.views.site.names import page_file
from tests.browser import Browser
from tests.newsgraph.views.conftest import axe_faults
from tests.newsgraph.views.corpus import make
from tests.newsgraph.views.test_hostile_text import PAYLOADS, full_store_with

READY = "return document.readyState === 'complete'"
DRAWN = "return document.documentElement.dataset.drawn === 'all'"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(str(tmp_path_factory.mktemp("store") / "news.kgl")) as store:
        store.write(make(300).batch())
        yield store


@pytest.fixture(scope="module")
def site(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "public"
    write_site(store, folder, SiteOptions(title="The Observatory"))
    return folder


@pytest.fixture(scope="module")
def largest(store: Store) -> str:
    event: str = ask(store, "events", sort="-stories")[0].event_id
    return event


def kinds(site: Path, store: Store, largest: str) -> dict[str, Path]:
    """One page of each kind."""
    outlet = ask(store, "first-to-cover", event=largest)[0].outlet
    topic = max(store.nodes("Topic"), key=lambda node: len(list(store.edges("ABOUT", ends=[node.id])))).id
    lists = ("index", "events", "outlets", "topics", "search", "about")
    names = (*lists, "map", "lead-lag", "together", "attention", "report")
    return {
        **{name: site / f"{name}.html" for name in names},
        "event": site / page_file("event", largest),
        "outlet": site / page_file("outlet", outlet),
        "topic": site / page_file("topic", topic),
        "list": next(iter(sorted((site / "lists").glob("events-*.html")))),
    }


def here(browser: Browser) -> str:
    return str(browser.run("return location.pathname"))


def test_from_index_to_event_to_outlet_to_map_and_back(browser: Browser, site: Path, store: Store) -> None:
    browser.open(site / "index.html", ready=READY)
    title = browser.run("return document.querySelector('#largest + .events a').textContent")
    browser.click("#largest + .events a")
    browser.wait("return location.pathname.includes('/events/') && document.readyState === 'complete'")
    assert browser.run("return document.querySelector('h1').textContent") == title
    outlet = browser.run("return document.querySelector('.order .outlet a').textContent")
    browser.click(".order .outlet a")
    browser.wait("return location.pathname.includes('/outlets/') && document.readyState === 'complete'")
    assert browser.run("return document.querySelector('h1').textContent") == outlet
    browser.click("nav[aria-label=Site] a[href$='map.html']")
    browser.wait("return location.pathname.endsWith('/map.html')")
    browser.wait(DRAWN)
    browser.run("document.getElementById('overlay').focus()")
    browser.keys("n")
    browser.wait("return !document.getElementById('card').hidden")
    event = browser.run("return document.querySelector('#card h2').textContent")
    browser.run(
        "[...document.querySelectorAll('#card a')].find(a => a.textContent.startsWith('Open the page')).click()"
    )
    browser.wait("return location.pathname.includes('/events/') && document.readyState === 'complete'")
    assert browser.run("return document.querySelector('h1').textContent") == event
    browser.run("history.back()")
    browser.wait("return location.pathname.endsWith('/map.html')")
    browser.wait(DRAWN)
    browser.click("nav[aria-label=Site] a[href$='index.html']")
    browser.wait("return location.pathname.endsWith('/index.html')")
    assert browser.run("return document.querySelector('h1').textContent") == "The Observatory"


def test_search_finds_everything_from_any_page(browser: Browser, site: Path, store: Store, largest: str) -> None:
    browser.open(site / page_file("event", largest), ready=READY)
    story = next(store.nodes("Story"))
    words = " ".join(str(story.properties["title"]).split()[:4])
    browser.keys("/")
    browser.keys(words.upper(), Keys.ENTER)
    browser.wait("return location.pathname.endsWith('/search.html')")
    browser.wait(DRAWN)
    found = browser.run("return [...document.querySelectorAll('#found li')].map(e => e.textContent)")
    assert any(str(story.properties["title"]) in text for text in found)
    for label in ("Outlet", "Topic", "Event"):
        node = next(store.nodes(label))
        name = str(node.properties.get("name") or node.properties["title"])
        browser.run(
            "const q = document.getElementById('query'); q.value = arguments[0]; q.dispatchEvent(new Event('input'))",
            name[: max(len(name) - 1, 3)],
        )
        place = page_file(label.lower(), node.id)
        browser.wait(
            "return [...document.querySelectorAll('#found a')].some(a => a.getAttribute('href') === arguments[0])",
            place,
        )
    assert "#q=" in browser.run("return location.hash")
    browser.run("document.querySelectorAll('#kinds input').forEach((box, i) => { if (i !== 1) box.click(); })")
    kinds_found = browser.run(
        "return [...document.querySelectorAll('#found small')].map(e => e.textContent.split(' ')[0])"
    )
    assert set(kinds_found) <= {"Outlet"}
    browser.run("const q = document.getElementById('query'); q.value = 'zzzzqq'; q.dispatchEvent(new Event('input'))")
    browser.wait("return document.getElementById('count').textContent.includes('Nothing')")


def test_search_goes_by_keyboard(browser: Browser, site: Path, store: Store) -> None:
    browser.open(site / "search.html", ready=DRAWN)
    browser.keys(str(next(store.nodes("Outlet")).properties["name"]))
    browser.wait("return document.querySelectorAll('#found a').length")
    browser.keys(Keys.ARROW_DOWN)
    assert browser.run("return document.activeElement === document.querySelector('#found a')")
    target = browser.run("return document.activeElement.getAttribute('href')")
    browser.keys(Keys.ENTER)
    browser.wait("return location.pathname.endsWith(arguments[0])", target)


@pytest.mark.parametrize("dark", [False, True])
def test_no_fault_of_accessibility(browser: Browser, site: Path, store: Store, largest: str, dark: bool) -> None:
    for name, page in kinds(site, store, largest).items():
        for width in (1280, 390):
            browser.open(page, ready=DRAWN if name in ("map", "search") else READY, dark=dark, width=width)
            assert not axe_faults(browser), (name, width)


def test_phones_read_every_page_without_scrolling_sideways(
    browser: Browser, site: Path, store: Store, largest: str
) -> None:
    for name, page in kinds(site, store, largest).items():
        browser.open(page, width=360, height=740, ready=READY)
        assert browser.run("return document.documentElement.scrollWidth") <= 360, name
        assert browser.run("return parseFloat(getComputedStyle(document.body).fontSize)") >= 14, name


def test_the_theme_that_is_chosen_stays(browser: Browser, site: Path) -> None:
    ground = "return getComputedStyle(document.body).backgroundColor"
    browser.open(site / "index.html", ready=READY)
    light = browser.run(ground)
    browser.click("#theme")
    dark = browser.run(ground)
    assert dark != light
    browser.click("nav a[href='events.html']")
    browser.wait("return location.pathname.endsWith('/events.html') && document.readyState === 'complete'")
    assert browser.run(ground) == dark
    browser.run("localStorage.clear()")


def test_reading_needs_no_scripts(browser: Browser, site: Path, store: Store, largest: str) -> None:
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        for name, page in kinds(site, store, largest).items():
            if name in ("map", "search", "lead-lag"):
                continue
            browser.open(page)
            # Asked through the debugger, which still may run a script.
            text = browser.run("return document.querySelector('main').innerText")
            assert len(text) > 60, name
            dead = browser.run(
                "return [...document.querySelectorAll('button')].filter(e => e.checkVisibility()).map(e => e.outerHTML)"
            )
            assert not dead, name
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_the_keyboard_reaches_what_matters_first(browser: Browser, site: Path, largest: str) -> None:
    browser.open(site / page_file("event", largest), ready=READY)
    browser.keys(Keys.TAB)
    assert browser.run("return document.activeElement.className") == "skip"
    browser.keys(Keys.ENTER)
    assert browser.run("return location.hash") == "#main"
    browser.run("document.querySelector('.use summary').focus()")
    browser.keys(Keys.ENTER)
    assert browser.run("return document.querySelector('.use details').open")
    assert largest in browser.run("return document.getElementById('cypher').textContent")


def test_pages_print(browser: Browser, site: Path, store: Store, largest: str) -> None:
    for name, page in kinds(site, store, largest).items():
        browser.open(page, ready=READY, dark=True)
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        try:
            if name != "map":
                shown = browser.run(
                    """return [...document.querySelectorAll('.bar, .tools, #theme')]
                    .filter(e => e.checkVisibility()).length"""
                )
                assert shown == 0, name
                assert browser.run("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)", (
                    name
                )
        finally:
            browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        pdf = base64.b64decode(browser.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"])
        assert pdf.startswith(b"%PDF") and len(pdf) > 5_000, name


def test_hostile_texts_run_nowhere_in_a_site(browser: Browser, tmp_path: Path) -> None:
    for name in ("script end", "attribute double", "image", "title end", "json end", "javascript link"):
        payload = PAYLOADS[name]
        with full_store_with(payload) as hostile:
            folder = tmp_path / name.replace(" ", "-")
            write_site(hostile, folder, SiteOptions(title=payload, base_url="https://news.example"))
        for page in sorted(folder.rglob("*.html")):
            browser.open(page, ready=READY)
            assert browser.run("return document.title") != "owned", (name, page.name)
            assert browser.run("return [...document.links].every(a => /^(https?|file):$/.test(a.protocol))"), page.name
        browser.open(folder / "search.html", ready=DRAWN)
        browser.run(
            "const q = document.getElementById('query'); q.value = arguments[0]; q.dispatchEvent(new Event('input'))",
            "owned script document",
        )
        browser.run("return new Promise((next) => setTimeout(next, 100))")
        browser.run("const q = document.getElementById('query'); q.value = 't'; q.dispatchEvent(new Event('input'))")
        browser.wait("return document.getElementById('count').textContent")
        assert browser.run("return [...document.links].every(a => /^(https?|file):$/.test(a.protocol))"), name
        assert browser.run("return document.title") != "owned", name
