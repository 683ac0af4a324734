"""Remembers related stories by their text: articles about the same things list the same ones again and again."""

from __future__ import annotations

from typing import NamedTuple

from newsgraph.loaders.records import ArticleRecord

#: The number of records that are remembered; they take some megabytes.
_RECORDS = 1_024
#: The number of beginnings of texts of which it is remembered that they came; each takes less than 200 bytes.
_CAME = 16_384
#: The length of such a beginning in characters: that of a headline.
_BEGINNING = 80


class Listed(NamedTuple):
    """A related story of which nothing is to be reported, and the unknown names in it."""

    record: ArticleRecord
    unknown: tuple[str, ...]


class ListedBefore:
    """What is known of related stories by their texts.

    A record is only kept when its text begins as one before, so that a corpus in which no text comes again takes no
    memory for records, and hardly any time. What is kept longest is of no more use than anything else: everything goes
    when it is full.
    """

    def __init__(self) -> None:
        self._known: dict[str, Listed] = {}
        self._came: set[str] = set()

    def may_come_again(self, block: str, start: int) -> bool:
        """Tells whether a text began before as the one that begins there. If so, it pays to :meth:`get` and to
        :meth:`keep` what it says."""
        beginning = block[start : start + _BEGINNING]
        if beginning in self._came:
            return True
        if len(self._came) >= _CAME:
            self._came.clear()
        self._came.add(beginning)
        return False

    def get(self, text: str) -> Listed | None:
        """Returns what is known of a related story."""
        return self._known.get(text)

    def keep(self, text: str, listed: Listed) -> None:
        """Remembers a related story."""
        if len(self._known) >= _RECORDS:
            self._known.clear()
        self._known[text] = listed
