"""Bad input costs itself and nothing else: each is one line with file, field and remedy."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newsgraph.cli import cli
from newsgraph.errors import NewsgraphError
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.load import load
from newsgraph.loaders.load_report import LoadReport

NOW = datetime(2021, 6, 1, tzinfo=UTC)
GOOD = """---
title: A good one
webUrl: https://ledger.example/good
publishedDateTime: 2021-03-01T10:00:00Z
provider: {name: Ledger, domain: ledger.example}
---
"""


def report_of(folder: Path) -> LoadReport:
    with open_store("networkx:") as store:
        return load(store, [folder], now=NOW)


def article(**fields: str) -> str:
    given = {
        "title": "One",
        "webUrl": "https://ledger.example/one",
        "publishedDateTime": "2021-03-01T10:00:00Z",
    } | fields
    lines = [f"{name}: {value}" for name, value in given.items() if value != ""]
    return "---\n" + "\n".join(lines) + "\n---\n"


# What is in the file -> what the line says.
COST_THE_FILE = {
    "binary": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xfe", "not UTF-8 text"),
    "NUL bytes": (b"---\ntitle: a\0b\n---\n", "NUL bytes"),
    "empty": (b"", "empty"),
    "no front matter": (b"Just words.\n", "no front matter"),
    "four semicolons": (b";;;\ntitle: x\n;;;\n", "no front matter"),
    "unclosed": (b"---\ntitle: x\nwebUrl: https://ledger.example/x\n", "no end"),
    "broken YAML": (b"---\ntitle: [x\nwebUrl: y\n---\n", "YAML is broken"),
    "a list": (b"---\n- a\n- b\n---\n", "no named values"),
    "no title": (article(title="").encode(), "no title"),
    "title is a list": (article(title="[a, b]").encode(), "a text is wanted, not a list"),
    "title is a map": (article(title="{a: b}").encode(), "a text is wanted, not named values"),
    "no address": (article(webUrl="").encode(), "no web address"),
    "address is none": (article(webUrl="'javascript:alert(1)'").encode(), "is no web address"),
    "python object": (article(excerpt="!!python/object/apply:os.system ['true']").encode(), "could not determine"),
    "python object in an unknown field": (article(x="!!python/name:os.system").encode(), "could not determine"),
    "own tag": (article(x="!thing 1").encode(), "could not determine"),
    "alias bomb": (
        b"---\ntitle: t\nwebUrl: https://ledger.example/x\na: &a [x,x,x,x,x,x,x,x,x,x]\n"
        b"b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
        b"c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d]\n---\n",
        "aliases that expand",
    ),
    "alias of itself": (b"---\ntitle: t\nwebUrl: https://ledger.example/x\na: &a [*a]\n---\n", "contains itself"),
    "deep nesting": (b"---\ntitle: " + b"[" * 25_000 + b"\n---\n", "nested more than"),
    "key twice": (b"---\ntitle: t\ntitle: u\nwebUrl: https://ledger.example/x\n---\n", "given twice"),
    "keys that are lists": (b"---\n? [a, b]\n: c\n---\n", "unhashable"),
    "explicit impossible date": (article(x="!!float abc").encode(), ""),
}


@pytest.mark.parametrize("name", COST_THE_FILE)
def test_a_bad_file_costs_itself_only(name: str, tmp_path: Path) -> None:
    data, said = COST_THE_FILE[name]
    (tmp_path / "bad.md").write_bytes(data)
    (tmp_path / "good.md").write_text(GOOD)
    report = report_of(tmp_path)
    if name == "explicit impossible date":
        assert report.stories_added == 2, "everything that is written plainly is text until a field wants a type"
        return
    assert report.stories_added == 1
    assert report.exit_code == 1
    assert any(said in line and "bad.md" in line for line in report.errors), report.errors
    assert all("\n" not in line and line.count(". ") >= 1 for line in report.errors), "one line with a remedy"


# Front matter -> date_quality; no exit code of 1 for any.
DOUBTFUL = {
    "missing": "",
    "date_only": "2021-03-01",
    "no_zone": "2021-03-01 10:00:00",
    "impossible": "2021-02-30T00:00:00Z",
    "future": "2199-01-01T00:00:00Z",
    "exact": "Mon, 01 Mar 2021 10:00:00 +0200",
}


@pytest.mark.parametrize("quality", DOUBTFUL)
def test_a_doubtful_date_does_not_cost_the_story(quality: str, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(article(publishedDateTime=DOUBTFUL[quality]))
    with open_store("networkx:") as store:
        report = load(store, [tmp_path], now=NOW)
        (story,) = store.nodes("Story")
    assert report.exit_code == 0
    assert story.properties["date_quality"] == quality
    assert ("published_at" in story.properties) == (quality not in ("missing", "impossible"))
    if quality == "exact":
        assert story.properties["published_at"] == datetime(2021, 3, 1, 8, tzinfo=UTC)


def test_only_title_and_address_are_needed(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: Bare\nwebUrl: https://ledger.example/bare\n---\n")
    with open_store("networkx:") as store:
        assert load(store, [tmp_path], now=NOW).exit_code == 0
        (outlet,) = store.nodes("Outlet")
    assert outlet.id == "ledger.example"
    assert outlet.properties["name"] == "ledger.example"


def test_a_bad_related_story_is_left_out_and_reported_again_at_each_load(tmp_path: Path) -> None:
    related = "\n  - {title: Fine, webUrl: 'https://gazette.example/fine'}\n  - {excerpt: no title here}\n  - just text"
    (tmp_path / "a.md").write_text(article(related=related))
    with open_store("networkx:") as store:
        for _ in range(2):
            report = load(store, [tmp_path], now=NOW)
            assert len(list(store.nodes("Story"))) == 2
            assert report.exit_code == 1
            assert [line.split(": ")[1] for line in report.errors] == ["related[1].title", "related[2]"]


def test_errors_name_the_line(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: One\nwebUrl: https://ledger.example/one\nquality: high\n---\n")
    (report_line,) = report_of(tmp_path).errors
    assert f"{tmp_path / 'a.md'}:4: quality: a whole number is wanted, not 'high'" in report_line


def test_unknown_fields_are_counted_and_what_is_secured_stays_out(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(article(secured="'c2VjcmV0'", mood="cheerful"))
    with open_store("networkx:") as store:
        report = load(store, [tmp_path], now=NOW)
        everything = repr([list(store.nodes(label)) for label in ("Story", "Source", "Corpus")])
    assert report.unknown_fields == {"mood": 1}
    assert "c2VjcmV0" not in everything


# Shapes in which python-frontmatter by itself loses the metadata and says nothing.
READ_ALL_THE_SAME = {
    "byte-order mark": "\ufeff" + GOOD,
    "blanks after the fence": GOOD.replace("---\n", "---   \n", 1),
    "comment after the fence": GOOD.replace("---\n", "--- # front matter\n", 1),
    "CRLF": GOOD.replace("\n", "\r\n"),
    "blank lines before": "\n\n" + GOOD,
    "a body with fences": GOOD + "\nText\n---\nmore\n---\n",
    "no newline at the end": GOOD.rstrip("\n"),
}


@pytest.mark.parametrize("name", READ_ALL_THE_SAME)
def test_front_matter_in_all_its_shapes(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(READ_ALL_THE_SAME[name].encode())
    with open_store("networkx:") as store:
        assert load(store, [tmp_path], now=NOW).errors == []
        (story,) = store.nodes("Story")
    assert story.properties["title"] == "A good one"


def test_titles_stay_what_was_written(tmp_path: Path) -> None:
    for number, written in enumerate(("1984", "1.10", "yes", "2021-03-01", "0x1F", "on")):
        (tmp_path / f"{number}.md").write_text(article(title=written, webUrl=f"https://ledger.example/{number}"))
    with open_store("networkx:") as store:
        load(store, [tmp_path], now=NOW)
        titles = {story.properties["title"] for story in store.nodes("Story")}
    assert titles == {"1984", "1.10", "yes", "2021-03-01", "0x1F", "on"}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def test_what_is_passed_over_is_counted(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(GOOD)
    (tmp_path / ".hidden.md").write_text("nothing")
    (tmp_path / "picture.png").write_bytes(b"x")
    (tmp_path / "topic.yaml").write_text("taxonomy: topic\n_id: x\nname: X\n")
    (tmp_path / "export.json").write_text('{"generator": "newsgraph", "nodes": []}')
    (tmp_path / "people.md").write_text("---\ntaxonomy: person\nname: X\n---\n")
    result = run("load", str(tmp_path), "--store", str(tmp_path / "news.kgl"))
    assert result.exit_code == 0, result.output
    assert "Loaded 3 files: 2 read, 1 of another kind" in result.output
    assert ".png 1" in result.output and ".json 1" in result.output


def failing(call: Callable[[], object]) -> NewsgraphError:
    with pytest.raises(NewsgraphError) as raised:
        call()
    assert "\n" not in str(raised.value)
    return raised.value


def test_a_missing_path_and_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with open_store("networkx:") as store:
        report = load(store, [tmp_path / "nowhere", tmp_path / "empty"], now=NOW)
    assert report.exit_code == 1
    assert "there is no such file or folder" in report.errors[0]
    assert "no article file is in this folder" in report.errors[1]


def run_python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)


def test_no_store_yet(tmp_path: Path) -> None:
    result = run_python("-m", "newsgraph", "info", "--store", str(tmp_path / "none.kgl"))
    assert result.returncode == 3
    assert "newsgraph load" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("content", [b"not a store", b"", b"\0" * 5000], ids=["text", "empty", "zeros"])
def test_a_store_that_is_none(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(GOOD)
    store = tmp_path / "news.kgl"
    store.write_bytes(content)
    result = run_python("-m", "newsgraph", "load", str(tmp_path), "--store", str(store))
    assert result.returncode == 3, result.stderr
    assert result.stderr.count("\n") == 1 and str(store) in result.stderr
    assert store.read_bytes() == content, "a file that isn't ours is left alone"


AS_NOBODY = """
import os, sys
from pathlib import Path
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.load import load
warm, folder = map(Path, sys.argv[1:])
load(open_store("networkx:"), [warm])  # every module is imported while the interpreter's own files can be read
if os.getuid() == 0:  # root is stopped by no permission
    os.setgid(65534)
    os.setuid(65534)
report = load(open_store("networkx:"), [folder])
print(report.stories_added, *report.errors, sep="\\n")
"""


def test_a_folder_and_a_file_without_permission(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text(GOOD)
    with tempfile.TemporaryDirectory() as open_to_all:
        Path(open_to_all).chmod(0o755)
        folder = Path(open_to_all, "corpus")
        (folder / "closed").mkdir(parents=True)
        for name in ("a.md", "b.md", "closed/c.md"):
            (folder / name).write_text(GOOD)
        (folder / "b.md").chmod(0)
        (folder / "closed").chmod(0)
        try:
            result = run_python("-c", AS_NOBODY, str(tmp_path), str(folder))
        finally:
            (folder / "closed").chmod(0o755)
    assert result.returncode == 0, result.stderr
    count, *errors = result.stdout.splitlines()
    assert count == "1"
    assert len(errors) == 2 and all("permission denied" in line for line in errors), errors
