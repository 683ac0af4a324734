"""Topics: one id for all spellings of a topic's name."""

from __future__ import annotations

import unicodedata

from newsgraph.patterns import later

#: The greatest number of characters of an id.
LONGEST_SLUG = 500

# Joiners and variants of marks that readers don't see, in addition to the format characters (Unicode category Cf).
_INVISIBLE = later("[\u034f\ufe00-\ufe0f]")


def topic_slug(name: str) -> str | None:
    """Returns the id of the topic with that name, or None if it would be empty or longer than 500 characters. Never
    raises.

    Compatible forms of characters are made the same (NFKC), and case is folded. Letters, their marks and digits of
    every script are kept. Everything else becomes one ``-``.
    """
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
