"""The formats of article files. Each has its own module."""
