// purpose: which story covers which event, and how well
// parameters:
// columns: event, story, score, weak_fit, published_at, date_quality
MATCH (e:Event)<-[c:COVERS]-(s:Story)
RETURN e.id AS event, s.id AS story, c.score AS score, coalesce(c.weak_fit, false) AS weak_fit,
       s.published_at AS published_at, s.date_quality AS date_quality
