"""The property graph itself: knows no file format, no question, no screen."""
