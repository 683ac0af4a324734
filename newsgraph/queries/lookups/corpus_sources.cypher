// purpose: every file that the graph was made from, by what it held
// parameters: none
// columns:
//   id (text): label and path of the file
//   content_hash (text): SHA-256 of its bytes
MATCH (s:Source)
RETURN s.id AS id, s.content_hash AS content_hash
