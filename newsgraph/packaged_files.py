"""Reads files that come with installed packages. ``importlib.resources`` does it, too, but importing that takes longer
than loading a small folder."""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import cast


def packaged_text(package: str, *path: str) -> str:
    """Returns the text of a file in a package, which isn't imported. Raises OSError if there is no such file.

    >>> packaged_text("newsgraph", "py.typed")
    ''
    """
    spec = find_spec(package)
    assert spec is not None  # it is newsgraph's own, or one that newsgraph needs
    assert spec.origin is not None
    name = os.path.join(os.path.dirname(spec.origin), *path)  # noqa: PTH118, PTH120  # the loader's path, perhaps in a zip
    return cast("bytes", spec.loader.get_data(name)).decode("utf-8")  # type: ignore[union-attr]  # all loaders of files
