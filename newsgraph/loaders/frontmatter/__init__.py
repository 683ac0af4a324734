"""Two readers of front matter: a complete one for all YAML, and a fast one for plain YAML."""
