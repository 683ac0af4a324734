"""The exception by which the fast readers of front matter give up."""


class NotPlain(Exception):  # noqa: N818  # no error: the sign to give up
    """Something that the complete reader has to look at."""
