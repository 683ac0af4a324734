// purpose: every story on an event with its outlet, time and doubts; who was first follows from them
// parameters:
//   event (text): the event's id
//   since (time): stories published at or after this; null for all
//   until (time): stories published before this; null for all
//   topics (list): ids of topics, of which a story must have one; null for all
//   outlets (list): ids of outlets; null for all
//   groups (list): groups of outlets, as the outlets file says; null for all
//   copies (text): exclude, include or only
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
MATCH (e:Event {id: $event})<-[:COVERS]-(s:Story)-[:PUBLISHED_BY]->(o:Outlet)
WHERE ($since IS NULL OR s.published_at >= $since)
  AND ($until IS NULL OR s.published_at < $until)
  AND ($topics IS NULL OR COUNT { (s)-[:ABOUT]->(t:Topic) WHERE t.id IN $topics } > 0)
  AND ($outlets IS NULL OR o.id IN $outlets)
  AND ($groups IS NULL OR o.`group` IN $groups)
  AND ($copies = 'include'
    OR ($copies = 'exclude' AND COUNT { (s)-[:COPY_OF]->(:Story) } = 0)
    OR ($copies = 'only' AND COUNT { (s)-[:COPY_OF]->(:Story) } > 0))
RETURN e.id AS event_id, e.title AS event_title, o.id AS outlet, o.name AS outlet_name,
  s.id AS story_id, s.url AS url, s.title AS title,
  s.published_at AS published_at, s.date_quality AS date_quality,
  COUNT { (s)-[:COPY_OF]->(:Story) } > 0 AS is_copy
ORDER BY published_at, story_id, outlet
