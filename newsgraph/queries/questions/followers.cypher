// purpose: who published what when on the events of one outlet
// parameters:
//   outlet (text): the outlet's id
// columns:
//   event_id (text): an event
//   outlet (text): an outlet that covers it
//   story_id (text): a story of that outlet on it
//   second (integer; seconds since 1970): when that story was published
//   sure (boolean): whether that time is exact
MATCH (:Outlet {id: $outlet})<-[:PUBLISHED_BY]-(:Story)-[:COVERS]->(e:Event)
WITH DISTINCT e
MATCH (e)<-[c:COVERS]-(s:Story)-[:PUBLISHED_BY]->(o:Outlet)
WHERE coalesce(c.weak_fit, false) = false
  AND // include: since, until, topics, groups_bound, languages, countries, events_bound, copies
RETURN e.id AS event_id, o.id AS outlet, s.id AS story_id,
  s.published_at.epochSeconds AS second, s.date_quality IN ['exact', 'corrected'] AS sure
