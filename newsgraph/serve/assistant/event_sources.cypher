// purpose: the stories of some events, for naming those that an answer stands on
// parameters:
//   ids (list): ids of events
// columns:
//   id (text): the event
//   story_id (text): id of a story of it
//   published_at (time): when it was published
//   date_quality (text): whether that is sure
MATCH (e:Event)<-[:COVERS]-(s:Story)
WHERE e.id IN $ids
RETURN e.id AS id, s.id AS story_id, s.published_at AS published_at, s.date_quality AS date_quality
