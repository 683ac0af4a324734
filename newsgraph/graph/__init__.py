"""The property graph itself. This package knows no file format of articles, no question and no screen."""
