// purpose: the neighbours of some nodes; asked from both ends, ring by ring, until the rings meet
// parameters:
//   stories (list): ids of stories
//   outlets (list): ids of outlets
//   topics (list): ids of topics
//   images (list): ids of images
//   events (list): ids of events
// columns:
//   label (text): label of one of the nodes
//   id (text): its id
//   edge (text): type of an edge that it has
//   forward (boolean): whether the edge starts there
//   other_label (text): label of the node at the other end
//   other_id (text): its id
UNWIND $stories AS id
MATCH (n:Story {id: id})-[r:PUBLISHED_BY|ABOUT|HAS_IMAGE|RELATED_TO|COVERS|COPY_OF|SUBTOPIC_OF]-(m)
RETURN 'Story' AS label, n.id AS id, type(r) AS edge, startNode(r) = n AS forward,
  head(labels(m)) AS other_label, m.id AS other_id
UNION ALL
UNWIND $outlets AS id
MATCH (n:Outlet {id: id})-[r:PUBLISHED_BY|ABOUT|HAS_IMAGE|RELATED_TO|COVERS|COPY_OF|SUBTOPIC_OF]-(m)
RETURN 'Outlet' AS label, n.id AS id, type(r) AS edge, startNode(r) = n AS forward,
  head(labels(m)) AS other_label, m.id AS other_id
UNION ALL
UNWIND $topics AS id
MATCH (n:Topic {id: id})-[r:PUBLISHED_BY|ABOUT|HAS_IMAGE|RELATED_TO|COVERS|COPY_OF|SUBTOPIC_OF]-(m)
RETURN 'Topic' AS label, n.id AS id, type(r) AS edge, startNode(r) = n AS forward,
  head(labels(m)) AS other_label, m.id AS other_id
UNION ALL
UNWIND $images AS id
MATCH (n:Image {id: id})-[r:PUBLISHED_BY|ABOUT|HAS_IMAGE|RELATED_TO|COVERS|COPY_OF|SUBTOPIC_OF]-(m)
RETURN 'Image' AS label, n.id AS id, type(r) AS edge, startNode(r) = n AS forward,
  head(labels(m)) AS other_label, m.id AS other_id
UNION ALL
UNWIND $events AS id
MATCH (n:Event {id: id})-[r:PUBLISHED_BY|ABOUT|HAS_IMAGE|RELATED_TO|COVERS|COPY_OF|SUBTOPIC_OF]-(m)
RETURN 'Event' AS label, n.id AS id, type(r) AS edge, startNode(r) = n AS forward,
  head(labels(m)) AS other_label, m.id AS other_id
