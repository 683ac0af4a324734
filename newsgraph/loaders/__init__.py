"""Reads article files into records, and merges records into batches for a store. Each format has its own module."""
