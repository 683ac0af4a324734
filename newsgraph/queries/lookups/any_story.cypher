// purpose: whether anything is loaded
// parameters: none
// columns:
//   story_id (text): the id of some story
MATCH (s:Story)
RETURN s.id AS story_id
LIMIT 1
