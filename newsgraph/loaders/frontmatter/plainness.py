"""The exception by which the fast readers of front matter give up."""


class NotPlain(Exception):  # noqa: N818  # no error: the sign to give up
    """The text has something that only the complete reader can read."""
