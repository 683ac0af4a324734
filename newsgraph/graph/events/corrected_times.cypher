// purpose: stories whose time a researcher gave, and what their files give
// parameters:
// columns: id, published_at, source_published_at, source_date_quality
MATCH (s:Story)
WHERE s.date_quality = 'corrected'
RETURN s.id AS id, s.published_at AS published_at, s.source_published_at AS source_published_at,
       s.source_date_quality AS source_date_quality
