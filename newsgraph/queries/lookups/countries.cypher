// purpose: every country that stories or outlets are of
// parameters: none
// columns:
//   country (text): a code of two letters, or a name
MATCH (s:Story)
WHERE s.country IS NOT NULL
RETURN DISTINCT s.country AS country
UNION
MATCH (o:Outlet)
WHERE o.country IS NOT NULL
RETURN DISTINCT o.country AS country
