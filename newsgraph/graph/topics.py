"""Topics: one id for all spellings of a topic's name."""

from __future__ import annotations

import unicodedata

from newsgraph.patterns import later

#: Characters of the longest id.
LONGEST_SLUG = 500

# Joiners and variants of marks that no reader sees, beside the format characters (Unicode category Cf).
_INVISIBLE = later("[\u034f\ufe00-\ufe0f]")


def topic_slug(name: str) -> str | None:
    """The id of the topic of that name: compatible forms unified (NFKC), case folded, letters, their marks and digits
    of every script kept, all else one ``-``. None when nothing is left, or more than 500 characters. Never raises."""
    seen = _INVISIBLE.sub("", "".join(c for c in name if unicodedata.category(c) != "Cf"))
    slug = ""
    for character in unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold()):
        category = unicodedata.category(character)
        if category[0] in "LN" or (category[0] == "M" and slug and slug[-1] != "-"):
            slug += character
        elif slug and slug[-1] != "-":
            slug += "-"
    slug = slug.rstrip("-")
    return slug if 0 < len(slug) <= LONGEST_SLUG else None
