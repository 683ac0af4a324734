// purpose: which story is on which event, derived or given by a researcher
// parameters: none
// columns:
//   story_id (text): the story
//   event_id (text): the event
MATCH (e:Event)<-[:COVERS]-(s:Story)
RETURN s.id AS story_id, e.id AS event_id
