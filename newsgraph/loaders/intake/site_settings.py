"""The settings of a site of Hugo, Jekyll, Zola, Pelican, Nikola, Docusaurus or Astro, as far as the addresses of its
pages depend on them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct, field

from newsgraph.graph.urls.identity import normalised_address
from newsgraph.patterns import later

#: The program that makes a site from the files; plain if none is named.
Maker = Literal["hugo", "jekyll", "zola", "pelican", "nikola", "docusaurus", "astro", "plain"]

#: The most bytes of a settings file.
_LONGEST = 2**20
#: The files in which a site's settings are, below its folder.
SETTINGS = (
    "hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "config.toml", "config.yaml", "config.yml", "config.json",
    "config/_default/hugo.toml", "config/_default/hugo.yaml", "config/_default/config.toml",
    "config/_default/config.yaml",
    "_config.yml", "_config.yaml", "_config.toml",
)  # fmt: skip
_PERMALINKS = ("config/_default/permalinks.toml", "config/_default/permalinks.yaml")


class Site(Struct, frozen=True, dict=True):
    """A website that is made from files. ``base`` is its web address, empty if nothing gives it. ``settings`` are its
    program's settings, as far as addresses depend on them."""

    maker: Maker
    base: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def fingerprint(self) -> str:
        """Returns a short hash of everything that addresses depend on. It changes when addresses may change."""
        said = json.dumps([self.maker, self.base, self.settings], sort_keys=True, default=str)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def site_in(folder: Path, base: str) -> Site | None:
    """Returns the site whose settings are in that folder."""
    for name in SETTINGS:
        said = _read(folder / name)
        if not said:
            continue
        if name.startswith("_config"):
            return _of_jekyll(folder, said, base)
        if "base_url" in said:
            wanted = ("default_language", "languages")
            return Site("zola", base or _http(said["base_url"]), {key: said[key] for key in wanted if key in said})
        plain = {str(key).lower(): value for key, value in said.items()}
        if "baseurl" in plain:
            settings = {name: plain[name.lower()] for name in _HUGO if name.lower() in plain}
            for other in _PERMALINKS:
                settings.setdefault("permalinks", _read(folder / other) or {})
            return Site("hugo", base or _http(plain["baseurl"]), settings)
    return _of_program(folder, base)


def _of_jekyll(folder: Path, said: Mapping[str, Any], base: str) -> Site:
    """Returns the site of Jekyll's settings. On GitHub's pages a file CNAME gives the address."""
    address = base or _http(f"{said.get('url') or ''}{said.get('baseurl') or ''}")
    if not address and (host := (_written(folder / "CNAME") or "").strip()):
        address = _http(f"https://{host}")
    return Site("jekyll", address, {key: said[key] for key in ("permalink", "collections") if key in said})


#: Settings that are a program: the site's maker, and the names of its address and of the path in front of its pages.
_PROGRAMS: Mapping[str, tuple[Maker, str, str]] = {
    "publishconf.py": ("pelican", "SITEURL", ""), "pelicanconf.py": ("pelican", "SITEURL", ""),
    "conf.py": ("nikola", "SITE_URL", ""),
    "docusaurus.config.js": ("docusaurus", "url", "baseUrl"), "docusaurus.config.ts": ("docusaurus", "url", "baseUrl"),
    "astro.config.mjs": ("astro", "site", "base"), "astro.config.ts": ("astro", "site", "base"),
    "astro.config.js": ("astro", "site", "base"),
}  # fmt: skip
#: A name that a program gives a text, in Python or JavaScript, and the folders of Nikola's posts.
_GIVEN = later(r"""^[ \t]*(?:export\s+)?(\w+)[ \t]*[=:][ \t]*(["'])([^"'\n]*)\2""", re.MULTILINE)
_POSTS = later(r"""\(\s*["']([\w/-]*)/\*\.\w+["']\s*,\s*["']([\w/-]*)["']""")


def _of_program(folder: Path, base: str) -> Site | None:
    """Returns the site whose settings are a program in that folder. The program isn't run: only texts that it gives a
    name by themselves are known."""
    told: dict[str, str] = {}
    found: Maker | None = None
    address = ""
    for name, (maker, of_address, of_path) in _PROGRAMS.items():
        if (found is not None and found != maker) or (text := _written(folder / name)) is None:
            continue
        given: dict[str, str] = {}
        for one in _GIVEN.finditer(text):
            given.setdefault(one[1], one[3])
        if of_address not in given and maker == "nikola":  # another program's settings have that name, too
            continue
        found = maker
        told = {**{one: given[one] for one in ("ARTICLE_URL", "PATH") if one in given}, **told}
        told |= {f"posts {one[1]}": one[2] for one in _POSTS.finditer(text)} if maker == "nikola" else {}
        address = address or _http(given.get(of_address, "").rstrip("/") + "/" + given.get(of_path, "").strip("/"))
    return Site(found, base or address, told) if found is not None else None


def _written(path: Path) -> str | None:
    try:
        if not path.is_file() or path.stat().st_size > _LONGEST:
            return None
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        return None


_HUGO = (
    "permalinks", "contentDir", "uglyURLs", "disablePathToLower", "languages", "defaultContentLanguage",
    "defaultContentLanguageInSubdir",
)  # fmt: skip


def _read(path: Path) -> Mapping[str, Any] | None:
    text = _written(path)
    if text is None:
        return None
    try:
        if path.suffix == ".toml":
            import tomllib  # noqa: PLC0415  # most folders have none

            said = tomllib.loads(text)
        elif path.suffix == ".json":
            said = json.loads(text)
        else:
            said = _yaml(text)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, Mapping) else None


def _yaml(text: str) -> Any:
    import yaml  # noqa: PLC0415  # most folders have none

    from newsgraph.loaders.frontmatter import safe_yaml  # noqa: PLC0415

    try:
        return safe_yaml.load(text)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


def _http(address: Any) -> str:
    """Returns the address if it is a web address; empty for ``/`` and the like."""
    written = str(address).strip()
    if written.startswith("//"):
        written = f"https:{written}"
    return written if "://" in written and normalised_address(written) is not None else ""
