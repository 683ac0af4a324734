"""Reads values of a user's query as a person writes them: ``NAME=VALUE``, with the value as JSON or else as a text."""

from __future__ import annotations

import json
from typing import Any

from newsgraph.errors import UsageError


def query_parameter(given: str, subject: str = "") -> tuple[str, Any]:
    """Returns name and value. NaN and Infinity are texts here, because they are not JSON.

    Raises UsageError, about ``subject`` or the given text, if there is no name.
    """
    name, equals, value = given.partition("=")
    if not equals or not name.isidentifier():
        raise UsageError(subject or given, "names no parameter", "Write NAME=VALUE, the name without $")
    try:
        return name, json.loads(value, parse_constant=_refused)
    except (ValueError, RecursionError):
        return name, value


def _refused(constant: str) -> Any:
    raise ValueError(constant)
