"""Finds front matter between the lines that enclose it (its fences)."""

from __future__ import annotations

import re

from newsgraph.errors import InputError

#: The length of the longest front matter in characters. An article's own has a few thousand.
MAXIMUM = 2**20


class UnreadableError(InputError):
    """Front matter that can't be read. ``line`` is counted from the first line that isn't blank."""

    def __init__(self, problem: str, remedy: str, line: int | None = None) -> None:
        super().__init__("front matter", problem, remedy)
        self.line = line


def block(text: str, fence: re.Pattern[str], last: re.Pattern[str], shown: str) -> tuple[str, str]:
    """Returns the text between a first line that is a ``fence`` and a line that is a ``last``, and the text after it.

    Raises UnreadableError. ``shown`` is what messages call the fence.
    """
    first, _, rest = text.partition("\n")
    if not fence.fullmatch(first):
        raise UnreadableError(
            "there is no front matter", f"Begin the file with a block between two lines of {shown}", 1
        )
    start = 0
    while start <= min(len(rest), MAXIMUM):
        end = rest.find("\n", start)
        line = rest[start:] if end < 0 else rest[start:end]
        if last.fullmatch(line):
            return rest[:start], "" if end < 0 else rest[end + 1 :]
        if end < 0:
            break
        start = end + 1
    if start > MAXIMUM:
        raise UnreadableError(f"the front matter is larger than {MAXIMUM // 2**20} MB", "No article's is; shorten it")
    raise UnreadableError("the front matter has no end", f"Close the block with a line of {shown}", 1)
