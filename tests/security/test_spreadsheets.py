"""Promise: no text of a stranger's becomes a formula, whatever sign the spreadsheet parts cells by."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.graph.batch import Batch, Edge, Node
from newsgraph.graph.corrections import Corrections, Decision, Kind
from newsgraph.graph.exports.registry import export
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.researcher.corrections_file import read_corrections, write_corrections
from newsgraph.loaders.researcher.outlets_file import read_outlets
from newsgraph.output.cells import Table
from newsgraph.output.safe_text import formula_guarded, formula_unguarded, no_formula
from newsgraph.output.tables import Style, rendered

SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫"
PARTS = [";", "\t", ",", "\n", "\r", "\r\n", "\x00", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "|"]
BETWEEN = ["", " ", '"', '""', "\xa0", "\u3000", "\ufeff", "\u200b", " \t ", '" ', "\u202e"]
#: Texts that are no formulas, and must reach the reader as they are.
HARMLESS = [
    "", "a-b", "1 + 1 = 2", "me@example.org", "Nine to five - the strike goes on", "E=mc²", "12:30-14:00", "x;y,z|w",
    "https://a.example/2020/06/11/a-b_c?d=e+f", "'=1", "a; b - c", "Ｔｏｋｙｏ－Ｏｓａｋａ",
    "caf\u00e9, d\u00e9j\u00e0-vu",
]  # fmt: skip

PIECES = st.lists(
    st.sampled_from([*SIGNS, *PARTS, *BETWEEN, "a", "1", "x y", "cmd|' /C calc'!A0", "SUM(1)", "'"]), max_size=8
).map("".join)


def shown_as_formula(cell: str) -> bool:
    """Whether a spreadsheet could take a cell for a formula: after what it passes over, a sign comes first."""
    for char in cell:
        if char in '"' or char.isspace() or unicodedata.category(char) in ("Cc", "Cf"):
            continue
        return unicodedata.normalize("NFKC", char) in tuple("=+-@")
    return False


def cells_as_read(text: str) -> set[str]:
    """Every cell that some reader could see: by each sign that parts cells, with and without heed to quotes."""
    found = set(re.split(r"[;\t,|\n\r\x00\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", text))
    for delimiter in ",;\t|":
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
            for lines in (io.StringIO(text, newline=""), text.splitlines()):
                rows = csv.reader(lines, delimiter=delimiter, quoting=quoting)
                found.update(cell for row in rows for cell in row)
    return found


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("between", BETWEEN)
def test_after_whatever_parts_cells(sign: str, between: str) -> None:
    for part in ["", *PARTS]:
        text = f"title{part}{between}{sign}1+1" if part else f"{between}{sign}1+1"
        guarded = no_formula(text)
        assert guarded.replace("'", "") == text, "nothing but apostrophes is added"
        assert f"'{sign}" in guarded
        assert no_formula(guarded) in (guarded, f"'{guarded}")


@pytest.mark.parametrize("text", HARMLESS)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert no_formula(text) == text


@given(st.lists(st.tuples(PIECES, PIECES), min_size=1, max_size=4))
def test_no_reader_finds_a_formula_in_an_answer(rows: list[tuple[str, str]]) -> None:
    text = rendered(Table(("a", "b"), rows), Style("csv"))
    assert not [cell for cell in cells_as_read(text) if shown_as_formula(cell)]


@given(st.lists(PIECES, max_size=60), st.integers(0, 3))
def test_a_long_text_is_guarded_as_a_short_one(pieces: list[str], times: int) -> None:
    text = "".join(pieces) * 10**times
    cells = re.split("[;,|\t\n]", no_formula(text))
    assert not [cell for cell in cells if shown_as_formula(cell)]


@pytest.mark.slow
@pytest.mark.parametrize("text", [";=1\n", "\n" * 9, " ;", "=" * 9, '";"'])
def test_it_takes_no_longer_than_the_text_is_long(text: str) -> None:
    """A million characters; where each were compared with all before it, this would take hours."""
    long = text * (1_000_000 // len(text))
    assert len(no_formula(long)) <= 2 * len(long) + 1


def test_an_export_read_by_semicolons_tabs_and_bars(tmp_path: Path) -> None:
    """Ids, texts and lists; numbers are no texts, and stay."""
    nodes, edges = [Node("Outlet", "a.example", {"name": "=A;＝B"})], []
    for number, part in enumerate(PARTS):
        for sign in SIGNS:
            id_ = f"{sign}1;{sign}{number}"
            text = f'title{part}{sign}1+1 and "{part}"{sign}2'
            nodes.append(Node("Story", id_, {"title": text, "excerpt": sign + text, "url": f"https://a.example/{id_}"}))
            nodes.append(Node("Topic", f"{number}{part}{sign}", {"name": text, "keywords": (sign, f"a{part}{sign}b")}))
            edges.append(Edge("PUBLISHED_BY", id_, "a.example", {}))
    with open_store("networkx:") as store:
        store.write(Batch(nodes, edges))
        report = export("csv", store, tmp_path / "tables")
        export("csv", store, tmp_path / "raw", raw=True)
    assert any("apostrophe" in line for line in report.losses)
    for name in ("Story", "Topic", "Outlet", "PUBLISHED_BY"):
        text = (tmp_path / "tables" / f"{name}.csv").read_bytes().decode()
        assert [cell for cell in cells_as_read(text) if shown_as_formula(cell)] == [], name
        raw = (tmp_path / "raw" / f"{name}.csv").read_bytes().decode()
        assert [cell for cell in cells_as_read(raw) if shown_as_formula(cell)], name
    assert column(tmp_path / "tables" / "Story.csv", "id") == column(tmp_path / "tables" / "PUBLISHED_BY.csv", "start")


def column(path: Path, name: str) -> list[str]:
    with path.open(encoding="utf-8", newline="") as stream:
        return sorted(row[name] for row in csv.DictReader(stream))


@given(PIECES)
def test_a_text_that_is_read_again_comes_back_as_it_was(text: str) -> None:
    guarded = formula_guarded(text)
    assert formula_unguarded(guarded) == text
    assert guarded.replace("'", "") == text.replace("'", "")
    assert no_formula(guarded).removeprefix("'") == guarded.removeprefix("'"), "nothing is left to guard"


@given(st.lists(st.tuples(PIECES, PIECES, PIECES), min_size=1, max_size=3))
def test_no_reader_finds_a_formula_in_a_file_of_decisions(
    tmp_path_factory: pytest.TempPathFactory, texts: list[tuple[str, str, str]]
) -> None:
    """Texts in the form in which commands keep them: on one line, each blank a single one."""

    def kept(text: str) -> str:
        return " ".join("".join(char for char in text if char.isprintable() or char.isspace()).split())

    decisions = Corrections(
        tuple(
            Decision(
                Kind.RENAME,
                (f"https://a.example/{kept(one).replace(' ', '')}",),
                "",
                (),
                kept(two) or "x",
                "",
                kept(three),
            )
            for one, two, three in texts
        )
    )
    path = tmp_path_factory.mktemp("decided") / "news.corrections.csv"
    write_corrections(decisions, path)
    text = path.read_bytes().decode()
    assert not [cell for cell in cells_as_read(text) if shown_as_formula(cell)]
    read = read_corrections(path)
    assert read.corrections == decisions and not read.problems
    write_corrections(decisions.adding(Decision(Kind.LEAVE_OUT, ("=1;-2",), reason="@sum")), path)
    assert not [cell for cell in cells_as_read(path.read_bytes().decode()) if shown_as_formula(cell)]
    assert len(read_corrections(path).corrections) == len(decisions) + 1


def test_a_list_of_outlets_that_was_guarded_is_read_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "outlets.csv"
    path.write_text("domain,outlet,name\na.example,a.example,'@A\nb.example,b.example,O'Brien - B\n", encoding="utf-8")
    assert read_outlets(path).known == {"a.example": {"name": "@A"}, "b.example": {"name": "O'Brien - B"}}
