"""Turns the names and values that a file uses into the fields of a record."""
