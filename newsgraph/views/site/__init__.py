"""The site: linked pages of one corpus in a folder, read from disk or from any static host."""
