// purpose: every story with its images, its outlets, its events and the events of the stories that it lists as related
// columns:
//   image (text): an image
//   story_id (text): a story that shows it
//   outlet (text): an outlet of that story
//   second (integer; seconds since 1970): when that story was published
//   sure (boolean): whether that time is exact
//   events (list): ids of the story's events
//   linked (list): ids of events of stories that those events' stories list as related
MATCH (i:Image)<-[:HAS_IMAGE]-(s:Story)-[:PUBLISHED_BY]->(o:Outlet)
WHERE // include: since, until, topics, outlets_bound, groups_bound, languages, countries, events, copies
RETURN i.id AS image, s.id AS story_id, o.id AS outlet,
  s.published_at.epochSeconds AS second, s.date_quality IN ['exact', 'corrected'] AS sure,
  [(s)-[:COVERS]->(e:Event) | e.id] AS events,
  [(s)-[:RELATED_TO]->(:Story)-[:COVERS]->(e:Event) | e.id]
    + [(s)-[:COVERS]->(:Event)<-[:COVERS]-(:Story)-[:RELATED_TO]->(:Story)-[:COVERS]->(e:Event) | e.id] AS linked
