"""The questions. Each has a .py file (row type, parameters, answer) and a .cypher file (the query text)."""
