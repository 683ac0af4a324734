-- purpose: every event's names, time and size
-- parameters:
-- columns: id, title, label (a researcher's own name for it), first_published_at, stories, outlets (both numbers)
SELECT e.id AS id, e.title AS title, e.label AS label, e.first_published_at AS first_published_at,
  e.story_count AS stories, e.outlet_count AS outlets
FROM Event e
