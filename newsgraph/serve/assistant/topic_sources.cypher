// purpose: the stories of some topics, for naming those that an answer stands on
// parameters:
//   ids (list): ids of topics
// columns:
//   id (text): the topic
//   story_id (text): id of a story of it
//   published_at (time): when it was published
//   date_quality (text): whether that is sure
MATCH (s:Story)-[:ABOUT]->(t:Topic)
WHERE t.id IN $ids
RETURN t.id AS id, s.id AS story_id, s.published_at AS published_at, s.date_quality AS date_quality
