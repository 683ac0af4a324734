// purpose: which story covers which event, and how well
// parameters:
// columns: event, story, score, published_at, date_quality
MATCH (e:Event)<-[c:COVERS]-(s:Story)
RETURN e.id AS event, s.id AS story, c.score AS score, s.published_at AS published_at, s.date_quality AS date_quality
