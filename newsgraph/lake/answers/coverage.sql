-- purpose: who published what on which event when: the stories that count where outlets are ranked
-- parameters:
-- columns: event_id, outlet, story_id, second (seconds since 1970), sure (whether that time is exact), agency
SELECT c.event AS event_id, p.outlet AS outlet, s.id AS story_id, s.second AS second,
  s.date_quality IN ('exact', 'corrected') AS sure, s.agency AS agency
FROM COVERS c JOIN Story s ON s.id = c.story JOIN PUBLISHED_BY p ON p.story = s.id
WHERE NOT coalesce(c.weak_fit, false)
  AND NOT EXISTS (SELECT 1 FROM COPY_OF r WHERE r.story = s.id)
