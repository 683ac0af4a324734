// purpose: stories whose time was in the future when they were loaded and no longer is, or the other way round
// parameters: now (time)
// columns: id
MATCH (s:Story)
WHERE (s.date_quality = 'future' AND s.published_at <= $now) OR (NOT s.date_quality IN ['future', 'corrected'] AND s.published_at > $now)
RETURN s.id AS id
