"""Reading Cypher texts safely, and durations as Neo4j writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.graph.stores.query_text import (
    duration_cell,
    edge_cell,
    masked,
    node_cell,
    without_comments,
)
from newsgraph.graph.stores.reading_rules import check_reads_only
from tests.strategies import TEXTS

PIECES = st.sampled_from(["'", '"', "`", "//", "/*", "*/", "\\", "\n", "a", " ", "SET", "é"])


@given(text=st.lists(PIECES | TEXTS, max_size=20).map("".join))
def test_masking_keeps_every_place(text: str) -> None:
    assert len(masked(text)) == len(text)
    assert len(without_comments(text)) == len(text)
    assert masked(masked(text)) == masked(text)
    assert "'" not in masked(text)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("a 'b' c", "a     c"),
        ("'it\\'s' x", "        x"),
        ("`a``b` x", "       x"),
        ("'/*' x '*/'", "     x     "),
        ("/* ' */ x // ' y", "        x       "),
        ("// a\nx", "    \nx"),
        ("'open", "     "),
        ("1 / 2 * 3", "1 / 2 * 3"),
    ],
)
def test_masking(text: str, bare: str) -> None:
    assert masked(text) == bare


def test_comments_go_and_texts_stay() -> None:
    assert without_comments("a '/* b */' /* c\n' */ d // e") == "a '/* b */'     \n     d     "


@pytest.mark.parametrize(
    "text",
    ["CALL db.labels()", "RETURN {set: 1}.set", "MATCH (n:Set) RETURN n.delete", "RETURN $create", "CALL { RETURN 1 }"],
)
def test_reading(text: str) -> None:
    check_reads_only(text)


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ((0, 0, 0), "PT0S"),
        ((14, 0, 0), "P1Y2M"),
        ((-14, 0, 0), "P-1Y-2M"),
        ((0, 400, 0), "P400D"),
        ((0, 0, 3661), "PT1H1M1S"),
        ((0, 0, -1), "PT-1S"),
        ((0, 0, -1, 500_000_000), "PT-0.5S"),
        ((0, 0, 0, 1), "PT0.000000001S"),
        ((1, 2, 90_000, 120_000_000), "P1M2DT25H0.12S"),
    ],
)
def test_durations(parts: tuple[int, ...], text: str) -> None:
    assert duration_cell(*parts) == text


def test_cells_of_other_labels() -> None:
    assert node_cell(["Person"], {"b": 1, "a": (1, 2), "c": None}) == {"a": [1, 2], "b": 1}
    assert node_cell(["Person", "Topic"], {"id": "t", "nope": 1, "name": "N"}) == {"id": "t", "name": "N"}
    assert edge_cell({"b": 1, "a": None}) == {"b": 1}
