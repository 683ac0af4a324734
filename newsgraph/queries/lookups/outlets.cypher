// purpose: every outlet's names
// parameters: none
// columns:
//   id (text): the outlet
//   name (text): its name
//   others (text): its registered domain
MATCH (o:Outlet)
RETURN o.id AS id, o.name AS name, o.domain AS others
