// purpose: what the stories of some outlets say of them, counted by outlet and host
// parameters: outlets (list of ids)
// columns: outlet, host, said, stories
UNWIND $outlets AS wanted
MATCH (o:Outlet {id: wanted})<-[p:PUBLISHED_BY]-(s:Story)
RETURN o.id AS outlet, split(s.id, '/')[2] AS host, p.said AS said, count(*) AS stories
