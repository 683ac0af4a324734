"""Web addresses: which spellings are the same address, and which registered domain a host belongs to."""
