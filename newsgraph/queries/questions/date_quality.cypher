// purpose: every story with what its time is worth, and its outlet where it has one
// parameters:
//   since (time): stories published at or after this; null for all
//   until (time): stories published before this; null for all
//   topics (list): ids of topics, of which a story must have one; null for all
//   outlets (list): ids of outlets; null for all
//   groups (list): groups of outlets, as the outlets file says; null for all
//   events (list): ids of events; null for all
//   copies (text): exclude, include or only
// columns:
//   story_id (text): a story
//   date_quality (text): exact, or why its time is unsure
//   outlet (text): its outlet's id
//   outlet_name (text): the outlet's name
MATCH (s:Story)
WHERE ($since IS NULL OR s.published_at >= $since)
  AND ($until IS NULL OR s.published_at < $until)
  AND ($topics IS NULL OR COUNT { (s)-[:ABOUT]->(t:Topic) WHERE t.id IN $topics } > 0)
  AND ($outlets IS NULL OR COUNT { (s)-[:PUBLISHED_BY]->(x:Outlet) WHERE x.id IN $outlets } > 0)
  AND ($groups IS NULL OR COUNT { (s)-[:PUBLISHED_BY]->(x:Outlet) WHERE x.`group` IN $groups } > 0)
  AND ($events IS NULL OR COUNT { (s)-[:COVERS]->(x:Event) WHERE x.id IN $events } > 0)
  AND ($copies = 'include'
    OR ($copies = 'exclude' AND COUNT { (s)-[:COPY_OF]->(:Story) } = 0)
    OR ($copies = 'only' AND COUNT { (s)-[:COPY_OF]->(:Story) } > 0))
OPTIONAL MATCH (s)-[:PUBLISHED_BY]->(o:Outlet)
RETURN s.id AS story_id, s.date_quality AS date_quality, o.id AS outlet, o.name AS outlet_name
