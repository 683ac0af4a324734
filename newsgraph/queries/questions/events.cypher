// purpose: every story of every event, with its outlet where it has one
// columns:
//   event_id (text): an event
//   event_title (text): its title
//   outlet (text): an outlet that covers it
//   story_id (text): a story of that outlet on it
//   published_at (time): when that story was published
//   date_quality (text): exact, or why the time is unsure
//   is_copy (boolean): whether another story published the same text first
//   fit (number): how well the story fits the event's other stories, 0 to 1
//   weak_fit (boolean): whether it fits so badly that it isn't ranked
MATCH (e:Event)<-[c:COVERS]-(s:Story)
WHERE // include: since, until, topics, outlets, groups, languages, countries, events_bound, copies
OPTIONAL MATCH (s)-[:PUBLISHED_BY]->(o:Outlet)
RETURN e.id AS event_id, e.title AS event_title, o.id AS outlet, s.id AS story_id,
  s.published_at AS published_at, s.date_quality AS date_quality,
  COUNT { (s)-[:COPY_OF]->(:Story) } > 0 AS is_copy,
  c.score AS fit, coalesce(c.weak_fit, false) AS weak_fit
