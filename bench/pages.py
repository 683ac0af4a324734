"""Pages in headless Chromium without a GPU, and what writing them costs.

    python bench/pages.py [--cut 300] [--stories 100000]

Time to the first full drawing is measured by the page itself from the start of its opening, the median of five
openings. pyvis's own default page draws once its physics has settled; that is cut after ``--cut`` seconds, which then
count. Corpora are made up, with titles and addresses as long and as hard to compress as real ones.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]
from _measure import table  # noqa: E402  # found on the path added above

DRAWN = "const mark = performance.getEntriesByName('newsgraph-drawn')[0]; return mark ? mark.startTime : 0"


def open_times(browser, page: Path, script: str, *, times: int, seconds: float) -> list[float]:
    """Returns seconds from opening to what ``script`` returns in milliseconds; ``seconds`` if it returns nothing."""
    browser.driver.set_page_load_timeout(seconds)
    browser.driver.set_script_timeout(seconds)
    found = []
    for _ in range(times):
        try:
            browser.open(page, ready="return true", width=1400, height=900)
            found.append(browser.wait(script, seconds=seconds) / 1000)
        except Exception as error:  # a page that hangs fails in more than one way
            print(f"({page.name}: cut, {type(error).__name__})", file=sys.stderr)
            found.append(seconds)
    return found


def pyvis_seconds(page: Path, cut: float) -> float:
    """Returns how long pyvis's page takes to draw. It has a browser of its own, as one that hangs can't be closed
    normally."""
    import psutil

    from tests.browser import start

    profile = page.parent / "profile-pyvis"
    browser = start(profile)
    browser.driver.command_executor.client_config.timeout = cut + 30
    try:
        return min(open_times(browser, page, DRAWN, times=1, seconds=cut)[0], cut)
    finally:
        driver = psutil.Process(browser.driver.service.process.pid)
        for process in [*driver.children(recursive=True), driver]:
            process.kill()


def pyvis_page(store, target: Path) -> None:
    """pyvis's own page with its defaults, except that nothing is fetched: the same nodes and edges as our map."""
    from pyvis.network import Network

    from newsgraph.views.map_data import EDGE_TYPES, LABELS

    network = Network(cdn_resources="in_line")
    for label in LABELS:
        for node in store.nodes(label):
            name = str(node.properties.get("name") or node.properties.get("title"))
            network.nodes.append({"id": node.id, "label": name, "shape": "dot", "group": label})
    for one in EDGE_TYPES:
        network.edges += [{"from": edge.start, "to": edge.end} for edge in store.edges(one.type)]
    html = network.generate_html()
    mark = (
        "<script>network.once('stabilizationIterationsDone',"
        "() => network.once('afterDrawing', () => performance.mark('newsgraph-drawn')))</script>"
    )
    target.write_text(html.replace("</body>", mark + "</body>"), encoding="utf-8")


@dataclass(frozen=True)
class Panning:
    """Frames for each second of real time, and milliseconds of CPU that the page's thread takes for a frame."""

    rate: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.rate:.0f} frames/s; {self.cpu:.0f} ms CPU a frame"


def panning(browser, page: Path, zooms: int) -> Panning:
    """Moves the map by keys after zooming in so many times."""
    driver = browser.driver
    driver.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
    browser.open(page, ready="return document.documentElement.dataset.drawn === 'all'", width=1400, height=900)
    driver.set_script_timeout(120)

    def cpu() -> float:
        metrics = driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
        return next(one["value"] for one in metrics if one["name"] == "TaskDuration")

    press = """const done = arguments[arguments.length - 1], canvas = document.getElementById('overlay');
        const press = (key) => canvas.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
        const frame = () => new Promise((next) => requestAnimationFrame(next));"""
    driver.execute_async_script(
        press + "(async () => { for (let i = 0; i < arguments[0]; i++) { press('+'); await frame(); } done(); })();",
        zooms,
    )
    before = cpu()
    rate = driver.execute_async_script(
        press
        + """(async () => {
          const start = performance.now();
          for (let i = 0; i < 60; i++) { press(i % 30 < 15 ? 'ArrowLeft' : 'ArrowRight'); await frame(); }
          done(60000 / (performance.now() - start));
        })();"""
    )
    return Panning(rate, 1000 * (cpu() - before) / 60)


def child(code: str, *arguments: str) -> dict[str, float]:
    """Returns what a new process measures of itself. It prints JSON."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return json.loads(done.stdout.splitlines()[-1])


RESIDENT = """
import json, resource, sys, time
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1e6
def report(started, base):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(json.dumps({"cpu": time.process_time() - started, "peak": peak - base}))
"""
WRITE = (
    RESIDENT
    + """
from newsgraph.graph.stores.registry import open_store
from newsgraph.views.registry import write_page
with open_store(sys.argv[1], create=False, readonly=True) as store:
    next(store.nodes("Story"))
    base, started = resident(), time.process_time()
    write_page(sys.argv[3], store, sys.argv[2], force=True)
    report(started, base)
"""
)
SITE = (
    RESIDENT
    + """
from pathlib import Path
from newsgraph.graph.stores.registry import open_store
from newsgraph.views.site.build import SiteOptions, write_site
with open_store(sys.argv[1], create=False, readonly=True) as store:
    started, wall = time.process_time(), time.monotonic()
    report = write_site(store, Path(sys.argv[2]), SiteOptions(base_url="https://news.example"))
    print(json.dumps({"cpu": time.process_time() - started, "wall": time.monotonic() - wall,
                      "size": report.size, "files": report.files}))
"""
)
NODE_LINK = (
    RESIDENT
    + """
import networkx
base, started = resident(), time.process_time()
with open(sys.argv[1], encoding="utf-8") as file:
    networkx.node_link_graph(json.load(file), edges="edges")
report(started, base)
"""
)


def node_link(store, target: Path) -> None:
    """The whole graph as NetworkX's node-link JSON."""
    from newsgraph.graph.exports.registry import export

    export("json", store, str(target))


def stored(path: Path, stories: int):
    """An embedded store of a made-up corpus."""
    from newsgraph.graph.stores.registry import open_store
    from tests.newsgraph.views.corpus import make

    store = open_store(str(path))
    store.write(make(stories).batch())
    store.save()
    return store


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cut", type=float, default=300.0)
    parser.add_argument("--stories", type=int, default=100_000)
    options = parser.parse_args()

    from newsgraph.views.registry import write_page
    from tests.browser import start

    rows: list[tuple[str, ...]] = [("", "measured", "target")]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        small, medium = stored(folder / "small.kgl", 800), stored(folder / "medium.kgl", 4_300)
        first = write_page("map", small, folder / "map-1000.html")
        second = write_page("map", medium, folder / "map-5000.html")
        pyvis_page(small, folder / "pyvis-1000.html")
        report_store = stored(folder / "report.kgl", 10_000)
        report = write_page("report", report_store, folder / "report.html")
        report_store.save()
        for store in (small, medium, report_store):
            store.close()
        site = child(SITE, str(folder / "report.kgl"), str(folder / "site"))
        index_size = (folder / "site" / "index.html").stat().st_size
        large = stored(folder / "large.kgl", options.stories)
        node_link(large, folder / "large.json")
        large.close()
        written = child(WRITE, str(folder / "large.kgl"), str(folder / "map-large.html"), "map")
        linked = child(NODE_LINK, str(folder / "large.json"))
        size = (folder / "map-large.html").stat().st_size

        browser = start(folder / "profile")
        try:

            def median(page: str) -> float:
                return statistics.median(open_times(browser, folder / page, DRAWN, times=5, seconds=120))

            ours, five, hundred = median("map-1000.html"), median("map-5000.html"), median("map-large.html")
            far, near = panning(browser, folder / "map-large.html", 0), panning(browser, folder / "map-large.html", 8)
            browser.open(ROOT / "bench" / "_points.html")
            browser.driver.set_script_timeout(300)
            ask: Callable[[str], float] = lambda name: browser.driver.execute_async_script(  # noqa: E731  # typed where it stands
                f"const done = arguments[0]; rate({name}).then(done)"
            )
            webgl, pixels = ask("webgl"), ask("pixels")
        finally:
            browser.driver.quit()
        pyvis = pyvis_seconds(folder / "pyvis-1000.html", options.cut)

    cut = " (cut)" if pyvis >= options.cut else ""
    rows += [
        (f"pyvis's default, {first.lines[0]}", f"{pyvis:.1f} s{cut}", ""),
        ("our map of the same, first full drawing", f"{ours:.2f} s = 1/{pyvis / ours:.0f}", "at most 1/10"),
        (f"our map, {second.lines[0]}", f"{five:.2f} s = {five / ours:.1f} x", "at most 3 x"),
        (f"our map, {options.stories:,} stories: file", f"{size / 1e6:.2f} MB", "at most 8 MB"),
        ("  first drawing", f"{hundred:.2f} s = {hundred / ours:.1f} x", "at most 1.5 s, 15 x"),
        ("  panning, all of it in view", str(far), "at least 15"),
        ("  panning, zoomed in", str(near), "at least 15"),
        (
            "  writing: CPU",
            f"{written['cpu']:.1f} s = {written['cpu'] / linked['cpu']:.2f} x node_link_graph",
            "at most 3 x",
        ),
        ("  writing: peak memory above the opened store", f"{written['peak']:.0f} MB", "at most 1,000 MB"),
        (f"report, {report.lines[0]}", f"{report.size / 1e6:.2f} MB", "at most 2 MB"),
        (
            f"site of the same, {site['files']:,} files: writing",
            f"{site['wall']:.0f} s, CPU {site['cpu']:.0f} s",
            "at most 60 s",
        ),
        ("  all files", f"{site['size'] / 1e6:.1f} MB", "at most 60 MB"),
        ("  its first page", f"{index_size / 1e3:.0f} kB", "at most 300 kB"),
        ("100,000 plain points, panned: WebGL", f"{webgl:.0f} frames/s", ""),
        ("  our own pixels", f"{pixels:.0f} frames/s", ""),
    ]
    table("pages", rows)


if __name__ == "__main__":
    main()
