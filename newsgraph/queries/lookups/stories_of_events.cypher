// purpose: headlines of the stories of some events
// parameters:
//   ids (list): ids of events
// columns:
//   event_id (text): the event
//   title (text): headline of a story on it
UNWIND $ids AS id
MATCH (e:Event {id: id})<-[:COVERS]-(s:Story)
RETURN e.id AS event_id, s.title AS title
