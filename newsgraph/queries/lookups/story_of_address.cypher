// purpose: the story that another spelling of its web address stands for
// parameters:
//   id (text): the normalised address
// columns:
//   id (text): the story
MATCH (:Address {id: $id})-[:ADDRESS_OF]->(s:Story)
RETURN s.id AS id
