"""Files of sites of Hugo, Jekyll, Zola and others: their addresses by the site's settings and the file's path."""

# ruff: noqa: E501  # a case a line
from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsgraph.errors import UsageError
from newsgraph.graph.stores.protocol import Store
from newsgraph.graph.stores.registry import open_store
from newsgraph.loaders.intake.sites import date_in_name, site_address
from newsgraph.loaders.load import load
from newsgraph.loaders.load_report import LoadReport

NOW = datetime(2022, 1, 1, tzinfo=UTC)
HUGO = 'baseURL = "https://ledger.example/"\n'
JEKYLL = "url: https://ledger.example\n"
ZOLA = 'base_url = "https://ledger.example"\n'


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def page(**fields: str) -> str:
    return (
        "---\n"
        + "".join(f"{name}: {value}\n" for name, value in ({"title": "Ferry aground"} | fields).items())
        + "---\nText\n"
    )


def loaded(store: Store, folder: Path, site: str | None = None) -> LoadReport:
    return load(store, [folder], now=NOW, site=site)


def addresses(folder: Path, site: str | None = None) -> list[str]:
    with open_store("networkx:") as store:
        report = loaded(store, folder, site)
        assert not report.errors, report.errors
        return sorted(str(story.properties["url"]) for story in store.nodes("Story"))


DATED = {"date": "2021-03-01T10:00:00Z"}


@pytest.mark.parametrize(
    ("settings", "path", "text", "address"),
    [
        ({"hugo.toml": HUGO}, "content/news/ferry.md", page(**DATED), "/news/ferry/"),
        ({"config.yaml": "baseURL: https://ledger.example/\n"}, "content/News/Ferry Run.md", page(**DATED), "/news/ferry-run/"),
        ({"config/_default/hugo.toml": HUGO}, "content/news/ferry/index.md", page(**DATED), "/news/ferry/"),
        ({"config.toml": HUGO}, "content/news/x.md", page(**DATED, slug="ferry"), "/news/ferry/"),
        ({"config.toml": HUGO}, "content/news/x.md", page(**DATED, url="/2021/ferry.html"), "/2021/ferry.html"),
        ({"hugo.toml": HUGO + '[permalinks]\nnews = "/:year/:month/:slug/"\n'}, "content/news/a.md", page(**DATED), "/2021/03/ferry-aground/"),
        ({"hugo.toml": HUGO + '[permalinks.page]\nnews = "/:year/:monthname/:day/:filename"\n'}, "content/news/a.md", page(**DATED), "/2021/march/01/a/"),
        ({"hugo.toml": HUGO + "uglyURLs = true\n"}, "content/news/a.md", page(**DATED), "/news/a.html"),
        ({"hugo.toml": HUGO + "[languages.en]\n[languages.de]\n"}, "content/news/a.de.md", page(**DATED), "/de/news/a/"),
        ({"hugo.toml": 'baseURL = "https://ledger.example/blog/"\n'}, "content/news/a.md", page(**DATED), "/blog/news/a/"),
        ({"_config.yml": JEKYLL}, "_posts/2021-03-01-ferry.md", page(), "/2021/03/01/ferry.html"),
        ({"_config.yml": JEKYLL + "permalink: pretty\n"}, "news/_posts/2021-03-01-ferry.md", page(categories="sea ports"), "/news/sea/ports/2021/03/01/ferry/"),
        ({"_config.yml": JEKYLL + "permalink: /:year/:title/\n"}, "_posts/2021-03-01-ferry.md", page(date="2021-03-02 23:00:00 +0900"), "/2021/ferry/"),
        ({"_config.yml": JEKYLL + "baseurl: /blog\n"}, "_posts/2021-03-01-ferry.md", page(permalink="/f/"), "/blog/f/"),
        ({"_config.yml": JEKYLL + "collections:\n  stories:\n    output: true\n"}, "_stories/ferry.md", page(**DATED), "/stories/ferry.html"),
        ({"config.toml": ZOLA}, "content/news/2021-03-01-ferry.md", page(), "/news/ferry/"),
        ({"config.toml": ZOLA}, "content/news/2021-03-01-ferry/index.md", page(slug="run"), "/news/run/"),
        ({"config.toml": ZOLA}, "content/news/a.md", page(**DATED, path="f"), "/f"),
        ({"config.toml": ZOLA}, "content/a.md", page(path="2021/03/01/ferry"), "/2021/03/01/ferry"),
        ({"hugo.toml": HUGO}, "content/news/ferry.mdx", page(**DATED), "/news/ferry/"),
        ({"_config.yml": "title: The Ledger\n" + JEKYLL}, "_posts/2021-03-01-ferry.md", page(), "/2021/03/01/ferry.html"),
        ({"hugo.toml": HUGO, "archetypes/news.md": page(**DATED)}, "content/news/ferry.md", page(**DATED), "/news/ferry/"),
        ({"pelicanconf.py": "SITEURL = ''\n", "publishconf.py": "SITEURL = 'https://ledger.example'\n"}, "content/ferry.md", "Title: Ferry aground\nDate: 2021-03-01 10:00\nTags: sea\n\nText\n", "/ferry-aground.html"),
        ({"pelicanconf.py": "SITEURL = 'https://ledger.example'\nARTICLE_URL = 'p/{date:%Y}/{date:%m}/{category}/{slug}/'\n"}, "content/sea/a.rst", "Ferry aground\n=============\n\n:date: 2021-03-01\n:slug: ferry\n\nText\n", "/p/2021/03/sea/ferry/"),
        ({"pelicanconf.py": "SITEURL = 'https://ledger.example'\nARTICLE_URL = '{category}/{slug}.html'\n"}, "content/a.md", "Title: Ferry aground\nDate: 2021-03-01\nCategory: Sea News\n\nText\n", "/sea-news/ferry-aground.html"),
        ({"conf.py": 'SITE_URL = "https://ledger.example/"\nPOSTS = (\n    ("posts/*.rst", "news", "post.tmpl"),\n)\n'}, "posts/a.rst", ".. title: Ferry aground\n.. slug: ferry\n.. date: 2021-03-01 10:00:00 UTC\n.. tags: sea,\n   ferries\n\nText\n", "/news/ferry/"),
        ({"conf.py": 'SITE_URL = "https://ledger.example/"\n'}, "posts/ferry.md", "<!--\n.. title: Ferry aground\n.. date: 2021-03-01\n-->\n\nText\n", "/posts/ferry/"),
        ({"docusaurus.config.js": "module.exports = {\n  url: 'https://ledger.example',\n  baseUrl: '/site/',\n};\n"}, "blog/2021-03-01-ferry/index.md", page(), "/site/blog/2021/03/01/ferry"),
        ({"docusaurus.config.ts": "const config = {\n  url: 'https://ledger.example',\n};\n"}, "blog/2021-03-01-a.md", page(slug="/ferry"), "/blog/ferry"),
        ({"astro.config.mjs": "export default defineConfig({\n  site: 'https://ledger.example',\n});\n"}, "src/content/news/ferry.md", page(pubDate="Mar 01 2021"), "/news/ferry"),
        ({"_config.yml": "title: The Ledger\n", "CNAME": "ledger.example\n"}, "_posts/2021-03-01-ferry.md", page(), "/2021/03/01/ferry.html"),
        ({"hugo.toml": HUGO, "README.md": "# The Ledger\n"}, "content/news/ferry.md", page(**DATED), "/news/ferry/"),
    ],
)  # fmt: skip
def test_a_page_has_the_address_of_its_site(
    settings: dict[str, str], path: str, text: str, address: str, tmp_path: Path
) -> None:
    write(tmp_path, settings | {path: text})
    assert addresses(tmp_path) == [f"https://ledger.example{address}"]
    # The settings are found above the folder, too.
    with open_store("networkx:") as store:
        loaded(store, (tmp_path / path).parent)
        assert [story.properties["url"] for story in store.nodes("Story")] == [f"https://ledger.example{address}"]


def test_an_address_of_its_own_goes_before_that_of_the_site(tmp_path: Path) -> None:
    write(tmp_path, {"hugo.toml": HUGO, "content/a.md": page(**DATED, canonical="https://gazette.example/a")})
    assert addresses(tmp_path) == ["https://gazette.example/a"]


def test_drafts_lists_and_pages_without_a_date_are_left_out_and_counted(tmp_path: Path) -> None:
    files = {"a.md": page(**DATED, draft="true"), "_index.md": page(), "about.md": page(), "b.md": page(**DATED)}
    write(tmp_path, {"hugo.toml": HUGO} | {f"content/news/{name}": text for name, text in files.items()})
    with open_store("networkx:") as store:
        report = loaded(store, tmp_path)
    assert (report.read, report.other_kinds, report.exit_code) == (1, 3, 0)
    assert {reason.split(",")[0]: len(files) for reason, files in report.others.items()} == {
        "a draft of the site": 1, "a list of the site's pages": 1, "a page of the site without a date": 1,
    }  # fmt: skip


def test_the_address_given_is_kept_and_goes_before_the_settings(tmp_path: Path) -> None:
    write(tmp_path, {"content/news/ferry.md": page(**DATED)})
    with open_store("networkx:") as store:
        assert "--site" in loaded(store, tmp_path).errors[0]
        loaded(store, tmp_path, "gazette.example")
        assert next(store.nodes("Story")).id == "https://gazette.example/news/ferry"
        again = loaded(store, tmp_path)
        assert (again.unchanged, again.errors) == (1, [])
        write(tmp_path, {"hugo.toml": HUGO})
        loaded(store, tmp_path)
        assert next(store.nodes("Story")).id == "https://gazette.example/news/ferry"


def test_new_settings_give_unchanged_files_new_addresses(tmp_path: Path) -> None:
    write(tmp_path, {"hugo.toml": HUGO, "content/news/ferry.md": page(**DATED)})
    with open_store("networkx:") as store:
        loaded(store, tmp_path)
        assert loaded(store, tmp_path).unchanged == 1
        write(tmp_path, {"hugo.toml": HUGO + "uglyURLs = true\n"})
        loaded(store, tmp_path)
        assert [story.id for story in store.nodes("Story")] == ["https://ledger.example/news/ferry.html"]


def test_a_slug_that_is_a_path_is_the_whole_path(tmp_path: Path) -> None:
    write(tmp_path, {"content/posts/2021/a.mdx": page(**DATED, slug="/2021/ferry")})
    assert addresses(tmp_path, "https://ledger.example/") == ["https://ledger.example/2021/ferry/"]


def test_settings_of_other_programs_are_no_site(tmp_path: Path) -> None:
    """Sphinx has a conf.py, too, and texts in reStructuredText that are no articles."""
    write(tmp_path, {"conf.py": 'project = "Ferries"\n', "index.rst": "Ferries\n=======\n\n.. toctree::\n   a\n"})
    with open_store("networkx:") as store:
        report = loaded(store, tmp_path)
    assert (report.errors, report.other_kinds) == ([], 1)


def test_broken_settings_are_no_site(tmp_path: Path) -> None:
    write(tmp_path, {"hugo.toml": "baseURL = [", "content/a.md": page(**DATED)})
    with open_store("networkx:") as store:
        assert "there is no web address" in loaded(store, tmp_path).errors[0]


def test_the_date_in_a_files_name(tmp_path: Path) -> None:
    assert date_in_name("_posts/2021-03-01-ferry.md") == date_in_name("x/2021-3-1-ferry/index.md")
    assert date_in_name("a/2021-02-30-ferry.md") is date_in_name("a/ferry.md") is date_in_name("2021-03-011.md") is None
    write(
        tmp_path,
        {
            "2021-03-01-a.md": page(webUrl="https://ledger.example/a"),
            "2021-03-01-b.md": page(webUrl="https://ledger.example/b", **DATED),
        },
    )
    with open_store("networkx:") as store:
        loaded(store, tmp_path)
        found = {story.id[-1]: story.properties["date_quality"] for story in store.nodes("Story")}
    assert found == {"a": "date_only", "b": "exact"}


def test_a_wrong_site_is_refused() -> None:
    assert site_address("ledger.example") == "https://ledger.example"
    with pytest.raises(UsageError, match="--site"):
        site_address("no site")
