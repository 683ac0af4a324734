"""Merges the records of many files into one story each, and into the batch that a store writes."""
