// purpose: the events of one thread: an event, what it continues, what continues it, and so on
// parameters:
//   event (text): the event's id
// columns:
//   event_id (text): an event
//   event_title (text): its title
//   first_published_at (time): time of its earliest story
//   last_published_at (time): time of its latest story
//   stories (integer; stories): stories on it
//   outlets (integer; outlets): outlets that covered it
//   follows (text): the earlier event that it continues; absent where it continues none
//   score (number): how much the two have in common, 0 to 1
//   related (integer): related lists of their stories that lead from one to the other
// There is one way between two events of a thread, for each follows one earlier event at most.
MATCH (one:Event {id: $event})-[:FOLLOWS*0..]-(e:Event)
WITH DISTINCT e
OPTIONAL MATCH (e)-[f:FOLLOWS]->(earlier:Event)
RETURN e.id AS event_id, e.title AS event_title, e.first_published_at AS first_published_at,
  e.last_published_at AS last_published_at, e.story_count AS stories, e.outlet_count AS outlets,
  earlier.id AS follows, f.score AS score, f.related AS related
