// purpose: who published what on which event when; who follows whom is counted from it
// parameters:
//   since (time): stories published at or after this; null for all
//   until (time): stories published before this; null for all
//   topics (list): ids of topics, of which a story must have one; null for all
//   outlets (list): ids of outlets; null for all
//   groups (list): groups of outlets, as the outlets file says; null for all
//   events (list): ids of events; null for all
//   copies (text): exclude, include or only
// columns:
//   event_id (text): an event
//   outlet (text): an outlet that covers it
//   story_id (text): a story of that outlet on it
//   second (integer; seconds since 1970): when that story was published
//   sure (boolean): whether that time is exact
MATCH (e:Event)<-[:COVERS]-(s:Story)-[:PUBLISHED_BY]->(o:Outlet)
WHERE ($since IS NULL OR s.published_at >= $since)
  AND ($until IS NULL OR s.published_at < $until)
  AND ($topics IS NULL OR COUNT { (s)-[:ABOUT]->(t:Topic) WHERE t.id IN $topics } > 0)
  AND ($outlets IS NULL OR o.id IN $outlets)
  AND ($groups IS NULL OR o.`group` IN $groups)
  AND ($events IS NULL OR e.id IN $events)
  AND ($copies = 'include'
    OR ($copies = 'exclude' AND COUNT { (s)-[:COPY_OF]->(:Story) } = 0)
    OR ($copies = 'only' AND COUNT { (s)-[:COPY_OF]->(:Story) } > 0))
RETURN e.id AS event_id, o.id AS outlet, s.id AS story_id,
  s.published_at.epochSeconds AS second, s.date_quality = 'exact' AS sure
