// purpose: language and agency of some stories
// parameters:
//   ids (list): ids of stories
// columns:
//   id (text): the story
//   language (text): its language tag; absent where its file gives none
//   agency (text): the news agency that it credits; absent where it credits none
UNWIND $ids AS id
MATCH (s:Story {id: id})
RETURN s.id AS id, s.language AS language, s.agency AS agency
