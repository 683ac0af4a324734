// Queries that researchers ask. Each ends with a semicolon.

// Counting and grouping

MATCH (s:Story) RETURN count(s) AS n;

// Lists that were collected

MATCH (s:Story)-[:PUBLISHED_BY]->(o:Outlet) RETURN o.name, count(*) AS n ORDER BY n DESC LIMIT 20;

MATCH (s:Story) RETURN date(s.published_at) AS day, count(*) AS n ORDER BY day;

MATCH (s:Story) RETURN s.published_at.year AS y, s.published_at.month AS m, count(*) AS n ORDER BY y, m;

MATCH (s:Story) WITH s.language AS language, count(*) AS n RETURN language, n, 100.0 * n / sum(n) AS share;

MATCH (o:Outlet)<-[:PUBLISHED_BY]-(s:Story) WITH o, count(s) AS n WHERE n > 10 RETURN o.name, n;

MATCH (e:Event)<-[:COVERS]-(s:Story) WITH e, count(DISTINCT s) AS n RETURN n, count(*) AS events ORDER BY n;

MATCH (s:Story) RETURN percentileCont(s.heat, 0.5) AS median, stDev(s.heat) AS spread, avg(s.heat) AS mean;

MATCH (s:Story) RETURN min(s.published_at) AS first, max(s.published_at) AS last;

MATCH (n) RETURN labels(n) AS label, count(*) AS n;

MATCH ()-[r]->() RETURN type(r) AS type, count(*) AS n;

MATCH (s:Story) WITH count(s) AS total MATCH (s:Story) WHERE s.heat > 5 RETURN 1.0 * count(s) / total AS share;

// Words and patterns

MATCH (s:Story) WHERE toLower(s.title) CONTAINS 'climate' RETURN s.title, s.published_at;

MATCH (s:Story) WHERE s.title =~ '(?i).*climate.*' RETURN s.title;

MATCH (s:Story) WHERE s.title =~ '(?i).*(climate|carbon|warming|emissions?|drought).*' RETURN count(s) AS n;

MATCH (s:Story) WHERE s.title =~ '(?i).*\\b(tax|taxes)\\b.*\\b(cut|cuts)\\b.*' RETURN s.title;

MATCH (s:Story) WHERE s.title =~ '[A-Z][a-z]+ [A-Z][a-z]+ (says|said|told) .*' RETURN s.title;

MATCH (s:Story) WHERE s.title =~ '.*\\d{4}-\\d{2}-\\d{2}.*' RETURN s.title;

MATCH (s:Story) WHERE s.title =~ '.*[\u00a3$\u20ac]\\s?\\d+([.,]\\d+)?\\s?(bn|m|million|billion).*' RETURN s.title;

MATCH (s:Story) WHERE s.title =~ '(?i).*climate(\\s+\\w+){0,2}\\s+change.*' RETURN s.title;

MATCH (s:Story) WHERE s.title =~ '^(Live|Breaking|Watch):.*$' RETURN count(s) AS n;

MATCH (s:Story) WHERE s.title =~ ('(?i).*' + $word + '.*') RETURN s.title;

MATCH (s:Story) WHERE s.title =~ $pattern RETURN s.title;

UNWIND ['war', 'peace', 'talks'] AS w MATCH (s:Story) WHERE s.title =~ '(?i).*' + w + '.*' RETURN w, count(s);

MATCH (s:Story) WHERE any(p IN ['.*war.*', '.*talks.*'] WHERE s.title =~ p) RETURN s.title;

MATCH (s:Story) WHERE any(w IN $words WHERE toLower(s.title) CONTAINS w) RETURN s.title;

MATCH (s:Story) WHERE size([w IN $words WHERE toLower(s.title) CONTAINS w]) >= 2 RETURN s.title;

MATCH (s:Story) UNWIND split(toLower(s.title), ' ') AS word RETURN word, count(*) AS n ORDER BY n DESC LIMIT 50;

MATCH (s:Story) WITH s, [w IN split(toLower(s.title), ' ') WHERE size(w) > 4] AS words UNWIND words AS w RETURN w,
count(DISTINCT s) AS n ORDER BY n DESC LIMIT 100;

MATCH (s:Story) RETURN avg(size(split(s.title, ' '))) AS words, avg(size(s.title)) AS characters;

MATCH (s:Story) WITH [w IN split(s.title, ' ') | toLower(replace(replace(w, ',', ''), '.', ''))] AS words UNWIND words
AS w RETURN w, count(*) AS n;

MATCH (s:Story) WITH split(s.title, ' ') AS w UNWIND range(0, size(w) - 2) AS i RETURN w[i] + ' ' + w[toInteger(i +
1)] AS pair, count(*) AS n ORDER BY n DESC LIMIT 20;

MATCH (s:Story) RETURN s.title, reduce(n = 0, w IN $words | n + CASE WHEN s.title CONTAINS w THEN 1 ELSE 0 END) AS
hits ORDER BY hits DESC LIMIT 10;

MATCH (s:Story) RETURN trim(split(s.title, ' - ')[0]) AS t, substring(s.title, 0, 40) AS short, left(s.title, 9);

MATCH (s:Story) WHERE NOT s.title CONTAINS '?' AND s.title STARTS WITH 'Why' OR s.title ENDS WITH '!' RETURN s;

// Lists that were collected

MATCH (s:Story)-[:PUBLISHED_BY]->(o:Outlet) RETURN o.name, collect(s.title) AS titles;

// Lists that were collected

MATCH (s:Story)-[:PUBLISHED_BY]->(o:Outlet) RETURN o.name, collect(s.title)[..5] AS titles;

MATCH (o:Outlet)<-[:PUBLISHED_BY]-(s:Story) WITH o, s ORDER BY s.published_at WITH o, collect(s) AS l RETURN o.name,
head(l).title AS first, last(l).title AS last, size(l) AS n;

MATCH (o:Outlet)<-[:PUBLISHED_BY]-(s:Story) WITH o, collect(s) AS l RETURN o.name, size([s IN l WHERE s.heat > 5]) AS
hot, size(l) AS n;

MATCH (s:Story) WITH collect(s.title) AS titles RETURN [t IN titles WHERE t CONTAINS 'peace' | toLower(t)] AS l;

MATCH (s:Story) WITH collect(s.heat) AS h RETURN reduce(total = 0.0, x IN h | total + x) / size(h) AS mean;

MATCH (s:Story) WITH collect(s.heat) AS h, avg(s.heat) AS mean RETURN sqrt(reduce(v = 0.0, x IN h | v + (x - mean) *
(x - mean)) / size(h)) AS deviation;

MATCH (s:Story) WITH collect(s.heat) AS h RETURN reduce(m = 0, x IN h | CASE WHEN x > m THEN x ELSE m END) AS m;

MATCH (s:Story) WITH collect(s.heat) AS h RETURN reduce(a = {sum: 0, n: 0}, x IN h | {sum: a.sum + x, n: a.n + 1}) AS
a;

MATCH (s:Story) WITH collect(s.heat) AS h RETURN reduce(a = {mean: 0.0, n: 0}, x IN h | {mean: a.mean + (x - a.mean) /
(a.n + 1), n: a.n + 1}).mean AS mean;

MATCH (s:Story) WITH collect(s.heat) AS h RETURN reduce(a = [0.0, 0], x IN h | [a[0] + x, a[1] + 1]) AS a;

MATCH (s:Story) WITH collect(DISTINCT s.language) AS l RETURN reduce(t = '', x IN l | t + CASE WHEN t = '' THEN ''
ELSE ', ' END + x) AS languages;

MATCH (e:Event {id: $id})<-[:COVERS]-(s:Story)-[:PUBLISHED_BY]->(o) WITH e, collect(DISTINCT o.name) AS names RETURN
e.title, reduce(t = head(names), n IN tail(names) | t + '; ' + n) AS outlets;

MATCH (s:Story) WITH s.language AS l, collect(s.heat) AS h RETURN l, apoc.coll.max(h) AS m, apoc.coll.avg(h) AS a;

MATCH (s:Story) WITH collect(s) AS l UNWIND range(0, size(l) - 2) AS i WITH l[toInteger(i)] AS a, l[toInteger(i + 1)]
AS b RETURN duration.between(a.published_at, b.published_at) AS gap;

MATCH (s:Story) WITH s ORDER BY s.published_at WITH collect(s.published_at) AS t RETURN [i IN range(1, size(t) - 1) |
duration.inSeconds(t[toInteger(i - 1)], t[toInteger(i)]).seconds] AS gaps;

MATCH (a:Outlet)<-[:PUBLISHED_BY]-(:Story)-[:COVERS]->(e) WITH a, collect(DISTINCT e.id) AS ea MATCH (b:Outlet {id:
$id})<-[:PUBLISHED_BY]-(:Story)-[:COVERS]->(e) WITH a, ea, b, collect(DISTINCT e.id) AS eb RETURN a.name, 1.0 *
size([x IN ea WHERE x IN eb]) / (size(ea) + size(eb)) AS overlap ORDER BY overlap DESC LIMIT 20;

MATCH (s:Story) WITH s.language AS l, collect({title: s.title, heat: s.heat}) AS m RETURN l, [x IN m WHERE x.heat > 3
| x.title][..10] AS hot;

MATCH (s:Story) RETURN {n: count(s), titles: collect(s.title)} AS answer;

MATCH (s:Story) WITH collect(s.title) + collect(s.id) AS l UNWIND l AS x RETURN count(DISTINCT x) AS n;

// Events, outlets, topics, places

MATCH (e:Event)<-[:COVERS]-(s:Story)-[:PUBLISHED_BY]->(o:Outlet) WITH e, s, o ORDER BY s.published_at WITH e,
collect(o.name)[0] AS first RETURN first, count(*) AS n ORDER BY n DESC;

MATCH (a:Outlet)<-[:PUBLISHED_BY]-(:Story)-[:COVERS]->(e:Event)<-[:COVERS]-(:Story)-[:PUBLISHED_BY]->(b:Outlet) WHERE
a.id < b.id RETURN a.name, b.name, count(DISTINCT e) AS n ORDER BY n DESC LIMIT 50;

MATCH (s:Story)-[:HAS_TOPIC|COVERS]->(x) RETURN x.title, count(*) AS n;

MATCH (s:Story) WHERE NOT (s)-[:COVERS]->() RETURN count(s) AS uncovered;

MATCH (s:Story) WHERE (s)<-[:COVERS|RELATED_TO]-() RETURN count(s) AS n;

MATCH (s:Story) WHERE EXISTS { (s)-[:COVERS]->(:Event) } RETURN count(s) AS n;

MATCH (o:Outlet) RETURN o.name, COUNT { (o)<-[:PUBLISHED_BY]-() } AS n ORDER BY n DESC;

MATCH (e:Event) RETURN e.id, [(e)<-[:COVERS]-(s) | s.title] AS titles LIMIT 10;

MATCH (e:Event) RETURN e.id, size([(e)<-[:COVERS]-(s:Story) WHERE s.heat > 2 | s.id]) AS n;

MATCH (e:Event) RETURN e {.id, .title, stories: [(e)<-[:COVERS]-(s) | s {.title, .heat}]} AS event LIMIT 10;

MATCH (e:Event) RETURN e.id, COLLECT { MATCH (e)<-[:COVERS]-(s) RETURN s.title ORDER BY s.published_at } AS titles;

MATCH (e:Event) CALL (e) { MATCH (e)<-[:COVERS]-(s:Story) RETURN count(s) AS n, min(s.published_at) AS t } RETURN
e.id, n, t ORDER BY n DESC LIMIT 10;

MATCH (s:Story) WHERE s.published_at >= datetime('2024-01-01') AND s.published_at < datetime('2024-02-01') RETURN s;

MATCH (s:Story) WHERE s.published_at > datetime() - duration({days: 7}) RETURN s.title;

WITH date('2024-01-01') AS first UNWIND range(0, 365) AS i WITH first + duration({days: i}) AS day OPTIONAL MATCH
(s:Story) WHERE date(s.published_at) = day RETURN day, count(s) AS n ORDER BY day;

MATCH (s:Story) WITH min(s.published_at) AS a, max(s.published_at) AS b RETURN [d IN range(0, duration.inDays(a,
b).days) | date(a) + duration({days: d})] AS days;

UNWIND range(1, 100000) AS i RETURN i, i * i AS square;

UNWIND range(0, 23) AS hour MATCH (s:Story) WHERE s.published_at.hour = hour RETURN hour, count(s) AS n;

MATCH (s:Story) RETURN CASE WHEN s.heat < 1 THEN 'cold' WHEN s.heat < 5 THEN 'warm' ELSE 'hot' END AS kind, count(*);

MATCH (s:Story) WHERE s.language IN ['en', 'de', 'fr'] RETURN s.language, count(*) AS n;

MATCH (s:Story) RETURN coalesce(s.language, 'unknown') AS language, count(*) AS n;

// Paths

MATCH p = shortestPath((a:Outlet {id: $a})-[*..6]-(b:Outlet {id: $b})) RETURN [n IN nodes(p) | coalesce(n.name,
n.title)] AS names;

MATCH p = (a:Story {id: $id})-[:RELATED_TO*1..3]-(b:Story) RETURN b.title, length(p) AS steps ORDER BY steps;

MATCH p = (:Outlet {id: $a})-[*..4]-(:Outlet) WHERE all(n IN nodes(p) WHERE any(l IN labels(n) WHERE l <> 'Topic'))
RETURN count(p) AS n;

MATCH p = (:Story {id: $a})-[*..4]-(:Story) WHERE single(n IN nodes(p) WHERE n:Event) RETURN p LIMIT 20;

MATCH p = (:Story {id: $a})-[:RELATED_TO*..5]->() RETURN reduce(w = 0, r IN relationships(p) | w + 1) AS weight;

MATCH (n) WHERE n.id = $id RETURN [k IN keys(n) WHERE k <> 'id' | k] AS names;

// Texts made for reading

MATCH (s:Story)-[:PUBLISHED_BY]->(o) RETURN o.name + ': ' + s.title + ' (' + toString(s.published_at) + ')' AS line;

MATCH (s:Story) RETURN '<a href=' + s.id + '>' + s.title + '</a>' AS html LIMIT 100;

MATCH (s:Story) RETURN s.title || ' / ' || s.language AS t;

MATCH (s:Story) WITH s.title AS t RETURN t, reduce(h = 7, i IN range(0, size(t) - 1) | (h * 31 + i) % 1000003) AS h;

MATCH (s:Story) WITH s.language AS l, s.heat AS h ORDER BY h WITH l, collect(h) AS hs RETURN l, hs[toInteger(size(hs)
* 0.5)] AS median, hs[toInteger(size(hs) * 0.9)] AS p90;

MATCH (s:Story) WITH s LIMIT 200 WITH collect(s) AS l UNWIND l AS a UNWIND l AS b WITH a, b WHERE a.id < b.id RETURN
a.title, b.title, size([w IN split(a.title, ' ') WHERE w IN split(b.title, ' ')]) AS shared ORDER BY shared DESC LIMIT
20;

MATCH (a:Story)-[:COVERS]->(e)<-[:COVERS]-(b:Story) WITH a, b, split(toLower(a.title), ' ') AS x,
split(toLower(b.title), ' ') AS y RETURN a.id, b.id, 1.0 * size([w IN x WHERE w IN y]) / size(x) AS likeness;

MATCH (s:Story) WITH s, reduce(t = s.title, x IN ['.', ',', ':', '?', '!'] | replace(t, x, '')) AS t RETURN t;

MATCH (s:Story) WITH s, reduce(t = s.title, p IN [['&amp;', '&'], ['&quot;', '"']] | replace(t, p[0], p[1])) AS t
RETURN t;

RETURN reduce(f = [0, 1], i IN range(1, 10) | [f[1], f[0] + f[1]])[0] AS fibonacci;

RETURN [i IN range(1, 12) | [j IN range(1, 12) | i * j]] AS times;

RETURN [x IN range(1, 1000) WHERE none(y IN range(2, 31) WHERE x % y = 0 AND x <> y)] AS primes;
