// purpose: the pictures of some stories, with who shows them
// parameters:
//   ids (list): ids of stories
// columns:
//   story_id (text): the story
//   outlet_id (text): an outlet of it
//   outlet_name (text): the outlet's name
//   image_id (text): a picture on the story
//   image_url (text): the picture's web address as written
UNWIND $ids AS id
MATCH (o:Outlet)<-[:PUBLISHED_BY]-(s:Story {id: id})-[:HAS_IMAGE]->(i:Image)
RETURN s.id AS story_id, o.id AS outlet_id, o.name AS outlet_name, i.id AS image_id, i.url AS image_url
