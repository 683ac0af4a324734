// purpose: every story of every event, with its outlet where it has one
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
//   event_title (text): its title
//   outlet (text): an outlet that covers it
//   story_id (text): a story of that outlet on it
//   second (integer; seconds since 1970): when that story was published
//   sure (boolean): whether that time is exact
//   published_at (time): the same time as such
MATCH (e:Event)<-[:COVERS]-(s:Story)
WHERE ($since IS NULL OR s.published_at >= $since)
  AND ($until IS NULL OR s.published_at < $until)
  AND ($topics IS NULL OR COUNT { (s)-[:ABOUT]->(t:Topic) WHERE t.id IN $topics } > 0)
  AND ($outlets IS NULL OR COUNT { (s)-[:PUBLISHED_BY]->(x:Outlet) WHERE x.id IN $outlets } > 0)
  AND ($groups IS NULL OR COUNT { (s)-[:PUBLISHED_BY]->(x:Outlet) WHERE x.`group` IN $groups } > 0)
  AND ($events IS NULL OR e.id IN $events)
  AND ($copies = 'include'
    OR ($copies = 'exclude' AND COUNT { (s)-[:COPY_OF]->(:Story) } = 0)
    OR ($copies = 'only' AND COUNT { (s)-[:COPY_OF]->(:Story) } > 0))
OPTIONAL MATCH (s)-[:PUBLISHED_BY]->(o:Outlet)
RETURN e.id AS event_id, e.title AS event_title, o.id AS outlet, s.id AS story_id,
  s.published_at.epochSeconds AS second, s.date_quality = 'exact' AS sure,
  s.published_at AS published_at
