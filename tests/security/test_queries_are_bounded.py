"""Promise: a user's query takes no more time and memory than it may, and whatever it does, the store stays as it is."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from newsgraph.errors import (
    NewsgraphError,
    QueryCrashError,
    QueryError,
    QueryLimitError,
    QueryMemoryError,
    QueryTimeoutError,
    UsageError,
)
from newsgraph.graph.stores import bounds, query_process, query_text, reading_rules
from newsgraph.graph.stores.embedded.engine_text import engine_text
from newsgraph.graph.stores.embedded.store import EmbeddedStore
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.query_messages import send
from newsgraph.graph.stores.registry import open_store
from newsgraph.queries.ask import ask
from tests.security.graphs import graph

STORIES = 3_000
MEMORY = "300M"
SECONDS = 3.0
#: What is allowed beyond the time limit: "within a second", and as much again for a machine that has more to do.
LATE = 2.0
#: How often it may be tried: a machine that does other things may be late once, a limit that isn't kept is always.
TRIES = 4

GREEDY = [
    "MATCH (a:Story), (b:Story), (c:Story) RETURN count(*) AS n",
    "MATCH (a:Story), (b:Story) RETURN a.title AS a, b.title AS b",
    "MATCH (a:Story), (b:Story) RETURN collect(a.title + b.title) AS all",
    "RETURN size(reduce(s = 'a', x IN range(1, 40) | s + s)) AS n",
    "RETURN reduce(l = [1], x IN range(1, 40) | l + l) AS l",
    "MATCH p = (:Story)-[*]-(:Story) RETURN count(p) AS n",
    "MATCH p = (:Story)-[*1..9]-(:Story) RETURN collect(p) AS all",
    "UNWIND range(1, 3000) AS a UNWIND range(1, 3000) AS b UNWIND range(1, 3000) AS c RETURN sum(a * b * c) AS n",
    "UNWIND range(1, 6000000) AS x WITH collect(toString(x) + ' and more text than that') AS l RETURN l[0] AS first",
    "MATCH (a:Story) WITH collect(a) AS l UNWIND l AS x UNWIND l AS y UNWIND l AS z RETURN sum(x.heat * z.heat) AS n",
]


@pytest.fixture(scope="module", params=["embedded", "networkx"])
def large(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder: Path = tmp_path_factory.mktemp("large")
    url = {"embedded": f"{folder}/news.kgl", "networkx": f"networkx:{folder}/news.json"}[request.param]
    with open_store(url) as store:
        store.write(graph(STORIES))
        store.save()
        yield store


@pytest.mark.parametrize("text", GREEDY)
def test_a_greedy_query_ends_as_one_line(large: Store, text: str) -> None:
    large.user_query("RETURN 1 AS ready", memory=MEMORY)  # the process is there: its start doesn't count
    for _ in range(TRIES):
        began = time.monotonic()
        with pytest.raises(QueryLimitError) as caught:
            large.user_query(text, timeout=SECONDS, memory=MEMORY)
        taken = time.monotonic() - began
        assert "\n" not in str(caught.value)
        if taken < SECONDS + LATE:
            break
        large.user_query("RETURN 1 AS ready", memory=MEMORY)
    assert taken < SECONDS + LATE
    assert large.user_query("MATCH (s:Story) RETURN count(s) AS n", memory=MEMORY).rows == [(STORIES,)]


def test_this_process_does_not_grow(large: Store) -> None:
    def peak() -> int:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split("VmRSS:")[1].split()[0]) // 1024

    if not Path("/proc/self/status").exists():
        pytest.skip("no /proc here to look at")
    large.user_query("RETURN 1 AS ready", memory=MEMORY)
    before = peak()
    for text in GREEDY[1:4]:
        with pytest.raises(NewsgraphError):
            large.user_query(text, timeout=SECONDS, memory=MEMORY)
    assert peak() - before < 100


LARGE = {
    "a thousand UNIONs": " UNION ".join(["RETURN 1 AS a"] * 1_000),
    "brackets": f"RETURN {'(' * 1_000}1{')' * 1_000} AS a",
    "lists": f"RETURN {'[' * 1_000}1{']' * 1_000} AS a",
    "maps": f"RETURN {'{a: ' * 1_000}1{'}' * 1_000} AS a",
    "cases": f"RETURN {'CASE WHEN true THEN ' * 500}1{' END' * 500} AS a",
    "subqueries": f"{'CALL { ' * 500}RETURN 1 AS a{' } RETURN a' * 500}",
    "clauses": f"{'WITH 1 AS a ' * 300}RETURN a",
    "signs": f"RETURN {'1 + ' * 3_000}1 AS n",
    "conditions": f"MATCH (a:Story) WHERE {' OR '.join(['a.title STARTS WITH a.id'] * 1_500)} RETURN count(a) AS n",
    "dots": f"RETURN {{a: 1}}{'.a' * 3_000} AS n",
    "indexes": f"RETURN [1]{'[0]' * 3_000} AS n",
    "a long text": f"RETURN '{'x' * 200_000}' AS a",
    "escaped brackets": f"RETURN {chr(92)}u0028{'(' * 1_000}1{')' * 1_000}) AS a",
}


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_a_text_with_too_many_parts_is_refused_before_it_runs(full: Store, text: str) -> None:
    with pytest.raises(QueryLimitError, match=r"nests|UNION|clauses|operators|characters"):
        full.user_query(text, timeout=20)


#: What a text may repeat, with what is before it.
REPEATED = [
    ("RETURN {a: 1}", ".a"), ("RETURN ", "a . "), ("RETURN ", "a.b("), ("RETURN ", "é."), ("RETURN `a`", " "),
    ("RETURN `a`", "`"), ("RETURN ", "`a`."), ("RETURN ", "`a` "), ("RETURN ", "'\\"), ("RETURN ", '"'),
    ("RETURN a", "[0]"), ("RETURN ", "x[1] "), ("RETURN ", "x[size(1)] "), ("CALL ", "a."), ("", "CALL db.labels() "),
    ("", "CALL `a`."), ("", "SHOW ALL "), ("SHOW ", "USER "), ("", "LOAD "), ("LOAD", "\n"), ("RETURN ", "said "),
    ("RETURN ", ",said"), ("RETURN ", "\\u"), ("RETURN ", "\\u0041"), ("RETURN $", " "), ("RETURN ", "$a "),
    ("MATCH (a)", "-[*]-(a)"), ("/*", "*"), ("", "properties "),
]  # fmt: skip


@pytest.mark.parametrize(("before", "part"), REPEATED)
def test_looking_at_a_text_takes_no_longer_than_the_text_is_long(before: str, part: str) -> None:
    """It is looked at where nothing ends it. Whatever is compared with all before it would take minutes."""
    text = before + part * ((reading_rules.LONGEST - len(before)) // len(part))
    began = time.process_time()
    with suppress(NewsgraphError):
        reading_rules.check_size(text)
    with suppress(NewsgraphError):
        reading_rules.check_reads_only(text)
    reading_rules.may_reach_internals(text)
    query_text.parameters_in(text)
    engine_text(text)
    assert time.process_time() - began < 2


def test_a_query_that_breaks_the_engine_breaks_nothing_else(large: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsgraph.graph.stores.reading_rules.check_size", lambda text: None)
    with pytest.raises((QueryCrashError, QueryError)):
        large.user_query(LARGE["a thousand UNIONs"], timeout=20)
    assert large.user_query("MATCH (s:Story) RETURN count(s) AS n").rows == [(STORIES,)]


def test_limits_on_a_server(store: Store) -> None:
    """Each store keeps its time limit; on a server the client waits no longer than that either."""
    began = time.monotonic()
    with pytest.raises((QueryTimeoutError, QueryMemoryError)):
        store.user_query(
            "UNWIND range(1, 9000) AS a UNWIND range(1, 9000) AS b UNWIND range(1, 99) AS c RETURN sum(a * b + c) AS n",
            timeout=1,
            memory=MEMORY,
        )
    assert time.monotonic() - began < 60  # with the start of a process on a busy machine
    assert store.user_query("MATCH (s:Story) RETURN count(s) AS n").rows == [(20,)]


def _nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("value", [_nested(100_000), len, (n for n in range(3)), sys.stdout], ids=type)
def test_a_parameter_that_cypher_has_no_value_for_is_one_line(full: Store, value: object) -> None:
    with pytest.raises(QueryError) as caught:
        full.user_query("RETURN $p AS p", {"p": value})
    assert "\n" not in str(caught.value)
    assert full.user_query("RETURN $p AS p", {"p": 1}).rows == [(1,)]


def test_giving_parameters_is_part_of_the_time(large: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some millions of them take seconds until the query's process has them."""
    large.user_query("RETURN 1 AS ready", memory=MEMORY)

    def slowly(stream: object, message: object) -> None:
        time.sleep(0.8)
        send(stream, message)  # type: ignore[arg-type]  # as it came

    monkeypatch.setattr(query_process, "send", slowly)
    with pytest.raises(QueryTimeoutError):
        large.user_query("RETURN size($p) AS n", {"p": [1] * 10}, memory=MEMORY, timeout=0.1)


@pytest.mark.parametrize(("timeout", "memory"), [(0, None), (-1, None), (1, "much"), (1, "1K"), (1, "-5M"), (1, "")])
def test_limits_that_are_none(full: Store, timeout: float, memory: str | None) -> None:
    with pytest.raises(UsageError):
        full.user_query("RETURN 1 AS a", timeout=timeout, memory=memory)


@pytest.mark.parametrize(
    ("text", "size"),
    [("500M", 500 << 20), ("2G", 2 << 30), ("1.5 GB", 3 << 29), ("20000000", 20_000_000), ("16mib", 16 << 20)],
)
def test_sizes(text: str, size: int) -> None:
    assert bounds.size(text) == size


def test_the_default_is_a_quarter_of_the_machine() -> None:
    assert (16 << 20) <= bounds.default_memory() <= os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4


def test_the_process_ends_with_the_store(tmp_path: Path) -> None:
    store = EmbeddedStore(str(tmp_path / "news.kgl"))
    store.write(graph())
    store.user_query("RETURN 1 AS a")
    assert store._process is not None
    worker = store._process._worker
    assert worker is not None and not worker.ended
    store.close()
    assert worker.ended


def test_what_is_written_is_seen_by_the_next_query(store: Store) -> None:
    count = "MATCH (s:Story) RETURN count(s) AS n"
    assert store.user_query(count).rows == [(20,)]
    store.write(graph(25))
    assert store.user_query(count).rows == [(25,)]


def test_on_the_command_line(tmp_path: Path) -> None:
    url = str(tmp_path / "news.kgl")
    with open_store(url) as store:
        store.write(graph(STORIES))
    before = Path(url).read_bytes()
    for text in (GREEDY[0], GREEDY[3]):
        done = subprocess.run(
            [sys.executable, "-m", "newsgraph", "cypher", "--store", url, "--timeout", "2", "--memory", MEMORY, text],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 1, done.stderr
        assert done.stdout == ""
        assert done.stderr.startswith("newsgraph: query: it ") and done.stderr.count("\n") == 1
        assert "--timeout SECONDS" in done.stderr or "--memory SIZE" in done.stderr
    assert Path(url).read_bytes() == before
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["news.kgl"]


OWN = """// purpose: much of everything
// columns:
//   n (integer): how much
{text}
"""


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """A folder of questions: two that are greedy, one that isn't."""
    folder = tmp_path / "questions"
    folder.mkdir()
    for name, text in (("long", GREEDY[0]), ("much", GREEDY[3]), ("little", "MATCH (s:Story) RETURN count(s) AS n")):
        (folder / f"{name}.cypher").write_text(OWN.format(text=text), encoding="utf-8")
    return folder


def test_a_question_of_ones_own_has_limits(large: Store, questions: Path) -> None:
    began = time.monotonic()
    with pytest.raises((QueryTimeoutError, QueryMemoryError)):
        ask(large, "long", questions_folder=questions, timeout=2, memory=MEMORY)
    assert time.monotonic() - began < 60  # with the start of a process on a busy machine
    with pytest.raises(QueryLimitError):
        ask(large, "much", questions_folder=questions, memory=MEMORY)
    assert [row.n for row in ask(large, "little", questions_folder=questions, memory=MEMORY)] == [STORIES]
    for given in ({"timeout": 0}, {"memory": "much"}):
        with pytest.raises(UsageError):
            ask(large, "little", questions_folder=questions, **given)
    with pytest.raises(UsageError, match="question of your own"):
        ask(large, "events", timeout=5)


def test_a_question_of_ones_own_on_the_command_line(tmp_path: Path, questions: Path) -> None:
    url = str(tmp_path / "news.kgl")
    with open_store(url) as store:
        store.write(graph(STORIES))

    def asked(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "newsgraph", "ask", "--questions", str(questions), *arguments, "--store", url]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    done = asked("long", "--timeout", "2", "--memory", MEMORY)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("newsgraph: query: it ") and done.stderr.count("\n") == 1
    assert asked("little", "--timeout", "20", "--format", "csv").stdout == f"n\n{STORIES}\n"
    assert asked("events", "--timeout", "20").returncode == 2, "newsgraph's own have no such option"
    assert asked("little", "--memory", "1K").returncode == 2


@pytest.mark.parametrize("name", ["timeout", "memory", "provenance", "show_cypher", "limit"])
def test_a_parameter_can_not_hide_an_option(tmp_path: Path, name: str) -> None:
    text = f"// purpose: one\n// parameters:\n//   {name} (integer, default 1): it\n// columns:\n//   n (integer): it\n"
    (tmp_path / "one.cypher").write_text(f"{text}RETURN ${name} AS n\n", encoding="utf-8")
    with open_store("networkx:") as store:
        store.write(graph())
        with pytest.raises(UsageError, match=f"a parameter can't be called {name}"):
            ask(store, "one", questions_folder=tmp_path)
