// purpose: every story that covers an event, with its outlet, time and doubts
// columns: event_id, event_title, story_id, title, url, outlet, published_at, date_quality, weak_fit
MATCH (s:Story)-[c:COVERS]->(e:Event)
OPTIONAL MATCH (s)-[:PUBLISHED_BY]->(o:Outlet)
RETURN e.id AS event_id, e.title AS event_title, s.id AS story_id, s.title AS title, s.url AS url, o.id AS outlet,
  s.published_at AS published_at, s.date_quality AS date_quality, coalesce(c.weak_fit, false) AS weak_fit
ORDER BY event_id, story_id
