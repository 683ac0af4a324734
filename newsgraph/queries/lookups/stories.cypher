// purpose: every story's headline
// parameters: none
// columns:
//   id (text): the story
//   title (text): its headline
MATCH (s:Story)
RETURN s.id AS id, s.title AS title
