// purpose: every topic's names
// parameters: none
// columns:
//   id (text): the topic
//   name (text): its name
//   others (list): words that stand for it
MATCH (t:Topic)
RETURN t.id AS id, t.name AS name, t.keywords AS others
