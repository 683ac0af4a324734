"""The text of one file, with what several formats need of it: its beginning, its ending, its JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

if TYPE_CHECKING:
    from newsgraph.loaders.intake.sites import PagePlace
    from newsgraph.loaders.json.text import JSONText
    from newsgraph.loaders.markup.xml_tree import Root

#: The number of characters at the beginning by which formats are recognised.
HEAD = 4096


#: The id of the element in which browsers keep the XML that they show, if the page they made of it is saved.
_XML_VIEWER = "webkit-xml-viewer-source-xml"
#: Endings of files of JSON.
JSON_ENDINGS = (".json", ".jsonl", ".ndjson")
#: How warnings of PHP begin.
_OF_WARNINGS = ("<br>", "<br ", "<br/", "<b>w", "<b>n", "<b>d", "<b>f")


class Document(Struct, frozen=True, dict=True):
    """The text of one file and what is known about it.

    ``ending`` is the file's ending in lower case (``.md``). ``columns`` maps fields of a record to columns of a table.
    ``path`` is the file's path in the folder that was loaded, and ``page`` its place in a site that is made from files.
    ``advance`` is called with the number of rows read so far. ``printable`` says that all characters of the text but
    the newlines can surely be printed, and that all of its blanks are plain.
    """

    text: str
    ending: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    path: str = ""
    page: PagePlace | None = None
    advance: Callable[[int], None] = lambda rows: None
    printable: bool = False

    @cached_property
    def head(self) -> str:
        """The beginning of the text, from the first character that isn't a blank."""
        return self.text[:HEAD].lstrip()

    @cached_property
    def json(self) -> JSONText | None:
        """The text read as JSON; None if it begins with neither { nor [, or if it is a template for pages."""
        text = self.text
        if self.head[:1] not in ("{", "[") or self.head.startswith(("{{", "{%", "{#")):
            if self.ending not in JSON_ENDINGS or self.head.startswith("{"):
                return None
            from newsgraph.loaders.json.text import unwrapped  # noqa: PLC0415  # few files need it

            inside = unwrapped(text)
            if inside is None:
                return None
            text = inside
        from newsgraph.loaders.json.text import parse  # noqa: PLC0415  # only where there is JSON

        return parse(text)

    @cached_property
    def xml_root(self) -> Root | None:
        """Where its first XML element begins; None if the text doesn't begin with a tag."""
        start = 0
        if not self.head.startswith("<") or self.head[:4].lower() in _OF_WARNINGS:
            # Some feeds begin with a warning of the program that made them, which may have tags.
            found = self.text.find("<?xml", 0, HEAD) if self.ending in (".xml", ".rss", ".atom") else -1
            start = found if found >= 0 or not self.head.startswith("<") else 0
        if start < 0:
            return None
        from newsgraph.loaders.markup.xml_tree import find_root  # noqa: PLC0415  # only where there is XML

        root = find_root(self.text, start)
        viewed = self.text.find(_XML_VIEWER, root.start, 16 * HEAD) if root and root.local == "html" else -1
        return root if viewed < 0 else find_root(self.text, self.text.find(">", viewed) + 1)

    def narrowed(self, json: JSONText) -> Document:
        """Returns the same document with only these JSON elements."""
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
