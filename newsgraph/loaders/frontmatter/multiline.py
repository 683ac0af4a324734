"""Rewrites values that go on over several lines: each is put on one line with the same meaning.

YAML has four kinds of them: text without quotes, and text in double or in single quotes, whose lines are joined by a
blank; and blocks after ``|`` or ``>``, whose lines are kept or joined. The rules are those of libyaml, YAML 1.1. Rare
cases with rules of their own, such as joined lines of which some are further inside, are left to the complete reader.
"""

from __future__ import annotations

from newsgraph.loaders.frontmatter.plainness import NotPlain
from newsgraph.patterns import later

# A line on which a value begins: its blanks, dash and key, and the value.
_BEGINNING = later(r"( *+)((?:- ++)?+)((?:[A-Za-z_][A-Za-z0-9_.-]{0,99}+: ++)?+)(.*)")
_BLOCK = later(r"([|>])([+-]?)")
# Text in quotes on one line, up to the quote that ends it, or to the end of the line or the backslash there.
_IN_DOUBLE = later(r'[^"\\]*+(?:\\.[^"\\]*+)*+')
_IN_SINGLE = later(r"[^']*+(?:''[^']*+)*+")
# Characters that lines of a text without quotes don't begin with here.
_INDICATORS = frozenset("-?:,[]{}#&*!|>%@`")


def on_one_line_each(text: str) -> str:
    """Returns the text, whose lines must all end in a newline, with each value on one line. Raises NotPlain for a text
    that can't be rewritten here."""
    if "\t" in text:  # a tab counts as a blank at the end of a joined line, but nowhere else
        raise NotPlain
    return _Rewriter(text.split("\n")[:-1]).text()


class _Rewriter:
    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._next = 0  # the number of the next line to read

    def text(self) -> str:
        done: list[str] = []
        while self._next < len(self._lines):
            line = self._lines[self._next]
            self._next += 1
            found = _BEGINNING.fullmatch(line)
            assert found is not None  # the pattern matches every line
            indent, dash, key, value = found.groups()
            if (dash or key) and value:
                # The lines that continue it are further inside than the key, or than the dash if there is no key.
                inside = " " * (len(indent) + (len(dash) if key else 0) + 1)
                line = f"{indent}{dash}{key}{self._on_one_line(value, inside)}"
            done.append(line)
        done.append("")
        return "\n".join(done)

    def _on_one_line(self, value: str, inside: str) -> str:
        if value[0] in "|>":
            return self._block(value.rstrip(" "), inside)
        if value[0] == '"':
            return self._double_quoted(value, inside)
        if value[0] == "'":
            return self._single_quoted(value, inside)
        return value if value[0] in _INDICATORS else self._plain(value.rstrip(" "), inside)

    def _plain(self, value: str, inside: str) -> str:
        if " #" in value or ": " in value or value[-1] == ":":  # a comment ends it; or it is a key
            return value
        parts, end = [value], self._next
        for place in range(self._next, len(self._lines)):
            line = self._lines[place]
            part = line.strip(" ")
            if part and not line.startswith(inside):
                break
            # Otherwise it would be a key, a comment or an item.
            if part and (part[0] in _INDICATORS or ": " in part or " #" in part or part[-1] == ":"):
                raise NotPlain
            parts.append(part)
            if part:
                end = place + 1
        parts = parts[: end - self._next + 1]
        self._next = end
        return " ".join(parts) if all(parts) else _in_quotes(_joined(parts))

    def _double_quoted(self, value: str, inside: str) -> str:
        text, body = "", value[1:]
        while True:
            end = _IN_DOUBLE.match(body).end()  # type: ignore[union-attr]  # it matches any text
            if body[end : end + 1] == '"':
                return f'"{text}{body[:end]}"{body[end + 1 :]}'
            part = body[:end]
            escaped = end < len(body)  # a backslash ends the line: nothing is put for the line's end
            if not escaped:
                part = part.rstrip(" ")
                if part.endswith("\\"):
                    raise NotPlain  # it may be an escaped blank
            body, blank = self._going_on(inside)
            text += part + ("\\n" * blank or ("" if escaped else " "))

    def _single_quoted(self, value: str, inside: str) -> str:
        text, body, first = "", value[1:], self._next
        while True:
            end = _IN_SINGLE.match(body).end()  # type: ignore[union-attr]  # it matches any text
            if end < len(body):
                if self._next == first:
                    return value
                return _in_quotes((text + body[:end]).replace("''", "'")) + body[end + 1 :]
            part = body.rstrip(" ")
            body, blank = self._going_on(inside)
            text += part + ("\n" * blank or " ")

    def _going_on(self, inside: str) -> tuple[str, int]:
        """Returns the next line that isn't blank, without the blanks before it, and the number of blank lines before
        it."""
        blank = 0
        while self._next < len(self._lines):
            line = self._lines[self._next]
            self._next += 1
            if line.strip(" "):
                # libyaml accepts lines that are further outside as well.
                if not line.startswith(inside):
                    raise NotPlain
                return line.lstrip(" "), blank
            blank += 1
        raise NotPlain

    def _block(self, header: str, inside: str) -> str:
        found = _BLOCK.fullmatch(header)
        if found is None:
            raise NotPlain
        lines = self._lines_of_block(inside)
        blank_before = next(number for number, line in enumerate(lines) if line)
        blank_behind = next(number for number, line in enumerate(reversed(lines)) if line)
        said = lines[blank_before : len(lines) - blank_behind]
        if found[1] == "|":
            text = "\n".join(said)
        elif any(line[:1] == " " for line in said):
            raise NotPlain  # lines that are further inside aren't joined
        else:
            text = _joined(said)
        end = {"": "\n", "-": "", "+": "\n" * (1 + blank_behind)}[found[2]]
        return _in_quotes("\n" * blank_before + text + end)

    def _lines_of_block(self, inside: str) -> list[str]:
        first = next((line for line in self._lines[self._next :] if line.strip(" ")), "")
        margin = first[: len(first) - len(first.lstrip(" "))]
        if not margin.startswith(inside):
            raise NotPlain  # it is empty
        lines: list[str] = []
        while self._next < len(self._lines):
            line = self._lines[self._next]
            if not line.strip(" "):
                if len(line) > len(margin):
                    raise NotPlain
                line = margin
            elif not line.startswith(margin):
                break
            self._next += 1
            lines.append(line[len(margin) :])
        return lines


def _joined(parts: list[str]) -> str:
    """Joins lines by a blank, or by as many newlines as there are blank lines between them."""
    text, blank = parts[0], 0
    for part in parts[1:]:
        if part:
            text += ("\n" * blank or " ") + part
            blank = 0
        else:
            blank += 1
    return text


def _in_quotes(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
