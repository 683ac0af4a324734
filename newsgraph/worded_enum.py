"""Values with words for people, declared in one place."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class WordedEnum(StrEnum):
    """An enum of texts whose members also have ``words``, which explain the value to people.

    >>> class Weather(WordedEnum):
    ...     DRY = "dry", "no rain is expected"
    >>> Weather("dry").words
    'no rain is expected'
    """

    words: str

    def __new__(cls, value: str, words: str) -> Self:
        """Makes a member from its value and its words."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.words = words
        return member
