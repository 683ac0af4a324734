"""Remembers related stories by their text: articles about the same things list the same ones again and again."""

from __future__ import annotations

from typing import NamedTuple

from newsgraph.loaders.records import ArticleRecord

#: The number of records that are remembered; they take some megabytes.
_RECORDS = 1_024
#: The number of texts of which it is remembered that they came once; each takes less than a hundred bytes.
_CAME = 16_384


class Listed(NamedTuple):
    """A related story of which nothing is to be reported, and the unknown names in it."""

    record: ArticleRecord
    unknown: tuple[str, ...]


class ListedBefore:
    """What is known of related stories by their texts.

    A record is only kept when its text comes for the second time, so that a corpus in which no text comes again takes
    no memory for records. What is kept longest is of no more use than anything else: everything goes when it is full.
    """

    def __init__(self) -> None:
        self._known: dict[str, Listed] = {}
        self._came: set[int] = set()  # hashes of texts, which take less than the texts

    def get(self, text: str) -> Listed | None:
        """Returns what is known of a related story."""
        return self._known.get(text)

    def comes_again(self, text: str) -> bool:
        """Tells whether a text, of which nothing is known, came before. Then it pays to :meth:`keep` what it says."""
        key = hash(text)
        if key in self._came:
            return True
        if len(self._came) >= _CAME:
            self._came.clear()
        self._came.add(key)
        return False

    def keep(self, text: str, listed: Listed) -> None:
        """Remembers a related story."""
        if len(self._known) >= _RECORDS:
            self._known.clear()
        self._known[text] = listed
