// purpose: every story with every topic that its file gives it
// parameters:
//   since (time): stories published at or after this; null for all
//   until (time): stories published before this; null for all
//   topics (list): ids of topics, of which a story must have one; null for all
//   outlets (list): ids of outlets; null for all
//   groups (list): groups of outlets, as the outlets file says; null for all
//   events (list): ids of events; null for all
//   copies (text): exclude, include or only
// columns:
//   topic (text): a topic
//   story_id (text): a story about it
MATCH (s:Story) // in the order in which they lie: from a topic to its stories, each is a jump
WHERE COUNT { (s)-[:ABOUT]->(:Topic) } > 0
  AND ($since IS NULL OR s.published_at >= $since)
  AND ($until IS NULL OR s.published_at < $until)
  AND ($topics IS NULL OR COUNT { (s)-[:ABOUT]->(t:Topic) WHERE t.id IN $topics } > 0)
  AND ($outlets IS NULL OR COUNT { (s)-[:PUBLISHED_BY]->(x:Outlet) WHERE x.id IN $outlets } > 0)
  AND ($groups IS NULL OR COUNT { (s)-[:PUBLISHED_BY]->(x:Outlet) WHERE x.`group` IN $groups } > 0)
  AND ($events IS NULL OR COUNT { (s)-[:COVERS]->(x:Event) WHERE x.id IN $events } > 0)
  AND ($copies = 'include'
    OR ($copies = 'exclude' AND COUNT { (s)-[:COPY_OF]->(:Story) } = 0)
    OR ($copies = 'only' AND COUNT { (s)-[:COPY_OF]->(:Story) } > 0))
MATCH (s)-[:ABOUT]->(k:Topic)
RETURN k.id AS topic, s.id AS story_id
