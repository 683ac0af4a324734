-- purpose: who published what when on the events of one outlet
-- parameters: outlet (id of the outlet)
-- columns: event_id, outlet, story_id, second (seconds since 1970), sure (whether that time is exact)
SELECT c.event AS event_id, p.outlet AS outlet, s.id AS story_id, s.second AS second,
  s.date_quality IN ('exact', 'corrected') AS sure
FROM COVERS c JOIN Story s ON s.id = c.story JOIN PUBLISHED_BY p ON p.story = s.id
WHERE NOT coalesce(c.weak_fit, false)
  AND NOT EXISTS (SELECT 1 FROM COPY_OF r WHERE r.story = s.id)
  AND EXISTS (SELECT 1 FROM COVERS o JOIN PUBLISHED_BY q ON q.story = o.story
              WHERE o.event = c.event AND q.outlet = :outlet)
