"""Lists of pages that somebody kept: of reference managers and browsers."""
