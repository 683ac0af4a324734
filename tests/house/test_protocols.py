"""Everything that newsgraph brings of a kind has the functions that its protocol declares, with their parameters."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from newsgraph.graph.exports.registry import EXPORTS, FolderExporter, TextExporter
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import STORES, StoreModule
from newsgraph.loaders.registry import LOADERS, Loader
from newsgraph.queries.asking.question import Question
from newsgraph.queries.registry import QUESTIONS, question
from newsgraph.views.registry import VIEWS, View


def declared(protocol: type) -> Iterator[tuple[str, list[str]]]:
    for name, function in vars(protocol).items():
        if inspect.isfunction(function) and not name.startswith("_"):
            yield name, [one for one in inspect.signature(function).parameters if one != "self"]


def kinds() -> Iterator[tuple[str, type]]:
    yield from ((name, Loader) for name in LOADERS)
    yield from ((one.module, FolderExporter if one.shape == "folder" else TextExporter) for one in EXPORTS.values())
    yield from ((module, View) for module, _ in VIEWS.values())
    yield from ((module, StoreModule) for module in dict.fromkeys(STORES.values()))


@pytest.mark.parametrize(("name", "protocol"), list(kinds()))
def test_modules_have_the_functions_of_their_protocol(name: str, protocol: Any) -> None:
    module = import_module(name)
    functions = dict(declared(protocol))
    assert functions
    for function, parameters in functions.items():
        assert list(inspect.signature(getattr(module, function)).parameters) == parameters
        assert inspect.getdoc(getattr(module, function))


@pytest.mark.parametrize("name", QUESTIONS)
def test_questions_are_questions(name: str) -> None:
    assert isinstance(question(name), Question)


@pytest.mark.parametrize(
    "name",
    ["embedded.store:EmbeddedStore", "networkx.store:NetworkxStore", "neo4j.store:Neo4jStore"],
)
def test_stores_have_the_functions_of_a_store(name: str) -> None:
    module, _, kind = name.partition(":")
    store = getattr(import_module(f"newsgraph.graph.stores.{module}"), kind)
    for function, parameters in declared(Store):
        assert [one for one in inspect.signature(getattr(store, function)).parameters if one != "self"] == parameters
    assert isinstance(store.url, property)
