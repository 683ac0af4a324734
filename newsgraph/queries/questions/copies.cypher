// purpose: every copy with the earliest story of the same text
// parameters:
//   since (time): stories published at or after this; null for all
//   until (time): stories published before this; null for all
//   topics (list): ids of topics, of which a story must have one; null for all
//   outlets (list): ids of outlets; null for all
//   groups (list): groups of outlets, as the outlets file says; null for all
//   events (list): ids of events; null for all
//   copies (text): exclude, include or only
// columns:
//   story_id (text): the earliest story of a text
//   url (text): its web address as written
//   title (text): its headline
//   published_at (time): when it was published
//   sure (boolean): whether that time is exact
//   outlets (list): ids of its outlets
//   copy (text): a story that repeats its text
//   copied_at (time): when the copy was published
//   copy_sure (boolean): whether that time is exact
//   copy_outlets (list): ids of the copy's outlets
//   similarity (number): likeness of the two texts, 0 to 1
MATCH (s:Story)-[r:COPY_OF]->(first:Story)
WHERE ($since IS NULL OR s.published_at >= $since)
  AND ($until IS NULL OR s.published_at < $until)
  AND ($topics IS NULL OR COUNT { (s)-[:ABOUT]->(t:Topic) WHERE t.id IN $topics } > 0)
  AND ($outlets IS NULL OR COUNT { (s)-[:PUBLISHED_BY]->(x:Outlet) WHERE x.id IN $outlets } > 0)
  AND ($groups IS NULL OR COUNT { (s)-[:PUBLISHED_BY]->(x:Outlet) WHERE x.`group` IN $groups } > 0)
  AND ($events IS NULL OR COUNT { (s)-[:COVERS]->(x:Event) WHERE x.id IN $events } > 0)
  AND ($copies = 'include'
    OR ($copies = 'exclude' AND COUNT { (s)-[:COPY_OF]->(:Story) } = 0)
    OR ($copies = 'only' AND COUNT { (s)-[:COPY_OF]->(:Story) } > 0))
RETURN first.id AS story_id, first.url AS url, first.title AS title, first.published_at AS published_at,
  first.date_quality = 'exact' AS sure, [(first)-[:PUBLISHED_BY]->(o:Outlet) | o.id] AS outlets,
  s.id AS copy, s.published_at AS copied_at, s.date_quality = 'exact' AS copy_sure,
  [(s)-[:PUBLISHED_BY]->(o:Outlet) | o.id] AS copy_outlets, r.similarity AS similarity
