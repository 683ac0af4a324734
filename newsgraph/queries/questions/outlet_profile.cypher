// purpose: what one outlet published, and what everybody published when on its events
// parameters:
//   outlet (text): the outlet's id
//   since (time): stories published at or after this; null for all
//   until (time): stories published before this; null for all
//   topics (list): ids of topics, of which a story must have one; null for all
//   events (list): ids of events; null for all
//   copies (text): exclude, include or only
// columns:
//   part (text): 'own' for a story of the outlet, 'event' for a story on one of its events
//   event_id (text): an event of the story; absent where it has none
//   outlet (text): the story's outlet
//   story_id (text): a story
//   second (integer; seconds since 1970): when that story was published
//   sure (boolean): whether that time is exact
//   is_copy (boolean): whether another story published the same text first
//   topics (list): ids of the story's topics; null but for its own ones
//   copied_by (list): ids of the stories that copied it; null but for its own ones
MATCH (o:Outlet {id: $outlet})<-[:PUBLISHED_BY]-(s:Story)
WHERE ($since IS NULL OR s.published_at >= $since)
  AND ($until IS NULL OR s.published_at < $until)
  AND ($topics IS NULL OR COUNT { (s)-[:ABOUT]->(t:Topic) WHERE t.id IN $topics } > 0)
  AND ($events IS NULL OR COUNT { (s)-[:COVERS]->(x:Event) WHERE x.id IN $events } > 0)
OPTIONAL MATCH (s)-[:COVERS]->(e:Event)
RETURN 'own' AS part, e.id AS event_id, o.id AS outlet, s.id AS story_id,
  s.published_at.epochSeconds AS second, s.date_quality = 'exact' AS sure,
  COUNT { (s)-[:COPY_OF]->(:Story) } > 0 AS is_copy,
  [(s)-[:ABOUT]->(k:Topic) | k.id] AS topics, [(s)<-[:COPY_OF]-(c:Story) | c.id] AS copied_by
UNION ALL
MATCH (:Outlet {id: $outlet})<-[:PUBLISHED_BY]-(:Story)-[:COVERS]->(e:Event)
WITH DISTINCT e
MATCH (e)<-[:COVERS]-(s:Story)-[:PUBLISHED_BY]->(o:Outlet)
WHERE ($since IS NULL OR s.published_at >= $since)
  AND ($until IS NULL OR s.published_at < $until)
  AND ($topics IS NULL OR COUNT { (s)-[:ABOUT]->(t:Topic) WHERE t.id IN $topics } > 0)
  AND ($events IS NULL OR e.id IN $events)
  AND ($copies = 'include'
    OR ($copies = 'exclude' AND COUNT { (s)-[:COPY_OF]->(:Story) } = 0)
    OR ($copies = 'only' AND COUNT { (s)-[:COPY_OF]->(:Story) } > 0))
RETURN 'event' AS part, e.id AS event_id, o.id AS outlet, s.id AS story_id,
  s.published_at.epochSeconds AS second, s.date_quality = 'exact' AS sure,
  COUNT { (s)-[:COPY_OF]->(:Story) } > 0 AS is_copy, null AS topics, null AS copied_by
