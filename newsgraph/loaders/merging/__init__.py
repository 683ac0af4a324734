"""From the records of many files to one story each, and to the batch that a store writes."""
