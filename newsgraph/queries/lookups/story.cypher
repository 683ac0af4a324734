// purpose: whether there is a story of that id
// parameters:
//   id (text): id of a story
// columns:
//   id (text): the same
MATCH (s:Story {id: $id})
RETURN s.id AS id
