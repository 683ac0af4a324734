// purpose: how many stories there are, and the times of the oldest and the newest of those of a sure time
// parameters: none
// columns:
//   stories (integer; stories): all stories
//   oldest (time): of a sure time; absent where there is none
//   newest (time): likewise
MATCH (s:Story)
WITH CASE WHEN s.date_quality IN ['exact', 'corrected'] THEN s.published_at END AS sure
RETURN count(*) AS stories, min(sure) AS oldest, max(sure) AS newest
