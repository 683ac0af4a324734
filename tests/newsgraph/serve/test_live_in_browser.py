"""In a real browser: what a hostile page in the next tab can do, what hostile texts do, and what a reader does."""

from __future__ import annotations

import functools
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import ActionChains, Keys

from newsgraph.graph.batch import Batch, Edge
from newsgraph.graph.stores.registry import open_store
from newsgraph.graph.transfer import copy
from newsgraph.serve.pages.desk import Serving
from newsgraph.views.site.names import page_file
from tests.browser import FLAGS, Browser, start
from tests.newsgraph.serve.running import Running, running
from tests.newsgraph.views.conftest import axe_faults
from tests.newsgraph.views.test_hostile_text import PAYLOADS, full_store_with

#: evil.example leads to this computer: DNS rebinding, and a hostile page beside ours.
LIVE_FLAGS = (
    *(flag for flag in FLAGS if not flag.startswith("--proxy-server")),
    "--host-resolver-rules=MAP *.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
ALL_FIELDS = (
    "MATCH (s:Story)-[:COVERS]->(e:Event), (s)-[:PUBLISHED_BY]->(o) "
    "RETURN s, e, o, s.title AS title, s.url AS url, $x AS x"
)
#: What only an injected text would make: no page of ours has such elements or attributes.
INJECTED = "body img, body iframe, body object, [onerror], [onload], [onfocus], [onmouseover]"
READY = "return document.readyState === 'complete'"


@pytest.fixture(scope="module")
def one_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = start(tmp_path_factory.mktemp("profile"), LIVE_FLAGS)
    browser.driver.set_page_load_timeout(60)
    yield browser
    browser.driver.quit()


@pytest.fixture
def reader(one_browser: Browser) -> Iterator[Browser]:
    """A browser that fails the test when a page asks for anything beyond its own server, or breaks its policy."""
    one_browser.driver.get("about:blank")
    one_browser.look()
    one_browser.requests.clear()
    one_browser.messages.clear()
    yield one_browser
    one_browser.look()
    own = ("http://127.0.0.1:", "about:", "data:,", "blob:")
    assert not [url for url in one_browser.requests if not url.startswith(own)]
    said = [one for one in one_browser.messages if "favicon.ico" not in one]
    assert not said, f"the page logged {said}"


def enter(browser: Browser, server: Running) -> None:
    browser.driver.get(server.server.address)
    browser.wait(READY)
    assert "token" not in browser.run("return location.href")


def go(browser: Browser, server: Running, path: str) -> None:
    browser.driver.get(server.origin + path)
    browser.wait(READY)


def press(browser: Browser, selector: str) -> None:
    """Clicks what may still be scrolling into sight."""
    event = "new MouseEvent('click', {bubbles: true, cancelable: true})"
    browser.run(f"document.querySelector(arguments[0]).dispatchEvent({event})", selector)


def run_query(browser: Browser, text: str, parameters: str = "") -> None:
    for field, value in (("text", text), ("parameters", parameters)):
        browser.run("document.getElementById(arguments[0]).value = arguments[1]", field, value)
    browser.run("window.old = 1")
    press(browser, "#cypher button")
    browser.wait("return window.old === undefined && document.readyState === 'complete'")


def test_a_reader_clicks_from_the_first_page_to_an_event_a_question_and_a_query(live: Running, reader: Browser) -> None:
    enter(reader, live)
    press(reader, "#largest + .events a")
    reader.wait("return location.pathname.startsWith('/events/')")
    press(reader, "nav a[href$='ask.html']")
    reader.wait("return location.pathname === '/ask.html'")
    press(reader, "a[href='ask/date-quality.html']")
    reader.wait("return document.querySelector('form.question')")
    reader.run("document.querySelector('[name=limit]').value = '3'")
    press(reader, "form.question button")
    reader.wait("return document.querySelectorAll('table.rows tbody tr').length === 3")
    press(reader, "table.rows a")
    reader.wait("return location.pathname.startsWith('/outlets/')")
    reader.driver.back()
    press(reader, "nav a[href$='cypher.html']")
    reader.wait("return document.getElementById('cypher')")
    run_query(reader, "MATCH (e:Event)<-[:COVERS]-(s:Story) RETURN e, s LIMIT 5")
    assert reader.run("return document.querySelectorAll('table.rows tbody tr').length") == 5
    assert reader.run("return document.querySelectorAll('.drawing circle').length") > 1
    press(reader, ".drawing a[href^='events/']")
    reader.wait("return location.pathname.startsWith('/events/')")


def test_queries_are_remembered_in_this_browser_until_they_are_forgotten(live: Running, reader: Browser) -> None:
    enter(reader, live)
    go(reader, live, "/cypher.html")
    hostile = PAYLOADS["script end"]
    run_query(reader, "RETURN $x AS x", f"x={hostile}")
    run_query(reader, "RETURN 2 AS two")
    run_query(reader, "RETURN $x AS x", f"x={hostile}")
    go(reader, live, "/cypher.html")
    kept = reader.run("return [...document.querySelectorAll('#before button')].map(b => b.textContent)")
    assert kept[:2] == [f"RETURN $x AS x\nx={hostile}", "RETURN 2 AS two"]
    reader.run("document.querySelectorAll('#before button')[1].click()")
    assert reader.run("return document.getElementById('text').value") == "RETURN 2 AS two"
    reader.run("document.getElementById('text').focus()")
    ActionChains(reader.driver).key_down(Keys.CONTROL).send_keys(Keys.ENTER).key_up(Keys.CONTROL).perform()
    reader.wait("return document.querySelector('table.rows td')?.textContent === '2'")
    press(reader, "#forget")
    assert reader.run("return localStorage.getItem('newsgraph-queries')") == "[]"
    assert reader.run("return document.getElementById('history').hidden")


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_of_the_server_fit_and_are_accessible(live: Running, reader: Browser, width: int) -> None:
    enter(reader, live)
    reader.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 860, "deviceScaleFactor": 1, "mobile": width < 600},
    )
    query = "/ask/lead-lag.html?asked=1&min_shared=1&limit=20"
    for path in ("/ask.html", "/ask/first-to-cover.html", query, "/cypher.html", "/none.html"):
        go(reader, live, path)
        assert reader.run("return document.documentElement.scrollWidth") <= width, path
        assert axe_faults(reader) == [], path
    reader.look()
    reader.messages = [one for one in reader.messages if "404" not in one]  # of the page that isn't there


# Hostile texts.


@contextmanager
def served(payload: str, folder: Path, **settings: Any) -> Iterator[Running]:
    url = str(folder / "hostile.kgl")
    with full_store_with(payload) as held, open_store(url) as store:
        copy(held, store)
        # What the fixture leaves out, and derived events always have.
        fits = [Edge("COVERS", one.start, one.end, {"score": 0.9}) for one in store.edges("COVERS")]
        store.write(Batch([], fits))
    with running(Serving(url, port=0, title=payload, **settings)) as server:
        yield server


#: Those that are tried in every run; all of them when all tests are asked for.
ALWAYS = ("script end", "attribute double", "bidi")


@pytest.mark.parametrize(
    "name", [name if name in ALWAYS else pytest.param(name, marks=pytest.mark.slow) for name in PAYLOADS]
)
def test_hostile_texts_stay_texts(name: str, reader: Browser, tmp_path: Path) -> None:
    payload = PAYLOADS[name].encode("utf-8", "replace").decode()
    with served(payload, tmp_path) as server:
        enter(reader, server)
        kept = json.loads(server.post("/cypher.json", {"query": "MATCH (e:Event) RETURN e.id AS id"}).text)[0]["id"]
        for path in ("/", "/events.html", "/search.html#q=o", "/ask/events.html?asked=1&copies=include&dates=all"):
            go(reader, server, path)
            check(reader, name)
        for question in ("coverage", "first-to-cover"):
            reader.driver.get(f"{server.origin}/ask/{question}.html")
            reader.run("document.querySelector('[name=event]').value = arguments[0]", kept)
            press(reader, "form.question button")
            reader.wait("return location.search !== ''")
            check(reader, name)
        go(reader, server, "/cypher.html")
        run_query(reader, ALL_FIELDS, f"x={payload[:2000]}".replace("\n", " "))
        check(reader, name)
        # What is typed comes back as it was, in every field.
        run_query(reader, payload[:3_000].replace("\r", " ") or "x")
        check(reader, name)
        server_said = reader.look().messages
        reader.messages = [one for one in server_said if "400 (Bad Request)" not in one]


def check(browser: Browser, name: str) -> None:
    browser.wait(READY)
    assert browser.run("return document.title") != "owned", name
    assert browser.run("return document.querySelectorAll(arguments[0]).length", INJECTED) == 0
    protocols = browser.run("return [...document.querySelectorAll('a')].map(a => a.protocol ?? a.href.animVal)")
    assert all(one in ("http:", "https:") or "events/" in one or one.startswith("http") for one in protocols), name


# Hostile pages.


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        return


@contextmanager
def hostile_site(folder: Path) -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


ATTACK = """<!doctype html><title>hostile</title><body><script>
const target = TARGET;
const done = {};
async function reads(name, options, path = "/") {
  try { const r = await fetch(target + path, options); done[name] = r.type === "opaque" ? "opaque" : await r.text(); }
  catch (e) { done[name] = "refused"; }
}
function loads(tag, attribute, path) {
  return new Promise((resolve) => {
    const one = document.createElement(tag);
    one.onload = () => resolve("loaded"); one.onerror = () => resolve("refused");
    one[attribute] = target + path; if (tag === "link") one.rel = "stylesheet";
    document.body.append(one); setTimeout(() => resolve("silent"), 4000);
  });
}
(async () => {
  await reads("plain", {});
  await reads("with cookie", {credentials: "include"});
  await reads("opaque", {mode: "no-cors", credentials: "include"});
  await reads("header", {headers: {"X-Other": "1"}, credentials: "include"});
  const post = {method: "POST", mode: "no-cors", credentials: "include"};
  const sent = (fields) => ({...post, body: new URLSearchParams(fields)});
  await reads("post", sent({query: "RETURN 1", csrf: "x"}), "/cypher.html");
  await reads("decide", sent({kind: "leave-out", story: "x", seen: "x", csrf: "x"}), "/decide.html");
  done.script = await loads("script", "src", "/search.html");
  done.sheet = await loads("link", "href", "/site.css");
  done.image = await loads("img", "src", "/site.css");
  const frame = document.createElement("iframe"); frame.src = target + "/"; document.body.append(frame);
  await new Promise((r) => setTimeout(r, 1500));
  try { done.frame = frame.contentDocument?.body?.textContent ?? "closed"; } catch { done.frame = "closed"; }
  const other = open(target + "/");
  await new Promise((r) => setTimeout(r, 1500));
  try { done.window = other?.document?.body?.textContent ?? "closed"; } catch { done.window = "closed"; }
  document.title = JSON.stringify(done);
})();
</script>"""


@pytest.mark.parametrize("where", ["http://evil.example", "http://127.0.0.1", "http://localhost"])
@pytest.mark.parametrize("token", [True, False])
def test_a_hostile_page_reads_nothing_and_writes_nothing(
    own_store: str, one_browser: Browser, tmp_path: Path, where: str, token: bool
) -> None:
    """From another site, and from another server of this computer, whose requests bring the cookie along."""
    before = Path(own_store).read_bytes()
    with running(Serving(own_store, port=0, token=token, edit=True)) as server, hostile_site(tmp_path) as port:
        enter(one_browser, server)
        (tmp_path / "attack.html").write_text(ATTACK.replace("TARGET", json.dumps(server.origin)), encoding="utf-8")
        one_browser.driver.get(f"{where}:{port}/attack.html")
        done = json.loads(one_browser.wait("return document.title.startsWith('{') && document.title", seconds=60))
        for handle in one_browser.driver.window_handles[1:]:
            one_browser.driver.switch_to.window(handle)
            one_browser.driver.close()
        one_browser.driver.switch_to.window(one_browser.driver.window_handles[0])
        assert done.pop("opaque") in ("opaque", "refused")
        assert done.pop("post") in ("opaque", "refused")
        assert done.pop("decide") in ("opaque", "refused")
        assert done.pop("script") != "loaded"
        assert done.pop("sheet") != "loaded"
        assert done.pop("image") != "loaded"
        for name, seen in done.items():
            assert seen in ("refused", "closed", ""), name
    assert Path(own_store).read_bytes() == before
    assert not Path(own_store).with_suffix(".corrections.csv").exists()


def test_a_name_that_was_pointed_here_is_told_nothing(own_store: str, one_browser: Browser) -> None:
    """DNS rebinding: to the browser, evil.example and our server are one origin, so that it may read all that comes."""
    with running(Serving(own_store, port=0, token=False, edit=True)) as server:
        one_browser.driver.get(f"http://evil.example:{server.port}/")
        one_browser.wait(READY)
        text = one_browser.run("return document.body.textContent")
        assert text.strip() == "This server is only for the computer that it runs on, under its own name."
        script = "const done = arguments[1]; fetch(arguments[0]).then(r => r.text()).then(done, () => done('refused'))"
        for path in ("/", "/cypher.html", "/ask/scoops.json"):
            seen = one_browser.driver.execute_async_script(script, path)
            assert seen == "refused" or seen.startswith("This server is only for")


# Correcting by clicking.


@pytest.mark.parametrize("width", [390, 1280])
def test_an_event_is_corrected_by_clicking_and_taken_back(own_store: str, reader: Browser, width: int) -> None:
    reader.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 860, "deviceScaleFactor": 1, "mobile": width < 600},
    )
    with running(Serving(own_store, port=0, edit=True)) as server:

        def looks_right() -> None:
            assert reader.run("return document.documentElement.scrollWidth") <= width
            assert axe_faults(reader) == []

        enter(reader, server)
        press(reader, "#largest + .events a")
        reader.wait("return location.pathname.startsWith('/events/')")
        reader.run("document.querySelector('a[href^=\"../correct/\"]').click()")
        reader.wait("return location.pathname.startsWith('/correct/')")
        looks_right()
        reader.run("document.getElementById('value-rename').value = arguments[0]", "The <i>great</i> day")
        press(reader, "#whole button[value=rename]")
        reader.wait("return location.pathname === '/decide.html' && document.querySelector('#write')")
        looks_right()
        assert "+ The <i>great</i> day" in reader.run("return document.querySelector('.preview').textContent")
        press(reader, "#write button")
        reader.wait("return location.pathname === '/decisions.html'")
        looks_right()
        assert "The <i>great</i> day" in reader.run("return document.querySelector('main').textContent")
        go(reader, server, "/events.html")
        assert "The <i>great</i> day" in reader.run("return document.querySelector('main').textContent")
        go(reader, server, "/decisions.html")
        press(reader, "button[aria-label='Take back decision 1']")
        reader.wait("return document.querySelector('#write')")
        press(reader, "#write button")
        reader.wait("return location.pathname === '/decisions.html'")
        assert "No decision has been made yet" in reader.run("return document.querySelector('main').textContent")
        go(reader, server, "/review.html")
        looks_right()


@pytest.mark.parametrize(
    "name", [name if name in ALWAYS else pytest.param(name, marks=pytest.mark.slow) for name in PAYLOADS]
)
def test_hostile_texts_stay_texts_where_events_are_corrected(name: str, reader: Browser, tmp_path: Path) -> None:
    payload = PAYLOADS[name].encode("utf-8", "replace").decode()
    with served(payload, tmp_path, edit=True, author=payload) as server:
        enter(reader, server)
        query = "MATCH (e:Event)<-[:COVERS]-(s:Story) RETURN e.id AS id, s.id AS story"
        (row, *_) = json.loads(server.post("/cypher.json", {"query": query}).text)
        go(reader, server, "/" + page_file("event", row["id"]).replace("events/", "correct/"))
        check(reader, name)
        reader.run("document.querySelector('[name=story]').checked = true")
        reader.run("document.getElementById('why').value = arguments[0]", payload[:3_000])
        reader.run("document.getElementById('to-move').value = arguments[0]", payload[:3_000])
        press(reader, "#stories button[value=leave-out]")
        reader.wait("return document.querySelector('#write')")
        check(reader, name)
        press(reader, "#write button")
        reader.wait("return location.pathname === '/decisions.html'")
        check(reader, name)
        go(reader, server, "/review.html")
        check(reader, name)
