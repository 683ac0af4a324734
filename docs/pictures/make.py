"""Makes the pictures beside it: every page on ``seeds/`` in both themes, the pages of a site on a desk and on a phone,
and a map of 100,000 made-up stories.

python docs/pictures/make.py
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import newsgraph  # noqa: E402  # only found on the path that is added above
from newsgraph.graph.stores.registry import open_store  # noqa: E402  # only found on the path that is added above
from newsgraph.views.registry import VIEWS, write_page  # noqa: E402  # only found on the path that is added above
from newsgraph.views.site.build import SiteOptions, write_site  # noqa: E402  # only found on the path that is added above
from newsgraph.views.site.names import page_file  # noqa: E402  # only found on the path that is added above
from tests.browser import start  # noqa: E402  # only found on the path that is added above
from tests.newsgraph.views.corpus import make  # noqa: E402  # only found on the path that is added above

COMPLETE = "return document.readyState === 'complete'"
DRAWN = "return document.documentElement.dataset.drawn === 'all'"


def main() -> None:
    """Writes the PNG files into this folder."""
    here = Path(__file__).parent
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        with newsgraph.open(str(folder / "seeds.kgl")) as graph:
            graph.load([ROOT / "seeds"])
            for name in VIEWS:
                event = {"event": "Microsoft"} if name == "timeline" else {}
                least = {"min_shared": 1} if name == "lead-lag" else {}
                write_page(name, graph.store, folder / f"{name}.html", **event, **least)
            site = folder / "site"
            write_site(graph.store, site, SiteOptions(title="The sample articles"))
            event = graph.ask("events", sort="-stories")[0].event_id
            outlet = graph.ask("first-to-cover", event=event)[0].outlet
        shown = {
            "index": site / "index.html",
            "event": site / page_file("event", event),
            "outlet": site / page_file("outlet", outlet),
            "search": site / "search.html",
        }
        with open_store(str(folder / "large.kgl")) as store:
            store.write(make(100_000).batch())
            write_page("map", store, folder / "map-100000.html")
        browser = start(folder / "profile")
        try:
            for name in VIEWS:
                ready = COMPLETE if name == "timeline" else DRAWN
                for theme in ("light", "dark"):
                    browser.open(folder / f"{name}.html", width=1280, height=820, dark=theme == "dark", ready=ready)
                    browser.picture(here / f"{name}-{theme}.png")
            for name, page in shown.items():
                for width, theme in ((1400, "light"), (390, "dark")):
                    browser.open(page, width=width, height=900, dark=theme == "dark", ready=COMPLETE)
                    if name == "search":
                        browser.run("location.hash = '#q=ferry'")
                        browser.wait("return document.querySelectorAll('#found li').length")
                    browser.picture(here / f"site-{name}-{width}.png")
            for theme in ("light", "dark"):
                browser.open(folder / "map-100000.html", width=1280, height=820, dark=theme == "dark", ready=DRAWN)
                browser.picture(here / f"map-100000-{theme}.png")
                browser.run("document.getElementById('overlay').focus()")
                browser.keys(*"++++++++++")
                browser.run("return new Promise((next) => setTimeout(next, 500))")
                browser.picture(here / f"map-100000-{theme}-zoomed.png")
        finally:
            browser.driver.quit()


if __name__ == "__main__":
    main()
