"""Promise: what a store keeps for itself (paths of the machine, records, what stories said) is not shown by users'
queries, by exports or by a copy."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from newsgraph.errors import NewsgraphError
from newsgraph.graph.exports.registry import EXPORTS, export
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.reading_rules import may_reach_internals
from newsgraph.graph.stores.registry import open_store
from newsgraph.graph.transfer import copy, differences
from tests.security.graphs import SECRETS

PEEPING = [
    "MATCH (c:Corpus) RETURN c",
    "MATCH (c:Corpus) RETURN c.folders AS x",
    "MATCH (c:Corpus) RETURN c . folders AS x",
    "MATCH (c:Corpus) RETURN c.`folders` AS x",
    "MATCH (c:Corpus) RETURN c['folders'] AS x",
    "MATCH (c:Corpus) RETURN c['fold' + 'ers'] AS x",
    "MATCH (c:Corpus) RETURN c[$name] AS x",
    "MATCH (c:Corpus) UNWIND keys(c) AS k RETURN c[k] AS x",
    "MATCH (c:Corpus) RETURN [k IN keys(c) | c[k]] AS x",
    "MATCH (c:Corpus) RETURN properties(c) AS x",
    "MATCH (c:Corpus) RETURN c {.*} AS x",
    "MATCH (c:Corpus) RETURN c {.folders} AS x",
    "MATCH (c:Corpus) RETURN c {.id, .*} AS x",
    "MATCH (c:Corpus) RETURN c {a: c.folders} AS x",
    "MATCH (c:Corpus) RETURN {a: c, b: [c]} AS x",
    "MATCH (c:Corpus) RETURN collect(c) AS x",
    "MATCH (c:Corpus) WITH collect(c) AS l RETURN [n IN l | n.folders] AS x",
    "MATCH (c:Corpus) RETURN toString(c.folders) AS x",
    "MATCH (c:Corpus) RETURN substring(c.folders, 0, 40) AS x",
    "MATCH (c:Corpus) WITH c.folders AS f RETURN f AS x",
    "MATCH (n) RETURN n",
    "MATCH (n) WHERE n.folders IS NOT NULL RETURN n.folders AS x",
    "MATCH (s:Source) RETURN s, s.records AS x",
    "MATCH (s:Source) RETURN s.rec\\u006frds AS x",
    "MATCH (n:Source) RETURN max(n.records) AS x, min(n.stamp) AS y",
    "MATCH ()-[r]->() RETURN r",
    "MATCH ()-[r:ABOUT]->() RETURN r.said AS x",
    "MATCH ()-[r]->() RETURN properties(r) AS x",
    "MATCH p = (:Story)-[r]->() RETURN p",
    "MATCH p = (:Story)-[r]->() RETURN [r IN relationships(p) | r.said] AS x",
    "MATCH (o:Outlet) RETURN o {.*} AS x",
    "MATCH (c:Corpus) RETURN c.outlets AS x",
    "MATCH (c:Corpus) CALL (c) { RETURN c.folders AS f } RETURN f",
    "MATCH (c:Corpus) RETURN CASE WHEN true THEN c.folders END AS x",
    "MATCH (c:Corpus) RETURN reduce(t = '', k IN keys(c) | t + toString(c[k])) AS x",
    # A name that reads like a keyword, or is in backticks, before the brackets.
    "MATCH (c:Corpus) RETURN `c`['fold' + 'ers'] AS x",
    "MATCH (c:Corpus) WITH c AS `a b` RETURN 1 IN [`a b` /* [ */ ['fold' + 'ers']] AS y, `a b`['fold' + 'ers'] AS x",
    "MATCH (in:Corpus) RETURN in['fold' + 'ers'] AS x",
    "MATCH (c:Corpus) RETURN [by IN [c] | by['fold' + 'ers']] AS x",
    "MATCH (c:Corpus) WITH c AS else RETURN else['fold' + 'ers'] AS x",
    "MATCH (distinct:Corpus) RETURN 1 AS y, distinct['fold' + 'ers'] AS x",
    "MATCH (c:Corpus) RETURN {in: c} . in['fold' + 'ers'] AS x",
    "MATCH ()-[with:ABOUT]->() RETURN with['sa' + 'id'] AS x",
    # A map that looks like a node or an edge, and messages that repeat what they were given.
    "MATCH (c:Corpus) RETURN {id: c, labels: c, properties: c} AS x",
    "MATCH (c:Corpus) WITH {labels: ['X'], id: 1, properties: c} AS m RETURN m AS x",
    "MATCH ()-[r:ABOUT]->() RETURN {id: 1, start: 1, end: 1, type: 'T', properties: r} AS x",
    "MATCH (c:Corpus) RETURN date(c) AS x",
    "MATCH ()-[r:ABOUT]->() RETURN duration(r) AS x",
]


@pytest.mark.parametrize("text", PEEPING)
def test_no_query_shows_them(full: Store, text: str) -> None:
    try:
        rows = full.user_query(text, {"name": "folders"} if "$name" in text else {})
    except NewsgraphError as error:
        assert not any(secret in str(error) for secret in SECRETS)
        return
    assert not any(secret in repr(rows) for secret in SECRETS)


def test_what_is_not_internal_is_shown(full: Store) -> None:
    rows = full.user_query("MATCH (o:Outlet {id: 'a.example'}) RETURN o, o.name AS name, [1, 2][0] AS first")
    assert rows.rows == [({"id": "a.example", "name": "A"}, "A", 1)]
    names = full.user_query(
        "MATCH (s:Story) WITH s.title AS t ORDER BY t WITH collect(t) AS l RETURN l[size(l) / 2] AS m"
    )
    assert len(names) == 1


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (s:Story) WHERE s.title IN ['Rain in town 1'] RETURN s.id AS id",
        "UNWIND ['a'] AS x RETURN x",
        "MATCH (s:Story) RETURN collect(DISTINCT [s.title, s.id]) AS l",
        "MATCH (s:Story) RETURN CASE WHEN s.heat > 1 THEN [s.id] ELSE ['b'] END AS l",
        "MATCH p = (:Story)-[:ABOUT]->(:Topic) RETURN [n IN nodes(p) WHERE n.id > '' | n.id] AS l",
    ],
)
def test_a_list_is_no_index(text: str) -> None:
    assert not may_reach_internals(text)


@pytest.mark.parametrize(
    "call", ["apoc.text.toCypher(c)", "apoc . text.tocypher (c, {})", "apoc.coll.sortNodes([c], 'fold' + 'ers')"]
)
def test_what_a_plugin_of_a_server_makes_of_a_node_is_known(call: str) -> None:
    assert may_reach_internals(f"MATCH (c:Corpus) RETURN {call} AS x")


def test_a_map_that_looks_like_a_node_stays_a_map(full: Store) -> None:
    for made in (
        "{nodes: 3, relationships: 4}",
        "{id: 1, labels: 2, properties: 3}",
        "{nodes: [1], relationships: []}",
    ):
        ((found,),) = full.user_query(f"RETURN {made} AS m").rows
        assert isinstance(found, dict) and set(found) == set(re.findall(r"\w+(?=:)", made))


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("MATCH (c:Corpus) SET c.folders = '{}'", {}),
        ("MATCH (c:Corpus) SET c += $map", {"map": {"folders": "{}"}}),
        ("MATCH (c:Corpus) SET c = {id: 'corpus'}", {}),
        ("MATCH (c:Corpus) DETACH DELETE c", {}),
        ("MATCH (s:Source) SET s.records = '[]'", {}),
        ("MATCH (s:Source) SET s['rec' + 'ords'] = '[]'", {}),
        ("MATCH (s:Source) SET s += {records: '[]'}", {}),
        ("MATCH ()-[r:ABOUT]->() SET r.said = null", {}),
        ("MATCH ()-[r:ABOUT]->() REMOVE r.said", {}),
        ("MATCH (o:Outlet) SET o.stale = true", {}),
    ],
)
def test_no_query_changes_them(store: Store, text: str, parameters: dict[str, object]) -> None:
    before = [list(store.nodes(label)) for label in ("Corpus", "Source", "Outlet")], list(store.edges("ABOUT"))
    with pytest.raises(NewsgraphError):
        store.user_query(text, parameters, write=True)
    assert (
        [list(store.nodes(label)) for label in ("Corpus", "Source", "Outlet")],
        list(store.edges("ABOUT")),
    ) == before


#: Formats that carry a store elsewhere, and so hold what it needs there; the articles as they were read are in jsonl.
MOVING = {name for name, chosen in EXPORTS.items() if chosen.moves} | {"jsonl"}


@pytest.mark.parametrize("format", EXPORTS)
def test_no_export_holds_a_path_of_the_machine(full: Store, tmp_path: Path, format: str) -> None:
    target = tmp_path / "out"
    export(format, full, target)
    files = [target] if target.is_file() else list(target.iterdir())
    content = b"".join(file.read_bytes() for file in files)
    assert files and b"SECRET-FOLDER" not in content
    if format not in MOVING:
        assert not any(secret.encode() in content for secret in SECRETS)


def test_a_copy_leaves_the_paths_behind(full: Store, tmp_path: Path) -> None:
    with open_store(f"networkx:{tmp_path}/copy.json") as target:
        copy(full, target)
        assert list(differences(full, target)) == []
    assert "SECRET-FOLDER" not in (tmp_path / "copy.json").read_text(encoding="utf-8")
    with open_store(f"networkx:{tmp_path}/whole.json") as target:
        copy(full, target, whole=True)
        (corpus,) = target.nodes("Corpus")
    assert json.loads(str(corpus.properties["folders"])) == {"feed": "/srv/SECRET-FOLDER/feed"}
