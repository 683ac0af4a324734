// purpose: every earlier wording that is kept, with its story as it is now, and its outlet where it has one
// columns:
//   story_id (text): a story
//   url (text): its web address as written
//   source (text): the file that gave the earlier wording
//   title (text): the headline of that time
//   excerpt (text): the excerpt of that time; absent where there was none
//   seen_at (time): when it was last read
//   replaced_at (time): when the wording that followed was first read
//   title_now (text): the story's headline now
//   excerpt_now (text): its excerpt now
//   outlet (text): its outlet's id
MATCH (v:Version)-[:VERSION_OF]->(s:Story)
WHERE // include: since, until, topics, outlets, groups, languages, countries, events, copies
OPTIONAL MATCH (s)-[:PUBLISHED_BY]->(o:Outlet)
RETURN s.id AS story_id, s.url AS url, v.source AS source, v.title AS title, v.excerpt AS excerpt, v.seen_at AS seen_at,
  v.replaced_at AS replaced_at, s.title AS title_now, s.excerpt AS excerpt_now, o.id AS outlet
ORDER BY story_id, outlet, source, replaced_at, title
