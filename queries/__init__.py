"""The questions: one .py and one .cypher file each, and how answers are rendered."""
