// purpose: the stories whose text some stories repeat
// parameters:
//   ids (list): ids of stories
// columns:
//   story_id (text): the story
//   original_id (text): the story that published the same text first
UNWIND $ids AS id
MATCH (s:Story {id: id})-[:COPY_OF]->(o:Story)
RETURN s.id AS story_id, o.id AS original_id
