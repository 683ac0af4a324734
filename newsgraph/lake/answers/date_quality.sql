-- purpose: every story with how sure its time is, and its outlet if it has one
-- parameters:
-- columns: story_id, date_quality, outlet, outlet_name
SELECT s.id AS story_id, s.date_quality AS date_quality, o.id AS outlet, o.name AS outlet_name
FROM Story s LEFT JOIN PUBLISHED_BY p ON p.story = s.id LEFT JOIN Outlet o ON o.id = p.outlet
WHERE NOT EXISTS (SELECT 1 FROM COPY_OF r WHERE r.story = s.id)
