// purpose: whole texts that several questions use

// text: times_of_coverage
// columns:
//   event_id (text): an event
//   outlet (text): an outlet that covers it
//   story_id (text): a story of that outlet on it
//   second (integer; seconds since 1970): when that story was published
//   sure (boolean): whether that time is exact
MATCH (e:Event)<-[c:COVERS]-(s:Story)-[:PUBLISHED_BY]->(o:Outlet)
WHERE coalesce(c.weak_fit, false) = false
  AND // include: coverage_filters
RETURN e.id AS event_id, o.id AS outlet, s.id AS story_id,
  s.published_at.epochSeconds AS second, s.date_quality IN ['exact', 'corrected'] AS sure
