"""Feeds as they are in the world: any prefix and namespace, broken XML, relative links, links that count clicks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.loaders.markup.plain_text import headline, plain, unescaped
from newsgraph.loaders.markup.xml_tree import find_root
from newsgraph.loaders.records import ArticleRecord, Reading
from newsgraph.loaders.registry import read

SPACES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
)


def reading(text: str, ending: str = ".xml") -> Reading:
    found = read(text.encode(), ending)
    assert found is not None
    return found


def rss(items: str, home: str = "https://ledger.example/") -> str:
    return f'<rss version="2.0" {SPACES}><channel><title>Ledger</title><link>{home}</link>{items}</channel></rss>'


def item(inside: str, number: int = 1) -> str:
    return f"<item><title>T{number}</title><link>https://ledger.example/{number}</link>{inside}</item>"


def records(found: Reading) -> list[ArticleRecord]:
    return [record for record in found.records if isinstance(record, ArticleRecord)]


def only(text: str, ending: str = ".xml") -> ArticleRecord:
    (record,) = records(reading(text, ending))
    return record


def errors(found: Reading) -> list[str]:
    return [problem.describe("f") for problem in found.problems if not problem.doubt]


@pytest.mark.parametrize("space", ["http://www.w3.org/2005/Atom", "https://www.w3.org/2005/Atom/", "urn:none"])
@pytest.mark.parametrize("prefix", ["", "a:", "news.feed:"])
def test_a_prefix_is_a_mere_name(prefix: str, space: str) -> None:
    declared = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    tags = {name: f"{prefix}{name}" for name in ("feed", "title", "entry", "link", "published")}
    text = (
        f'<{tags["feed"]} {declared}="{space}"><{tags["title"]}>L</{tags["title"]}><{tags["entry"]}>'
        f'<{tags["title"]}>T</{tags["title"]}><{tags["link"]} href="https://ledger.example/1"/>'
        f"<{tags['published']}>2021-03-01T10:00:00Z</{tags['published']}></{tags['entry']}></{tags['feed']}>"
    )
    record = only(text)
    assert (record.title, record.url, record.date_quality) == ("T", "https://ledger.example/1", "exact")


def test_rss_1_with_dublin_core() -> None:
    text = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://ledger.example/"><title>Ledger</title>'
        '<link>https://ledger.example/</link></channel><item rdf:about="https://ledger.example/1"><title>T</title>'
        "<dc:date>2021-03-01T10:00:00Z</dc:date><dc:subject>Sea</dc:subject></item></rdf:RDF>"
    )
    record = only(text)
    assert (record.url, record.date_quality) == ("https://ledger.example/1", "exact")
    assert (record.topics, record.outlet_name) == (("Sea",), "Ledger")


@pytest.mark.parametrize(
    ("base", "entry", "link", "full"),
    [
        ("https://a.example/blog/", "2021/", "03/x", "https://a.example/blog/2021/03/x"),
        ("https://a.example/blog/", "", "/x", "https://a.example/x"),
        ("", "https://b.example/", "x?y=1", "https://b.example/x?y=1"),
    ],
)
def test_relative_links_follow_xml_base(base: str, entry: str, link: str, full: str) -> None:
    bases = [f' xml:base="{one}"' if one else "" for one in (base, entry)]
    text = (
        f'<feed xmlns="http://www.w3.org/2005/Atom"{bases[0]}><entry{bases[1]}><title>T</title><link href="{link}"/>'
        "</entry></feed>"
    )
    assert only(text).url == full


def test_a_relative_link_without_a_base_is_an_error_of_that_entry() -> None:
    found = reading("<rss><channel><item><title>T</title><link>/x</link></item></channel></rss>")
    assert not found.records and "entry[0].link" in errors(found)[0]


MENDED = {
    "blanks before": "\n\n \n<?xml version='1.0'?>{}",
    "a comment before": "<!-- made by hand --><?xml version='1.0'?>{}",
    "a warning before": "Warning: nothing in x.php on line 3\n<?xml version='1.0'?>{}",
    "text after": "{}<script>count()</script> cached",
    "a document type": '<!DOCTYPE rss PUBLIC "-//N//DTD" "http://localhost:1/x.dtd">{}',
}


@pytest.mark.parametrize("around", MENDED.values(), ids=MENDED)
def test_what_stands_around_a_feed_costs_nothing(around: str) -> None:
    found = reading(around.format(rss(item("") + item("", 2))))
    assert [record.title for record in records(found)] == ["T1", "T2"]
    assert not errors(found)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Caf&eacute;&nbsp;open", "Café open"),
        ("Fish & chips &c.", "Fish & chips &c."),
        ("R&D &unknown; x", "R&D &unknown; x"),
        ("less < more", "less < more"),
        ("a\x0bb\x01c", "abc"),
        ("one &#0; two &#x1F600;", "one two 😀"),
        ("<b>bold", "bold"),
        ("line<br>break", "line break"),
    ],
)
def test_broken_xml_is_mended_and_told(written: str, title: str) -> None:
    found = reading(rss(f"<item><title>{written}</title><link>https://ledger.example/1</link></item>" + item("", 2)))
    assert [record.title for record in records(found)] == [title, "T2"]
    assert not errors(found)
    assert any("was mended" in note for note in found.notes)


def test_an_undeclared_prefix_means_what_it_mostly_means() -> None:
    text = rss(item('<media:content url="https://i.example/a.jpg"/>')).replace(f" {SPACES}", "")
    found = reading(text)
    assert [image.url for record in records(found) for image in record.images] == ["https://i.example/a.jpg"]
    assert not errors(found)


def test_a_broken_entry_costs_itself() -> None:
    bad = "<item><title>B</title><link>https://ledger.example/2</link><a><b></a></item>"
    found = reading(rss(item("") + bad + item("", 3)))
    assert [record.title for record in records(found)] == ["T1", "T3"]
    (line,) = errors(found)
    assert "the XML is broken" in line and "2 are kept" in line


def test_a_feed_that_is_cut_off_keeps_what_is_whole_and_is_an_error() -> None:
    whole = rss(item("") + item("", 2))
    for end in range(len(whole) - 16, len(whole) - 1):
        found = reading(whole[:end])
        assert [record.title for record in records(found)] == ["T1", "T2"]
        assert errors(found)


@pytest.mark.parametrize(
    ("inside", "url", "name"),
    [
        ("<feedburner:origLink>https://ledger.example/1</feedburner:origLink>", "https://ledger.example/1", "Ledger"),
        ('<guid isPermaLink="false">https://ledger.example/?p=1</guid>', "https://ledger.example/?p=1", "Ledger"),
        ("<guid>17</guid>", "http://feeds.feedburner.com/~r/x/~3/y/", "Ledger"),
    ],
)
def test_links_that_count_clicks_are_seen_through(inside: str, url: str, name: str) -> None:
    text = rss(f"<item><title>T</title><link>http://feeds.feedburner.com/~r/x/~3/y/</link>{inside}</item>")
    text = text.replace("<rss ", '<rss xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" ')
    record = only(text)
    assert (record.url, record.outlet_name) == (url, name)
    if url.startswith("http://feeds"):
        assert record.outlet_domain == "https://ledger.example/"


def test_an_agency_that_an_outlets_own_feed_names_is_a_credit() -> None:
    record = only(rss(item('<source url="https://wire.example/">Wire</source>')))
    assert (record.outlet_name, record.outlet_domain) == ("Ledger", None)


def test_what_a_collector_names_as_source_is_the_outlet() -> None:
    inside = (
        "<item><title>T</title><link>https://news.google.com/rss/articles/x</link>"
        '<source url="https://courier.example">Courier</source></item>'
    )
    record = only(rss(inside, home="https://news.google.com/"))
    assert (record.outlet_name, record.outlet_domain) == ("Courier", "https://courier.example")


@pytest.mark.parametrize(
    ("attached", "pictures"),
    [
        ('<media:content url="https://i.example/a?w=1"/>', 1),
        ('<media:content url="https://i.example/a.mp4"/>', 0),
        ('<media:content url="https://i.example/a" duration="12"/>', 0),
        ('<media:content url="https://i.example/a.jpg" type="video/mp4"/>', 0),
        ('<media:group><media:content url="/a.png"/></media:group>', 1),
        ('<enclosure url="https://i.example/a.mp3" type="audio/mpeg"/>', 0),
        ('<enclosure url="https://i.example/a.jpg" length="1"/>', 1),
    ],
)
def test_pictures_among_what_is_attached(attached: str, pictures: int) -> None:
    assert len(only(rss(item(attached))).images) == pictures


def test_an_entry_without_a_title_is_called_by_its_text() -> None:
    text = "The coastguard has reached the ferry. More soon. " + "Nobody knows more than that yet. " * 10
    record = only(rss(f"<item><link>https://ledger.example/1</link><description>{text}</description></item>"))
    assert record.title.startswith("The coastguard has reached the ferry. More soon.") and len(record.title) <= 140
    assert record.excerpt == " ".join(text.split())


def test_atom_elements_in_rss() -> None:
    inside = "<atom:published>2021-03-01T10:00:00Z</atom:published><atom:updated>2021-03-01T12:00:00Z</atom:updated>"
    record = only(rss(item(inside)))
    assert record.published_at is not None and record.published_at.hour == 10


EXPORT = """<rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/">
<channel><title>Blog</title><link>https://blog.example</link>{}</channel></rss>"""


def post(number: int, kind: str, status: str, more: str = "") -> str:
    told = f"<wp:post_type>{kind}</wp:post_type><wp:status>{status}</wp:status>"
    return f"<item><title>P{number}</title><link>https://blog.example/{number}</link>{told}{more}</item>"


def test_wordpress_exports_hold_more_than_stories() -> None:
    kinds = [
        ("post", "publish"),
        ("post", "draft"),
        ("page", "publish"),
        ("attachment", "inherit"),
        ("news", "publish"),
    ]
    found = reading(EXPORT.format("".join(post(number, *kind) for number, kind in enumerate(kinds))))
    assert [record.title for record in records(found)] == ["P0", "P4"]
    assert any("1 attachment, 1 page, 1 post of status draft" in note for note in found.notes)


def test_wordpress_writes_a_date_that_is_none() -> None:
    more = "<pubDate>Mon, 30 Nov -0001 00:00:00 +0000</pubDate><wp:post_date_gmt>2021-03-01 10:00:00</wp:post_date_gmt>"
    (record,) = records(reading(EXPORT.format(post(1, "post", "publish", more))))
    assert (str(record.published_at), record.date_quality) == ("2021-03-01 10:00:00+00:00", "exact")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (
            "Don&#x27;t panic: R&amp;D &rsquo;safe&rsquo;",
            "Don't panic: R&D \N{RIGHT SINGLE QUOTATION MARK}safe\N{RIGHT SINGLE QUOTATION MARK}",
        ),
        ("A &amp;amp;amp; B", "A & B"),
        ("<p>One</p><p>Two</p>", "One Two"),
        ("a<script>x</script>b<!-- c -->d", "abd"),
        ("How to use &lt;b&gt; well", "How to use <b> well"),
        ("&lt;p&gt;Twice&lt;/p&gt;", "Twice"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("cut off <a href='x", "cut off"),
    ],
)
def test_html_as_plain_text(written: str, shown: str) -> None:
    assert plain(written) == shown


@given(st.text(alphabet="<>&;\"'/! -abscript#x0=pt", max_size=80))
def test_plain_text_of_anything_is_one_line(written: str) -> None:
    shown = plain(written)
    assert shown is None or (shown == " ".join(shown.split()) and shown)
    assert unescaped(unescaped(written)) is not None
    assert headline(shown) is None or len(str(headline(shown))) <= 144


@given(st.text(alphabet="<>!?-[]rsxml \n\"'ENTITY", max_size=60))
def test_a_root_is_found_in_anything_or_isnt(written: str) -> None:
    root = find_root(written)
    assert root is None or written[root.start] == "<"


def test_a_news_sitemap_that_declares_no_names() -> None:
    news = (
        "<news:news><news:title>Ferry</news:title><news:publication_date>2021-03-01</news:publication_date></news:news>"
    )
    reading = read(f"<urlset><url><loc>https://ledger.example/a</loc>{news}</url></urlset>".encode(), ".xml")
    assert reading is not None and len(reading.records) == 1
