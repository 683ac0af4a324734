// purpose: every story of an event, with its outlet where it has one
// parameters:
//   event (text): the event's id
// columns:
//   event_id (text): the event
//   event_title (text): its title
//   story_id (text): a story
//   url (text): its web address as written
//   title (text): its headline
//   published_at (time): when it was published
//   date_quality (text): exact, or why the time is unsure
//   is_copy (boolean): whether another story published the same text first
//   outlet (text): its outlet's id
//   outlet_name (text): the outlet's name
MATCH (e:Event {id: $event})<-[:COVERS]-(s:Story)
WHERE // include: since, until, topics, outlets, groups, languages, countries, copies
OPTIONAL MATCH (s)-[:PUBLISHED_BY]->(o:Outlet)
RETURN e.id AS event_id, e.title AS event_title, s.id AS story_id, s.url AS url, s.title AS title,
  s.published_at AS published_at, s.date_quality AS date_quality,
  COUNT { (s)-[:COPY_OF]->(:Story) } > 0 AS is_copy, o.id AS outlet, o.name AS outlet_name
ORDER BY published_at, story_id, outlet
