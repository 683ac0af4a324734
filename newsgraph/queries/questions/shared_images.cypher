// purpose: every story with its images, its outlets, its events and the events of the stories that it lists as related
// parameters:
//   since (time): stories published at or after this; null for all
//   until (time): stories published before this; null for all
//   topics (list): ids of topics, of which a story must have one; null for all
//   outlets (list): ids of outlets; null for all
//   groups (list): groups of outlets, as the outlets file says; null for all
//   events (list): ids of events; null for all
//   copies (text): exclude, include or only
// columns:
//   image (text): an image
//   story_id (text): a story that shows it
//   outlet (text): an outlet of that story
//   second (integer; seconds since 1970): when that story was published
//   sure (boolean): whether that time is exact
//   events (list): ids of the story's events
//   linked (list): ids of events of stories that those events' stories list as related
MATCH (i:Image)<-[:HAS_IMAGE]-(s:Story)-[:PUBLISHED_BY]->(o:Outlet)
WHERE ($since IS NULL OR s.published_at >= $since)
  AND ($until IS NULL OR s.published_at < $until)
  AND ($topics IS NULL OR COUNT { (s)-[:ABOUT]->(t:Topic) WHERE t.id IN $topics } > 0)
  AND ($outlets IS NULL OR o.id IN $outlets)
  AND ($groups IS NULL OR o.`group` IN $groups)
  AND ($events IS NULL OR COUNT { (s)-[:COVERS]->(x:Event) WHERE x.id IN $events } > 0)
  AND ($copies = 'include'
    OR ($copies = 'exclude' AND COUNT { (s)-[:COPY_OF]->(:Story) } = 0)
    OR ($copies = 'only' AND COUNT { (s)-[:COPY_OF]->(:Story) } > 0))
RETURN i.id AS image, s.id AS story_id, o.id AS outlet,
  s.published_at.epochSeconds AS second, s.date_quality = 'exact' AS sure,
  [(s)-[:COVERS]->(e:Event) | e.id] AS events,
  [(s)-[:RELATED_TO]->(:Story)-[:COVERS]->(e:Event) | e.id]
    + [(s)-[:COVERS]->(:Event)<-[:COVERS]-(:Story)-[:RELATED_TO]->(:Story)-[:COVERS]->(e:Event) | e.id] AS linked
