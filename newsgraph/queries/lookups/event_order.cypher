// purpose: outlets in the order of their first story of a sure date on an event, copies left out
// parameters:
//   event (text): the event's id
// columns:
//   outlet (text): the outlet's name, or its id where it has none
//   first (time): when its first story on the event was published
MATCH (e:Event {id: $event})<-[:COVERS]-(s:Story)-[:PUBLISHED_BY]->(o:Outlet)
WHERE s.date_quality IN ['exact', 'corrected'] AND COUNT { (s)-[:COPY_OF]->(:Story) } = 0
RETURN coalesce(o.name, o.id) AS outlet, min(s.published_at) AS first
ORDER BY first, outlet
