"""The version of newsgraph: the one place that says it. Packaging, ``newsgraph --version`` and provenance read it here."""

from __future__ import annotations

__version__ = "0.1.0"
