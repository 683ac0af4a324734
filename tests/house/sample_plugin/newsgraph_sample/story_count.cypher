// purpose: how many stories there are
// columns:
//   stories (integer; stories): how many
MATCH (s:Story)
WHERE // include: since, until
RETURN count(s) AS stories
