// purpose: every story with its time and its topics, its outlets or its events
// parameters:
//   by (text): topic, outlet or event
//   since (time): stories published at or after this; null for all
//   until (time): stories published before this; null for all
//   topics (list): ids of topics, of which a story must have one; null for all
//   outlets (list): ids of outlets; null for all
//   groups (list): groups of outlets, as the outlets file says; null for all
//   events (list): ids of events; null for all
//   copies (text): exclude, include or only
// columns:
//   key (text): id of a topic, an outlet or an event
//   story_id (text): a story of it
//   second (integer; seconds since 1970): when that story was published
//   sure (boolean): whether that time is exact
MATCH (k:Topic)<-[:ABOUT]-(s:Story)
WHERE $by = 'topic'
  AND ($since IS NULL OR s.published_at >= $since)
  AND ($until IS NULL OR s.published_at < $until)
  AND ($topics IS NULL OR COUNT { (s)-[:ABOUT]->(t:Topic) WHERE t.id IN $topics } > 0)
  AND ($outlets IS NULL OR COUNT { (s)-[:PUBLISHED_BY]->(x:Outlet) WHERE x.id IN $outlets } > 0)
  AND ($groups IS NULL OR COUNT { (s)-[:PUBLISHED_BY]->(x:Outlet) WHERE x.`group` IN $groups } > 0)
  AND ($events IS NULL OR COUNT { (s)-[:COVERS]->(x:Event) WHERE x.id IN $events } > 0)
  AND ($copies = 'include'
    OR ($copies = 'exclude' AND COUNT { (s)-[:COPY_OF]->(:Story) } = 0)
    OR ($copies = 'only' AND COUNT { (s)-[:COPY_OF]->(:Story) } > 0))
RETURN k.id AS key, s.id AS story_id, s.published_at.epochSeconds AS second, s.date_quality = 'exact' AS sure
UNION ALL
MATCH (k:Outlet)<-[:PUBLISHED_BY]-(s:Story)
WHERE $by = 'outlet'
  AND ($since IS NULL OR s.published_at >= $since)
  AND ($until IS NULL OR s.published_at < $until)
  AND ($topics IS NULL OR COUNT { (s)-[:ABOUT]->(t:Topic) WHERE t.id IN $topics } > 0)
  AND ($outlets IS NULL OR COUNT { (s)-[:PUBLISHED_BY]->(x:Outlet) WHERE x.id IN $outlets } > 0)
  AND ($groups IS NULL OR COUNT { (s)-[:PUBLISHED_BY]->(x:Outlet) WHERE x.`group` IN $groups } > 0)
  AND ($events IS NULL OR COUNT { (s)-[:COVERS]->(x:Event) WHERE x.id IN $events } > 0)
  AND ($copies = 'include'
    OR ($copies = 'exclude' AND COUNT { (s)-[:COPY_OF]->(:Story) } = 0)
    OR ($copies = 'only' AND COUNT { (s)-[:COPY_OF]->(:Story) } > 0))
RETURN k.id AS key, s.id AS story_id, s.published_at.epochSeconds AS second, s.date_quality = 'exact' AS sure
UNION ALL
MATCH (k:Event)<-[:COVERS]-(s:Story)
WHERE $by = 'event'
  AND ($since IS NULL OR s.published_at >= $since)
  AND ($until IS NULL OR s.published_at < $until)
  AND ($topics IS NULL OR COUNT { (s)-[:ABOUT]->(t:Topic) WHERE t.id IN $topics } > 0)
  AND ($outlets IS NULL OR COUNT { (s)-[:PUBLISHED_BY]->(x:Outlet) WHERE x.id IN $outlets } > 0)
  AND ($groups IS NULL OR COUNT { (s)-[:PUBLISHED_BY]->(x:Outlet) WHERE x.`group` IN $groups } > 0)
  AND ($events IS NULL OR COUNT { (s)-[:COVERS]->(x:Event) WHERE x.id IN $events } > 0)
  AND ($copies = 'include'
    OR ($copies = 'exclude' AND COUNT { (s)-[:COPY_OF]->(:Story) } = 0)
    OR ($copies = 'only' AND COUNT { (s)-[:COPY_OF]->(:Story) } > 0))
RETURN k.id AS key, s.id AS story_id, s.published_at.epochSeconds AS second, s.date_quality = 'exact' AS sure
