// purpose: what each story calls its outlet
// parameters: none
// columns:
//   id (text): the outlet
//   name (text): its name
//   story (text): a story of it
//   said (text): what that story says of the outlet, as a JSON object
MATCH (o:Outlet)<-[p:PUBLISHED_BY]-(s:Story)
RETURN o.id AS id, o.name AS name, s.id AS story, p.said AS said
