// purpose: what changes when something is loaded, decided or derived, for stores that have no file to look at
// parameters: none
// columns:
//   stories (integer; stories): how many there are
//   events (integer; events): how many there are
//   sources (integer; files): how many there are
//   newest (time): when the last of them was read
//   origin (text): derived, imported or none
//   current (true or false): whether the events are those of the stories
//   corrections (text): the decisions
//   outlets (text): the outlets file
//   settings (text): method and parameters of the events
OPTIONAL MATCH (s:Story)
WITH count(s) AS stories
OPTIONAL MATCH (e:Event)
WITH stories, count(e) AS events
OPTIONAL MATCH (f:Source)
WITH stories, events, count(f) AS sources, max(f.loaded_at) AS newest
OPTIONAL MATCH (c:Corpus)
RETURN stories, events, sources, newest, c.event_origin AS origin, c.events_current AS current,
       c.corrections AS corrections, c.outlets AS outlets, c.event_settings AS settings
