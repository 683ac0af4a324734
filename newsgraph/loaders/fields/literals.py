"""Objects and lists that programs wrote into a text, as data frames have them in their cells: JSON, or Python's own
spelling of them."""

from __future__ import annotations

import json
from typing import Any

#: What such a text begins with.
OPENING = frozenset("{[")
_LONGEST = 20_000


def literal(written: str) -> Any:
    """Returns the object or list that JSON or Python wrote as that text; any other text as it is.

    >>> literal("['Una Quay', 'Rory Pier']"), literal("[sic]")
    (['Una Quay', 'Rory Pier'], '[sic]')
    """
    if written[:1] not in OPENING or written[-1:] not in ("}", "]") or len(written) > _LONGEST:
        return written
    import ast  # noqa: PLC0415  # few files need it

    for load in (json.loads, ast.literal_eval):
        try:
            value = load(written)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
        return value if isinstance(value, (dict, list)) else written
    return written
