// purpose: events of which a story lists a story of the other as related
// parameters: none
// columns:
//   event_id (text): an event
//   related_id (text): an event of a story that one of its stories lists; may be the same
MATCH (e:Event)<-[:COVERS]-(:Story)-[:RELATED_TO]->(:Story)-[:COVERS]->(other:Event)
RETURN e.id AS event_id, other.id AS related_id
