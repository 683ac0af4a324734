"""Reads all kinds of YAML front matter, by python-frontmatter and libyaml, if the fast reader can't read it."""

from __future__ import annotations

from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler

from newsgraph.loaders.frontmatter import fast_blocks, safe_yaml
from newsgraph.loaders.frontmatter.fences import UnreadableError, block
from newsgraph.patterns import later

_DASHES = r"---[ \t]*(?:#.*)?"
_FENCE = later(_DASHES)
_END = later(rf"{_DASHES}|\.\.\.\s*")


def metadata_of(text: str) -> dict[str, Any]:
    """Returns the named values at the beginning of a text, which must begin with the fence. Raises UnreadableError."""
    metadata, _body = frontmatter.parse(text, handler=_HANDLER)
    return dict(metadata)


def block_of(text: str) -> str:
    """Returns the lines between the fences. Raises UnreadableError."""
    return block(text, _FENCE, _END, "---")[0]


class _Handler(YAMLHandler):
    """python-frontmatter's handler, without the cases in which it loses the metadata without saying so."""

    def detect(self, text: str) -> bool:
        return True

    def split(self, text: str) -> tuple[str, str]:
        return block(text, _FENCE, _END, "---")

    def load(self, fm: str, **_: Any) -> Any:
        data = load_yaml(fm, 2)
        if data is None:
            return {}
        if not isinstance(data, dict):
            raise UnreadableError("the front matter holds no named values", "Write lines such as title: ...", 2)
        return data


def load_yaml(text: str, first: int) -> Any:
    """Returns the YAML, whose first line is line ``first`` of the file. Raises UnreadableError."""
    plain = fast_blocks.load(text)
    if plain is not None:
        return plain
    try:
        return safe_yaml.load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        said = getattr(error, "problem", None) or str(error).split("\n", 1)[0]
        raise UnreadableError(
            f"the YAML is broken: {said}",
            "Mend it there; quotes help around text with : or #",
            mark.line + first if mark else None,
        ) from None


_HANDLER = _Handler()
