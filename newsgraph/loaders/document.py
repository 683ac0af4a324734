"""One text to be read, with what several formats ask of it: its beginning, its ending, its JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from newsgraph.loaders.json.text import JSONText, parse

if TYPE_CHECKING:
    from newsgraph.loaders.intake.sites import PagePlace
    from newsgraph.loaders.markup.xml_tree import Root

#: Characters of the beginning by which formats are told apart.
HEAD = 4096


@dataclass(frozen=True)
class Document:
    """A file's text, its ending in lower case (``.md``), which column of a table holds which field of a record, its
    path in the folder that was loaded, its place where it is a page of a site that is made from files, and whom to tell
    how many rows are read."""

    text: str
    ending: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    path: str = ""
    page: PagePlace | None = None
    advance: Callable[[int], None] = lambda rows: None

    @cached_property
    def head(self) -> str:
        """Its beginning, from the first character that is no blank."""
        return self.text[:HEAD].lstrip()

    @cached_property
    def json(self) -> JSONText | None:
        """Its JSON; None when it begins with neither { nor [."""
        return parse(self.text) if self.head[:1] in ("{", "[") else None

    @cached_property
    def xml_root(self) -> Root | None:
        """Where its first element begins; None when it begins with no tag."""
        start = 0
        if not self.head.startswith("<"):
            # A warning of the program that made the feed stands before some.
            start = self.text.find("<?xml", 0, HEAD) if self.ending in (".xml", ".rss", ".atom") else -1
        if start < 0:
            return None
        from newsgraph.loaders.markup.xml_tree import find_root  # noqa: PLC0415  # only where there is XML

        return find_root(self.text, start)

    def narrowed(self, json: JSONText) -> Document:
        """The same document, with only those elements."""
        narrow = replace(self)
        narrow.__dict__["json"] = json  # where cached_property keeps it
        return narrow

    @cached_property
    def sample(self) -> Mapping[str, Any]:
        """The first object among the JSON's elements; empty when there is none."""
        if self.json is None:
            return {}
        return next((one.value for one in self.json.elements if isinstance(one.value, Mapping)), {})

    @property
    def envelope(self) -> Mapping[str, Any]:
        """The object that holds the list of elements; empty when there is none."""
        if self.json is None:
            return {}
        first = self.json.elements[0].envelope if self.json.elements else {}
        return self.json.envelope or first
