"""A researcher's own files: labels of events, and the list of outlets."""
