"""Which texts a server is not asked, because one value of them can't be stopped, and which it is."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from bench._greedy_queries import GREEDY
from newsgraph.errors import QueryLimitError
from newsgraph.graph.stores.neo4j.pattern_cost import ways
from newsgraph.graph.stores.neo4j.value_cost import check_values
from newsgraph.graph.stores.reading_rules import LONGEST, check_size

ROOT = Path(__file__).resolve().parents[3]
#: As many stories as a large corpus has: a list of all of them is so long.
ROWS = 318_000

SENSIBLE = re.split(r";\n", (Path(__file__).parent / "sensible.cypher").read_text(encoding="utf-8"))[:-1]
PARAMETERS = {"word": "war", "pattern": "(?i).*war.*peace.*", "words": ["war", "peace", "talks"] * 30, "id": "e1"}


@pytest.mark.parametrize("text", SENSIBLE, ids=lambda text: text[:60])
def test_a_sensible_query_is_let_through(text: str) -> None:
    check_values(text, PARAMETERS, ROWS)


def test_the_queries_of_the_documentation_and_our_own_are_let_through() -> None:
    texts = [path.read_text(encoding="utf-8") for path in ROOT.glob("newsgraph/**/*.cypher")]
    for page in [*ROOT.glob("docs/*.md"), ROOT / "README.md"]:
        written = page.read_text(encoding="utf-8")
        texts += re.findall(r"```(?:cypher|text)?\n((?:MATCH|WITH|UNWIND).*?)```", written, re.DOTALL)
        texts += re.findall(r'newsgraph cypher "([^"]+)"', written)
    assert len(texts) > 40
    for text in texts:
        check_values(text, {}, ROWS)


#: Of the greedy queries, those whose one value a server would compute to its end.
ENDLESS = [
    "text doubled", "text doubled and returned", "list doubled", "list nested in itself", "map nested in itself",
    "text replaced", "text doubled by WITH", "text split", "range of ranges", "list comprehension",
    "list comprehensions in each other", "list compared with each", "list asked for each", "list of lists",
    "lists joined", "regex that repeats", "regex that backtracks", "regex on all pairs", "regex on a long text",

]  # fmt: skip
MORE = [
    "RETURN reduce(s = 'a', x IN range(1, 30) | s || s) AS s",
    "RETURN reduce(s = 'ab', x IN $words | replace(s, 'a', s)) AS s",
    "RETURN REDUCE (s='a',x in RANGE(1,40)|CASE WHEN x > 0 THEN s+s ELSE s END) AS s",
    "RETURN reduce(`s` = 'a', `x` IN range(1, 40) | `s` + `s`) AS s",
    "RETURN reduce(m = {a: 'a'}, x IN range(1, 60) | {a: m.a + m.a}).a AS s",
    "RETURN reduce(m = ['a'], x IN range(1, 60) | [m[0] + m[0]])[0] AS s",
    "RETURN r\\u0065duce(s = 'a', x IN range(1, 40) | s + s) AS s",
    "RETURN reduce(s = 'a', x IN range(1, toInteger('40')) | s + s) AS s",
    "RETURN size([x IN range(1, toInteger('400000000')) | x]) AS n",
    "RETURN size([x IN range(1, 10^9) | x]) AS n",
    "RETURN size([x IN range(1, 40000 * 40000) | x]) AS n",
    "RETURN size([x IN range(1, {a: 400000000}.a) | x]) AS n",
    "RETURN size([x IN range(-400000000, 1) | x]) AS n",
    "RETURN all(x IN range(1, 100000) WHERE all(y IN range(1, 100000) WHERE x + y > 0)) AS b",
    "MATCH (s:Story) WITH collect(s) AS l WHERE any(a IN l WHERE any(b IN l WHERE a.title = b.id)) RETURN 1 AS n",
    "MATCH (s:Story) WHERE size(reduce(t = s.title, x IN range(1, 50) | t + t)) > 1 RETURN s",
    "MATCH (s:Story {id: reduce(t = 'a', x IN range(1, 50) | t + t)}) RETURN s",
    "MATCH (s:Story) RETURN s ORDER BY reduce(t = 'a', x IN range(1, 50) | t + t)",
    "CALL { WITH 1 AS a RETURN reduce(t = 'a', x IN range(1, 50) | t + t) AS t } RETURN t",
    "MATCH (s:Story) WHERE EXISTS { MATCH (s) WHERE reduce(t = 'a', x IN range(1, 50) | t + t) = 'a' } RETURN s",
    "MATCH (s:Story) RETURN s {.id, x: reduce(t = 'a', x IN range(1, 50) | t + t)} AS s",
    "UNWIND [1, 2] AS x WITH x, reduce(t = 'a', i IN range(1, 50) | t + t) AS t RETURN t",
    "UNWIND range(1, 60000) AS x WITH collect(x) AS l RETURN size([a IN l WHERE any(b IN l WHERE a + b = 0)]) AS n",
    "RETURN apoc.text.repeat('a', 2000000000) AS t",
    "RETURN lpad('a', 2000000000, 'b') AS t",
    "RETURN 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' =~ '(a|aa)+' AS b",
    "RETURN 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' =~ ('(a|a' + 'a)+') AS b",
    "WITH '(a|a' AS p, 'a)+' AS q RETURN 'aaaaaaaaaaaaaaaaaaaaaaaaaaaa!' =~ (p + q) AS b",
    "RETURN 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' =~ reverse('+)aa|a(') AS b",
    "MATCH (s:Story), (t:Story) WHERE s.title =~ t.title RETURN s",
    "MATCH (s:Story) WHERE s.title =~ '.*a.*a.*a.*a.*a.*a.*a.*a.*b' RETURN s",
    "MATCH (s:Story) WHERE s.title =~ '(.*a){20}' RETURN s",
]  # fmt: skip


@pytest.mark.parametrize("text", [*map(GREEDY.__getitem__, ENDLESS), *MORE], ids=lambda text: text[:60])
def test_a_text_whose_value_goes_on_is_refused(text: str) -> None:
    with pytest.raises(QueryLimitError) as caught:
        check_values(text, PARAMETERS, 40_000)
    assert "\n" not in str(caught.value)


def test_what_a_parameter_holds_counts() -> None:
    text = "RETURN size([a IN $l WHERE any(b IN $l WHERE a = b)]) AS n"
    check_values(text, {"l": [1] * 1_000}, 1)
    with pytest.raises(QueryLimitError):
        check_values(text, {"l": [1] * 20_000}, 1)
    with pytest.raises(QueryLimitError):
        check_values("RETURN 'aaaaaaaaaaaaaaaaaaaaaa!' =~ $p AS b", {"p": "(a+)+"}, 1)


@pytest.mark.parametrize(
    ("expression", "length", "least", "most"),
    [
        ("abc", 60, 1, 1), (".*", 60, 1, 1), (".*a.*", 60, 60, 70), ("colou?r", 60, 1, 61), ("a|b|c", 60, 3, 3),
        ("(a+)+", 2, float("inf"), float("inf")), ("(a|b)*", 2, float("inf"), float("inf")),
        ("[(a+)+]*", 60, 1, 1), (r"\Q(a+)+\E.*", 60, 1, 1), (r"\(a+\)+", 60, 60, 70), ("(?:ab)*", 60, 1, 1),
        ("(?i)a{3}", 60, 1, 1), ("(?<x>a*)*", 60, float("inf"), float("inf")), ("a{1,1000}{1,1000}", 9, float("inf"),
        float("inf")), ("((((", 60, 1, 1), ("))))", 60, 1, 1), ("(a*b|c*d|e*f)", 60, 3, 3), ("", 60, 1, 1),
    ],
)  # fmt: skip
def test_ways(expression: str, length: int, least: float, most: float) -> None:
    assert least <= ways(expression, length) <= most


@pytest.mark.parametrize(
    "part",
    [
        *("(", "[", "{", "a,", "1+", "x[", "CASE ", "a.b", "reduce(s='a',x IN [1,2,3]|s+", "'a'=~'", "[x IN l|"),
        *("WITH 1 AS a ", "(a*)", "=~'(a*' "),
    ],
)
def test_reading_takes_no_longer_than_the_text_is_long(part: str) -> None:
    def taken(length: int) -> float:
        text = "RETURN " + part * (length // len(part))
        began = time.process_time()
        try:
            check_size(text)
            check_values(text, {}, 1)
        except QueryLimitError:
            pass
        return time.process_time() - began

    assert taken(LONGEST - 10) < 3
