// purpose: whether there is an event of that id
// parameters:
//   id (text): id of an event
// columns:
//   id (text): the same
MATCH (e:Event {id: $id})
RETURN e.id AS id
