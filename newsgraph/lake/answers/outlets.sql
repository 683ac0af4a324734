-- purpose: every outlet's names
-- parameters:
-- columns: id, name, others (its registered domain), names (every other name that its stories give it)
SELECT o.id AS id, o.name AS name, o.domain AS others, o.names AS names FROM Outlet o
