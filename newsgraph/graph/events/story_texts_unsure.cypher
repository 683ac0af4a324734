// purpose: what the event resolver sees of the stories whose time is unsure or missing
// parameters:
// columns: id, title, excerpt, published_at, date_quality, language, outlet, said
MATCH (s:Story)
WHERE NOT s.date_quality IN ['exact', 'corrected']
OPTIONAL MATCH (s)-[p:PUBLISHED_BY]->(o:Outlet)
RETURN s.id AS id, s.title AS title, s.excerpt AS excerpt, s.published_at AS published_at,
       s.date_quality AS date_quality, s.language AS language, o.id AS outlet, p.said AS said
