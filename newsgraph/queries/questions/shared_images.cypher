// purpose: every story with its images, its outlets and its events
// columns:
//   image (text): an image
//   story_id (text): a story that shows it
//   outlet (text): an outlet of that story
//   second (integer; seconds since 1970): when that story was published
//   sure (boolean): whether that time is exact
//   event_id (text): an event of that story; absent where it has none
MATCH (i:Image)<-[:HAS_IMAGE]-(s:Story)-[:PUBLISHED_BY]->(o:Outlet)
WHERE // include: since, until, topics, outlets_bound, groups_bound, languages, countries, events, copies
OPTIONAL MATCH (s)-[:COVERS]->(e:Event)
RETURN i.id AS image, s.id AS story_id, o.id AS outlet,
  s.published_at.epochSeconds AS second, s.date_quality IN ['exact', 'corrected'] AS sure, e.id AS event_id
