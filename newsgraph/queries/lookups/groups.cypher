// purpose: every group of outlets, as the outlets file names them
// parameters: none
// columns:
//   id (text): the group
//   name (text): the same
//   others (text): null, because a group has no other name
MATCH (o:Outlet)
WHERE o.`group` IS NOT NULL
RETURN DISTINCT o.`group` AS id, o.`group` AS name, null AS others
