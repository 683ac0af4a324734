-- purpose: every copy with the earliest story of the same text
-- parameters:
-- columns: story_id, url, title, published_at, sure, outlets (list) of the earliest story; copy, copied_at, copy_sure,
--   copy_outlets (list) of the copy; similarity; agency that the earliest story credits, else the copy
SELECT f.id AS story_id, f.url AS url, f.title AS title, f.published_at AS published_at,
  f.date_quality IN ('exact', 'corrected') AS sure, p.outlet AS outlets,
  s.id AS copy, s.published_at AS copied_at, s.date_quality IN ('exact', 'corrected') AS copy_sure,
  q.outlet AS copy_outlets, r.similarity AS similarity, coalesce(f.agency, s.agency) AS agency
FROM COPY_OF r JOIN Story s ON s.id = r.story JOIN Story f ON f.id = r.original
  LEFT JOIN PUBLISHED_BY p ON p.story = f.id LEFT JOIN PUBLISHED_BY q ON q.story = s.id
