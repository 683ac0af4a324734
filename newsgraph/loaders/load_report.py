"""What a load reports: each step while it works, and a report at its end, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import asdict

if TYPE_CHECKING:
    from newsgraph.graph.events import StoryText
    from newsgraph.graph.events.sync import EventsReport
    from newsgraph.graph.outlets import OutletDirectory
    from newsgraph.loaders.merging.own_hosts import OwnHost
else:
    # help() and signature() evaluate the types of a struct's fields. Importing these would make each start slower.
    StoryText = EventsReport = OwnHost = Any


class Step(Struct, frozen=True):
    """What a load is doing: ``phase`` in words, and how many of its ``unit`` (files, rows, records) are done, of how
    many. These are None if they are unknown."""

    phase: str
    done: int = 0
    total: int | None = None
    unit: str = ""


Steps = Callable[[Step], None]


class FileMessage(Struct, frozen=True):
    """A message about a file. ``kind`` is error (something was lost), remark (nothing was lost) or other (the file is
    of another kind, and ``message`` says why)."""

    kind: str
    file: str
    message: str
    remedy: str = ""
    field: str = ""
    line: int | None = None
    count: int = 1


class LoadReport(Struct):
    """What a load did. The numbers are numbers of files (``read``: those that gave records) and of stories."""

    found: int = 0
    read: int = 0
    unchanged: int = 0
    gone: int = 0
    failed: int = 0
    other_kinds: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    stopped: bool = False  # by Ctrl-C; what was loaded until then is kept
    stories_added: int = 0
    stories_altered: int = 0
    stories_removed: int = 0
    reworded: int = 0  # stories that were edited since they were last read, if versions are kept
    messages: list[FileMessage] = field(default_factory=list)  # all of them, including errors, for programs
    others: dict[str, list[str]] = field(default_factory=dict)  # why files are of another kind -> those files
    notes: list[str] = field(
        default_factory=list
    )  # a line each: what had to be found out about a file, such as its columns
    errors: list[str] = field(default_factory=list)  # a line each: file, line, field, what is wrong, what to do
    doubts: Counter[str] = field(default_factory=Counter)  # date_quality that isn't exact -> how many stories read now
    unknown_fields: Counter[str] = field(default_factory=Counter)
    changed_stories: frozenset[str] = frozenset()  # stories added, changed or removed in what events depend on
    former_stories: dict[str, StoryText] = field(default_factory=dict)  # those of them that were there before, as then
    own_hosts: list[OwnHost] = field(default_factory=list)  # that became outlets of their own
    joined_hosts: list[str] = field(default_factory=list)  # that ceased to be
    events_in_step: bool = False  # whether the store's events were those of its stories when the load began
    left_events: dict[str, str] = field(default_factory=dict)  # removed story -> the event that it was in
    nothing: bool = False  # no file was found and the store was empty, so nothing was written
    events: EventsReport | None = None  # None when they were not derived

    @property
    def exit_code(self) -> int:
        """Returns 130 if the load was stopped, 1 if something was left out, and 0 otherwise."""
        return 130 if self.stopped else 1 if self.errors else 0

    def tell_own_hosts(self, found: Sequence[OwnHost], before: OutletDirectory, after: OutletDirectory) -> None:
        """Remembers the hosts among ``found`` that are outlets of their own only ``after``, and those that were only
        ``before``. What a researcher's word overrules isn't told."""
        were = {one for one in before.own if before.is_outlet(one)}
        are = {one for one in after.own if after.is_outlet(one)}
        self.own_hosts = [one for one in found if one.host in are - were]
        self.joined_hosts = sorted(one for one in were - are if not after.is_outlet(one))

    def as_json(self) -> dict[str, Any]:
        """Returns the report for a program, with values that JSON has: counts, and each message about a file with its
        place. The key ``version`` is raised when a key changes its meaning."""
        events = None
        if self.events is not None:
            events = {
                "stories": self.events.stories,
                "events": self.events.events,
                "copies": self.events.copies,
                "uncovered": self.events.uncovered,
                "origin": self.events.origin,
            }
        return {
            "version": 1,
            "exit_code": self.exit_code,
            "stopped": self.stopped,
            "files": {
                "found": self.found,
                "read": self.read,
                "unchanged": self.unchanged,
                "gone": self.gone,
                "failed": self.failed,
                "other_kinds": self.other_kinds,
                "skipped_endings": dict(sorted(self.skipped.items())),
            },
            "stories": {
                "added": self.stories_added,
                "altered": self.stories_altered,
                "removed": self.stories_removed,
                "reworded": self.reworded,
            },
            "unsure_times": dict(sorted(self.doubts.items())),
            "unknown_fields": dict(self.unknown_fields.most_common()),
            "errors": [asdict(one) for one in self.messages if one.kind == "error"],
            "remarks": [asdict(one) for one in self.messages if one.kind == "remark"],
            "others": [asdict(one) for one in self.messages if one.kind == "other"],
            "notes": list(self.notes),
            "own_hosts": {
                "apart": {one.host: one.name for one in self.own_hosts},
                "together": list(self.joined_hosts),
            },
            "events": events,
        }
