"""Article files with YAML front matter: a block between two lines of ``---``, then perhaps a body."""

from __future__ import annotations

import re
from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler

from newsgraph.graph.errors import InputError
from newsgraph.loaders import safe_yaml
from newsgraph.loaders.fields import RecordReader
from newsgraph.loaders.records import Problem, Reading

FORMAT = "front matter"
_FENCE = re.compile(r"---[ \t]*(?:#.*)?")
#: Smartable's pages of organizations and topics say so in this field; they hold no story.
_OTHER_KINDS = "taxonomy"


class _UnreadableError(InputError):
    """Carries the line up to ``read``."""

    def __init__(self, problem: str, remedy: str, line: int | None = None) -> None:
        super().__init__("front matter", problem, remedy)
        self.line = line


class _Handler(YAMLHandler):
    """python-frontmatter's handler, without the shapes in which it loses the metadata and says nothing."""

    def detect(self, text: str) -> bool:
        return True

    def split(self, text: str) -> tuple[str, str]:
        first, _, rest = text.partition("\n")
        if not _FENCE.fullmatch(first):
            raise _UnreadableError(
                "there is no front matter", "Begin the file with a block between two lines of ---", 1
            )
        start = 0
        while start <= len(rest):
            end = rest.find("\n", start)
            line = rest[start:] if end < 0 else rest[start:end]
            if _FENCE.fullmatch(line) or line.rstrip() == "...":
                return rest[:start], "" if end < 0 else rest[end + 1 :]
            if end < 0:
                break
            start = end + 1
        raise _UnreadableError("the front matter has no end", "Close the block with a line of ---", 1)

    def load(self, fm: str, **_: Any) -> Any:
        try:
            data = safe_yaml.load(fm)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
            line = mark.line + 2 if mark else None
            said = getattr(error, "problem", None) or str(error).split("\n", 1)[0]
            raise _UnreadableError(
                f"the YAML is broken: {said}", "Mend it there; quotes help around text with : or #", line
            ) from None
        if data is None:
            return {}
        if not isinstance(data, dict):
            raise _UnreadableError("the front matter holds no named values", "Write lines such as title: ...", 2)
        return data


_HANDLER = _Handler()


def matches(head: str, ending: str) -> bool:
    """Whether a file that begins so and has this ending is of this format."""
    return head.startswith("---") or ending in (".md", ".markdown", ".txt")


def read(text: str) -> Reading | None:
    """The article in the file, or None when it is a page of another kind (an organization, a topic)."""
    blank = len(text) - len(text.lstrip())
    skipped, text = text.count("\n", 0, blank), text[blank:]
    try:
        metadata, _body = frontmatter.parse(text, handler=_HANDLER)
    except _UnreadableError as error:
        line = None if error.line is None else error.line + skipped
        return Reading(FORMAT, problems=(Problem(error.problem, error.remedy, line=line),))
    if _OTHER_KINDS in metadata:
        return None
    reader = RecordReader(safe_yaml.field_lines(_HANDLER.split(text)[0], 2 + skipped))
    record = reader.read(metadata)
    return Reading(FORMAT, (record,) if record else (), tuple(reader.problems), reader.unknown)
