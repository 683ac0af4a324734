-- purpose: every topic's names
-- parameters:
-- columns: id, name, others (words that stand for it)
SELECT t.id AS id, t.name AS name, t.keywords AS others FROM Topic t
