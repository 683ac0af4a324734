"""Words in the form in which titles and names are searched: without case, accents, apostrophes and punctuation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

#: Names this form. Whoever keeps words must make them anew when it changes; it does with Python's table of characters.
EDITION = f"1, Unicode {unicodedata.unidata_version}"

#: Stands behind each text, or behind the words of each, where several are read at once.
END = "\n"

_WORD = re.compile(r"[^\W_]+")
_WORD_OR_END = re.compile(rf"[^\W_]+|{END}")
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc]")


def folded(text: str) -> str:
    """Returns a text in the form in which it is compared: without case, accents and apostrophes."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))
    return _without_case(text)


def words_of(text: str) -> list[str]:
    """Returns the words of a text in the form in which they are compared."""
    return words_in(folded(text))


def words_in(plain: str) -> list[str]:
    """Returns the words of a text that already has the form of :func:`folded`."""
    return _WORD.findall(plain)


def words_of_each(texts: Iterable[str]) -> list[str]:
    """Returns the words of several texts, with :data:`END` behind those of each. It takes less time than
    :func:`words_of` for one text after the other."""
    return _WORD_OR_END.findall(_lines(texts))


def folded_each(texts: Iterable[str]) -> list[str]:
    """Returns several texts in the form of :func:`folded`. It takes less time than one after the other."""
    return _lines(texts).split(END)[:-1]


def _lines(texts: Iterable[str]) -> str:
    lines = [(text if text.isascii() else folded(text)).replace(END, " ") + END for text in texts]
    return _without_case("".join(lines))


def _without_case(text: str) -> str:
    return _APOSTROPHES.sub("", text.casefold())
