"""Lists of pages that a person kept: bookmarks, and exports of Pocket, Instapaper, Raindrop, wallabag and ArchiveBox.

Their times say when a page was kept and not when it was published.
"""

from __future__ import annotations

from functools import lru_cache

#: Names, in small letters without marks, that only such lists have.
_OF_LISTS = frozenset(
    {"bookmarkeddate", "bookmarkedat", "timeadded", "savedat", "saveddate", "datesaved", "toread", "isarchived",
     "readingprogress", "isstarred"}
)  # fmt: skip
#: A folder is also found in other lists. Beside one of these, it is one of kept pages.
_BESIDE_FOLDERS = frozenset({"selection", "highlights", "favorite", "favourite", "note", "notes"})
#: Names that say no more than that they hold a time; in such a list, it is that of keeping the page.
TIMES_OF_SAVING = frozenset({"timestamp", "time", "created", "created_at", "createdAt", "date_created", "dateCreated"})


@lru_cache(maxsize=1024)
def saves_pages(names: tuple[object, ...]) -> bool:
    """Tells whether an object, or a table, with these names is of a list of kept pages."""
    plain = {"".join(filter(str.isalnum, name.lower())) for name in names if isinstance(name, str)}
    return not plain.isdisjoint(_OF_LISTS) or ("folder" in plain and not plain.isdisjoint(_BESIDE_FOLDERS))
