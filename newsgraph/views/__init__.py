"""The pages that people look at: each is one self-contained HTML file, made from a store."""
