"""The map as a person meets it: opened from disk, by mouse, keyboard and touch."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium.webdriver import Keys

from newsgraph.graph.batch import Node
from newsgraph.views import map as map_page
from newsgraph.views.registry import write_page
from tests.browser import Browser
from tests.newsgraph.views.corpus import make

#: A4 without its margins.
PAPER = {"width": 718, "height": 1047, "deviceScaleFactor": 1, "mobile": False}
READY = "return document.documentElement.dataset.drawn === 'all'"


@pytest.fixture(scope="module", params=["vis", "raster"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same corpus by either painter."""
    target = tmp_path_factory.mktemp("pages") / f"{request.param}.html"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(map_page, "VIS_NODES", 10_000 if request.param == "vis" else 0)
        write_page("map", make(250), target)
    return target


def drawn_colours(browser: Browser) -> int:
    """How many colours the painted map has (not what lies over it)."""
    colours: int = browser.run(
        """const c = document.querySelector('#vis canvas') ?? document.getElementById('ground');
        const copy = document.createElement('canvas'); copy.width = c.width; copy.height = c.height;
        const context = copy.getContext('2d', {willReadFrequently: true}); context.drawImage(c, 0, 0);
        const d = new Uint32Array(context.getImageData(0, 0, c.width, c.height).data.buffer);
        return new Set(d).size"""
    )
    return colours


def test_opens_with_everything_in_its_place(browser: Browser, page: Path) -> None:
    browser.open(page, ready=READY)
    assert drawn_colours(browser) > 8
    for part in ("panel", "search", "outlet", "topic", "from", "to", "fit", "overlay", "theme"):
        box = browser.run(
            "const b = document.getElementById(arguments[0]).getBoundingClientRect(); return [b.width, b.height]", part
        )
        assert min(box) > 10, part
    assert browser.run("return document.getElementById('summary').textContent").startswith("250 stories, ")
    assert browser.run("return document.getElementById('outlet').options.length") == 31
    assert browser.run("return document.querySelector('#card').hidden")


def test_on_paper_the_picture_keeps_its_shape_and_the_filters_are_gone(browser: Browser, page: Path) -> None:
    browser.open(page, ready=READY)
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PAPER)
    try:
        fits = browser.run(
            "return [...document.querySelectorAll('#stage canvas')].map(c => getComputedStyle(c).objectFit)"
        )
        seen = browser.run(
            "return ['search', 'outlet', 'from', 'fit'].filter(id => document.getElementById(id).checkVisibility())"
        )
        boxes = browser.run(
            """const box = (one) => { const b = one.getBoundingClientRect(); return [b.width, b.height].join(); };
            return [...document.querySelectorAll('#stage canvas')].filter(c => c.checkVisibility()).map(box)"""
        )
        made = browser.run("return document.querySelector('.made p').checkVisibility({contentVisibilityAuto: true})")
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert fits and set(fits) == {"contain"} and len(set(boxes)) == 1
    assert seen == [] and made


def test_search_finds_opens_and_clears(browser: Browser, page: Path) -> None:
    browser.open(page, ready=READY)
    browser.keys("/")
    browser.keys("zzzz")
    browser.wait("return document.querySelector('#results').textContent.includes('Nothing fits')")
    browser.run("document.querySelector('#search').value = ''")
    word = browser.run("return document.querySelector('#topic').options[1].textContent")
    browser.keys(word)
    browser.wait("return document.querySelectorAll('#results button').length")
    browser.keys(Keys.ENTER)
    heading = browser.wait("return document.querySelector('#card h2')?.textContent")
    assert word.casefold() in heading.casefold()
    browser.keys(Keys.ESCAPE)
    assert browser.run("return document.querySelector('#card').hidden")


def test_card_has_facts_links_and_neighbours(browser: Browser, page: Path) -> None:
    browser.open(page, ready=READY)
    browser.run("document.querySelector('#overlay').focus()")
    browser.keys("n")
    browser.wait("return !document.querySelector('#card').hidden")
    assert browser.run("return document.querySelector('#card .what').textContent") == "Event"
    assert "First story" in browser.run("return document.querySelector('#card dl').textContent")
    browser.click("#card li button")  # the event's earliest story
    facts = browser.wait(
        """return document.querySelector('#card .what').textContent === 'Story'
        && document.querySelector('#card dl').textContent"""
    )
    assert "UTC" in facts or "unsure" in facts
    address, rel = browser.run("const a = document.querySelector('#card a'); return [a.href, a.rel]")
    assert address.startswith("https://www.") and "noopener" in rel
    titles = browser.run("return [...document.querySelectorAll('#card h3')].map(e => e.textContent)")
    assert any(title.startswith("Published by") for title in titles)
    assert any(title.startswith("Topics") for title in titles)


def test_a_click_on_a_mark_opens_it_and_hovering_lights_its_neighbours(browser: Browser, page: Path) -> None:
    browser.open(page, ready=READY)
    browser.run("document.querySelector('#overlay').focus()")
    browser.keys("n")
    browser.wait("return !document.querySelector('#card').hidden")
    title = browser.run("return document.querySelector('#card h2').textContent")
    before = browser.run("return document.querySelector('#overlay').toDataURL().length")
    browser.keys(Keys.ESCAPE)
    browser.click_at(640, 430)  # the event was moved to the middle
    browser.wait("return !document.querySelector('#card').hidden")
    assert browser.run("return document.querySelector('#card h2').textContent") == title
    browser.wait("return document.querySelector('#overlay').toDataURL().length >= arguments[0] / 4", before)


def test_filters_narrow_and_reset(browser: Browser, page: Path) -> None:
    browser.open(page, ready=READY)
    full = drawn_colours(browser)
    browser.run(
        "const s = document.querySelector('#outlet'); s.selectedIndex = 1; s.dispatchEvent(new Event('change'))"
    )
    shown = browser.wait("const t = document.querySelector('#summary').textContent; return t.includes(' of ') && t")
    count, total = shown.removesuffix(" stories shown").split(" of ")
    assert 0 < int(count) < int(total) == 250
    browser.run("const s = document.querySelector('#from'); s.value = 900; s.dispatchEvent(new Event('input'))")
    fewer = browser.run("return document.querySelector('#summary').textContent")
    assert int(fewer.split(" of ")[0]) < int(count)
    browser.click("#reset")
    assert browser.run("return document.querySelector('#summary').textContent").startswith("250 stories, ")
    for box in range(4):
        browser.run("document.querySelectorAll('.legend input')[arguments[0]].click()", box)
    browser.wait("return document.querySelector('#summary')")
    browser.run("return new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")
    assert drawn_colours(browser) < full / 2


def test_discs_are_coloured_by_a_choice_and_its_legend_filters(browser: Browser, page: Path) -> None:
    browser.open(page, ready=READY)
    choices = browser.run("return [...document.getElementById('colour').options].map(e => e.value)")
    assert {"category", "topic", "time", ""} <= set(choices)
    before = browser.run("return [...document.querySelectorAll('#tints label')].map(e => e.textContent)")
    assert 2 <= len(before) <= 7
    browser.run("const c = document.getElementById('colour'); c.value = 'topic'; c.dispatchEvent(new Event('change'))")
    topics = browser.run("return [...document.querySelectorAll('#tints bdi')].map(e => e.textContent)")
    known = browser.run("return [...document.getElementById('topic').options].map(e => e.textContent)")
    assert topics != before and set(topics) <= {*known, "others, or not known"}
    browser.run("document.querySelector('#tints input').click()")
    shown = browser.wait("const t = document.querySelector('#summary').textContent; return t.includes(' of ') && t")
    assert 0 < int(shown.split(" of ")[0]) < 250
    browser.run("const c = document.getElementById('colour'); c.value = 'time'; c.dispatchEvent(new Event('change'))")
    assert 1 < browser.run("return document.querySelectorAll('#tints label').length") <= 6
    assert browser.run("return document.querySelector('#summary').textContent").startswith("250 stories, ")


def test_discs_are_coloured_by_any_column_of_the_outlets_file(browser: Browser, tmp_path: Path) -> None:
    store = make(250)
    for place, node in enumerate(store.labels["Outlet"].values()):
        facts = (f"circulation={place * 1000 + 1}", *([f"owner=Owner {place % 9}"] if place % 4 else []))
        store.labels["Outlet"][node.id] = Node("Outlet", node.id, {**node.properties, "facts": facts})
    write_page("map", store, tmp_path / "map.html", colour="Owner")
    browser.open(tmp_path / "map.html", ready=READY)
    assert browser.run("return document.getElementById('colour').value") == "outlet owner"
    rows = "return [...document.querySelectorAll('#tints label')].map(e => [e.querySelector('bdi').textContent,"
    legend = dict(browser.run(rows + "+e.querySelector('small').textContent])"))
    events = len(store.labels["Event"])
    assert sum(legend.values()) == events
    assert set(legend) - {"others, or not known"} <= {f"Owner {number}" for number in range(9)}
    # Each box takes its own discs away, and a disc is of the owner that most of its stories have.
    for name in legend:
        browser.run(
            "[...document.querySelectorAll('#tints label')].filter(e => e.querySelector('bdi').textContent"
            " === arguments[0])[0].querySelector('input').click()",
            name,
        )
    shown = browser.run("return document.querySelector('#summary').textContent")
    assert shown.startswith("0 of 250 ")
    # A column of many numbers becomes steps from light to dark, and the choice stays in the address.
    browser.run(
        "const c = document.getElementById('colour'); c.value = 'outlet circulation';"
        " c.dispatchEvent(new Event('change'))"
    )
    steps = browser.run(rows + "e.querySelector('.tint').className])")
    assert [kind for _, kind in steps] == [f"tint time-{number}" for number in range(len(steps))]
    assert steps[0][0].startswith("1 to ") and 3 < len(steps) <= 6
    assert browser.run("return document.querySelector('#summary').textContent").startswith("250 stories, ")
    browser.wait("return location.hash.includes('colour=outlet+circulation')")
    browser.run("document.querySelector('#reset').click()")
    assert browser.run("return document.getElementById('colour').value") == "outlet owner"


def test_more_is_said_as_one_comes_closer(browser: Browser, page: Path) -> None:
    """Topics and events from afar; the headlines of an event's stories from near."""
    browser.open(page, ready=READY)
    browser.run(
        "window.told = []; const draw = CanvasRenderingContext2D.prototype.fillText;"
        "CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {"
        " window.told.push(text); return draw.call(this, text, ...where); }"
    )
    lines = "const told = window.told; window.told = []; return [...new Set(told)]"
    topics = set(browser.run("return [...document.getElementById('topic').options].map(e => e.textContent)"))
    browser.run("document.querySelector('#overlay').focus()")
    browser.keys(*"0-----")
    # A busy machine may still draw what lies between. From the first topic on, all is drawn from afar.
    browser.wait("return window.told.some((text) => arguments[0].includes(text))", list(topics))
    browser.run("window.told = []")
    browser.keys(Keys.ARROW_LEFT)
    browser.wait("return window.told.length")
    far = browser.run(lines)
    browser.keys("n")
    browser.wait("return !document.querySelector('#card').hidden")
    stories = browser.run("return [...document.querySelectorAll('#card ol li button > bdi')].map(e => e.textContent)")
    browser.keys(Keys.ESCAPE)
    browser.keys(*"++++")
    browser.wait(
        "const begins = (text) => text.length > 8 && arguments[0].some((story) => story.startsWith(text));"
        "return new Set(window.told.filter(begins)).size > 1",
        stories,
    )
    near = browser.run(lines)
    assert topics & set(far), "the largest topics"
    starts = {story[: len(line)] for line in near for story in stories}
    assert len(starts & {line for line in near if len(line) > 8}) > 1, "headlines of its stories"
    assert not {story[: len(line)] for line in far for story in stories[1:]} & {line for line in far if len(line) > 8}


def test_a_span_is_brushed_on_the_histogram_and_time_passes(browser: Browser, page: Path) -> None:
    browser.open(page, ready=READY)
    left, top, width = browser.run(
        "const b = document.getElementById('histogram').getBoundingClientRect(); return [b.left, b.top, b.width]"
    )
    for kind, x in (("mousePressed", 0.2), ("mouseMoved", 0.5), ("mouseReleased", 0.5)):
        browser.driver.execute_cdp_cmd(
            "Input.dispatchMouseEvent",
            {"type": kind, "x": left + x * width, "y": top + 20, "button": "left", "clickCount": 1},
        )
    low, high = browser.run("return [+document.getElementById('from').value, +document.getElementById('to').value]")
    assert abs(low - 200) < 12 and abs(high - 500) < 12
    assert " of 250 stories shown" in browser.run("return document.querySelector('#summary').textContent")
    browser.click("#play")
    passing = browser.wait("const to = +document.getElementById('to').value; return to < arguments[0] && to", high)
    browser.wait("return +document.getElementById('to').value > arguments[0]", passing)
    browser.click("#play")
    browser.click("#reset")
    assert browser.run("return [document.getElementById('from').value, document.getElementById('to').value]") == [
        "0",
        "1000",
    ]


def test_the_address_holds_what_is_chosen(browser: Browser, page: Path) -> None:
    browser.open(page, ready=READY)
    browser.run("document.querySelector('#overlay').focus()")
    browser.keys("n")
    title = browser.wait(
        "return !document.querySelector('#card').hidden && document.querySelector('#card h2').textContent"
    )
    browser.run("const c = document.getElementById('colour'); c.value = 'topic'; c.dispatchEvent(new Event('change'))")
    browser.run("const t = document.getElementById('to'); t.value = 900; t.dispatchEvent(new Event('input'))")
    told = browser.wait("return location.hash.includes('to=900') && location.hash")
    assert "event=" in told and "colour=topic" in told and "at=" in told
    browser.run("location.href = 'about:blank'")
    browser.driver.get(page.as_uri() + told)
    browser.wait(READY)
    browser.wait("return !document.querySelector('#card').hidden")
    assert browser.run("return document.querySelector('#card h2').textContent") == title
    assert browser.run("return [document.getElementById('colour').value, document.getElementById('to').value]") == [
        "topic",
        "900",
    ]
    assert browser.wait("return location.hash") == told


def test_an_events_card_lists_stories_with_their_outlets_in_order(browser: Browser, page: Path) -> None:
    browser.open(page, ready=READY)
    browser.run("document.querySelector('#overlay').focus()")
    browser.keys("n")
    browser.wait("return !document.querySelector('#card').hidden")
    outlets = browser.run("return [...document.querySelectorAll('#card ol li b')].map(e => e.textContent)")
    known = set(browser.run("return [...document.getElementById('outlet').options].map(e => e.textContent)"))
    assert len(outlets) > 3
    assert all(outlet.removesuffix(" (copy) ").strip() in known for outlet in outlets)


def test_addresses_and_titles_arrive_as_they_were(browser: Browser, page: Path) -> None:
    browser.open(page, ready=READY)
    corpus = make(250)
    stories = list(corpus.labels["Story"].values())
    for story in stories[:25]:
        browser.run(
            "const s = document.getElementById('search'); s.value = arguments[0]; s.dispatchEvent(new Event('input'))",
            story.properties["title"],
        )
        browser.wait("return document.querySelector('#results button')")
        browser.run("return new Promise((next) => setTimeout(next, 150))")
        browser.run(
            """[...document.querySelectorAll('#results button')].reverse()
            .find(b => b.textContent.includes(arguments[0]) && b.textContent.includes('Story'))?.click()""",
            story.properties["title"],
        )
        if browser.run("return document.querySelector('#card .what')?.textContent") == "Story":
            links = browser.run("return [...document.querySelectorAll('#card a')].map(a => a.href)")
            assert story.properties["url"] in links


def test_theme_follows_the_system_until_switched(browser: Browser, page: Path) -> None:
    ground = "return getComputedStyle(document.body).backgroundColor"
    browser.open(page, ready=READY)
    light = browser.run(ground)
    browser.open(page, dark=True, ready=READY)
    dark = browser.run(ground)
    assert light != dark
    browser.click("#theme")
    assert browser.run(ground) == light


def test_keys_move_and_zoom(browser: Browser, page: Path) -> None:
    browser.open(page, ready=READY)
    picture = "return document.querySelector('#overlay').toDataURL()"
    browser.run("document.querySelector('#overlay').focus()")
    for key in (Keys.ARROW_LEFT, "+", "-", "0"):
        before = browser.run(picture)
        browser.keys(key)
        browser.wait("return document.querySelector('#overlay').toDataURL() !== arguments[0]", before)


def test_usable_on_a_narrow_screen(browser: Browser, page: Path) -> None:
    browser.open(page, width=360, height=740, ready=READY)
    assert browser.run("return document.documentElement.scrollWidth") <= 360
    assert not browser.run("return document.querySelector('#controls').checkVisibility()")
    browser.click("#fold")
    assert browser.run("return document.querySelector('#controls').checkVisibility()")
    wide = browser.run(
        """return [...document.querySelectorAll('#panel *')]
        .filter(e => e.getBoundingClientRect().right > 361).map(e => e.outerHTML)"""
    )
    assert not wide
    browser.click("#fold")
    browser.run("document.querySelector('#overlay').focus()")
    browser.keys("n")
    card = browser.wait(
        """const card = document.querySelector('#card'), box = card.getBoundingClientRect();
        return !card.hidden && [box.left, box.right, box.bottom]"""
    )
    assert card[0] >= 0 and card[1] <= 360 and card[2] <= 740


def test_the_largest_events_are_named_however_dense_the_map_is(browser: Browser, tmp_path: Path) -> None:
    corpus = make(5000)
    write_page("map", corpus, tmp_path / "map.html")
    browser.open(tmp_path / "map.html", width=700, height=600, ready=READY)
    written = browser.run(
        """const [texts, draw] = [[], CanvasRenderingContext2D.prototype.fillText];
        CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
          if (this.font.startsWith("600")) texts.push(text); // the names of events
          return draw.call(this, text, ...place);
        };
        document.getElementById("fit").click();
        return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(texts))))"""
    )
    events = sorted(corpus.labels["Event"].values(), key=lambda one: -int(str(one.properties["story_count"])))
    named = [one for one in events if any(str(one.properties["title"]).startswith(text) for text in written)]
    assert len(named) >= 6
    assert events[0] in named
