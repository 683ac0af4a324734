// purpose: what a researcher's outlets file says of each outlet
// parameters: none
// columns:
//   id (text): the outlet
//   facts (list): COLUMN=VALUE for each column of the file that it has a value in
MATCH (o:Outlet)
WHERE o.facts IS NOT NULL
RETURN o.id AS id, o.facts AS facts
