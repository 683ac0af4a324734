// purpose: every story with how sure its time is, and its outlet if it has one
// columns:
//   story_id (text): a story
//   date_quality (text): exact, or why its time is unsure
//   outlet (text): its outlet's id
//   outlet_name (text): the outlet's name
MATCH (s:Story)
WHERE // include: story_filters
OPTIONAL MATCH (s)-[:PUBLISHED_BY]->(o:Outlet)
RETURN s.id AS story_id, s.date_quality AS date_quality, o.id AS outlet, o.name AS outlet_name
