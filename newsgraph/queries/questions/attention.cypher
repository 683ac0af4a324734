// purpose: every story with its time and its topics, its outlets or its events
// parameters:
//   by (text): topic, outlet or event
// columns:
//   key (text): id of a topic, an outlet or an event
//   story_id (text): a story of it
//   second (integer; seconds since 1970): when that story was published
//   sure (boolean): whether that time is exact
WITH $by AS kind
WHERE kind = 'topic'
MATCH (k:Topic)<-[:ABOUT]-(s:Story)
WHERE // include: story_filters
RETURN k.id AS key, s.id AS story_id, s.published_at.epochSeconds AS second, s.date_quality IN ['exact', 'corrected'] AS sure
UNION ALL
WITH $by AS kind
WHERE kind = 'outlet'
MATCH (k:Outlet)<-[:PUBLISHED_BY]-(s:Story)
WHERE // include: story_filters
RETURN k.id AS key, s.id AS story_id, s.published_at.epochSeconds AS second, s.date_quality IN ['exact', 'corrected'] AS sure
UNION ALL
WITH $by AS kind
WHERE kind = 'event'
MATCH (k:Event)<-[:COVERS]-(s:Story)
WHERE // include: story_filters
RETURN k.id AS key, s.id AS story_id, s.published_at.epochSeconds AS second, s.date_quality IN ['exact', 'corrected'] AS sure
