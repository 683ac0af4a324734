// purpose: every story with every topic that its file gives it
// columns:
//   topic (text): a topic
//   story_id (text): a story about it
MATCH (s:Story) // in the order in which they lie: from a topic to its stories, each is a jump
WHERE COUNT { (s)-[:ABOUT]->(:Topic) } > 0
  AND // include: story_filters
MATCH (s)-[:ABOUT]->(k:Topic)
RETURN k.id AS topic, s.id AS story_id
