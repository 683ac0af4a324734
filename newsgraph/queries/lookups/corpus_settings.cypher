// purpose: what the graph depends on besides the files
// parameters: none
// columns:
//   outlets (text): the researcher's outlets file
//   corrections (text): the researcher's decisions
//   event_settings (text): method and parameters of the events
//   event_origin (text): derived, imported or none
MATCH (c:Corpus)
RETURN c.outlets AS outlets, c.corrections AS corrections, c.event_settings AS event_settings, c.event_origin AS event_origin
