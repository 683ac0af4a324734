"""Which stories cover the same event, and which are copies of each other."""
