"""Makes the pictures beside it: every page of a site, and of ``newsgraph serve``, on a desk in light and on a phone in
dark, on ``seeds/`` and, with --headlines, on a labelled set of headlines; and a map of 100,000 made-up stories.

python docs/pictures/make.py [--headlines FILE.csv] [--only WORD]
"""

from __future__ import annotations

import argparse
import base64
import csv
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import newsgraph  # noqa: E402  # only found on the path that is added above
from newsgraph.graph.stores.registry import open_store  # noqa: E402  # only found on the path that is added above
from newsgraph.serve.pages.desk import Serving  # noqa: E402  # only found on the path that is added above
from newsgraph.views.registry import write_page  # noqa: E402  # only found on the path that is added above
from newsgraph.views.site.build import SiteOptions, write_site  # noqa: E402  # only found on the path that is added above
from newsgraph.views.site.names import page_file  # noqa: E402  # only found on the path that is added above
from tests.browser import Browser, start  # noqa: E402  # only found on the path that is added above
from tests.newsgraph.serve.running import running  # noqa: E402  # only found on the path that is added above
from tests.newsgraph.views.corpus import make  # noqa: E402  # only found on the path that is added above

HERE = Path(__file__).parent
COMPLETE = "return document.readyState === 'complete'"
DRAWN = "return document.documentElement.dataset.drawn === 'all'"
#: Width, height, and whether the picture is dark.
SIZES = ((1400, 900, False), (390, 844, True))
#: Of 100; what is lost can't be seen, and the files are a third as large.
QUALITY = 78
QUERY = """MATCH (e:Event)<-[:COVERS]-(s:Story)-[:PUBLISHED_BY]->(o:Outlet)
RETURN e, s, o, s.published_at AS published_at
ORDER BY e.story_count DESC, published_at LIMIT 12"""
SETTLED = "return new Promise((next) => setTimeout(next, 400))"


@dataclass(frozen=True, slots=True)
class Shot:
    """One page: the name of its pictures, its address, when it is ready, and what is done there first."""

    name: str
    address: str
    ready: str = COMPLETE
    script: str = ""


def main() -> None:
    """Writes the pictures into this folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--headlines", type=Path, help="labelled headlines: title,url,published_at,outlet,domain,topic")
    parser.add_argument("--only", default="", help="only pictures with this word in their names")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        browser = start(folder / "profile")
        try:
            for shot in _shots(folder, given.headlines, given.only):
                if given.only in shot.name:
                    _take(browser, shot)
        finally:
            browser.driver.quit()


def _shots(folder: Path, headlines: Path | None, only: str) -> Iterator[Shot]:
    yield from _corpus(folder / "sample", ROOT / "seeds", "", "The sample articles", "ferry")
    if headlines is not None:
        plain = folder / "headlines.csv"
        _without_labels(headlines, plain)
        yield from _corpus(folder / "headlines", plain, "headlines-", "Headlines of March 2014", "bank")
    if only in "map-100000":
        with open_store(str(folder / "large.kgl")) as store:
            store.write(make(100_000).batch())
            write_page("map", store, folder / "large.html")
        closer = "for (let i = 0; i < 10; i++) document.getElementById('closer').click();"
        yield Shot("map-100000", (folder / "large.html").as_uri(), DRAWN)
        yield Shot("map-100000-zoomed", (folder / "large.html").as_uri(), DRAWN, closer)


def _corpus(folder: Path, source: Path, prefix: str, title: str, word: str) -> Iterator[Shot]:
    """Yields the pages of a corpus: those of its site, a timeline, and those of a server on it."""
    folder.mkdir()
    url = str(folder / "news.kgl")
    with newsgraph.open(url) as graph:
        graph.load([source])
        site = folder / "site"
        write_site(graph.store, site, SiteOptions(title=title, min_shared=3 if prefix else 1))
        largest = graph.ask("events", sort="-stories")[0].event_id
        outlet = graph.ask("scoops", min_events=1)[0].outlet
        days = graph.ask("attention", by="topic")
        topic = Counter(row.key for row in days for _ in range(row.stories)).most_common(1)[0][0]
    pages = {
        "index": "index.html", "event": page_file("event", largest), "outlet": page_file("outlet", outlet),
        "topic": page_file("topic", topic), "events": "events.html", "attention": "attention.html",
        "report": "report.html",
    }  # fmt: skip
    for name, file in pages.items():
        ready = DRAWN if name == "report" else COMPLETE
        yield Shot(f"{prefix}{name}", (site / file).as_uri(), ready)
    for name, file in (("map", "map.html"), ("lead-lag", "lead-lag.html"), ("topics", "together.html")):
        yield Shot(f"{prefix}{name}", (site / file).as_uri(), DRAWN)
    found = f"location.hash = '#q={word}'"
    yield Shot(f"{prefix}search", (site / "search.html").as_uri(), COMPLETE, found)
    with running(Serving(url, port=0, token=False, edit=True, title=title)) as server:
        live = {
            "serve-ask": "ask.html",
            "serve-question": "ask/scoops.html?asked=1&min_events=3",
            "serve-cypher": "cypher.html",
            "serve-review": "review.html",
            "serve-correct": f"correct/{page_file('event', largest).partition('/')[2]}",
        }
        run = (
            f"const field = document.querySelector('textarea[name=query]'); field.value = `{QUERY}`;"
            "field.form.requestSubmit()"
        )
        for name, file in live.items():
            yield Shot(f"{prefix}{name}", f"{server.origin}/{file}", COMPLETE, run if name == "serve-cypher" else "")


def _without_labels(source: Path, target: Path) -> None:
    """Writes the table without the columns that say which event a headline is of."""
    columns = ("title", "url", "published_at", "outlet", "domain", "topic")
    with source.open(encoding="utf-8", newline="") as read, target.open("w", encoding="utf-8", newline="") as written:
        writer = csv.DictWriter(written, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(csv.DictReader(read))


def _take(browser: Browser, shot: Shot) -> None:
    for width, height, dark in SIZES:
        browser.open(shot.address, width=width, height=height, dark=dark, ready=shot.ready)
        if shot.script:
            browser.run(shot.script)
            browser.run(SETTLED)
            browser.wait(COMPLETE)
        browser.run(SETTLED)
        picture = browser.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
        (HERE / f"{shot.name}-{width}.webp").write_bytes(base64.b64decode(picture["data"]))


if __name__ == "__main__":
    main()
