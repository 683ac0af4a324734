"""The formats of article files: one module each."""
