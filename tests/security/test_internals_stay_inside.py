"""Promise: what a store keeps for itself (paths of the machine, records, what stories said) is not shown by users'
queries, by exports or by a copy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsgraph.errors import NewsgraphError
from newsgraph.graph.exports.registry import EXPORTS, export
from newsgraph.graph.stores.protocol import Store
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
