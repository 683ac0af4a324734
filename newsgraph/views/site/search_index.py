"""The index of the search page. It is made once, so that no server is needed and no text is searched through.

Each entry is an event, outlet, topic or story. Words are folded as the page folds what is typed: compatibility
decomposition, no marks, lower case (Unicode Standard Annex 15). Text of scripts that are written without blanks is cut
into single letters and pairs of letters. Postings are written as differences, which compress to about two bytes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+")
#: Han, kana, Thai, Lao, Khmer and Burmese: written without blanks between words.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")
#: Longer words are cut to this length, here and in the page.
LONGEST_WORD = 32


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found. ``kind`` is event, outlet, topic or story. ``words`` are looked up in addition to
    those of ``name``. ``href`` is relative to the site's first page, or a web address. ``detail`` is shown below the
    name."""

    kind: str
    name: str
    href: str
    detail: str
    words: str = ""


def folded(text: str) -> str:
    """Returns the text in the form in which words are compared."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.category(c).startswith("M")).lower()


def words_of(text: str) -> set[str]:
    """Returns the words by which a text is found."""
    found: set[str] = set()
    for word in _WORD.findall(folded(text)):
        rest = _UNSPACED.sub(" ", word)
        found.update(part[:LONGEST_WORD] for part in rest.split())
        for run in _UNSPACED.findall(word):
            found.update(run)
            found.update(run[i : i + 2] for i in range(len(run) - 1))
    return found


def index_of(entries: Sequence[Entry]) -> dict[str, object]:
    """Returns the index as the page reads it: columns of the entries, and sorted words with their postings."""
    postings: dict[str, list[int]] = {}
    for number, entry in enumerate(entries):
        for word in words_of(f"{entry.name} {entry.words}"):
            postings.setdefault(word, []).append(number)
    # Sorted as scripts in a browser compare texts: by units of UTF-16.
    words = sorted(postings, key=lambda word: word.encode("utf-16-be", "surrogatepass"))
    return {
        "kinds": [entry.kind for entry in entries],
        "names": [entry.name for entry in entries],
        "hrefs": [entry.href for entry in entries],
        "details": [entry.detail for entry in entries],
        "words": words,
        "postings": [_differences(postings[word]) for word in words],
    }


def _differences(numbers: Iterable[int]) -> list[int]:
    found, last = [], 0
    for number in numbers:
        found.append(number - last)
        last = number
    return found
