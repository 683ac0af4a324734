"""Words in the form in which titles and names are searched: without case, accents, apostrophes and punctuation."""

from __future__ import annotations

import re
import unicodedata

#: Names this form. Whoever keeps words must make them anew when it changes; it does with Python's table of characters.
EDITION = f"1, Unicode {unicodedata.unidata_version}"

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc]")


def folded(text: str) -> str:
    """Returns a text in the form in which it is compared: without case, accents and apostrophes."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))
    return _APOSTROPHES.sub("", text.casefold())


def words_of(text: str) -> list[str]:
    """Returns the words of a text in the form in which they are compared."""
    return _WORD.findall(folded(text))
