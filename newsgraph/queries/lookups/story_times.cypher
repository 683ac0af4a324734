// purpose: when some stories were published
// parameters:
//   ids (list): ids of stories
// columns:
//   id (text): the story
//   published_at (time): when it was published
UNWIND $ids AS id
MATCH (s:Story {id: id})
RETURN s.id AS id, s.published_at AS published_at
