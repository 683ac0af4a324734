// purpose: what some stories are about
// parameters:
//   ids (list): ids of stories
// columns:
//   story_id (text): the story
//   topic_id (text): a topic of it
//   topic_name (text): the topic's name
UNWIND $ids AS id
MATCH (s:Story {id: id})-[:ABOUT]->(t:Topic)
RETURN s.id AS story_id, t.id AS topic_id, t.name AS topic_name
