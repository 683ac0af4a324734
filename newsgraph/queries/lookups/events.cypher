// purpose: every event's names, time and size
// parameters: none
// columns:
//   id (text): the event
//   title (text): the most typical headline of its stories, or a researcher's name
//   label (text): a researcher's own name for it
//   first_published_at (time): time of its earliest story
//   stories (integer; stories): how many it has
//   outlets (integer; outlets): how many covered it
MATCH (e:Event)
RETURN e.id AS id, e.title AS title, e.label AS label, e.first_published_at AS first_published_at,
  e.story_count AS stories, e.outlet_count AS outlets
