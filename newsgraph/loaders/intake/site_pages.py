"""The address, date and state of a page in a site of Hugo, Jekyll, Zola, Pelican, Nikola, Docusaurus or Astro, by the
rules that their makers document: https://gohugo.io/content-management/urls/, https://jekyllrb.com/docs/permalinks/,
https://www.getzola.org/documentation/content/page/, https://docs.getpelican.com/en/stable/settings.html#url-settings,
https://getnikola.com/handbook.html, https://docusaurus.io/docs/blog and https://docs.astro.build/en/guides/routing/."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote, urljoin

from msgspec import Struct

from newsgraph.loaders.fields.times import parse_time
from newsgraph.loaders.intake.site_settings import Site
from newsgraph.patterns import later

_DATED = later(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[-_]|$)")
_IN_PATH = later(r"(?:^|/)((?:19|20)\d{2})/(\d{2})/(\d{2})/[^/]")
_TOKEN = later(r":([a-z_]+)")
#: A value in Pelican's patterns, and a date in Docusaurus's paths with what is before and after it.
_FIELD = later(r"\{(\w+)(?::([^{}]*))?\}")
_DATED_PATH = later(r"(.*?)(\d{4}[-/]\d{1,2}[-/]\d{1,2})[-/]?(.*)")
_JEKYLL_STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
_TIMES = (
    "date",
    "publishDate",
    "publishdate",
    "published_at",
    "publishedDateTime",
    "published",
    "pubDate",
    "pubdate",
    "created",
)


class PagePlace(Struct, frozen=True):
    """A file's place in its site: ``path`` inside the site's folder, with / between its parts."""

    site: Site
    path: str

    def other(self, metadata: Mapping[str, Any]) -> str:
        """Returns why the page isn't an article of the site; empty if it is one: a page with a date, that is to be
        shown."""
        name = self.path.rpartition("/")[2]
        if name.startswith("_index."):
            return "a list of the site's pages"
        if (
            _true(metadata.get("draft"))
            or str(metadata.get("published", "")).lower() == "false"
            or str(metadata.get("status", "")).lower() in ("draft", "hidden", "private")
        ):
            return "a draft of the site, left out"
        if self.site.maker == "hugo" and "archetypes" in self.path.split("/"):
            return "a model for the site's new pages"
        if self.site.maker == "jekyll" and "_drafts" in self.path.split("/"):
            return "a draft of the site, left out"
        if self._date(metadata) is None:
            return "a page of the site without a date"
        return ""

    def address(self, metadata: Mapping[str, Any]) -> str | None:
        """Returns the page's web address; None if the site's address isn't known, or the page lacks what the rules
        need."""
        if not self.site.base:
            return None
        path = self._path(metadata)
        if path is None:
            return None
        if "://" in path:
            return path
        return urljoin(
            self.site.base.rstrip("/") + "/", quote(re.sub("/{2,}", "/", path).lstrip("/"), safe="/%~:@!$&'()*+,;=-._")
        )

    def _path(self, metadata: Mapping[str, Any]) -> str | None:
        given = next((str(metadata[name]) for name in ("url", "permalink", "path") if _text(metadata.get(name))), None)
        if given is not None and self.site.maker != "jekyll":
            return given
        rules: Mapping[str, Callable[[Mapping[str, Any]], str | None]] = {
            "hugo": self._hugo, "jekyll": self._jekyll, "zola": self._zola, "pelican": self._pelican,
            "nikola": self._nikola, "docusaurus": self._docusaurus, "astro": self._astro, "plain": self._plain,
        }  # fmt: skip
        return rules[self.site.maker](metadata)

    # -- Hugo ----------------------------------------------------------------------------------------------------------

    def _hugo(self, metadata: Mapping[str, Any]) -> str | None:
        settings = self.site.settings
        folders, name, language = self._parts(str(settings.get("contentDir") or "content"))
        prefix = self._language_prefix(language, bool(_true(settings.get("defaultContentLanguageInSubdir"))))
        section = folders[0] if folders else ""
        slug = _text(metadata.get("slug"))
        pattern = self._hugo_pattern(section)
        lower = not _true(settings.get("disablePathToLower"))
        if pattern is None:
            path = "/".join((*folders, slug or name))
        else:
            filled = self._filled(
                pattern,
                metadata,
                {
                    "section": section,
                    "sections": "/".join(folders),
                    "title": _urlized(str(metadata.get("title", ""))),
                    "slug": slug or _urlized(str(metadata.get("title", ""))),
                    "filename": name,
                    "contentbasename": name,
                    "slugorfilename": slug or name,
                    "slugorcontentbasename": slug or name,
                },
            )
            if filled is None:
                return None
            path = filled.strip("/")
        path = _urlized(path, lower=lower)
        return f"{prefix}/{path}.html" if _true(settings.get("uglyURLs")) else f"{prefix}/{path}/"

    def _hugo_pattern(self, section: str) -> str | None:
        permalinks = self.site.settings.get("permalinks")
        if not isinstance(permalinks, Mapping):
            return None
        pages = permalinks.get("page")
        found = (pages if isinstance(pages, Mapping) else permalinks).get(section)
        return found if isinstance(found, str) else None

    # -- Jekyll --------------------------------------------------------------------------------------------------------

    def _jekyll(self, metadata: Mapping[str, Any]) -> str | None:
        folders, _, file = self.path.rpartition("/")
        parts = [part for part in folders.split("/") if part]
        name = re.sub(r"\.\w+$", "", file)
        dated = _DATED.match(name)
        name = name[dated.end() :] if dated else name
        collection = next((part[1:] for part in parts if part.startswith("_")), "")
        above = parts[: next((n for n, p in enumerate(parts) if p.startswith("_")), len(parts))]
        pattern = _text(metadata.get("permalink")) or self._jekyll_pattern(collection)
        if pattern is None:
            return None
        if "://" in pattern:
            return pattern
        slug = _text(metadata.get("slug")) or name
        inside = parts[parts.index(f"_{collection}") + 1 :] if collection else parts
        categories = list(
            dict.fromkeys([*above, *_words(metadata.get("categories")), *_words(metadata.get("category"))])
        )
        return self._filled(
            _JEKYLL_STYLES.get(pattern, pattern),
            metadata,
            {
                "categories": "/".join(one.lower() for one in categories),
                "slugified_categories": "/".join(_urlized(one) for one in categories),
                "title": slug,
                "slug": _urlized(slug),
                "name": name,
                "path": "/".join((*inside, name)),
                "collection": collection,
                "output_ext": ".html",
            },
        )

    def _jekyll_pattern(self, collection: str) -> str | None:
        settings = self.site.settings
        pattern = _text(settings.get("permalink")) or "date"
        if collection in ("posts", ""):
            return pattern
        collections = settings.get("collections")
        own = collections.get(collection) if isinstance(collections, Mapping) else None
        if not isinstance(own, Mapping) or not _true(own.get("output")):
            return None
        return _text(own.get("permalink")) or "/:collection/:path:output_ext"

    # -- Pelican and Nikola --------------------------------------------------------------------------------------------

    def _pelican(self, metadata: Mapping[str, Any]) -> str | None:
        pattern = str(self.site.settings.get("ARTICLE_URL") or "{slug}.html")
        day = self._date(metadata)
        category = _text(metadata.get("category")) or next(iter(self._parts(self._content)[0]), "misc")
        values = {
            "slug": _text(metadata.get("slug")) or _urlized(str(metadata.get("title", ""))),
            "category": _urlized(category), "author": _urlized(str(metadata.get("author", ""))),
        }  # fmt: skip
        if any(name not in values and name != "date" for name, _ in _FIELD.findall(pattern)):
            return None
        return _FIELD.sub(
            lambda found: f"{day:{found[2] or '%Y-%m-%d'}}" if found[1] == "date" else values[found[1]], pattern
        )

    @property
    def _content(self) -> str:
        return str(self.site.settings.get("PATH") or "content")

    def _nikola(self, metadata: Mapping[str, Any]) -> str | None:
        folders, name, _ = self._parts("")
        place = self.site.settings.get(f"posts {'/'.join(folders)}")
        shown = "/".join(folders) if place is None else str(place)
        return f"/{shown}/{_text(metadata.get('slug')) or name}/"

    # -- Docusaurus and Astro ------------------------------------------------------------------------------------------

    def _docusaurus(self, metadata: Mapping[str, Any]) -> str | None:
        folders, name, _ = self._parts("blog")
        path = "/".join((*folders, name))
        dated = _DATED_PATH.fullmatch(path)
        if dated:
            path = f"{dated[2].replace('-', '/')}/{dated[1]}{dated[3]}"
        return f"/blog/{(_text(metadata.get('slug')) or path).lstrip('/')}"

    def _astro(self, metadata: Mapping[str, Any]) -> str | None:
        folders, name, _ = self._parts("src/pages" if "/pages/" in f"/{self.path}" else "src/content")
        slug = _text(metadata.get("slug"))
        return "/" + "/".join((*folders[:1], slug) if slug else (*folders, name))

    # -- Zola, and sites of no known maker -----------------------------------------------------------------------------

    def _zola(self, metadata: Mapping[str, Any]) -> str | None:
        folders, name, language = self._parts("content")
        dated = _DATED.match(name)
        name = (name[dated.end() :] or name) if dated else name
        prefix = self._language_prefix(language, False)
        path = "/".join((*folders, _text(metadata.get("slug")) or name))
        return f"{prefix}/{_urlized(path)}/"

    def _plain(self, metadata: Mapping[str, Any]) -> str | None:
        if "_posts" in self.path.split("/"):
            return PagePlace(Site("jekyll", self.site.base), self.path)._jekyll(metadata)
        folders, name, _ = self._parts("content")
        slug = _text(metadata.get("slug")) or name
        return f"{slug}/" if slug.startswith("/") else "/" + "/".join((*folders, slug)) + "/"

    # -- What the rules share ------------------------------------------------------------------------------------------

    def _parts(self, content: str) -> tuple[list[str], str, str]:
        """Returns the folders below the one with the content, the name without its ending, and the language in it, if
        any."""
        parts = self.path.split("/")
        base = content.strip("/").split("/")
        for start in range(len(parts) - len(base)):
            if parts[start : start + len(base)] == base:
                parts = parts[start + len(base) :]
                break
        *folders, file = parts
        name = re.sub(r"\.(?:md|mdx|markdown|rst|html?|txt)$", "", file, flags=re.IGNORECASE)
        language = ""
        stem, dot, ending = name.rpartition(".")
        if dot and ending in self._languages:
            name, language = stem, ending
        if name == "index" and folders:
            name = folders.pop()
        return folders, name, language

    @property
    def _languages(self) -> frozenset[str]:
        named = self.site.settings.get("languages")
        return frozenset(map(str, named)) if isinstance(named, Mapping) else frozenset()

    def _language_prefix(self, language: str, always: bool) -> str:
        settings = self.site.settings
        default = str(settings.get("defaultContentLanguage") or settings.get("default_language") or "en")
        if not language:
            return f"/{default}" if always and self._languages else ""
        return f"/{language}" if always or language != default else ""

    def _date(self, metadata: Mapping[str, Any]) -> date | None:
        for name in _TIMES:
            found = parse_time(_text(metadata.get(name)))
            if found.time is not None:
                written = re.match(r"(\d{4})-(\d{1,2})-(\d{1,2})", str(metadata[name]))
                # The day by the page's own time zone, not by UTC.
                return date(*map(int, written.groups())) if written else found.time.date()
        return date_in_name(self.path) or date_in_own_path(metadata)

    def _filled(self, pattern: str, metadata: Mapping[str, Any], values: Mapping[str, str]) -> str | None:
        day = self._date(metadata)
        if day is not None:
            year, week, weekday = day.isocalendar()
            values = {
                **values,
                "year": f"{day.year:04}", "month": f"{day.month:02}", "day": f"{day.day:02}", "i_month": str(day.month),
                "i_day": str(day.day), "short_year": f"{day.year % 100:02}", "y_day": f"{day:%j}",
                "yearday": str(int(f"{day:%j}")),
                "monthname": _MONTHS[day.month - 1].lower(), "long_month": _MONTHS[day.month - 1],
                "short_month": _MONTHS[day.month - 1][:3], "week": f"{week:02}", "short_day": _DAYS[weekday - 1][:3],
                "weekday": str(weekday % 7), "weekdayname": _DAYS[weekday - 1].lower(), "long_day": _DAYS[weekday - 1],
                "w_year": str(year), "w_day": str(weekday), "hour": "00", "minute": "00", "second": "00",
            }  # fmt: skip
        unknown = [name for name in _TOKEN.findall(pattern) if name not in values]
        return None if unknown else _TOKEN.sub(lambda found: values[found[1]], pattern)


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def date_in_name(path: str) -> date | None:
    """Returns the date that a file's name begins with: ``2021-03-01-ferry.md``. None if there is none.

    For a folder's ``index`` file it is the date of the folder's name.
    """
    *folders, file = path.split("/")
    name = folders[-1] if folders and file.startswith("index.") else file
    found = _DATED.match(re.sub(r"\.\w+$", "", name))
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def date_in_own_path(metadata: Mapping[str, Any]) -> date | None:
    """Returns the date that the path which a page gives itself has as folders: ``2021/03/01/ferry``. None if there is
    none."""
    given = next((told for name in ("path", "url", "permalink", "slug") if (told := _text(metadata.get(name)))), "")
    found = _IN_PATH.search(given)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _true(value: Any) -> bool:
    return str(value).strip().lower() in ("true", "yes", "on")


def _text(value: Any) -> str | None:
    return (
        value.strip() or None
        if isinstance(value, str)
        else None
        if value is None or isinstance(value, (dict, list))
        else str(value)
    )


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from value.split()
    elif isinstance(value, (list, tuple)):
        yield from (str(one) for one in value if one)


def _urlized(text: str, *, lower: bool = True) -> str:
    """Returns a text as these sites write it in addresses: - for blanks, without marks, in small letters."""
    kept = "".join(c for c in text.strip() if c.isalnum() or c in "-_./ \t" or (not c.isascii() and c.isprintable()))
    kept = re.sub(r"[\s-]*\s[\s-]*|-{2,}", "-", kept).strip("-")
    return kept.lower() if lower else kept
