-- purpose: every story of every event, with its outlet where it has one
-- parameters:
-- columns: event_id, event_title, outlet, story_id, published_at, date_quality, is_copy (whether another story
--   published the same text first), fit (0 to 1), weak_fit
SELECT e.id AS event_id, e.title AS event_title, p.outlet AS outlet, s.id AS story_id,
  s.published_at AS published_at, s.date_quality AS date_quality, false AS is_copy,
  c.score AS fit, coalesce(c.weak_fit, false) AS weak_fit
FROM COVERS c JOIN Event e ON e.id = c.event JOIN Story s ON s.id = c.story
  LEFT JOIN PUBLISHED_BY p ON p.story = s.id
WHERE NOT EXISTS (SELECT 1 FROM COPY_OF r WHERE r.story = s.id)
