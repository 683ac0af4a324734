// purpose: what one outlet published, and what everybody published when on its events
// parameters:
//   outlet (text): the outlet's id
// columns:
//   part (text): 'own' for a story of the outlet, 'event' for a story on one of its events
//   event_id (text): an event of the story; absent where it has none
//   outlet (text): the story's outlet
//   story_id (text): a story
//   second (integer; seconds since 1970): when that story was published
//   sure (boolean): whether that time is exact
//   is_copy (boolean): whether another story published the same text first
//   topics (list): ids of the story's topics; null for stories of other outlets
//   copied_by (list): ids of the stories that copied it; null for stories of other outlets
MATCH (o:Outlet {id: $outlet})<-[:PUBLISHED_BY]-(s:Story)
WHERE // include: since, until, topics, languages, countries, events
OPTIONAL MATCH (s)-[:COVERS]->(e:Event)
RETURN 'own' AS part, e.id AS event_id, o.id AS outlet, s.id AS story_id,
  s.published_at.epochSeconds AS second, s.date_quality IN ['exact', 'corrected'] AS sure,
  COUNT { (s)-[:COPY_OF]->(:Story) } > 0 AS is_copy,
  [(s)-[:ABOUT]->(k:Topic) | k.id] AS topics, [(s)<-[:COPY_OF]-(c:Story) | c.id] AS copied_by
UNION ALL
MATCH (:Outlet {id: $outlet})<-[:PUBLISHED_BY]-(:Story)-[:COVERS]->(e:Event)
WITH DISTINCT e
MATCH (e)<-[c:COVERS]-(s:Story)-[:PUBLISHED_BY]->(o:Outlet)
WHERE coalesce(c.weak_fit, false) = false
  AND // include: since, until, topics, languages, countries, events_bound, copies
RETURN 'event' AS part, e.id AS event_id, o.id AS outlet, s.id AS story_id,
  s.published_at.epochSeconds AS second, s.date_quality IN ['exact', 'corrected'] AS sure,
  COUNT { (s)-[:COPY_OF]->(:Story) } > 0 AS is_copy, null AS topics, null AS copied_by
