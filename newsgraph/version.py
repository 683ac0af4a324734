"""The version of newsgraph. It is written only here; packaging, ``newsgraph --version`` and provenance read it here."""

from __future__ import annotations

__version__ = "0.1.0"
