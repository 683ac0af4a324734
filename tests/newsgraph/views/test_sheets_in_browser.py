"""Timeline, lead and lag, topics and report as a person meets them, and what all pages have in common."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Keys

from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.queries.ask import ask
from newsgraph.views.registry import VIEWS, write_page
from tests.browser import Browser
from tests.newsgraph.views.corpus import make

AXE = Path(__file__).parents[3] / ".cache" / "node_modules" / "axe-core" / "axe.min.js"
DRAWN = "return document.documentElement.dataset.drawn === 'all'"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(str(tmp_path_factory.mktemp("store") / "news.kgl")) as store:
        store.write(make(400).batch())
        yield store


@pytest.fixture(scope="module")
def largest(store: Store) -> str:
    event: str = ask(store, "events", sort="-stories")[0].event_id
    return event


@pytest.fixture(scope="module")
def pages(store: Store, largest: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    for name in VIEWS:
        options: dict[str, Any] = {"event": largest} if name == "timeline" else {}
        write_page(name, store, folder / f"{name}.html", **options)
    return {name: folder / f"{name}.html" for name in VIEWS}


def opened(browser: Browser, page: Path, **window: int | bool) -> None:
    ready = DRAWN if page.stem != "timeline" else "return document.readyState === 'complete'"
    browser.open(page, ready=ready, **window)  # type: ignore[arg-type]  # width, height, dark


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", VIEWS)
def test_no_serious_fault_of_accessibility(browser: Browser, pages: dict[str, Path], name: str, dark: bool) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not here: npm install --prefix .cache axe-core@4.14.1")
    opened(browser, pages[name], dark=dark)
    if name == "map":
        browser.run("document.getElementById('overlay').focus()")
        browser.keys("n")  # a card is open too
        browser.wait("return !document.getElementById('card').hidden")
    browser.run(AXE.read_text(encoding="utf-8"))
    faults = browser.driver.execute_async_script(
        """const done = arguments[arguments.length - 1];
        axe.run(document, {resultTypes: ['violations']}).then(r => done(r.violations
          .filter(v => v.impact === 'serious' || v.impact === 'critical')
          .map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | '))))"""
    )
    assert not faults


@pytest.mark.parametrize("name", VIEWS)
def test_nothing_is_wider_than_a_narrow_screen(browser: Browser, pages: dict[str, Path], name: str) -> None:
    opened(browser, pages[name], width=360, height=740)
    assert browser.run("return document.documentElement.scrollWidth") <= 360
    assert browser.run("return parseFloat(getComputedStyle(document.body).fontSize)") >= 14


@pytest.mark.parametrize("name", VIEWS)
def test_theme_switches(browser: Browser, pages: dict[str, Path], name: str) -> None:
    opened(browser, pages[name])
    ground = "return getComputedStyle(document.body).backgroundColor"
    light = browser.run(ground)
    browser.click("#theme")
    assert browser.run(ground) != light


def test_timeline_tells_what_first_to_cover_answers(
    browser: Browser, pages: dict[str, Path], store: Store, largest: str
) -> None:
    opened(browser, pages["timeline"])
    answer = ask(store, "first-to-cover", event=largest)
    names = browser.run("return [...document.querySelectorAll('.timeline ol .name')].map(e => e.textContent)")
    assert names == [row.outlet_name for row in answer]
    assert browser.run("return document.querySelectorAll('.timeline li.first').length") == sum(
        row.rank == 1 for row in answer
    )
    places = browser.run(
        """return [...document.querySelectorAll('.timeline li.original')].map(
        li => li.querySelector('.track a:last-of-type circle, .track a:last-of-type path').getBoundingClientRect().x)"""
    )
    ranked = [place for place in places if place]
    assert ranked == sorted(ranked)
    assert browser.run("return document.querySelectorAll('.timeline a[href^=https]').length") >= len(names)


def test_lead_lag_cells_lead_to_as_many_events_as_they_count(
    browser: Browser, pages: dict[str, Path], store: Store
) -> None:
    opened(browser, pages["lead-lag"])
    pairs = {frozenset((row.a, row.b)): row.shared for row in ask(store, "lead-lag", min_shared=3)}
    ids = browser.run("return [...document.querySelectorAll('.matrix tbody th')].map(e => e.title)")
    cells = browser.run("return [...document.querySelectorAll('[data-pair]')].map(e => e.dataset.pair)")
    assert len(cells) == 2 * sum(pair <= set(ids) for pair in pairs)
    for cell in cells[:40]:
        row, column = (ids[int(place)] for place in cell.split())
        browser.run("document.querySelector(`[data-pair='${arguments[0]}']`).click()", cell)
        assert browser.run("return document.querySelectorAll('#behind li').length") == pairs[frozenset((row, column))]
    browser.run("document.querySelector('[data-pair]').focus()")
    before = browser.run("return document.activeElement.dataset.pair")
    browser.keys(Keys.ARROW_RIGHT)
    after = browser.run("return document.activeElement.dataset.pair")
    assert before != after
    browser.keys(Keys.ENTER)
    assert browser.run("return document.activeElement.getAttribute('aria-pressed')") == "true"


def test_topics_light_their_neighbours(browser: Browser, pages: dict[str, Path], store: Store) -> None:
    opened(browser, pages["topics"])
    totals: dict[str, int] = {}
    for row in ask(store, "attention", by="topic"):
        totals[row.key] = totals.get(row.key, 0) + row.stories
    shown = browser.run(
        """return [...document.querySelectorAll('[data-row]')].map(
        e => [e.dataset.row, e.querySelector('.lag').textContent])"""
    )
    assert {key: int(text.split()[0]) for key, text in shown} == {key: totals[key] for key, _ in shown}
    assert not browser.run("return document.querySelector('.net.lit')")
    browser.run("document.querySelector('[data-topic]').focus()")
    assert browser.run("return document.querySelectorAll('.net.lit .topic.near').length") >= 2
    browser.keys(Keys.ESCAPE)
    assert not browser.run("return document.querySelector('.net.lit')")


def test_report_links_to_its_rows_and_prints(browser: Browser, pages: dict[str, Path], store: Store) -> None:
    opened(browser, pages["report"])
    sections = browser.run("return [...document.querySelectorAll('main > section[id]')].map(e => e.id)")
    assert sections == ["loaded", "events", "scoops", "pairs", "blind"]
    browser.run("document.querySelector(\"a[href='#rows-scoops']\").click()")
    browser.wait("return document.querySelector('#rows-scoops').open")
    rows = browser.run("return document.querySelectorAll('#scoops tbody tr, #rows-scoops tbody tr').length")
    assert rows == min(len(ask(store, "scoops")), 120)
    pdf = browser.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    assert len(pdf["data"]) > 20_000
