r"""Promise: a user's query reads the graph and nothing else, unless it is allowed more.

Each forbidden text is tried as it is and with characters written as ``\uXXXX``, with comments and with every kind of
blank between its words, on every store; random texts are tried on a real server.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsgraph.errors import NewsgraphError, QueryError, ReadOnlyError
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.reading_rules import check_reads_only
from tests.security.graphs import graph

FORBIDDEN = [
    "LOAD CSV FROM 'http://127.0.0.1:9/' AS line RETURN line",
    "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "MATCH (s:Story) WITH s LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "CALL { LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line } RETURN line",
    "CREATE (:Story {id: 'z'})",
    "MATCH (s:Story) SET s.title = 'hacked'",
    "MATCH (s:Story) REMOVE s.title",
    "MATCH (s:Story) DETACH DELETE s",
    "MATCH (s:Story) NODETACH DELETE s",
    "FOREACH (x IN [1] | CREATE (:Story {id: 'z'}))",
    "UNWIND [1] AS x CALL (x) { CREATE (:Story {id: 'z'}) } RETURN x",
    "SHOW USERS",
    "SHOW SETTINGS",
    "SHOW TRANSACTIONS",
    "SHOW TRANSACTIONS YIELD transactionId AS id TERMINATE TRANSACTIONS id YIELD message RETURN message",
    "TERMINATE TRANSACTION 'neo4j-transaction-1'",
    "SHOW INDEXES",
    "ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'b'",
    "CREATE USER me SET PASSWORD 'abcdefgh'",
    "GRANT ROLE admin TO me",
    "STOP DATABASE neo4j",
    "CALL dbms.killConnection('bolt-1')",
    "CALL dbms.killConnections(['bolt-1'])",
    "CALL dbms.listConfig()",
    "CALL `dbms`.`listConfig`()",
    "CALL db.clearQueryCaches()",
    "CALL db.createLabel('X')",
    "CALL tx.setMetaData({a: 1})",
    "CALL refresh_stats()",
    "CALL apoc.load.json('http://127.0.0.1:9/') YIELD value RETURN value",
    "CALL apoc.cypher.doIt('CREATE (:X)', {}) YIELD value RETURN value",
    "RETURN apoc.cypher.runFirstColumnSingle('MATCH (n) RETURN n', {}) AS x",
    "RETURN `apoc`.`load`.`file`('x') AS x",
    "RETURN apoc.`cypher`.run('x') AS x",
    "USE system SHOW USERS",
    "USE other MATCH (n) RETURN n",
    "EXPLAIN CREATE (:Story {id: 'z'})",
    "PROFILE CREATE (:Story {id: 'z'})",
    "CYPHER runtime=slotted CREATE (:Story {id: 'z'})",
]
#: All that Unicode calls a blank, and what Neo4j's own grammar adds.
BLANKS = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u180e\u2000\u2003\u2007\u200a\u2028\u2029\u202f\u205f\u3000"

ALLOWED = [
    "MATCH (s:Story) WHERE s.title = 'LOAD CSV' RETURN count(s) AS n",
    "MATCH (s:Story) RETURN s.title AS `CREATE (n)` ORDER BY s.id LIMIT 1",
    "MATCH (s:Story)-[:PUBLISHED_BY]->(o) RETURN o.name AS show, count(*) AS n",
    "WITH {set: 1, create: 2} AS m RETURN m.set AS a, m.create AS b",
    "RETURN duration.inSeconds(datetime('2026-01-01T00:00:00Z'), datetime('2026-01-02T00:00:00Z')).seconds AS s",
    "MATCH (e:Story {heat: 3}) CALL (e) { MATCH (e)-[:ABOUT]->(t) RETURN t.name AS t } RETURN t",
    "CALL db.labels()",
    "// SHOW USERS\nMATCH (s:Story) RETURN count(s) AS n",
    "MATCH (s:Story) RETURN max(s.heat) AS n UNION MATCH (s:Story) RETURN min(s.heat) AS n",
]


def escaped(text: str, every: int, *, backslashes: int = 1, letter: str = "u") -> str:
    """Each n-th letter as its escape."""
    return "".join(
        "\\" * backslashes + f"{letter}{ord(char):04x}" if char.isalpha() and place % every == 0 else char
        for place, char in enumerate(text)
    )


@pytest.mark.parametrize("text", FORBIDDEN)
def test_what_does_more_than_read_is_refused(full: Store, text: str) -> None:
    with pytest.raises((ReadOnlyError, QueryError)):
        full.user_query(text)


@pytest.mark.parametrize("text", FORBIDDEN)
def test_in_whatever_spelling(text: str) -> None:
    variants = [escaped(text, every) for every in (1, 2, 3, 5, 7)]
    variants += [text.replace(" ", blank) for blank in BLANKS]
    variants += [text.replace(" ", between) for between in ("/**/", "/* x */", " // x\n", "\r\n", "/*'*/ ", '/*"*/ ')]
    variants += [
        text.lower(),
        text.swapcase(),
        f"/* */{text}",
        f";{text}",
        f" ({text})",
        f"MATCH (n) {text}",
        f"{text};",
    ]
    # A quote in a name, a backtick in a string: whoever takes one for the other overlooks what is between two of them.
    variants += [f"WITH 'CALL `' AS a {text} UNION RETURN 1 AS `a`", f"WITH '`' AS a {text} UNION RETURN 1 AS `a`"]
    variants += [f"WITH 1 AS `{one}` {text} UNION RETURN 1 AS `{one}`" for one in ("'", '"', "/*", "//", "*/", "\\")]
    variants += [f"RETURN 1 AS a UNION {text}", f"CALL {{ {text} }} RETURN 1 AS a", f"RETURN 'a\\u0027 {text} //'"]
    for variant in variants:
        with pytest.raises((ReadOnlyError, QueryError)):
            check_reads_only(variant)


@pytest.mark.parametrize("text", ALLOWED)
def test_what_reads_is_answered(full: Store, text: str) -> None:
    assert full.user_query(text).rows


@pytest.mark.parametrize("text", FORBIDDEN[:20])
@pytest.mark.parametrize("backslashes", [1, 2, 3])
@pytest.mark.parametrize("every", [1, 4])
def test_escapes_on_the_store_itself(full: Store, text: str, every: int, backslashes: int) -> None:
    with pytest.raises((ReadOnlyError, QueryError)):
        full.user_query(escaped(text, every, backslashes=backslashes))


def test_admin_may_look_at_the_server(full: Store) -> None:
    with pytest.raises(ReadOnlyError, match="admin=True"):
        full.user_query("SHOW INDEXES")
    full.user_query("SHOW INDEXES", admin=True)
    with pytest.raises(ReadOnlyError):
        full.user_query("CREATE (:Story {id: 'z'})", admin=True)


@pytest.fixture(scope="module")
def visitors() -> Iterator[tuple[int, list[bytes]]]:
    """A port, and what was sent to it."""
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        ended = threading.Event()

        def listen() -> None:
            while not ended.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    received.append(b"somebody")

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], received
        ended.set()
        thread.join()


PIECES = st.sampled_from(
    [
        *(
            "MATCH (s:Story) ",
            "RETURN 1 AS a",
            "WITH 1 AS x ",
            "UNWIND [1] AS y ",
            "CALL { ",
            "} ",
            "RETURN s",
            " UNION ",
        ),
        *(
            "LOAD CSV FROM 'http://127.0.0.1:PORT/' AS l ",
            "CREATE (:Story {id: 'z'}) ",
            "SET s.title = 'x' ",
            "DELETE s ",
        ),
        *("MERGE (:Topic {id: 'z'}) ", "REMOVE s.title ", "DETACH DELETE s ", "SHOW USERS ", "FOREACH (i IN [1] | "),
        *("'", '"', "`", "//", "/*", "*/", "\n", "\\", "\\u0027", "\\u0022", "\\u002f\\u002a", "\\u000a", "\\\\u0027"),
        *("EXPLAIN ", "PROFILE ", "CALL dbms.listConfig() ", "CALL db.createLabel('L') ", ";", "{", "(", ")", "\u180e"),
        *(
            "L\\u004fAD CSV FROM 'http://127.0.0.1:PORT/' AS l ",
            "CR\\u0045ATE (:Story {id: 'z'}) ",
            "\\u0053ET s.x = 1 ",
        ),
    ]
)


@pytest.mark.fuzz
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(PIECES, min_size=1, max_size=7))
def test_no_text_that_passes_writes_or_leaves_the_server(
    full: Store, visitors: tuple[int, list[bytes]], pieces: list[str]
) -> None:
    port, received = visitors
    text = "".join(pieces).replace("PORT", str(port))
    with suppress(NewsgraphError):
        full.user_query(text, timeout=20)
    expected = graph()
    assert list(full.nodes("Story")) == sorted(
        (node for node in expected.nodes if node.label == "Story"), key=lambda node: node.id
    )
    assert [node.id for node in full.nodes("Topic")] == ["weather"]
    assert received == []
