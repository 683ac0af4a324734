"""A researcher's list of outlets: what it says, what it refuses, and whose story an address is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.errors import InputError, StoreFormatError
from newsgraph.graph.outlets import OutletDirectory, OutletRef
from newsgraph.loaders.researcher.outlets_file import read_outlets

LIST = """\
domain,outlet,name,country,group
bbc.com,bbc.com,BBC,GB,BBC
bbc.co.uk,bbc.com,,,
abcnews.go.com,abcnews.go.com,ABC News,US,Disney
espn.go.com,ESPN,ESPN,US,Disney
sports.espn.go.com,ESPN Sports
"""


def read(tmp_path: Path, content: str | bytes) -> OutletDirectory:
    path = tmp_path / "outlets.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_outlets(path)


@pytest.mark.parametrize(
    ("url", "provider", "expected"),
    [
        ("https://news.google.com/rss/articles/CBMiX2h0dHBz?oc=5", None, None),
        ("https://t.co/AbCdEf", None, None),
        ("https://t.co/AbCdEf", "bbc.com", OutletRef("bbc.com", "bbc.com")),
        ("https://www.bbc.com/news/1", "bbc.com", OutletRef("bbc.com", "bbc.com")),
        ("https://m.bbc.co.uk/news/1", "bbc.co.uk", OutletRef("bbc.com", "bbc.com")),
        ("https://news.bbc.co.uk/1", None, OutletRef("bbc.com", "bbc.com")),
        ("https://www-bbc-com.cdn.ampproject.org/c/s/www.bbc.com/news/amp/1", None, OutletRef("bbc.com", "bbc.com")),
        ("https://abcnews.go.com/US/1", "go.com", OutletRef("abcnews.go.com", "abcnews.go.com")),
        ("https://www.espn.go.com/1", "go.com", OutletRef("ESPN", "espn.go.com")),
        ("https://live.sports.espn.go.com/1", "go.com", OutletRef("ESPN Sports", "sports.espn.go.com")),
        ("https://go.com/1", "go.com", OutletRef("go.com", "go.com")),
        ("https://notbbc.com/1", None, OutletRef("notbbc.com", "notbbc.com")),
        # the provider counts where the address is not in the list
        ("https://youtu.be/WJk-Y8LQlfE", "www.bbc.co.uk", OutletRef("bbc.com", "bbc.com")),
        ("https://youtu.be/WJk-Y8LQlfE", "https://www.Example.org/", OutletRef("example.org", "example.org")),
        # and the address where the provider is no domain
        ("https://news.example.co.uk/1", "The Example", OutletRef("example.co.uk", "example.co.uk")),
        ("https://news.example.co.uk/1", "BBC", OutletRef("example.co.uk", "example.co.uk")),
        ("https://news.example.co.uk/1", "co.uk", OutletRef("example.co.uk", "example.co.uk")),
        ("https://someone.blogspot.com/1", "blogspot.com", OutletRef("someone.blogspot.com", "someone.blogspot.com")),
        ("n/a", "example.org", OutletRef("example.org", "example.org")),
        ("n/a", "n/a", None),
        ("", None, None),
    ],
)
def test_outlet_of(tmp_path: Path, url: str, provider: str | None, expected: OutletRef | None) -> None:
    assert read(tmp_path, LIST).outlet_of(url, provider) == expected


def test_without_a_list_the_registered_domain_decides() -> None:
    directory = OutletDirectory()
    assert not directory
    assert directory.outlet_of("https://abcnews.go.com/1", "go.com") == OutletRef("go.com", "go.com")
    assert directory.outlet_of("https://www.bbc.co.uk/1") == OutletRef("bbc.co.uk", "bbc.co.uk")
    assert directory.facts("go.com") == {}


def test_facts_are_those_of_any_line_of_the_outlet(tmp_path: Path) -> None:
    directory = read(tmp_path, LIST)
    assert directory
    assert directory.facts("bbc.com") == {"name": "BBC", "country": "GB", "group": "BBC"}
    assert directory.facts("ESPN Sports") == {}
    assert directory.facts("elsewhere.com") == {}


@pytest.mark.parametrize(
    "content",
    [
        LIST.encode("utf-8-sig"),
        LIST.replace("\n", "\r\n").encode(),
        LIST.replace("\n", "\r").encode(),
        LIST.replace(",", "\t").encode(),
        LIST.replace(",", ";").encode(),
        ("\n" + LIST.replace("\n", "\n\n,,\n")).encode(),
        LIST.replace("domain,outlet", "Domain , OUTLET").encode(),
        LIST.replace("bbc.co.uk,bbc.com", "https://www.BBC.co.uk/,www.BBC.com").encode(),
        LIST.replace("ESPN,ESPN", '"ESPN", ESPN ').encode(),
        (LIST + "bbc.co.uk,bbc.com,BBC\n").encode(),
        "\n".join([LIST.splitlines()[0], *reversed(LIST.splitlines()[1:])]).encode(),
    ],
    ids=[
        "bom",
        "crlf",
        "cr",
        "tabs",
        "semicolons",
        "blank lines",
        "header case",
        "urls",
        "quotes",
        "repeated",
        "reversed",
    ],
)
def test_the_same_list_in_other_clothes(tmp_path: Path, content: bytes) -> None:
    assert read(tmp_path, content) == read(tmp_path, LIST)


def test_columns_in_any_order_and_only_the_needed_ones(tmp_path: Path) -> None:
    directory = read(tmp_path, "notes,outlet,domain\nx,Nachrichten GmbH,bücher.de\n")
    assert directory.outlet_of("https://www.xn--bcher-kva.de/1") == OutletRef("Nachrichten GmbH", "bücher.de")


def test_a_header_alone_is_an_empty_list(tmp_path: Path) -> None:
    directory = read(tmp_path, "domain,outlet\n")
    assert not directory
    assert directory == OutletDirectory()


def test_it_travels_as_json(tmp_path: Path) -> None:
    directory = read(tmp_path, LIST)
    again = OutletDirectory.from_json(directory.to_json())
    assert again == directory
    assert hash(again) == hash(directory)
    assert again.outlet_of("https://news.bbc.co.uk/1") == directory.outlet_of("https://news.bbc.co.uk/1")
    assert directory != OutletDirectory()
    assert "5 domains of 4 outlets" in repr(directory)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"domains":{}}',
             '{"domains":[],"outlets":{}}', '{"domains":{"a.com":1},"outlets":{}}',
             '{"domains":{},"outlets":{"a":{"name":null}}}', '{"domains":{},"outlets":{"a":3}}', "[" * 100_000]
)  # fmt: skip
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises(StoreFormatError, match="outlets=FILE"):
        OutletDirectory.from_json(text)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", ["is empty", "domain, outlet"]),
        (" \r\n\n", ["is empty"]),
        ("\ufeff", ["is empty"]),
        ("bbc.com,bbc.com\n", ["line 1, field domain", "no column domain", "Begin the file with"]),
        ("domain,name\nbbc.com,BBC\n", ["line 1, field outlet", "no column outlet"]),
        ("domain,outlet,Domain\n", ["line 1, field domain", "twice"]),
        ("domain,outlet\n,bbc.com\n", ["line 2, field domain", "is missing"]),
        ("domain,outlet\n\nbbc.com,\n", ["line 3, field outlet", "is missing"]),
        ("domain,outlet\nbbc.com\n", ["line 2, field outlet", "is missing"]),
        ("domain,outlet\nThe BBC,bbc.com\n", ["line 2, field domain", "The BBC is no domain", "such as example.com"]),
        ("domain,outlet\nbbc,bbc.com\n", ["line 2, field domain", "bbc is no domain"]),
        ("domain,outlet\nbbc.com/news,bbc.com\n", ["line 2, field domain", "without a path"]),
        ("domain,outlet\nbbc.com,A\nwww.bbc.com,B\n", ["line 3, field outlet", "to B here and to A in line 2"]),
        ("domain,outlet,name\na.com,A,One\nb.com,A,Two\n", ["line 3, field name", "One in line 2", "one name"]),
        ("domain,outlet,country\na.com,A,GB\nb.com,A,US\n", ["line 3, field country", "US here and GB in line 2"]),
        ("domain,outlet,group\na.com,A,X\nb.com,A\nc.com,A,Y\n", ["line 4, field group", "X in line 2"]),
        ("domain,outlet\na.com,The Sun\nb.com,The sun\n", ["line 3, field outlet", "written The Sun in line 2"]),
        ("domain,outlet\nsun.com,The Sun, UK\n", ["line 2, field outlet", "3 values, but 2 columns", "quotes"]),
        ('domain,outlet\nsun.com,"The Sun\n', ["is no CSV", "quotes"]),
        ('domain,outlet\nsun.com,"The" Sun\n', ["line 2", "is no CSV"]),
        ("domain,outlet\nsun.com,The\x01Sun\n", ["line 2, field outlet", "can't be shown"]),
        ("domain,outlet\na.com,A\nb.com,Zürich\n".encode("latin-1"), ["line 3", "UTF-8", "Save it as CSV"]),
        ("domain,outlet\na.com,A\n".encode("utf-16"), ["UTF-8"]),
        (b"PK\x03\x04\x00\x00", ["UTF-8"]),
        ("domain,outlet\na.com," + "x" * 200_000, ["line 2", "is no CSV"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, content: str | bytes, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, content)
    message = str(caught.value)
    assert message.startswith(str(tmp_path / "outlets.csv"))
    assert "\n" not in message
    assert caught.value.remedy
    for word in words:
        assert word in message


def test_a_file_that_is_not_there_or_no_file(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.csv", tmp_path):
        with pytest.raises(InputError, match=r"can't be read.*--outlets"):
            read_outlets(path)


hosts = st.builds(
    "{}{}".format, st.sampled_from(["", "a.", "b.a.", "c."]), st.sampled_from(["x.com", "y.co.uk", "z.org"])
)
lists = st.dictionaries(hosts, st.sampled_from(["x.com", "Two", "Three"]), max_size=8)


@given(lists, hosts, st.randoms())
def test_the_nearest_listed_domain_decides_whatever_the_order(
    listed: dict[str, str], page: str, random: object
) -> None:
    pairs = sorted(listed.items(), key=lambda _: random.random())  # type: ignore[attr-defined]  # hypothesis's own Random
    found = OutletDirectory(dict(pairs)).outlet_of(f"https://www.{page}/story")
    above = [domain for domain in listed if page == domain or page.endswith("." + domain)]
    assert found is not None
    if above:
        assert found.id == listed[max(above, key=len)]
        assert listed[found.domain] == found.id
    else:
        assert found.id == ".".join(page.split(".")[-(3 if page.endswith("co.uk") else 2) :])
    assert OutletDirectory(listed) == OutletDirectory(dict(pairs))


@given(st.text(), st.none() | st.text())
def test_any_text_may_be_asked_for(url: str, provider: str | None) -> None:
    found = OutletDirectory({"x.com": "X"}).outlet_of(url, provider)
    assert found is None or (found.id == found.domain and registered(found.id)) or found.id == "X"


def registered(domain: str) -> bool:
    return bool(domain) and " " not in domain and "/" not in domain


@given(st.binary())
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "outlets.csv"
    path.write_bytes(b"domain,outlet\n" + content)
    try:
        directory = read_outlets(path)
    except InputError as error:
        assert str(path) in str(error)
    else:
        assert OutletDirectory.from_json(directory.to_json()) == directory
