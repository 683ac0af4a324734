// purpose: the filters on stories that questions share, each as one condition on the story s; a filter that is null lets all stories through
//
// outlets, groups and events look up those of the story. Use outlets_bound, groups_bound and events_bound where the text
// already has the outlet as o and the event as e.

// text: since
// parameters:
//   since (time): stories published at or after this; null for all
($since IS NULL OR s.published_at >= $since)

// text: until
// parameters:
//   until (time): stories published before this; null for all
($until IS NULL OR s.published_at < $until)

// text: topics
// parameters:
//   topics (list): ids of topics, of which a story must have one; null for all
($topics IS NULL OR COUNT { (s)-[:ABOUT]->(t:Topic) WHERE t.id IN $topics } > 0)

// text: outlets
// parameters:
//   outlets (list): ids of outlets; null for all
($outlets IS NULL OR COUNT { (s)-[:PUBLISHED_BY]->(x:Outlet) WHERE x.id IN $outlets } > 0)

// text: outlets_bound
// parameters:
//   outlets (list): ids of outlets; null for all
($outlets IS NULL OR o.id IN $outlets)

// text: languages
// parameters:
//   languages (list): language tags in small letters, with or without a region; null for all
($languages IS NULL OR toLower(s.language) IN $languages OR toLower(split(s.language, '-')[0]) IN $languages)

// text: countries
// parameters:
//   countries (list): countries as stories and outlets have them; null for all
($countries IS NULL OR s.country IN $countries
    OR (s.country IS NULL AND COUNT { (s)-[:PUBLISHED_BY]->(x:Outlet) WHERE x.country IN $countries } > 0))

// text: groups
// parameters:
//   groups (list): groups of outlets, as the outlets file says; null for all
($groups IS NULL OR COUNT { (s)-[:PUBLISHED_BY]->(x:Outlet) WHERE x.`group` IN $groups } > 0)

// text: groups_bound
// parameters:
//   groups (list): groups of outlets, as the outlets file says; null for all
($groups IS NULL OR o.`group` IN $groups)

// text: events
// parameters:
//   events (list): ids of events; null for all
($events IS NULL OR COUNT { (s)-[:COVERS]->(x:Event) WHERE x.id IN $events } > 0)

// text: events_bound
// parameters:
//   events (list): ids of events; null for all
($events IS NULL OR e.id IN $events)

// text: copies
// parameters:
//   copies (text): exclude, include or only
($copies = 'include'
    OR ($copies = 'exclude' AND COUNT { (s)-[:COPY_OF]->(:Story) } = 0)
    OR ($copies = 'only' AND COUNT { (s)-[:COPY_OF]->(:Story) } > 0))

// text: story_filters
// include: since, until, topics, outlets, groups, languages, countries, events, copies

// text: coverage_filters
// include: since, until, topics, outlets_bound, groups_bound, languages, countries, events_bound, copies
