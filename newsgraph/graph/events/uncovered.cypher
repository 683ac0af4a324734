// purpose: how many stories have no event
// parameters:
// columns: stories
MATCH (s:Story)
WHERE COUNT { (s)-[:COVERS]->(:Event) } = 0
RETURN count(s) AS stories
