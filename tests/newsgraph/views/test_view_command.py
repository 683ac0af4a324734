"""``newsgraph view`` as it is typed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import newsgraph
from newsgraph.cli.view import command
from newsgraph.errors import NewsgraphError, TargetExistsError, UnknownNameError, UsageError
from newsgraph.graph.stores.registry import open_store
from newsgraph.views.registry import VIEWS, view
from tests.newsgraph.views.corpus import make


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = str(tmp_path_factory.mktemp("store") / "news.kgl")
    with open_store(path) as store:
        store.write(make(60).batch())
        store.save()
    return path


def run(*arguments: str) -> str:
    """Its messages; errors of ours come through as they do to the command line's main."""
    result = CliRunner().invoke(command, list(arguments), catch_exceptions=False, standalone_mode=False)
    assert result.stdout == ""
    return result.stderr


def test_writes_the_page_and_says_what_is_in_it(store: str, tmp_path: Path) -> None:
    target = tmp_path / "map.html"
    said = run("map", str(target), "--store", store, "--title", "Ours")
    assert said.startswith("60 stories, ")
    assert str(target) in said
    assert "<title>Ours</title>" in target.read_text(encoding="utf-8")


def test_refuses_and_replaces_an_existing_target(store: str, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.write_text("mine")
    with pytest.raises(TargetExistsError, match="force=True"):
        run("report", str(target), "--store", store)
    run("report", str(target), "--store", store, "--force")
    assert "</html>" in target.read_text(encoding="utf-8")


def test_wrong_requests_are_one_line(store: str, tmp_path: Path) -> None:
    target = str(tmp_path / "x.html")
    with pytest.raises(UnknownNameError, match="no page"):
        run("mapp", target, "--store", store)
    with pytest.raises(UsageError, match="--since"):
        run("map", target, "--store", store, "--since", "someday")
    with pytest.raises(NewsgraphError, match="nobody"):
        run("map", target, "--store", store, "--outlet", "nobody")
    assert not Path(target).exists()


def test_help_lists_every_page() -> None:
    said = CliRunner().invoke(command, ["--help"]).stdout
    assert all(name in said for name in VIEWS)


def test_help_of_a_page_is_of_that_page() -> None:
    def help_of(page: str) -> str:
        return " ".join(CliRunner().invoke(command, [page, "--help"]).stdout.split())

    assert "timeline [OPTIONS] FILE.html" in help_of("timeline") and "in the order of coverage" not in help_of("map")
    assert "--min-shared" in help_of("lead-lag") and "--min-shared" not in help_of("map")
    assert "--base-url" in help_of("site") and "--since" in help_of("site") and "FOLDER" in help_of("site")
    assert "--colour" in help_of("map") and "--colour" not in help_of("site")
    for page in VIEWS:
        said = help_of(page)
        assert "--base-url" not in said and "--event" in said
    assert "Pages:" in CliRunner().invoke(command, ["--help"]).stdout


def test_a_page_is_written_as_html_alone(store: str, tmp_path: Path) -> None:
    for name in ("t.pdf", "t.png", "t.html.zip"):
        with pytest.raises(UsageError, match=r"a page is HTML, not \.\w+\. End its name with \.html or \.htm"):
            run("report", str(tmp_path / name), "--store", store)
        assert not (tmp_path / name).exists()
    with open_store(store, readonly=True) as opened, pytest.raises(UsageError, match="a page is HTML"):
        view("report", opened).write(tmp_path / "x.pdf")
    run("report", str(tmp_path / "t.HTM"), "--store", store)


def test_pages_word_sizes_and_counts_as_people_do(store: str, tmp_path: Path) -> None:
    for page in VIEWS:
        chosen = ("--event", "event:000000") if page == "timeline" else ()
        said = run(page, str(tmp_path / f"{page}.html"), "--store", store, *chosen)
        text = (tmp_path / f"{page}.html").read_text(encoding="utf-8")
        for wrong in (r"0\.0 MB", r"\b1 rows\b", r"\b1 stories\b", r"\d\.0 stories"):
            assert not re.search(wrong, said + text), (page, wrong)
        assert "SHA-256" in text and "Settings:" in text and "newsgraph " in text, page


def test_python_writes_the_same_site(store: str, tmp_path: Path) -> None:
    run("site", str(tmp_path / "a"), "--store", store, "--title", "Ours")
    with newsgraph.open(store, readonly=True) as graph:
        report = graph.view("site", title="Ours").write(tmp_path / "b")
        assert graph.view("site", title="Ours").write(tmp_path / "b").changed == 0
        with pytest.raises(UsageError, match="It has title, base_url"):
            graph.view("site", colour="x")
    files = {path.relative_to(tmp_path / "a"): path.read_bytes() for path in (tmp_path / "a").rglob("*.html")}
    assert len(files) > 5 and report.files >= len(files)
    assert files == {path.relative_to(tmp_path / "b"): path.read_bytes() for path in (tmp_path / "b").rglob("*.html")}


def test_writes_a_site_and_refuses_what_is_not_of_one(store: str, tmp_path: Path) -> None:
    folder = tmp_path / "public"
    said = run("site", str(folder), "--store", store, "--base-url", "https://example.org/news")
    assert said.startswith("60 stories, ")
    assert (folder / "index.html").is_file()
    assert (folder / "sitemap.xml").is_file()
    assert "0 files written" in run("site", str(folder), "--store", store, "--base-url", "https://example.org/news")
    with pytest.raises(UnknownNameError, match="x"):
        run("site", str(folder), "--store", store, "--outlet", "x")
    with pytest.raises(UsageError, match="--colour"):
        run("site", str(folder), "--store", store, "--colour", "topic")
    with pytest.raises(UsageError, match="--base-url"):
        run("map", str(tmp_path / "m.html"), "--store", store, "--base-url", "https://example.org")
    with pytest.raises(UsageError, match="--base-url"):
        run("site", str(folder), "--store", store, "--base-url", "javascript:alert(1)")
    with pytest.raises(TargetExistsError, match="no site"):
        run("site", str(tmp_path), "--store", store)


def test_sizes_are_said_in_a_fitting_unit(store: str, tmp_path: Path) -> None:
    assert re.search(r"report\.html: \d+ kB", run("report", str(tmp_path / "report.html"), "--store", store))
