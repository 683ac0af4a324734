// purpose: every copy with the earliest story of the same text
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
//   agency (text): the news agency that the earliest story credits, else the copy; absent where neither does
MATCH (s:Story)-[r:COPY_OF]->(first:Story)
WHERE // include: story_filters
RETURN first.id AS story_id, first.url AS url, first.title AS title, first.published_at AS published_at,
  first.date_quality IN ['exact', 'corrected'] AS sure, [(first)-[:PUBLISHED_BY]->(o:Outlet) | o.id] AS outlets,
  s.id AS copy, s.published_at AS copied_at, s.date_quality IN ['exact', 'corrected'] AS copy_sure,
  [(s)-[:PUBLISHED_BY]->(o:Outlet) | o.id] AS copy_outlets, r.similarity AS similarity,
  coalesce(first.agency, s.agency) AS agency
