"""Brings the events up to date after a change, with what deriving all anew would give."""
