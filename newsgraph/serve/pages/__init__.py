"""The pages that only a server has: questions as forms, queries of one's own, decisions."""
