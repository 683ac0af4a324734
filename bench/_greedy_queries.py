"""Query texts that take as much as they can, by kind, for ``bench/greedy.py``."""

from __future__ import annotations

_STORIES = "MATCH (a:Story) WITH collect(a.title) AS l"

#: What the text does -> the text.
GREEDY: dict[str, str] = {
    # Products of everything with everything
    "product counted": "MATCH (a:Story), (b:Story) RETURN count(*) AS n",
    "product of three counted": "MATCH (a:Story), (b:Story), (c:Story) RETURN count(*) AS n",
    "product of five clauses": "MATCH (a) MATCH (b) MATCH (c) MATCH (d) MATCH (e) RETURN count(*) AS n",
    "product returned": "MATCH (a:Story), (b:Story) RETURN a.title AS a, b.title AS b",
    "product collected": "MATCH (a:Story), (b:Story) RETURN collect(a.title + b.title) AS l",
    "product sorted": "MATCH (a:Story), (b:Story) RETURN a.title + b.title AS t ORDER BY t DESC SKIP 1000000 LIMIT 1",
    "product made distinct": "MATCH (a:Story), (b:Story) RETURN count(DISTINCT a.title + b.title) AS n",
    "product grouped": "MATCH (a:Story), (b:Story) WITH a.title + b.title AS t, count(*) AS n RETURN max(n) AS n",
    "product compared": "MATCH (a:Story), (b:Story) WHERE a.title CONTAINS b.title AND a <> b RETURN count(*) AS n",
    "product of optional parts": "MATCH (a:Story) OPTIONAL MATCH (b:Story) WHERE b.heat > a.heat RETURN count(*) AS n",
    "product with itself by WITH": "MATCH (a:Story) WITH collect(a) AS l UNWIND l AS x UNWIND l AS y UNWIND l AS z "
    "RETURN count(*) AS n",
    # Paths
    "all paths between all": "MATCH p = (:Story)-[*]-(:Story) RETURN count(p) AS n",
    "all paths collected": "MATCH p = (:Story)-[*1..9]-(:Story) RETURN collect(p) AS l",
    "all paths from one": "MATCH (a:Story {id: 'https://news.example/0'}) MATCH p = (a)-[*]-() RETURN "
    "max(length(p)) AS n",
    "paths with two ends": "MATCH (a:Outlet {id: 'o0.example'}), (b:Outlet {id: 'o9.example'}) MATCH p = "
    "(a)-[*..30]-(b) "
    "RETURN count(p) AS n",
    "all shortest paths": "MATCH (a:Outlet), (b:Topic) MATCH p = allShortestPaths((a)-[*..20]-(b)) RETURN "
    "count(p) AS n",
    "shortest paths of all": "MATCH (a:Story) MATCH (b:Story) WHERE a <> b MATCH p = shortestPath((a)-[*..15]-(b)) "
    "RETURN avg(length(p)) AS n",
    "paths whose nodes are counted": "MATCH p = (:Outlet)-[*..8]-(:Outlet) UNWIND nodes(p) AS n RETURN count(DISTINCT "
    "n) AS n",
    "paths with a condition": "MATCH p = (:Story)-[*..12]-(:Story) WHERE all(n IN nodes(p) WHERE n.title <> 'x') "
    "RETURN count(*) AS n",
    "long chain of patterns": f"MATCH (a:Outlet){'--()' * 12} RETURN count(*) AS n",
    "star of patterns": f"MATCH (a:Outlet){', (a)--()' * 6} RETURN count(*) AS n",
    "existence of long paths": "MATCH (a:Story) WHERE NOT EXISTS { (a)-[*..12]-(:Country) } RETURN count(a) AS n",
    "patterns in a list": "MATCH (a:Outlet) RETURN [(a)--(b)--(c)--(d)--(e) | e.title] AS l",
    "patterns counted": "MATCH (a:Outlet) RETURN sum(COUNT { (a)--()--()--()--()--() }) AS n",
    "subquery for each": "MATCH (a:Story) CALL (a) { MATCH (b:Story) WHERE b.title > a.title RETURN count(b) AS n } "
    "RETURN sum(n) AS n",
    # Texts and lists that double
    "text doubled": "RETURN size(reduce(s = 'a', x IN range(1, 40) | s + s)) AS n",
    "text doubled and returned": "RETURN reduce(s = 'abcdefgh', x IN range(1, 34) | s + s) AS s",
    "list doubled": "RETURN reduce(l = [1], x IN range(1, 40) | l + l) AS l",
    "list nested in itself": "RETURN reduce(l = [1], x IN range(1, 60) | [l, l]) AS l",
    "list nested deeply": "RETURN reduce(l = [1], x IN range(1, 100000) | [l]) AS l",
    "map nested in itself": "RETURN reduce(m = {a: 1}, x IN range(1, 60) | {a: m, b: m}) AS m",
    "text replaced": "RETURN size(reduce(s = 'a', x IN range(1, 40) | replace(s, 'a', 'aaaa'))) AS n",
    "text doubled by WITH": f"WITH 'abcdefgh' AS s {'WITH s + s AS s ' * 40}RETURN size(s) AS n",
    "text split": "WITH reduce(s = 'a,', x IN range(1, 26) | s + s) AS s RETURN size(split(s, ',')) AS n",
    "long texts for each story": "MATCH (a:Story) RETURN collect(reduce(s = a.title, x IN range(1, 14) | s + s)) AS l",
    "growth by the square": "RETURN size(reduce(l = [], x IN range(1, 200000) | l + [x])) AS n",
    # Ranges
    "range held": "RETURN size(range(1, 2000000000)) AS n",
    "range returned": "RETURN range(1, 300000000) AS l",
    "range summed": "UNWIND range(1, 100000000000) AS x RETURN sum(x) AS n",
    "ranges in each other": "UNWIND range(1, 9000) AS a UNWIND range(1, 9000) AS b UNWIND range(1, 9000) AS c "
    "RETURN sum(a * b * c) AS n",
    "range made texts": "UNWIND range(1, 60000000) AS x WITH collect(toString(x) + ' and some more "
    "text') AS l RETURN l[0] AS x",
    "range of all numbers": "RETURN size(range(-9223372036854775808, 9223372036854775807)) AS n",
    "range sorted": "UNWIND range(1, 200000000) AS x WITH x ORDER BY x % 1000, x DESC RETURN collect(x)[0] AS x",
    "range made distinct": "UNWIND range(1, 200000000) AS x RETURN count(DISTINCT x) AS n",
    "range grouped": "UNWIND range(1, 200000000) AS x WITH x, count(*) AS n RETURN max(n) AS n",
    "range returned as rows": "UNWIND range(1, 200000000) AS x RETURN x, toString(x) AS t",
    "range of ranges": "RETURN [x IN range(1, 100000) | range(1, 100000)] AS l",
    # Lists
    "list comprehension": "RETURN size([x IN range(1, 400000000) WHERE x % 2 = 0 | toString(x)]) AS n",
    "list comprehensions in each other": "RETURN size([x IN range(1, 30000) | [y IN range(1, 30000) | x * y]]) AS n",
    "list compared with each": f"{_STORIES} RETURN size([x IN l WHERE size([y IN l WHERE y CONTAINS x]) > 1]) AS n",
    "list asked for each": f"{_STORIES} RETURN single(x IN l WHERE any(y IN l WHERE none(z IN l WHERE z = y "
    "+ x))) AS n",
    "list of lists": f"{_STORIES} RETURN [x IN l | l] AS l",
    "lists joined": f"{_STORIES} RETURN reduce(a = '', x IN l | a + reduce(b = '', y IN l | b + y)) AS s",
    "list reversed often": "RETURN reduce(l = range(1, 100000), x IN range(1, 100000) | reverse(l))[0] AS n",
    "everything collected": "MATCH (a)-[r]-(b) RETURN collect([a, r, b, labels(a), keys(b)]) AS l",
    "everything collected often": "MATCH (a:Story) UNWIND range(1, 2000) AS x RETURN collect({title: a.title, x: "
    "x}) AS l",
    "everything returned": "MATCH (a)-[r]-(b)-[q]-(c) RETURN a, r, b, q, c",
    # Regular expressions and texts
    "regex that backtracks": "RETURN reduce(s = 'a', x IN range(1, 6) | s + s) + '!' =~ '(a+)+(a|aa)+(a?)*b' AS b",
    "regex that repeats": "RETURN 'a' =~ '((a{1,1000}){1,1000}){1,1000}' AS b",
    "regex on all pairs": "MATCH (a:Story), (b:Story) WHERE a.title =~ ('.*' + b.title + '.*') RETURN count(*) AS n",
    "regex on a long text": "WITH reduce(s = 'ab', x IN range(1, 22) | s + s) AS s RETURN s =~ "
    "'(.*)(.*)(.*)(.*)c' AS b",
    # Texts that are large or nest
    "UNION a thousand times": " UNION ".join(["RETURN 1 AS a"] * 1_000),
    "UNION of products": " UNION ALL ".join(["MATCH (a:Story), (b:Story) RETURN a.title + b.title AS t"] * 40),
    "brackets in brackets": f"RETURN {'(' * 5_000}1{')' * 5_000} AS a",
    "brackets as allowed": f"RETURN {'(' * 99}1{')' * 99} AS a",
    "NOT after NOT": f"RETURN {'NOT ' * 20_000}true AS b",
    "minus after minus": f"RETURN {'- ' * 40_000}1 AS n",
    "very many signs": f"RETURN {'1 + ' * 20_000}1 AS n",
    "very many conditions": f"MATCH (a:Story) WHERE {' OR '.join(['a.title STARTS WITH a.id'] * 3_000)} "
    "RETURN count(a) AS n",
    "very many clauses": f"{'WITH 1 AS a ' * 7_000}RETURN a",
    "very many UNWINDs": "".join(f"UNWIND [1, 2] AS x{n} " for n in range(60)) + "RETURN count(*) AS n",
    "very many CASEs": f"RETURN {'CASE WHEN true THEN 1 ELSE ' * 90}2{' END' * 90} AS n",
    "subqueries in subqueries": f"{'CALL { ' * 40}UNWIND range(1, 9) AS x RETURN x AS a"
    f"{' } WITH a AS b RETURN b AS a' * 40}",
    "a list of literals": f"RETURN [{', '.join(['1'] * 30_000)}] AS l",
    "dots after a map": f"RETURN {{a: 1}}{'.a' * 40_000} AS n",
    "indexes after a list": f"RETURN [1]{'[0]' * 30_000} AS n",
    "a long text": f"RETURN '{'x' * 200_000}' AS t",
}  # fmt: skip
