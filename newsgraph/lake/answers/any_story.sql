-- purpose: whether anything is loaded
-- parameters:
-- columns: story_id
SELECT s.id AS story_id FROM Story s LIMIT 1
