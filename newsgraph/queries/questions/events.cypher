// purpose: every story of every event, with its outlet where it has one
// columns:
//   event_id (text): an event
//   event_title (text): its title
//   outlet (text): an outlet that covers it
//   story_id (text): a story of that outlet on it
//   second (integer; seconds since 1970): when that story was published
//   sure (boolean): whether that time is exact
//   published_at (time): the same time as such
MATCH (e:Event)<-[:COVERS]-(s:Story)
WHERE // include: since, until, topics, outlets, groups, languages, countries, events_bound, copies
OPTIONAL MATCH (s)-[:PUBLISHED_BY]->(o:Outlet)
RETURN e.id AS event_id, e.title AS event_title, o.id AS outlet, s.id AS story_id,
  s.published_at.epochSeconds AS second, s.date_quality IN ['exact', 'corrected'] AS sure,
  s.published_at AS published_at
