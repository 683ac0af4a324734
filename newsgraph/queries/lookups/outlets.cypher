// purpose: every outlet's names
// parameters: none
// columns:
//   id (text): the outlet
//   name (text): its name
//   others (text): its registered domain
//   names (list): every other name that its stories give it; null if there are none
MATCH (o:Outlet)
RETURN o.id AS id, o.name AS name, o.domain AS others, o.names AS names
