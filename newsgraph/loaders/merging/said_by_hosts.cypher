// purpose: what stories say of their outlets, counted by outlet and host
// columns: outlet, host, said, stories
MATCH (o:Outlet)<-[p:PUBLISHED_BY]-(s:Story)
RETURN o.id AS outlet, split(s.id, '/')[2] AS host, p.said AS said, count(*) AS stories
