"""From the names and values that a file uses to the fields of a record."""
