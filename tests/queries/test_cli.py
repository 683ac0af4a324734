"""``newsgraph ask``, ``find`` and ``cypher`` as a person or a pipe meets them."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from newsgraph.cli import main
from newsgraph.graph.stores.registry import open_store
from newsgraph.queries.registry import QUESTIONS
from tests.queries.corpora import Told, fill

TOLD = (
    Told("a1", "a.example", "event:dam", 0, title="=Dam cracks, villages leave", topics=("dams",)),
    Told("b1", "b.example", "event:dam", 1, title="Thousands flee dam"),
    Told("c1", "c.example", "event:dam", 2, title="A dam leaks", copy_of="a1"),
    Told("a2", "a.example", "event:ferry", 60, title="Ferry aground"),
    Told("b2", "b.example", "event:ferry", 61, title="Island ferry stuck; the dam holds"),
    Told("c2", "c.example", "event:ferry", 62, title="Ferry refloated"),
    Told("d2", "d.example", "event:ferry", 63, title="Ferry: inquiry"),
)


class Ran(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("store") / "news.kgl"
    with open_store(str(path)) as store:
        fill(store, TOLD)
    return str(path)


@pytest.fixture
def run(url: str, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> Run:
    """Runs a command in an empty folder, on the sample store unless told otherwise."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSGRAPH_STORE", url)

    def command(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["newsgraph", *arguments])
        with pytest.raises(SystemExit) as caught:
            main()
            sys.exit(0)
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return Ran(int(caught.value.code or 0), out.decode(), err.decode())

    return command


def test_ask_alone_lists_and_is_content(run: Run) -> None:
    ran = run("ask")
    assert ran.code == 0
    listed = dict(line.split(maxsplit=1) for line in ran.out.splitlines())
    assert listed == QUESTIONS


@pytest.mark.parametrize("name", QUESTIONS)
def test_help_explains_every_parameter_and_column(run: Run, name: str) -> None:
    from newsgraph.queries.answer import columns_of
    from newsgraph.queries.registry import question

    ran = run("ask", name, "--help")
    assert ran.code == 0
    asked = question(name)
    for one in asked.declared:
        assert one.option in ran.out
    columns = ran.out.partition("\nColumns:\n")[2]
    for column in columns_of(asked.row):
        assert column.name in columns
    shown = " ".join(columns.split())
    assert all(f"; {one.unit}]" in shown or one.unit.split()[0] in shown for one in columns_of(asked.row) if one.unit)


def test_the_same_content_in_every_format(run: Run) -> None:
    rows = json.loads(run("ask", "first-to-cover", "event:dam", "--format", "json").out)
    assert [row["outlet"] for row in rows] == ["a.example", "b.example", "c.example"]
    assert rows[1]["published_at"] == "2020-06-10T01:00:00Z" and rows[1]["lag_seconds"] == 3600
    lines = run("ask", "first-to-cover", "event:dam", "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == rows
    text = run("ask", "first-to-cover", "event:dam", "--format", "csv").out
    assert [row["outlet"] for row in csv.DictReader(io.StringIO(text))] == ["a.example", "b.example", "c.example"]
    assert "'=Dam cracks" in text
    assert "'=Dam" not in run("ask", "first-to-cover", "event:dam", "--format", "csv", "--raw").out
    table = run("ask", "first-to-cover", "event:dam").out
    assert len(table.splitlines()) == 4 and "\x1b" not in table and "─" not in table
    assert run("ask", "first-to-cover", "event:dam", "--format", "csv", "--excel").out.startswith("\ufeffrank,")


@pytest.mark.parametrize(
    "words", [("thousands", "flee"), ("http://www.news.example/a1?utm_source=x",), ("event:dam",), ("Event event:dam",)]
)
def test_an_event_by_any_name(run: Run, words: tuple[str, ...]) -> None:
    ran = run("ask", "first-to-cover", *words, "--format", "json")
    assert ran.code == 0 and {row["event_id"] for row in json.loads(ran.out)} == {"event:dam"}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("ask", "first-to-cover", "event"), 2, "fits 2 events"),
        (("ask", "first-to-cover", "zebra"), 2, "no event goes by that"),
        (("ask", "first-to-cover"), 2, "EVENT: is missing"),
        (("ask", "scops"), 2, "Did you mean scoops"),
        (("ask", "scoops", "--since", "some day"), 2, "neither a date nor a time"),
        (("ask", "scoops", "--limit", "-1"), 2, "below zero"),
        (("ask", "scoops", "--sort", "size"), 2, "Columns: outlet, events"),
        (("ask", "followers", "a.exampel"), 2, "Nearest: a.example"),
        (("ask", "scoops", "--store", "nowhere.kgl"), 3, "nothing loaded yet"),
        (("ask", "--questions", "nowhere"), 2, "is no folder"),
        (("find", "?!"), 2, "no word"),
        (("find", "dam", "--kind", "image"), 2, "Choose event, outlet, topic, story"),
        (("cypher", "CREATE (n:Topic {id: 'x'})"), 2, "--write"),
        (("cypher", "RETURN $x AS x"), 2, "-p x=VALUE"),
        (("cypher", "RETURN 1 AS x", "-p", "x"), 2, "NAME=VALUE"),
        (("cypher", "RETURN 1 AS x", "--timeout", "0"), 2, "seconds above zero"),
        (("cypher", "@nowhere.cypher"), 2, "nowhere.cypher: there is no such file"),
        (("cypher", "nowhere.cypher"), 2, "nowhere.cypher: there is no such file"),
        (("cypher", "@nowhere"), 2, "nowhere: there is no such file"),
        (("cypher", "@."), 2, "can't be read"),
        (("cypher", " "), 2, "query: it is empty"),
        (("cypher", "RETRN(1)" * 100), 2, "query: "),
        (("cypher", "RETRN 1"), 2, ""),
        (("ask", "scoops", "--excel", "--format", "json"), 2, "--excel: is for CSV only"),
        (("find", "dam", "--excel"), 2, "--excel: is for CSV only"),
        (("cypher", "RETURN 1 AS x", "--excel", "-o", "x.md"), 2, "--excel: is for CSV only"),
    ],
)
def test_bad_input_is_one_line(run: Run, arguments: tuple[str, ...], code: int, said: str) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err and ran.err.count("\n") == 1 and "Traceback" not in ran.err


def test_output_goes_to_a_file_once(run: Run, tmp_path: Path) -> None:
    assert run("ask", "scoops", "--min-events", "1", "-o", "scoops.csv") == Ran(0, "", "")
    first = (tmp_path / "scoops.csv").read_text()
    assert first.startswith(
        "outlet,events,firsts,agency_firsts,tied,expected,lift,share,low,high,q,median_lag_hours,unsure\n"
    )
    refused = run("ask", "scoops", "-o", "scoops.csv")
    assert refused.code == 2 and "--force" in refused.err
    assert run("ask", "scoops", "--min-events", "1", "-o", "scoops.csv", "--format", "json", "--force").code == 0
    assert len(json.loads((tmp_path / "scoops.csv").read_text())) == first.count("\n") - 1


def test_a_cut_is_said(run: Run) -> None:
    ran = run("ask", "coverage", "event:ferry", "--limit", "2")
    assert len(ran.out.splitlines()) == 3 and "2 rows shown, of 4" in ran.err
    ran = run("cypher", "MATCH (s:Story) RETURN s.id AS id ORDER BY id", "--limit", "2", "--format", "jsonl")
    assert len(ran.out.splitlines()) == 2 and "2 rows shown, there are more" in ran.err
    ran = run("find", "dam", "--limit", "1", "--format", "jsonl")
    assert len(ran.out.splitlines()) == 1 and "1 row shown, of" in ran.err


def test_no_rows_is_no_failure(run: Run) -> None:
    assert run("ask", "shared-images", "--format", "json") == Ran(0, "[]\n", "")
    assert run("cypher", "MATCH (i:Image) RETURN i.id AS id", "--format", "csv") == Ran(0, "id\n", "")


def test_show_cypher(run: Run) -> None:
    ran = run("ask", "first-to-cover", "thousands flee", "--show-cypher", "--since", "2020-06-10")
    assert ':param event => "event:dam";' in ran.out
    assert ':param since => datetime("2020-06-10T00:00:00Z");' in ran.out and ran.out.rstrip().endswith(";")
    assert run("ask", "first-to-cover", "--show-cypher", "--store", "nowhere.kgl").out.startswith("// purpose")


def test_provenance(run: Run, tmp_path: Path) -> None:
    ran = run("ask", "scoops", "--min-outlets", "3", "--provenance", "--format", "json")
    made = json.loads(ran.err.splitlines()[0])
    assert made["question"] == "scoops" and made["parameters"]["min_outlets"] == 3 and len(made["corpus_sha256"]) == 64
    assert run("ask", "scoops", "--min-outlets", "3", "--provenance-file", "made.json").code == 0
    assert json.loads((tmp_path / "made.json").read_text()) == made
    assert run("ask", "scoops", "--provenance-file", "made.json").code == 2


def test_provenance_of_pages_and_exports(run: Run, tmp_path: Path) -> None:
    of_answer = json.loads(run("ask", "events", "--provenance", "--format", "json").err.splitlines()[0])
    ran = run("export", "graphml", "news.graphml", "--since", "2020-06-10", "--provenance")
    exported = next(json.loads(line) for line in ran.err.splitlines() if line.startswith("{"))
    assert exported["export"] == "graphml" and exported["parameters"]["since"] == "2020-06-10T00:00:00Z"
    assert run("view", "timeline", "dam.html", "--event", "event:dam", "--provenance-file", "made.json").code == 0
    page = json.loads((tmp_path / "made.json").read_text())
    assert page["page"] == "timeline" and page["parameters"]["event"] == "event:dam"
    for made in (exported, page):
        assert {name: made[name] for name in ("newsgraph", "corpus_sha256")} == {
            name: of_answer[name] for name in ("newsgraph", "corpus_sha256")
        }
    refused = run("view", "timeline", "again.html", "--event", "event:dam", "--provenance-file", "made.json")
    assert refused.code == 2 and not (tmp_path / "again.html").exists()


def test_own_questions_in_any_place(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own"
    own.mkdir()
    text = (
        "// purpose: how many stories\n// columns:\n//   n (integer): stories\nMATCH (s:Story) RETURN count(s) AS n\n"
    )
    (own / "how-many.cypher").write_text(text)
    assert "how-many" in run("ask", "--questions", "own").out
    for arguments in ("--questions own how-many", "how-many --questions own", "how-many --questions=own"):
        assert run("ask", *arguments.split()).out == "n\n7\n"
    monkeypatch.setenv("NEWSGRAPH_QUESTIONS", str(own))
    assert run("ask", "how-many", "--format", "json").out == '[\n  {"n": 7}\n]\n'
    assert "how many stories" in run("ask", "how-many", "--help").out


def test_store_before_or_after_the_question(run: Run, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEWSGRAPH_STORE")
    assert run("ask", "--store", url, "scoops").code == run("ask", "scoops", "--store", url).code == 0
    assert run("ask", "scoops").code == 3


def test_find(run: Run) -> None:
    rows = json.loads(run("find", "villages", "leave", "--format", "json").out)
    assert [row["kind"] for row in rows[:2]] == ["event", "story"] and rows[1]["id"] == TOLD[0].id
    assert json.loads(run("find", "dams", "--kind", "topic", "--format", "json").out)[0]["name"] == "Dams"


def test_cypher_takes_files_and_parameters(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my.cypher").write_text("RETURN $n + 1 AS n, $t AS t, $l AS l")
    given = ("-p", "n=1", "-p", "t=a=b", "-p", "l=[1, null]", "--format", "json")
    expected = [{"n": 2, "t": "a=b", "l": [1, None]}]
    assert json.loads(run("cypher", "my.cypher", *given).out) == expected
    assert json.loads(run("cypher", "@my.cypher", *given).out) == expected
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("RETURN 'é' AS t".encode())))
    assert run("cypher", "-", "--format", "csv").out == "t\né\n"
    assert json.loads(run("cypher", "RETURN $x AS x", "-p", "x=NaN", "--format", "json").out) == [{"x": "NaN"}]


def test_any_other_file_is_read_with_an_at_sign(run: Run, tmp_path: Path) -> None:
    (tmp_path / "q.txt").write_text("RETURN 1 AS one")
    assert run("cypher", "@q.txt").out == "one\n1\n"
    refused = run("cypher", "q.txt")
    assert (refused.code, refused.out) == (2, "") and "Write @q.txt" in refused.err


def test_cypher_writes_only_when_told(run: Run, tmp_path: Path) -> None:
    path = str(tmp_path / "own.kgl")
    with open_store(path) as store:
        fill(store, TOLD)
    text = "MATCH (t:Topic {id: 'dams'}) SET t.name = $name"
    assert run("cypher", text, "-p", "name=Dams!", "--store", path).code == 2
    ran = run("cypher", text, "-p", "name=Dams!", "--store", path, "--write")
    assert (ran.code, ran.out) == (0, "") and ran.err.startswith("Done.") and ran.err.count("\n") == 1
    assert run("cypher", text, "-p", "name=Dams!", "--store", path, "--write", "--format", "json").out == "[]\n"
    assert (
        run("cypher", "MATCH (t:Topic) RETURN t.name AS name", "--store", path, "--format", "csv").out
        == "name\nDams!\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", "attention", "--by", "outlet"),
        ("ask", "events", "--format", "json"),
        ("ask",),
        ("find", "dam"),
        ("info",),
        ("export", "json", "-"),
        ("cypher", "UNWIND range(1, 50000) AS x RETURN x"),
    ],
)
def test_a_reader_that_goes_away_is_no_failure(arguments: tuple[str, ...], url: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "newsgraph", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONIOENCODING": "ascii", "NEWSGRAPH_STORE": url},
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    said = process.stderr.read().decode()
    process.stderr.close()
    # What was said beside the answer before its reader went is no failure either.
    assert (process.wait(), "newsgraph:" in said, "rror" in said) == (141, False, False), said


def test_text_is_utf8_wherever_it_goes(url: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "newsgraph", "cypher", "RETURN 'é\u2013' AS t", "--format", "csv", "--store", url],
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
    )
    assert ran.stdout == "t\né\u2013\n".encode()


def test_which_one_is_asked_of_a_person(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsgraph.cli.ask._person_there", lambda: True)
    monkeypatch.setattr(sys, "stdin", io.StringIO("2\n"))
    ran = run("ask", "first-to-cover", "event", "--format", "json")
    assert ran.code == 0 and "2 events fit:" in ran.err
    assert len({row["event_id"] for row in json.loads(ran.out)}) == 1


def test_a_terminal_is_drawn_on(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from newsgraph.cli.shared.answers import Output

    monkeypatch.setattr(Output, "on_terminal", property(lambda self: self.target is None))
    monkeypatch.setattr("newsgraph.output.tables.TERMINAL_ROWS", 2)
    monkeypatch.setenv("COLUMNS", "200")
    ran = run("ask", "coverage", "event:ferry")
    assert "─" in ran.out and "2 rows shown, of 4" in ran.err and "d.example" not in ran.out
    assert "d.example" in run("ask", "coverage", "event:ferry", "--limit", "9").out


def test_a_terminal_is_told_what_is_left_out_and_never_driven(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "132")
    ran = run("ask", "first-to-cover", "event:ferry")
    assert "event_title: Event event:ferry" in ran.out and "https://news.example/d2?as=written" in ran.out
    assert ran.err == "columns left out: story_id, agency; --format csv has all\n"
    query = "RETURN '\u009b31m\u202e\x07' AS t"
    assert run("cypher", query, "--format", "csv").out == "t\n\\u009b31m\\u202e\\u0007\n"


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("newsgraph export gr", {"graphml"}),
        ("newsgraph view t", {"timeline", "topics"}),
        ("newsgraph ask first-to", {"first-to-cover"}),
    ],
)
def test_a_shell_completes_names(typed: str, offered: set[str]) -> None:
    words = typed.split()
    ran = subprocess.run(
        [sys.executable, "-c", "import sys; sys.argv[0] = 'newsgraph'; from newsgraph.cli import main; main()"],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ
        | {"_NEWSGRAPH_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": str(len(words) - 1)},
    )
    assert {line.partition(",")[2] for line in ran.stdout.splitlines()} == offered


def test_light_imports(url: str) -> None:
    """Listing and explaining import nothing heavy; the first question needs no numbers."""
    code = (
        "import sys; from newsgraph.cli import cli\n"
        "heavy = {'numpy', 'scipy', 'pydantic', 'networkx', 'neo4j', 'rich'}\n"
        "def run(*args):\n"
        "    try: cli.main(list(args), prog_name='newsgraph')\n"
        "    except SystemExit: pass\n"
        "run('ask')\nrun('ask', 'scoops', '--help')\n"
        "assert not (heavy | {'kglite'}) & set(sys.modules), sys.modules.keys() & heavy\n"
        f"run('ask', 'first-to-cover', 'event:dam', '--store', {url!r})\n"
        "assert not heavy & set(sys.modules), sys.modules.keys() & heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
