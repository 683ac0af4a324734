"""Timeline, lead and lag, topics and report as a person meets them, and what all pages have in common."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Keys

from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.queries.ask import ask
from newsgraph.queries.provenance import corpus_hash
from newsgraph.views.registry import VIEWS, page_html, write_page
from tests.browser import Browser
from tests.newsgraph.views.conftest import axe_faults
from tests.newsgraph.views.corpus import make

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
    ready = DRAWN if page.stem not in ("timeline", "attention") else "return document.readyState === 'complete'"
    browser.open(page, ready=ready, **window)  # type: ignore[arg-type]  # width, height, dark


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", VIEWS)
def test_no_fault_of_accessibility(browser: Browser, pages: dict[str, Path], name: str, dark: bool) -> None:
    opened(browser, pages[name], dark=dark)
    if name == "map":
        browser.run("document.getElementById('overlay').focus()")
        browser.keys("n")  # a card is open too
        browser.wait("return !document.getElementById('card').hidden")
    assert not axe_faults(browser)


@pytest.mark.parametrize("name", VIEWS)
def test_nothing_is_wider_than_the_screen(browser: Browser, pages: dict[str, Path], name: str) -> None:
    for width in (800, 721, 360):  # a tablet, the narrowest screen on which tables are tables, a phone
        opened(browser, pages[name], width=width, height=740)
        assert browser.run("return document.documentElement.scrollWidth") <= width
    assert browser.run("return parseFloat(getComputedStyle(document.body).fontSize)") >= 14


def test_heads_of_the_report_stand_where_their_columns_do(browser: Browser, pages: dict[str, Path]) -> None:
    opened(browser, pages["report"])
    sides = browser.run(
        """const side = (cell) => getComputedStyle(cell).textAlign;
        return [...document.querySelectorAll('table')].filter(table => table.tBodies[0].rows.length).map(table =>
        [[...table.tHead.rows[0].cells].map(side), [...table.tBodies[0].rows[0].cells].map(side)])"""
    )
    assert len(sides) > 3
    assert all(heads == cells for heads, cells in sides)


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
    answer = {row.outlet: row for row in ask(store, "first-to-cover", event=largest)}
    lines = browser.run(
        """return [...document.querySelectorAll('.order > li')].map(li => [li.dataset.outlet,
        li.querySelector('.outlet').textContent, li.dataset.rank, li.dataset.lag, li.dataset.story])"""
    )
    assert [line[0] for line in lines] == [outlet for outlet in answer if outlet in {line[0] for line in lines}]
    for outlet, name, rank, lag, story in lines:
        row = answer[outlet]
        assert name == row.outlet_name
        assert rank == ("" if row.rank is None else str(row.rank))
        assert lag == ("" if row.lag_seconds is None else str(row.lag_seconds))
        assert story == row.story_id
    # Who is not on a line of its own stands, as a copy, under what it repeats.
    folded = browser.run("return [...document.querySelectorAll('.order details li')].map(e => e.textContent)")
    for outlet in set(answer) - {line[0] for line in lines}:
        assert answer[outlet].is_copy
        assert any(answer[outlet].outlet_name in text for text in folded)
    first = [row.outlet_name for row in answer.values() if row.rank == 1]
    assert browser.run("return [...document.querySelectorAll('.leader strong')].map(e => e.textContent)") == first[:4]
    links = browser.run("return document.querySelectorAll('.order > li > .what > .title a[href^=https]').length")
    assert links == len(lines)
    places = browser.run(
        "return [...document.querySelectorAll('.dots .ranked')].map(e => parseFloat(e.getAttribute('cx')))"
    )
    assert places == sorted(places)
    assert len(places) > 3


def test_timeline_gives_its_list_as_csv_and_the_readers_time(
    browser: Browser, pages: dict[str, Path], store: Store, largest: str
) -> None:
    opened(browser, pages["timeline"])
    text = browser.driver.execute_async_script(
        """const done = arguments[arguments.length - 1];
        const make = URL.createObjectURL;
        URL.createObjectURL = (blob) => { blob.text().then(done); return make.call(URL, blob); };
        HTMLAnchorElement.prototype.click = () => {};
        document.getElementById('csv').click();"""
    )
    rows = list(csv.DictReader(io.StringIO(text)))
    answer = {row.outlet: row for row in ask(store, "first-to-cover", event=largest)}
    assert len(rows) == browser.run("return document.querySelectorAll('.order > li').length")
    for row in rows:
        known = answer[row["outlet"]]
        assert row["lag_seconds"] == ("" if known.lag_seconds is None else str(known.lag_seconds))
        assert row["title"] == known.title
        assert row["url"] == known.url
        assert row["is_copy"] == str(known.is_copy).lower()
    before = browser.run("return document.querySelector('.order time').textContent")
    assert before.endswith(" UTC")
    browser.click("#local")
    assert browser.run("return document.getElementById('local').getAttribute('aria-pressed')") == "true"
    shown = browser.run("const t = document.querySelector('.order time'); return [t.textContent, t.title]")
    assert shown[0] == shown[1]


def test_a_printed_matrix_has_all_its_columns(browser: Browser, pages: dict[str, Path]) -> None:
    opened(browser, pages["lead-lag"], width=718)  # A4 without its margins
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        right, mask, columns = browser.run(
            """const matrix = document.querySelector('.matrix');
            return [matrix.querySelector('table').getBoundingClientRect().right, getComputedStyle(matrix).maskImage,
              matrix.querySelectorAll('thead th').length]"""
        )
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert columns == 23 and right <= 718 and mask == "none"


def test_lead_lag_is_sorted_and_chosen(browser: Browser, pages: dict[str, Path]) -> None:
    opened(browser, pages["lead-lag"])
    names = "return [...document.querySelectorAll('.matrix tbody tr')].map(e => e.querySelector('th').textContent)"
    heads = "return [...document.querySelectorAll('.matrix thead th')].map(e => e.textContent)"
    before = browser.run(names)
    browser.run("const o = document.getElementById('order'); o.value = 3; o.dispatchEvent(new Event('change'))")
    assert browser.run(names) == browser.run(heads)
    assert sorted(browser.run(names), key=str.casefold) == browser.run(names)
    assert set(browser.run(names)) == set(before)
    # Each cell still compares the outlets that it stands between.
    assert browser.run(
        """const heads = [...document.querySelectorAll('.matrix thead th')].map(e => e.textContent);
        return [...document.querySelectorAll('.matrix tbody tr')].every(line => [...line.querySelectorAll('td')].every(
          (cell, i) => { const words = cell.firstChild?.getAttribute?.('aria-label');
            const row = line.querySelector('th').textContent;
            return !words || words.startsWith(row + ' before ' + heads[i] + ':'); }))"""
    )
    browser.run("document.querySelector('[data-all=\"\"]').click()")
    assert not browser.run("return [...document.querySelectorAll('.matrix tbody tr')].some(e => e.checkVisibility())")


def test_pages_say_what_they_are_made_of(pages: dict[str, Path], store: Store) -> None:
    for name, page in pages.items():
        html = page.read_text(encoding="utf-8")
        assert f"newsgraph {version('newsgraph')}, as of " in html, name
        assert f"SHA-256 {corpus_hash(store)[:16]}" in html, name
        assert "Settings: " in html, name
    dated = page_html("report", store, date="12 June 2020")
    assert "12 June 2020" in dated and "its newest story" not in dated


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
    assert {key: int(text.split()[0].replace(",", "")) for key, text in shown} == {key: totals[key] for key, _ in shown}
    assert not browser.run("return document.querySelector('.net.lit')")
    browser.run("document.querySelector('[data-topic]').focus()")
    assert browser.run("return document.querySelectorAll('.net.lit .topic.near').length") >= 2
    browser.keys(Keys.ESCAPE)
    assert not browser.run("return document.querySelector('.net.lit')")


def test_report_links_to_its_rows_and_prints(browser: Browser, pages: dict[str, Path], store: Store) -> None:
    opened(browser, pages["report"])
    sections = browser.run("return [...document.querySelectorAll('main > section[id]')].map(e => e.id)")
    assert sections == ["loaded", "events", "attention", "scoops", "pairs", "blind"]
    browser.run("document.querySelector(\"a[href='#rows-scoops']\").click()")
    browser.wait("return document.querySelector('#rows-scoops').open")
    rows = browser.run("return document.querySelectorAll('#scoops tbody tr, #rows-scoops tbody tr').length")
    often = [row for row in ask(store, "scoops", min_events=1) if row.events >= 5]
    assert rows == min(len(often), 120) > 12
    pdf = browser.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    assert len(pdf["data"]) > 20_000


def test_a_matrix_without_pairs_says_what_shows_some(store: Store) -> None:
    empty = page_html("lead-lag", store, min_shared=100_000)
    assert "<code>--min-shared 1</code>" in empty and '<div class="two" hidden>' in empty
    assert "<code>--min-shared 1</code>" not in page_html("lead-lag", store)
