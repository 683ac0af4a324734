"""A researcher's own questions: listed, checked, asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from newsgraph.errors import NewsgraphError, ReadOnlyError, UsageError
from newsgraph.graph.stores.protocol import Store
from newsgraph.queries.answer import columns_of
from newsgraph.queries.ask import ask
from newsgraph.queries.registry import question, questions
from tests.queries.corpora import START, Told, fill

GOOD = """// purpose: outlets with stories
//   since a time
// parameters:
//   least (integer, default 1): stories that an outlet must have
//   since (time, default null): stories at or after this
//   who (outlet): left out
// columns:
//   outlet (text): its id
//   stories (integer; stories): how many
//     it has
MATCH (o:Outlet)<-[:PUBLISHED_BY]-(s:Story)
WHERE o.id <> $who AND ($since IS NULL OR s.published_at >= $since)
WITH o.id AS outlet, count(s) AS stories
WHERE stories >= $least
RETURN outlet, stories ORDER BY outlet
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "big-outlets.cypher").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    (tmp_path / "notes.txt").write_text("no question")
    return tmp_path


@pytest.fixture
def told(store: Store) -> Store:
    names = ("a", "a", "b", "c")
    return fill(store, [Told(f"{name}{n}", f"{name}.example", hours=n) for n, name in enumerate(names)])


def test_listed_with_ours(folder: Path) -> None:
    listed = questions(folder)
    assert list(listed)[-1] == "big-outlets" and listed["big-outlets"] == "outlets with stories since a time"
    assert len(listed) == len(questions()) + 1


def test_asked_like_ours(folder: Path, told: Store) -> None:
    answer = ask(told, "big-outlets", questions_folder=folder, who="The c.example")
    assert answer.to_dicts() == [{"outlet": "a.example", "stories": 2}, {"outlet": "b.example", "stories": 1}]
    assert len(ask(told, "big-outlets", questions_folder=folder, who="c.example", least="2")) == 1
    later = ask(told, "big-outlets", questions_folder=folder, who="c.example", since=START.replace(hour=1))
    assert [row.stories for row in later] == [1, 1]


def test_documented_like_ours(folder: Path) -> None:
    asked = question("big-outlets", folder)
    assert [(one.name, one.kind, one.unit, one.meaning) for one in columns_of(asked.row)] == [
        ("outlet", "text", "", "its id"),
        ("stories", "integer", "stories", "how many it has"),
    ]
    assert [(one.name, one.required, one.default) for one in asked.declared] == [
        ("least", False, "1"),
        ("since", False, None),
        ("who", True, None),
    ]


HEAD = "// purpose: x\n// columns:\n//   n (integer): number\n"


def taking(entry: str) -> str:
    """The same header with a parameter."""
    return HEAD.replace("// columns", f"// parameters:\n//   {entry}\n// columns")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("MATCH (n) RETURN n", "doesn't say what it is for"),
        ("// purpose: x\nRETURN 1 AS n", "documents no column"),
        (HEAD + "CREATE (n:Story {id: 'x'}) RETURN 1 AS n", "would write (CREATE)"),
        (HEAD + "RETURN $x AS n", "$x isn't documented"),
        (
            taking("y (text): why") + "RETURN 1 AS n",
            "never uses $y",
        ),
        (HEAD.replace("integer", "int") + "RETURN 1 AS n", "no type 'int'"),
        (HEAD.replace("number", "number\n//   n (text): again") + "RETURN 1 AS n", "stands twice"),
        (HEAD.replace("n (integer): number", "n: number") + "RETURN 1 AS n", "can't read 'n: number'"),
        (HEAD.replace("// columns", "// parameters: y\n// columns") + "RETURN 1 AS n", "one a line"),
        (
            taking("limit (text): z") + "RETURN $limit AS n",
            "called limit",
        ),
        (
            taking("o (outlet, default a): z") + "RETURN $o AS n",
            "can't have a default",
        ),
        (HEAD + "RETURN 1 AS m", "it returns m"),
        (HEAD + "RETRN 1 AS n", ""),
    ],
)
def test_bad_files(tmp_path: Path, told: Store, text: str, said: str) -> None:
    path = tmp_path / "mine.cypher"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        ask(told, "mine", questions_folder=tmp_path)
    assert said in str(caught.value)
    if said and "write" not in said:
        assert str(path) in str(caught.value)


def test_strings_and_comments_hold_no_parameters(tmp_path: Path, told: Store) -> None:
    (tmp_path / "mine.cypher").write_text(HEAD + "// costs $5 or $x\nWITH '$y' AS t, 1 AS n RETURN n")
    assert [row.n for row in ask(told, "mine", questions_folder=tmp_path)] == [1]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("scoops.cypher", HEAD, "question of newsgraph's own"),
        ("a b.cypher", HEAD, "name can't be a question's"),
        ("bytes.cypher", b"\xff\xfe", "not UTF-8"),
    ],
)
def test_bad_names(tmp_path: Path, name: str, content: Any, said: str) -> None:
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UsageError, match=said):
        questions(tmp_path)


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no folder"):
        questions(tmp_path / "nowhere")


def test_reading_is_all_that_is_allowed(tmp_path: Path, told: Store) -> None:
    (tmp_path / "mine.cypher").write_text(HEAD + "MATCH (n) DETACH DELETE n RETURN 1 AS n")
    with pytest.raises(ReadOnlyError):
        ask(told, "mine", questions_folder=tmp_path)
    assert len(list(told.nodes("Story"))) == 4
    assert issubclass(ReadOnlyError, NewsgraphError)
