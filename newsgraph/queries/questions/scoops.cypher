// purpose: who published what on which event when, and whose text it is; who was first, and how often, follows from it
// columns:
//   event_id (text): an event
//   outlet (text): an outlet that covers it
//   story_id (text): a story of that outlet on it
//   second (integer; seconds since 1970): when that story was published
//   sure (boolean): whether that time is exact
//   agency (text): the news agency that it credits; absent where it credits none
MATCH (e:Event)<-[c:COVERS]-(s:Story)-[:PUBLISHED_BY]->(o:Outlet)
WHERE coalesce(c.weak_fit, false) = false
  AND // include: coverage_filters
RETURN e.id AS event_id, o.id AS outlet, s.id AS story_id,
  s.published_at.epochSeconds AS second, s.date_quality IN ['exact', 'corrected'] AS sure, s.agency AS agency
