// purpose: the events that some stories are on
// parameters:
//   ids (list): ids of stories
// columns:
//   story_id (text): the story
//   event_id (text): an event that it covers
UNWIND $ids AS id
MATCH (s:Story {id: id})-[:COVERS]->(e:Event)
RETURN s.id AS story_id, e.id AS event_id
