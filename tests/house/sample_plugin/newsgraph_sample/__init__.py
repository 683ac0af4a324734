"""One of each kind that newsgraph can be added to."""
