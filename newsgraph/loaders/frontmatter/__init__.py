"""What reads front matter: a complete reader for all YAML, and a fast one for the plain kind."""
