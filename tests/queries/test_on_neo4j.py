"""The same questions, with the same texts, on a real Neo4j: fewer corpora, the same reference."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest

from newsgraph.graph.stores.registry import open_store
from newsgraph.queries.ask import ask
from newsgraph.queries.asking.find import find
from tests.queries import test_changes, test_thread
from tests.queries.corpora import fill
from tests.queries.test_against_reference import CHECKS, GROUPS, Shape, check_all, stories

SHAPES = (
    Shape(1, 100, 6, 12, 0.1, 0.1, 0.0),
    Shape(2, 100, 6, 40, 0.2, 0.2, 0.2),
    Shape(3, 8, 3, 2, 0.5, 0.5, 0.1),
    Shape(4, 60, 1, 1, 0.0, 0.1, 0.0),
)


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: str(shape.seed))
def test_answers_what_the_reference_answers(neo4j_store_url: str, shape: Shape) -> None:
    with open_store(neo4j_store_url) as store:
        check_all(store, shape)


@pytest.mark.slow
def test_every_store_gives_the_same_bytes(neo4j_store_url: str, tmp_path: object) -> None:
    told = stories(SHAPES[0], Random(5))
    answers = []
    for url in (neo4j_store_url, f"{tmp_path}/news.kgl", "networkx:"):
        with open_store(url) as store:
            fill(store, told, GROUPS)
            needed: dict[str, Any] = {"event": told[0].event, "outlet": "a.example", "a": "a.example", "b": "b.example"}
            answers.append(
                [repr(list(ask(store, name, **{key: needed[key] for key in _required(name)}))) for name in CHECKS]
                + [repr(find(store, words)) for words in ("story s12", "event 3", "a.example", "dam")]
            )
    assert answers[0] == answers[1] == answers[2]


def _required(name: str) -> list[str]:
    from newsgraph.queries.registry import question

    return [one.name for one in question(name).declared if one.required]


@pytest.mark.slow
def test_each_edit_is_a_row_on_neo4j(neo4j_store_url: str, tmp_path: Path) -> None:
    with open_store(neo4j_store_url) as store:
        test_changes.test_each_edit_is_a_row(store, tmp_path)


@pytest.mark.slow
def test_a_long_thread_is_followed_on_neo4j(neo4j_store_url: str) -> None:
    with open_store(neo4j_store_url) as store:
        test_thread.test_a_long_thread_is_followed_to_both_of_its_ends_and_no_other_is_shown(store)
