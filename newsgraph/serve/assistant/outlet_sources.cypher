// purpose: the stories of some outlets, for naming those that an answer stands on
// parameters:
//   ids (list): ids of outlets
// columns:
//   id (text): the outlet
//   story_id (text): id of a story of it
//   published_at (time): when it was published
//   date_quality (text): whether that is sure
MATCH (s:Story)-[:PUBLISHED_BY]->(o:Outlet)
WHERE o.id IN $ids
RETURN o.id AS id, s.id AS story_id, s.published_at AS published_at, s.date_quality AS date_quality
