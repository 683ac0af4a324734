"""Hooks of mkdocs.yml: the documents at the top of the repository become pages of the site, and links between all of
them lead where they lead in the repository.
"""

from __future__ import annotations

import re
from pathlib import Path
from posixpath import dirname, normpath, relpath
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[2]
#: Document at the top of the repository -> its page of the site.
AT_THE_TOP = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "security.md",
}
LINK = re.compile(r"(!?)\[([^\]]*)\]\((?!https?://|mailto:|#|/)([^)\s#]+)(#[^)\s]*)?\)")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Puts the pages into the navigation that mkdocs.yml does not name: each folder of docs/, such as the recipes,
    under its own name, and other pages under "More"."""
    assert config.nav is not None
    docs = ROOT / "docs"
    named = set(re.findall(r"[\w-]+\.md", str(config.nav)))
    for folder in (docs, *sorted({path.parent for path in docs.glob("*/*.md")})):
        paths = sorted(path for path in folder.glob("*.md") if folder != docs or path.name not in named)
        if paths:
            pages: list[Any] = [path.relative_to(docs).as_posix() for path in paths]
            config.nav.append({"More" if folder == docs else folder.name.capitalize(): pages})
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the documents at the top."""
    for document, page in AT_THE_TOP.items():
        files.append(File.generated(config, page, content=(ROOT / document).read_text("utf-8")))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Leads links to the pages of the site. What has no page, such as a file of the code, is named without a link; a
    link that leads nowhere in the repository is left as it is, so that the strict build names it."""
    names = {page_name: document for document, page_name in AT_THE_TOP.items()}
    here = names.get(page.file.src_uri, f"docs/{page.file.src_uri}")

    def led(link: re.Match[str]) -> str:
        mark, text, written, anchor = link.group(1, 2, 3, 4)
        target = normpath(f"{dirname(here)}/{written}") if dirname(here) else normpath(written)
        uri = AT_THE_TOP.get(target, target.removeprefix("docs/"))
        if files.get_file_from_path(uri):
            return f"{mark}[{text}]({relpath(uri, dirname(page.file.src_uri) or '.')}{anchor or ''})"
        return str(text) if (ROOT / target).exists() else link[0]

    return LINK.sub(led, markdown)
