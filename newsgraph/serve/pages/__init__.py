"""The pages that only a server has: questions as forms, the user's own queries, decisions."""
