// purpose: every story on some events, as first-to-cover reads them
// parameters:
//   ids (list): ids of events
// columns:
//   event_id (text): the event
//   event_title (text): its title
//   outlet (text): the outlet's id
//   outlet_name (text): its name
//   story_id (text): the story
//   url (text): its web address as written
//   title (text): its headline
//   published_at (time): when it was published
//   date_quality (text): exact, or why the time is unsure
//   is_copy (boolean): whether another story published the same text first
//   fit (number): how well the story fits the event's other stories, 0 to 1
//   weak_fit (boolean): whether it fits so badly that it isn't ranked
//   agency (text): the news agency that it credits; absent where it credits none
UNWIND $ids AS id
MATCH (e:Event {id: id})<-[c:COVERS]-(s:Story)-[:PUBLISHED_BY]->(o:Outlet)
RETURN e.id AS event_id, e.title AS event_title, o.id AS outlet, o.name AS outlet_name,
  s.id AS story_id, s.url AS url, s.title AS title,
  s.published_at AS published_at, s.date_quality AS date_quality,
  COUNT { (s)-[:COPY_OF]->(:Story) } > 0 AS is_copy,
  c.score AS fit, coalesce(c.weak_fit, false) AS weak_fit, s.agency AS agency
ORDER BY event_id, published_at, story_id, outlet
