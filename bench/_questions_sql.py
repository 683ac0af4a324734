"""The questions over a whole corpus as SQL on the Parquet export, for DuckDB: what someone without newsgraph would
write.

Every text returns those columns of the question that SQL can compute, with the same names and with the default filters.
The columns that need more than SQL are left out: ``q``, the order statistics of lead-lag, and the random draws of
influence. The network of influence is made by SQL; the caller computes its PageRank.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from newsgraph.queries.answer import Answer

#: Rows of event, outlet, story, second and sureness, as the questions that rank over events read them.
_STORIES = """
t AS (SELECT c."end" AS event, p."end" AS outlet, s.id AS story, s.agency AS agency,
        epoch_us(s.published_at) // 1000000 AS second,
        s.published_at IS NOT NULL AND s.date_quality IN ('exact', 'corrected') AS sure
      FROM COVERS c JOIN Story s ON c.start = s.id JOIN PUBLISHED_BY p ON p.start = s.id
      WHERE NOT coalesce(c.weak_fit, false) AND s.id NOT IN (SELECT start FROM COPY_OF))"""
_FIRSTS = (
    _STORIES
    + """,
f AS (SELECT *, min(second) OVER w AS earliest, count(*) OVER w AS k FROM (
        SELECT event, outlet, min(second) AS second, min({s: second, c: agency IS NOT NULL}).c AS credited
        FROM t WHERE sure GROUP BY event, outlet)
      WINDOW w AS (PARTITION BY event) QUALIFY k >= 2),
u AS (SELECT outlet, count(DISTINCT story) AS unsure FROM t WHERE NOT sure GROUP BY outlet)"""
)


def _interval(successes: str, trials: str) -> str:
    """Returns Wilson's interval as two columns."""
    z = "1.959963984540054"
    centre = f"({successes} / {trials} + {z}*{z} / (2 * {trials})) / (1 + {z}*{z} / {trials})"
    half = (
        f"{z} / (1 + {z}*{z} / {trials}) * sqrt({successes} / {trials} * (1 - {successes} / {trials}) / {trials}"
        f" + {z}*{z} / (4 * {trials} * {trials}))"
    )
    return (
        f"CASE WHEN {successes} = 0 THEN 0 ELSE greatest(0, {centre} - {half}) END AS low,"
        f" CASE WHEN {successes} = {trials} THEN 1 ELSE least(1, {centre} + {half}) END AS high"
    )


@dataclass(frozen=True, slots=True)
class Query:
    """A question's text, and the columns that identify its rows."""

    text: str
    key: tuple[str, ...]


QUERIES: Mapping[str, Query] = {
    "scoops": Query(
        f"""WITH {_FIRSTS},
r AS (SELECT *, second = earliest AS is_first,
        count(*) FILTER (second = earliest) OVER (PARTITION BY event) = 1 AS alone
      FROM (SELECT * FROM f)),
o AS (SELECT outlet, count(*) AS events, count(*) FILTER (is_first AND alone) AS firsts,
        count(*) FILTER (is_first AND alone AND credited) AS agency_firsts,
        count(*) FILTER (is_first AND NOT alone) AS tied,
        coalesce(sum(1.0 / k) FILTER (alone), 0) AS expected,
        median(second - earliest) FILTER (NOT is_first) / 3600 AS median_lag_hours
      FROM (SELECT event, outlet, second, k, earliest, credited, is_first, alone FROM r) GROUP BY outlet)
SELECT o.*, firsts / nullif(expected, 0) AS lift, firsts / events AS share, {_interval("firsts", "events")},
  coalesce(unsure, 0) AS unsure
FROM o LEFT JOIN u USING (outlet)""",
        ("outlet",),
    ),
    "lead-lag": Query(
        f"""WITH {_FIRSTS},
p AS (SELECT x.outlet AS a, y.outlet AS b, count(*) AS shared, count(*) FILTER (x.second < y.second) AS a_first,
        count(*) FILTER (x.second > y.second) AS b_first, count(*) FILTER (x.second = y.second) AS ties,
        median(y.second - x.second) / 3600 AS median_lag_hours
      FROM f x JOIN f y ON x.event = y.event AND x.outlet < y.outlet GROUP BY a, b HAVING shared >= 5)
SELECT p.*, CASE WHEN a_first + b_first > 0 THEN a_first / (a_first + b_first) END AS share,
  {_interval("a_first", "nullif(a_first + b_first, 0)")},
  coalesce(m.unsure, 0) + coalesce(n.unsure, 0) AS unsure
FROM p LEFT JOIN u m ON m.outlet = a LEFT JOIN u n ON n.outlet = b""",
        ("a", "b"),
    ),
    "influence": Query(
        f"""WITH {_FIRSTS},
e AS (SELECT x.outlet AS follower, y.outlet AS followed, 1.0 / count(*) OVER (PARTITION BY x.event, x.outlet) AS weight
      FROM f x JOIN f y ON x.event = y.event AND y.second < x.second AND y.second >= x.second - 86400)
SELECT follower, followed, sum(weight) AS weight FROM e GROUP BY follower, followed
UNION ALL SELECT DISTINCT outlet, NULL, NULL FROM f""",
        ("outlet",),
    ),
    "co-coverage": Query(
        f"""WITH {_STORIES},
f AS (SELECT *, count(*) OVER (PARTITION BY event) AS k FROM (SELECT DISTINCT event, outlet FROM t) QUALIFY k >= 2),
n AS (SELECT k, count(DISTINCT event) AS events FROM f GROUP BY k),
s AS (SELECT outlet, k, count(*) AS number FROM f GROUP BY outlet, k),
o AS (SELECT outlet, sum(number) AS number FROM s GROUP BY outlet),
p AS (SELECT x.outlet AS a, y.outlet AS b, count(*) AS shared
      FROM f x JOIN f y ON x.event = y.event AND x.outlet < y.outlet GROUP BY a, b),
c AS (SELECT x.outlet AS a, y.outlet AS b, sum(x.number * y.number / n.events) AS expected
      FROM s x JOIN s y ON x.k = y.k AND x.outlet < y.outlet JOIN n ON n.k = x.k GROUP BY a, b)
SELECT p.a, p.b, shared, m.number AS a_events, q.number AS b_events,
  shared / (m.number + q.number - shared) AS jaccard, expected, 0 AS unsure
FROM p JOIN c USING (a, b) JOIN o m ON m.outlet = p.a JOIN o q ON q.outlet = p.b""",
        ("a", "b"),
    ),
    "shared-images": Query(
        """WITH t AS (SELECT i."end" AS image, s.id AS story, p."end" AS outlet,
        epoch_us(s.published_at) // 1000000 AS second,
        s.published_at IS NOT NULL AND s.date_quality IN ('exact', 'corrected') AS sure
      FROM HAS_IMAGE i JOIN Story s ON i.start = s.id JOIN PUBLISHED_BY p ON p.start = s.id),
g AS (SELECT image, count(DISTINCT outlet) AS outlets, count(DISTINCT story) AS stories,
        count(DISTINCT story) FILTER (NOT sure) AS unsure FROM t GROUP BY image HAVING outlets >= 2),
l AS (SELECT image, min(outlet) AS outlet, count(*) AS number FROM (
        SELECT image, outlet, min(second) AS second, min(min(second)) OVER (PARTITION BY image) AS earliest
        FROM t WHERE sure GROUP BY image, outlet) WHERE second = earliest GROUP BY image),
linked AS (SELECT DISTINCT a."end" AS one, b."end" AS other
      FROM RELATED_TO r JOIN COVERS a ON a.start = r.start JOIN COVERS b ON b.start = r."end"),
e AS (SELECT DISTINCT image, outlet, c."end" AS event FROM t JOIN COVERS c ON c.start = story),
h AS (SELECT DISTINCT x.image FROM e x JOIN e y
        ON x.image = y.image AND x.outlet = y.outlet AND x.event < y.event
      WHERE NOT EXISTS (SELECT 1 FROM linked WHERE one = x.event AND other = y.event)
        AND NOT EXISTS (SELECT 1 FROM linked WHERE one = y.event AND other = x.event))
SELECT g.*, CASE WHEN l.number = 1 THEN l.outlet END AS first_outlet, h.image IS NOT NULL AS placeholder
FROM g LEFT JOIN l USING (image) LEFT JOIN h USING (image)""",
        ("image",),
    ),
    "copies": Query(
        """WITH t AS (SELECT r."end" AS g, s.id AS copy, p."end" AS outlet, r.similarity AS similarity,
        s.published_at AS moment, s.published_at IS NOT NULL AND s.date_quality IN ('exact', 'corrected') AS sure,
        s.agency AS agency
      FROM COPY_OF r JOIN Story s ON r.start = s.id LEFT JOIN PUBLISHED_BY p ON p.start = s.id)
SELECT g AS group, g AS story_id, any_value(s.url) AS url, any_value(s.title) AS title,
  min(p."end") AS outlet, mode(coalesce(s.agency, t.agency)) AS agency, any_value(s.published_at) AS earliest,
  count(DISTINCT copy) AS copies, count(DISTINCT t.outlet) AS outlets, min(similarity) AS similarity,
  CASE WHEN any_value(s.date_quality) IN ('exact', 'corrected')
    THEN epoch_us(max(moment) FILTER (sure)) / 3600e6 - epoch_us(any_value(s.published_at)) / 3600e6 END AS hours,
  0 AS unsure
FROM t JOIN Story s ON s.id = g LEFT JOIN PUBLISHED_BY p ON p.start = g GROUP BY g""",
        ("group",),
    ),
    "attention": Query(
        """WITH t AS (SELECT DISTINCT k."end" AS key, s.id AS story, s.published_at AT TIME ZONE 'UTC' AS moment,
        s.published_at IS NOT NULL AND s.date_quality IN ('exact', 'corrected') AS sure
      FROM ABOUT k JOIN Story s ON k.start = s.id WHERE s.id NOT IN (SELECT start FROM COPY_OF)),
d AS (SELECT key, moment::DATE AS day, count(*) AS n FROM t WHERE sure GROUP BY ALL),
k AS (SELECT key, min(day) AS one, max(day) AS last, sum(n) AS total, sum(n * n) AS squares FROM d GROUP BY key),
r AS (SELECT key, unnest(generate_series(one, last, INTERVAL 1 DAY))::DATE AS day, total, squares,
        last - one AS others FROM k),
c AS (SELECT key, day, coalesce(n, 0)::DOUBLE AS n, others, total - n AS rest, squares - n * n AS rest_squares FROM (
        SELECT key, day, coalesce(n, 0) AS n, total, squares, others FROM r LEFT JOIN d USING (key, day))),
m AS (SELECT *, rest / others AS mean,
        greatest(1, (others * rest_squares - rest * rest) / (others * (others - 1)) / (rest / others)) AS phi
      FROM c WHERE others >= 7),
z AS (SELECT key, day, (n ** (2 / 3) - mean ** (2 / 3)) / (2 / 3 * mean ** (1 / 6) * sqrt(phi + phi / others)) AS z
      FROM m),
u AS (SELECT key, count(*) AS unsure FROM t WHERE NOT sure GROUP BY key)
SELECT key, day, n::BIGINT AS stories, CASE WHEN others > 0 THEN rest / others END AS baseline, z,
  coalesce(z > 2.58 AND n >= 5, false) AS burst, coalesce(unsure, 0) AS unsure
FROM c LEFT JOIN z USING (key, day) LEFT JOIN u USING (key)""",
        ("key", "day"),
    ),
    "events": Query(
        """WITH t AS (SELECT c."end" AS event_id, s.id AS story, p."end" AS outlet, s.published_at AS moment,
        epoch_us(s.published_at) // 1000000 AS second,
        s.published_at IS NOT NULL AND s.date_quality IN ('exact', 'corrected') AS sure
      FROM COVERS c JOIN Story s ON c.start = s.id LEFT JOIN PUBLISHED_BY p ON p.start = s.id
      WHERE s.id NOT IN (SELECT start FROM COPY_OF)),
g AS (SELECT event_id, coalesce(min(moment) FILTER (sure), min(moment)) AS first_published_at,
        coalesce(max(moment) FILTER (sure), max(moment)) AS last_published_at, count(DISTINCT story) AS stories,
        count(DISTINCT outlet) AS outlets, count(DISTINCT story) FILTER (NOT sure) AS unsure
      FROM t GROUP BY event_id HAVING outlets >= 1),
l AS (SELECT event_id, min(outlet) AS outlet, count(*) AS number FROM (
        SELECT event_id, outlet, min(second) AS second, min(min(second)) OVER (PARTITION BY event_id) AS earliest
        FROM t WHERE sure GROUP BY event_id, outlet) WHERE second = earliest GROUP BY event_id)
SELECT g.*, e.title AS event_title, CASE WHEN l.number = 1 THEN l.outlet END AS first_outlet,
  (epoch_us(g.last_published_at) - epoch_us(g.first_published_at)) / 3600e6 AS spread_hours
FROM g JOIN Event e ON e.id = event_id LEFT JOIN l USING (event_id)""",
        ("event_id",),
    ),
    "date-quality": Query(
        """WITH t AS (SELECT p."end" AS outlet, coalesce(s.date_quality, 'missing') AS date_quality
      FROM Story s LEFT JOIN PUBLISHED_BY p ON p.start = s.id WHERE s.id NOT IN (SELECT start FROM COPY_OF)),
g AS (SELECT outlet, date_quality, count(*) AS stories FROM t GROUP BY ALL),
o AS (SELECT outlet, sum(stories) AS number FROM g GROUP BY outlet),
q AS (SELECT unnest($qualities) AS date_quality)
SELECT o.outlet, n.name AS outlet_name, q.date_quality, coalesce(stories, 0) AS stories, number AS of,
  coalesce(stories, 0) / number AS share
FROM o CROSS JOIN q LEFT JOIN g ON g.outlet IS NOT DISTINCT FROM o.outlet AND g.date_quality = q.date_quality
  LEFT JOIN Outlet n ON n.id = o.outlet""",
        ("outlet", "date_quality"),
    ),
    "followers": Query(
        f"""WITH own AS (SELECT DISTINCT c."end" AS event FROM COVERS c JOIN PUBLISHED_BY p USING (start)
      WHERE p."end" = $outlet),
{_FIRSTS.replace("WHERE NOT coalesce", 'WHERE c."end" IN (SELECT event FROM own) AND NOT coalesce')},
h AS (SELECT x.event, count(*) / any_value(x.k * (x.k - 1)) AS p FROM f x JOIN f y
        ON x.event = y.event AND y.second < x.second AND y.second >= x.second - 86400 GROUP BY x.event),
j AS (SELECT y.outlet AS follower, y.second - x.second AS lag, coalesce(p, 0) AS p
      FROM f x JOIN f y ON x.event = y.event AND y.outlet <> x.outlet LEFT JOIN h ON h.event = x.event
      WHERE x.outlet = $outlet)
SELECT follower, count(*) AS shared, count(*) FILTER (lag > 0 AND lag <= 86400) AS after, sum(p) AS expected,
  CASE WHEN sum(p * (1 - p)) > 0
    THEN (count(*) FILTER (lag > 0 AND lag <= 86400) - sum(p)) / sqrt(sum(p * (1 - p))) END AS z,
  median(lag) FILTER (lag > 0 AND lag <= 86400) / 3600 AS median_lag_hours, coalesce(any_value(unsure), 0) AS unsure
FROM j LEFT JOIN u ON u.outlet = follower GROUP BY follower""",
        ("follower",),
    ),
}
_TABLES = ("Story", "Event", "Outlet", "COVERS", "PUBLISHED_BY", "COPY_OF", "ABOUT", "HAS_IMAGE", "RELATED_TO")


class Parquet:
    """A Parquet export as DuckDB reads it, on one thread. Every query reads the files again."""

    def __init__(self, folder: Path) -> None:
        self._connection = duckdb.connect(config={"threads": 1})
        self._connection.execute("SET TimeZone = 'UTC'")
        for name in _TABLES:
            path = str(folder / f"{name}.parquet").replace("'", "''")
            self._connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{path}')")

    def rows(self, name: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Returns the answer of a question's text."""
        text = QUERIES[name].text
        given = {key: value for key, value in parameters.items() if f"${key}" in text}
        result = self._connection.execute(text, given)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, cells, strict=True)) for cells in result.fetchall()]

    def cpu(self, name: str, parameters: Mapping[str, Any]) -> float:
        """Returns the least CPU seconds of three runs, with files in the system's cache and the result in numpy
        arrays."""
        text = QUERIES[name].text
        given = {key: value for key, value in parameters.items() if f"${key}" in text}
        spent = []
        for _ in range(4):
            started = time.process_time()
            self._connection.execute(text, given).fetchnumpy()
            spent.append(time.process_time() - started)
        return min(spent[1:])


def differences(name: str, answer: Answer[Any], rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Returns in words where DuckDB's rows differ from the answer; nothing if all cells are the same.

    Numbers may differ by rounding. The columns that were left out are not compared.
    """
    key = QUERIES[name].key
    if name == "influence":
        rows = _scores(rows)
    ours = {tuple(row[one] for one in key): row for row in answer.to_dicts()}
    theirs = {tuple(row[one] for one in key): row for row in rows}
    found = [f"{name}: only one of both has {place}" for place in ours.keys() ^ theirs.keys()]
    for place in ours.keys() & theirs.keys():
        found += [
            f"{name} {place} {column}: {ours[place][column]!r}, {value!r}"
            for column, value in theirs[place].items()
            if not _same(ours[place][column], value)
        ]
    return found


def compared(name: str, answer: Answer[Any], rows: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """Returns how many of the answer's columns SQL computes, and how many there are."""
    there = set(_scores(rows)[0]) if name == "influence" else set(rows[0])
    return len(there & set(answer.names)), len(answer.names)


def _same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, float) and theirs is not None:
        return math.isclose(ours, float(theirs), rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(ours, datetime) and isinstance(theirs, datetime):
        return ours.timestamp() == theirs.timestamp()
    return bool(ours == theirs)


def _scores(edges: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Returns PageRank of the network, without the random draws of the baseline."""
    import numpy as np  # only where influence is asked

    from newsgraph.queries.questions.influence import pagerank  # likewise

    names = sorted({row["follower"] for row in edges if row["followed"] is None})
    places = {name: place for place, name in enumerate(names)}
    weights = np.zeros((len(names), len(names)))
    for row in edges:
        if row["followed"] is not None:
            weights[places[row["follower"]], places[row["followed"]]] = row["weight"]
    return [
        {"outlet": name, "score": float(score)} for name, score in zip(names, pagerank(weights).tolist(), strict=True)
    ]
