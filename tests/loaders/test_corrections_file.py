"""The file of decisions: read line by line, written without losing what a person put there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.errors import InputError
from newsgraph.graph.corrections import Corrections, Decision, Kind
from newsgraph.loaders.researcher.corrections_file import (
    as_text,
    file_beside,
    read_corrections,
    write_corrections,
)

HEAD = "kind,stories,to,from,value,date,author,reason\n"
JOIN = Decision(Kind.JOIN, ("https://a.example/1", "https://b.example/2"), made_at="2026-11-27", reason="same, fire")
NAME = Decision(Kind.RENAME, ("https://a.example/1",), value='The "Maren" fire', author="Ada")

_word = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=6).map(str.strip).filter(bool)
_phrase = st.lists(_word, max_size=3).map(" ".join)
_stories = st.lists(_word, min_size=1, max_size=3, unique=True).map(tuple)
_decisions = st.builds(
    Decision, st.just(Kind.LABEL), _stories, value=st.lists(_word, min_size=1, max_size=3).map(" ".join),
    made_at=_phrase, author=_phrase, reason=_phrase,
)  # fmt: skip


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "news.corrections.csv"
    path.write_text(text, encoding="utf-8")
    return path


@given(st.lists(_decisions, max_size=4).map(tuple).map(Corrections))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, corrections: Corrections) -> None:
    import unicodedata

    path = tmp_path_factory.mktemp("any") / "c.csv"
    write_corrections(corrections, path)
    read = read_corrections(path)
    assert not read.problems
    assert as_text(read.corrections) == unicodedata.normalize("NFC", as_text(corrections))
    assert Corrections.from_json(corrections.to_json()) == corrections


def test_a_wrong_line_is_named_and_the_others_hold(tmp_path: Path) -> None:
    text = (
        HEAD
        + 'join,https://a.example/1 https://b.example/2,,,,2026-11-27,,"same, fire"\n'
        + "jion,https://a.example/1,,,,,,\n"
        + "join,https://a.example/1,,,,,,\n"
        + "# a remark\n\n"
        + "date,https://a.example/1,,,2020-06-10,,,\n"
        + 'rename,"https://a.example/1,,,x,,,\n'
        + "move,https://a.example/1,,,,,,\n"
        + "leave-out,https://a.example/1,,,,,,,more\n"
        + 'rename,https://a.example/1,,,"The ""Maren"" fire",,Ada,\n'
    )
    path = written(tmp_path, text)
    read = read_corrections(path)
    assert read.corrections == Corrections((JOIN, NAME))
    assert read.lines == (2, 11)
    said = [
        "line 3: field kind: there is no kind jion",
        "line 4: field stories: join needs two stories",
        "line 7: field value: 2020-06-10 is no exact time",
        "line 8: it is no CSV",
        "line 9: field to: is empty; move needs it",
        "line 10: it has 9 values",
    ]
    assert len(read.problems) == len(said)
    for problem, words in zip(read.problems, said, strict=True):
        assert words in problem and str(path) in problem and "The other lines hold" in problem


def test_taking_back_and_adding_leave_the_rest_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "# ours\n" + as_text(Corrections((JOIN, NAME))) + "# the end\nnonsense,x,,,,,,\n")
    third = Decision(Kind.LEAVE_OUT, ("https://c.example/3",))
    write_corrections(Corrections((NAME, third)), path)
    text = path.read_text()
    assert text.startswith("# ours\n" + HEAD) and "# the end\nnonsense,x" in text
    assert "join" not in text and text.endswith("leave-out,https://c.example/3,,,,,,\n")
    assert read_corrections(path).corrections == Corrections((NAME, third))


def test_semicolons_and_columns_in_another_order(tmp_path: Path) -> None:
    path = written(tmp_path, "reason;kind;stories\nwhy;leave-out;https://a.example/1\n")
    assert read_corrections(path).corrections == Corrections(
        (Decision(Kind.LEAVE_OUT, ("https://a.example/1",), reason="why"),)
    )
    write_corrections(read_corrections(path).corrections.adding(NAME), path)
    assert len(read_corrections(path).corrections) == 2


@pytest.mark.parametrize("text", ["", "\n\n", "# a remark\n", HEAD])
def test_an_empty_file_holds_no_decision(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, text)
    assert read_corrections(path).corrections == Corrections()
    write_corrections(Corrections((NAME,)), path)
    assert read_corrections(path).corrections == Corrections((NAME,))


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"stories,to\n", "no column kind"), (b"kind,stories\nx,\xff\n", "UTF-8"), ("kind".encode("utf-16"), "UTF-8")],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said):
        read_corrections(path)


def test_the_file_stands_beside_the_store() -> None:
    assert file_beside("data/news.kgl") == Path("data/news.corrections.csv")
    assert file_beside("networkx:news.json") == Path("news.corrections.csv")
    assert file_beside("networkx:") is None
    assert file_beside("neo4j://localhost") is None
