-- purpose: every story with its time and its topics, its outlets or its events
-- parameters: by (topic, outlet or event)
-- columns: key (id of a topic, an outlet or an event), story_id, second (seconds since 1970), sure
SELECT k.key AS key, s.id AS story_id, s.second AS second, s.date_quality IN ('exact', 'corrected') AS sure
FROM (SELECT topic AS key, story FROM ABOUT WHERE :by = 'topic'
      UNION ALL SELECT outlet AS key, story FROM PUBLISHED_BY WHERE :by = 'outlet'
      UNION ALL SELECT event AS key, story FROM COVERS WHERE :by = 'event') k JOIN Story s ON s.id = k.story
WHERE NOT EXISTS (SELECT 1 FROM COPY_OF r WHERE r.story = s.id)
