"""A module that can't be imported."""

raise RuntimeError("it was made\nto fail")
