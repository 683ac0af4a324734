"""The site of the documents: built with no network; every link leads somewhere, and opening it fetches nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

import newsgraph

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
#: Runs at the start of the Python that builds the site.
NO_NETWORK = """
import socket
def refuse(*arguments, **options):
    raise RuntimeError("the site's build tried to reach the network")
socket.socket.connect = socket.socket.connect_ex = refuse
socket.getaddrinfo = refuse
"""


class Page(HTMLParser):
    """What a page loads when it is opened, where its links lead, and the ids that links can lead to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes what matters here."""
        given = {name: value or "" for name, value in attrs}
        self.ids.add(given.get("id", ""))
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "link" and given.get("rel") in ("stylesheet", "preload", "icon"):
            self.loads.append(given["href"])
        elif tag in ("script", "img", "iframe") and given.get("src"):
            self.loads.append(given["src"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("site")
    (place / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", place / "built"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(place), "NO_MKDOCS_2_WARNING": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return place / "built"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path) for path in sorted(site.rglob("*.html"))}


def test_every_document_has_its_page(site: Path) -> None:
    documents = [path.relative_to(ROOT / "docs").with_suffix(".html") for path in (ROOT / "docs").rglob("*.md")]
    top = [Path("index.html"), Path("contributing.html"), Path("changelog.html"), Path("security.html")]
    assert [path for path in (*documents, *top) if not (site / path).is_file()] == []


def test_nothing_is_loaded_from_elsewhere(pages: dict[Path, Page], site: Path) -> None:
    assert [url for page in pages.values() for url in page.loads if re.match(r"(?:https?:)?//", url)] == []
    styles = "".join(path.read_text("utf-8") for path in site.rglob("*.css"))
    assert re.findall(r"url\([\"']?https?:|@import", styles) == []


def test_every_link_leads_to_a_page_and_a_place_on_it(pages: dict[Path, Page]) -> None:
    broken = []
    for path, page in pages.items():
        if path.name == "404.html":
            continue  # it is shown at any address, and its links begin at the top
        for link in page.links:
            if re.match(r"[a-z]+:", link):
                continue
            name, _, anchor = unquote(link).partition("#")
            target = (path.parent / name).resolve() if name else path
            if not target.exists() or (anchor and target in pages and anchor not in pages[target].ids):
                broken.append(f"{path.name}: {link}")
    assert broken == []


def test_the_reference_describes_the_public_names(pages: dict[Path, Page], site: Path) -> None:
    ids = pages[site / "reference.html"].ids
    methods = [name for name in vars(newsgraph.Graph) if not name.startswith("_")]
    assert {"newsgraph.api.open", *(f"newsgraph.api.Graph.{name}" for name in methods)} <= ids
    assert {f"newsgraph.errors.{name}" for name in ("NewsgraphError", "StoreError", "UnknownNameError")} <= ids
