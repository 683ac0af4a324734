// purpose: every language that stories are in
// parameters: none
// columns:
//   language (text): a language tag
MATCH (s:Story)
WHERE s.language IS NOT NULL
RETURN DISTINCT s.language AS language
