// purpose: the events of stories that some stories list as related, or that list these
// parameters:
//   ids (list): ids of stories
// columns:
//   story_id (text): a story that is listed by one of them, or lists one
//   event_id (text): an event that it covers
UNWIND $ids AS id
MATCH (:Story {id: id})-[:RELATED_TO]-(s:Story)-[:COVERS]->(e:Event)
RETURN DISTINCT s.id AS story_id, e.id AS event_id
