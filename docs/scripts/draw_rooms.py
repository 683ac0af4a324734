"""Draws docs/pictures/rooms.svg: the rooms of the package and which room imports which, read from the code itself.

    python docs/scripts/draw_rooms.py            writes the picture
    python docs/scripts/draw_rooms.py --check    exits with 1 when the picture doesn't fit the present code

The rows are the layers that pyproject.toml declares, and a room is one name in them. A room shows its modules and its
folders (blue), each above what it imports. An arrow is an import. Arrows that follow from two others are left out, to
keep the picture simple. The line beside a room's name says which other rooms it imports.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import grimp

ROOT = Path(__file__).resolve().parents[2]
PICTURE = ROOT / "docs" / "pictures" / "rooms.svg"

#: In pixels. The letters are of one width, so that a text's width is known without a browser.
LETTER, LINE, PAD, GAP, MOST_GAP, ROW = 6.7, 24, 9, 10, 70, 30
WIDTH = 1180
STYLE = """
  text { font: 11px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1b2430 }
  .name { font-weight: bold; font-size: 13px }
  .quiet { fill: #5a6675 }
  .room { fill: #f3f6fa; stroke: #b5c2d1 }
  .part { fill: #ffffff; stroke: #7f93a8 }
  .folder { fill: #dcebf7; stroke: #4f7ea8 }
  .arrow { fill: none; stroke: #8596a8; stroke-width: 1 }
"""

Edges = dict[str, set[str]]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the picture, in pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Room:
    """One name of the layers: its parts (modules and folders), which part imports which, and which rooms it imports."""

    name: str
    parts: tuple[str, ...]
    folders: frozenset[str]
    modules: int
    inside: Edges
    imports: tuple[str, ...]


def layers() -> list[list[str]]:
    """The declared layers, top first; the rooms of one layer don't import each other."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (contract,) = (one for one in settings["tool"]["importlinter"]["contracts"] if one["type"] == "layers")
    return [[name.strip() for name in line.split("|")] for line in contract["layers"]]


def read_rooms() -> dict[str, Room]:
    """The rooms by their name, from the imports of every module."""
    graph = grimp.build_graph("newsgraph", cache_dir=None)
    names = [name for layer in layers() for name in layer]

    def room_of(module: str) -> str | None:
        return next((name for name in names if module == name or module.startswith(f"{name}.")), None)

    def part_of(module: str, room: str) -> str:
        return module[len(room) + 1 :].split(".", maxsplit=1)[0]

    rooms = {}
    for name in names:
        modules = sorted(module for module in graph.modules if room_of(module) == name)
        parts = sorted({part_of(module, name) for module in modules if module != name} - {""})
        inside: Edges = {part: set() for part in parts}
        imports = set()
        for module in modules:
            for imported in graph.find_modules_directly_imported_by(module):
                other = room_of(imported)
                if other == name and name not in (module, imported):
                    start, end = part_of(module, name), part_of(imported, name)
                    if start != end:
                        inside[start].add(end)
                elif other not in (name, None):
                    imports.add(other)
        folders = frozenset(part for part in parts if graph.find_children(f"{name}.{part}"))
        below = tuple(one for one in names if one in imports)
        rooms[name] = Room(name, tuple(parts), folders, len(modules), inside, below)
    return rooms


def reachable(edges: Edges, start: str) -> set[str]:
    """Everything that can be reached from ``start`` along the edges, in one step or more."""
    found: set[str] = set()
    ahead = list(edges[start])
    while ahead:
        part = ahead.pop()
        if part not in found:
            found.add(part)
            ahead += edges[part]
    return found


def reduced(edges: Edges) -> Edges:
    """The edges without those that follow from others. Parts that import each other keep theirs."""
    reach = {part: reachable(edges, part) for part in edges}
    return {
        part: {
            end
            for end in ends
            if not any(
                end in reach[other] for other in ends - {end} if other not in reach[end] and part not in reach[other]
            )
            or part in reach[end]
        }
        for part, ends in edges.items()
    }


def ranks(edges: Edges) -> list[list[str]]:
    """The parts in rows: each stands below all that import it, unless they import each other."""
    reach = {part: reachable(edges, part) for part in edges}
    above = {part: {other for other in edges if part in reach[other] and other not in reach[part]} for part in edges}
    rank: dict[str, int] = {}
    for part in sorted(edges, key=lambda one: (len(above[one]), one)):
        rank[part] = 1 + max((rank[other] for other in above[part]), default=-1)
    return [sorted(part for part in edges if rank[part] == row) for row in sorted(set(rank.values()))]


def placed(room: Room, x: float, y: float, width: float) -> tuple[dict[str, Box], float]:
    """The box of each part of a room that starts at (x, y), and the height of the room.

    A row stands in the middle. In it a part stands left of another when its importers above do, on average.
    """
    boxes: dict[str, Box] = {}
    joined = {part for part, ends in room.inside.items() if ends} | {
        end for ends in room.inside.values() for end in ends
    }
    rows = ranks({part: room.inside[part] for part in room.parts if part in joined})
    alone = [part for part in room.parts if part not in joined]
    arrows = reduced(room.inside)

    def middle_of_importers(part: str) -> float:
        middles = [boxes[one].x + boxes[one].width / 2 for one, ends in arrows.items() if part in ends and one in boxes]
        return sum(middles) / len(middles) if middles else x + width / 2

    top = y + 34
    for row in [*rows, *([alone] if alone else [])]:
        ordered = sorted(row, key=lambda part: (middle_of_importers(part), part))
        widths = [len(shown(room, part)) * LETTER + 2 * PAD for part in ordered]
        gap = min(MOST_GAP, max(GAP, (width - 2 * PAD - sum(widths)) / (len(row) + 1)))
        left = x + (width - sum(widths) - gap * (len(row) - 1)) / 2
        for part, wide in zip(ordered, widths, strict=True):
            boxes[part] = Box(left, top, wide, LINE)
            left += wide + gap
        top += LINE + ROW
    return boxes, top - ROW + PAD - y + (0 if boxes else ROW - 6)


def shown(room: Room, part: str) -> str:
    """The words in a part's box; a folder's name ends with a stroke."""
    return f"{part}/" if part in room.folders else part


def arrow(start: Box, end: Box) -> str:
    """A curve from the foot of one box to the head of another."""
    x1, y1 = start.x + start.width / 2, start.y + start.height
    x2, y2 = end.x + end.width / 2, end.y
    if y2 <= start.y:  # upwards, or beside: from head to foot
        y1, y2 = start.y, end.y + end.height
    bend = (y2 - y1) / 2
    return (
        f'<path class="arrow" marker-end="url(#head)" '
        f'd="M{x1:.0f} {y1:.0f} C{x1:.0f} {y1 + bend:.0f} {x2:.0f} {y2 - bend:.0f} {x2:.0f} {y2:.0f}"/>'
    )


def drawn(room: Room, x: float, y: float, width: float) -> tuple[list[str], float]:
    """The shapes of a room, and its height."""
    boxes, height = placed(room, x, y, width)
    label = room.name.removeprefix("newsgraph.")
    count = f"{room.modules} module{'s' if room.modules > 1 else ''}"
    below = ", ".join(one.removeprefix("newsgraph.") for one in room.imports)
    lines = [
        f'<rect class="room" x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{height:.0f}" rx="6"/>',
        f'<text class="name" x="{x + PAD:.0f}" y="{y + 20:.0f}">{label}</text>',
        f'<text class="quiet" x="{x + PAD + len(label) * 8 + 12:.0f}" y="{y + 20:.0f}">{count}; imports '
        f"{escape(below) or 'nothing of ours'}</text>",
    ]
    lines += [
        arrow(boxes[part], boxes[end]) for part, ends in sorted(reduced(room.inside).items()) for end in sorted(ends)
    ]
    for part, box in boxes.items():
        kind = "folder" if part in room.folders else "part"
        lines.append(
            f'<rect class="{kind}" x="{box.x:.0f}" y="{box.y:.0f}" width="{box.width:.0f}" height="{box.height}" '
            f'rx="3"/><text x="{box.x + PAD:.0f}" y="{box.y + 16:.0f}">{escape(shown(room, part))}</text>'
        )
    return lines, height


def picture() -> str:
    """The whole picture as SVG."""
    rooms = read_rooms()
    body: list[str] = []
    y = 10.0
    for layer in layers():
        width = (WIDTH - 20 - (len(layer) - 1) * 14) / len(layer)
        tallest = 0.0
        for place, name in enumerate(layer):
            lines, height = drawn(rooms[name], 10 + place * (width + 14), y, width)
            body += lines
            tallest = max(tallest, height)
        y += tallest + 14
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y:.0f}" width="{WIDTH}" '
            f'height="{y:.0f}" role="img">',
            "<title>The rooms of newsgraph, each above the rooms that it imports</title>",
            f"<style>{STYLE}</style>",
            '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" '
            'orient="auto">'
            '<path d="M0 0L8 4L0 8z" fill="#8596a8"/></marker></defs>',
            f'<rect width="{WIDTH}" height="{y:.0f}" fill="#ffffff"/>',
            *body,
            "</svg>",
            "",
        ]
    )


def main(arguments: Iterable[str]) -> int:
    """Writes the picture, or with ``--check`` compares it."""
    now = picture()
    if "--check" in arguments:
        same = PICTURE.is_file() and PICTURE.read_text("utf-8") == now
        if not same:
            sys.stderr.write("docs/pictures/rooms.svg is not the picture of this code: run make pictures\n")
        return 0 if same else 1
    PICTURE.write_text(now, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
