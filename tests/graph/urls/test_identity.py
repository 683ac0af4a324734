"""Which spellings are one thing, and which only look alike."""

from __future__ import annotations

import socket
import string
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsgraph.graph.urls import domains, identity
from newsgraph.graph.urls.identity import (
    LONGEST_ADDRESS,
    host,
    image_id,
    normalised_address,
    registered_domain,
    story_id,
    story_ids,
    story_ids_of_each,
)

# -- Addresses ---------------------------------------------------------------------------------------------------------

SAME = {
    "example.com/News/Story-1.html": [
        "https://example.com/News/Story-1.html",
        "http://example.com/News/Story-1.html",
        "HTTPS://WWW.Example.COM/News/Story-1.html",
        "https://www.example.com./News/Story-1.html",
        "https://m.example.com/News/Story-1.html",
        "https://amp.example.com/News/Story-1.html",
        "https://mobile.example.com:443/News/Story-1.html",
        "http://www.m.example.com:80/News/Story-1.html/",
        "https://amp-www.example.com/News/Story-1.html",
        "https://user:secret@example.com/News/Story-1.html",
        "http://https://example.com/News/Story-1.html",
        "//example.com/News/Story-1.html",
        "example.com/News/Story-1.html",
        "\ufeff https://example.com/News/Story-1.html\r\n",
        "https://exam\tple.com/News/Sto\nry-1.html",
        "https://ex%61mple.com/%4Eews/Story%2d1.html",
        "https://example.com//News/./x/../Story-1.html",
        "https://example.com\\News\\Story-1.html",
        "https://example.com/News/Story-1.html#comments",
        "https://example.com/News/Story-1.html?",
        "https://example.com/News/Story-1.html?&",
        "https://example.com/News/Story-1.html?utm_source=rss&utm_medium=feed",
        "https://example.com/News/Story-1.html?UTM_Source=rss&amp;utm_medium=feed",
        "https://example.com/News/Story-1.html?fbclid=x&#038;gclid=y#top",
        "https://example.com/News/Story-1.html?PHPSESSID=8f2c2b1d0e9f",
        "https://example.com/News/Story-1.html;jsessionid=8F2C2B1D0E9F",
        "https://example.com/(S(lit3py55t21z5v55vlm25s55))/News/Story-1.html",
        "https://example.com/News/Story-1.html?sid=8f2c2b1d0e9fa7b31c55",
        "https://example.com/News/Story-1.html?amp",
        "https://example.com/News/Story-1.html?amp=1",
        "https://example.com/News/Story-1.html?outputType=amp",
        "https://example.com/News/Story-1.amp.html",
        "https://example.com/News/Story-1.html.amp",
        "https://example.com/News/Story-1.html/amp",
        "https://example.com/News/Story-1.html/amp/?usqp=mq331AQ",
        "https://example.com/amp/News/Story-1.html",
        "https://example.com/News/amp/Story-1.html",
        "https://example.com/google-amp/News/Story-1.html",
        "https://example-com.cdn.ampproject.org/c/s/example.com/News/Story-1.html",
        "https://www-example-com.cdn.ampproject.org/c/s/www.example.com/amp/News/Story-1.html?amp_js_v=0.1#amp_tf=From",
        "https://cdn.ampproject.org/c/example.com/News/Story-1.html",
        "https://example-com.cdn.ampproject.org/v/s/amp.example.com/News/Story-1.html?amp_gsa=1",
        "https://example-com.cdn.ampproject.org/wp/s/example.com/News/Story-1.html",
        "https://www-example-com.bing-amp.com/c/s/www.example.com/News/Story-1.html",
        "https://www.bing.com/amp/s/www.example.com/News/Story-1.html",
        "https://www.google.com/amp/s/www.example.com/News/Story-1.html",
        "https://www.google.co.uk/amp/example.com/News/Story-1.html",
        "https://www.google.com/url?sa=t&url=https%3A%2F%2Fexample.com%2FNews%2FStory-1.html&usg=x",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2FNews%2FStory-1.html%3Ffbclid%3Dy&h=AT",
        "https://www.google.com/amp/s/example-com.cdn.ampproject.org/c/s/example.com/News/Story-1.html",
        "https://r.search.yahoo.com/_ylt=Aw/RV=2/RE=1/RO=10/RU=https%3a%2f%2fexample.com%2fNews%2fStory-1.html/RK=2/RS=x",
        "https://urldefense.com/v3/__https://example.com/News/Story-1.html__;!!key",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__example.com_News_Story-2D1.html&d=Dw",
        "https://r.jina.ai/https://example.com/News/Story-1.html",
        "https://example-com.translate.goog/News/Story-1.html?_x_tr_sl=de&_x_tr_tl=en",
    ],
    "example.com": [
        "https://example.com",
        "https://www.example.com/",
        "http://example.com/index.html",
        "http://example.com/Default.aspx",
        "http://example.com/#",
        "http://example.com/#!/",
        "http://example.com/?utm_source=x",
    ],
    "example.com/story?a=1&b=2": [
        "https://example.com/story?a=1&b=2",
        "https://example.com/story/?b=2&a=1",
        "https://example.com/story?b=2&amp;a=1",
        "https://example.com/story?b=2&#38;a=1",
        "https://example.com/story?b=2&#x26;a=1",
        "https://example.com/story?b=2&amp;amp;a=1",
        "https://example.com/story?b=2&&a=1&",
        "https://example.com/story/index.php?b=2&a=1&ncid=rss",
        "https://example.com/story?%62=%32&a=1",
        "https://example-com.translate.goog/story?a=1&_x_tr_sl=de&_x_tr_tl=en&b=2&_x_tr_hl=en",
    ],
    "example.com/story?q=caf%C3%A9+noir,+50%25": [
        "https://example.com/story?q=café noir, 50%",
        "https://example.com/story?q=caf%c3%a9%20noir%2C+50%25",
    ],
    "example.com/caf%C3%A9/it's%20(50%25)": [
        "https://example.com/café/it's (50%)",
        "https://example.com/caf%c3%a9/it%27s%20%2850%25%29",
        "https://example.com/caf%C3%A9/it&#39;s (50%)",
    ],
    "bücher.example.de/x": [
        "https://bücher.example.de/x",
        "https://BÜCHER.example.de/x",
        "https://xn--bcher-kva.example.de/x",
    ],
    "рбк.рф": ["http://www.рбк.рф/", "http://xn--90asq.xn--p1ai"],
    "xn--i-7iq.ws/x": ["https://i❤.ws/x", "https://xn--i-7iq.ws/x", "https://www.I❤.ws./x"],
    "example.com:8080/x": ["http://example.com:8080/x", "http://www.example.com:08080/x/", "example.com:8080/x"],
    "[2001:db8::1]:81/x": ["http://[2001:DB8:0:0::1]:81/x"],
    "192.0.2.1/x": ["https://192.0.2.1/x/"],
    "localhost/x": ["http://localhost:80/x"],
    "en.wikipedia.org/wiki/News": [
        "https://en.m.wikipedia.org/wiki/News",
        "https://en.wikipedia.org/wiki/News#History",
    ],
    "youtube.com/watch?v=WJk-Y8LQlfE": [
        "https://www.youtube.com/watch?v=WJk-Y8LQlfE",
        "https://m.youtube.com/watch?feature=share&v=WJk-Y8LQlfE&t=10s&list=PL1",
        "https://youtu.be/WJk-Y8LQlfE?si=x",
        "https://www.youtube.com/embed/WJk-Y8LQlfE",
        "https://www.youtube-nocookie.com/embed/WJk-Y8LQlfE?rel=0",
        "https://www.youtube.com/shorts/WJk-Y8LQlfE",
    ],
    "someone.blogspot.com/2014/03/news.html": ["http://someone.blogspot.com/2014/03/news.html?m=1"],
    "example.com/app#!/story/7": ["https://example.com/app#!/story/7", "https://www.example.com/app/#!/story/7/"],
}


@pytest.mark.parametrize(("key", "spelling"), [(key, spelling) for key, all_ in SAME.items() for spelling in all_])
def test_spellings_of_one_page_have_one_key(key: str, spelling: str) -> None:
    assert normalised_address(spelling) == key
    assert story_id(spelling) == f"https://{key}"


APART = [
    ("https://example.com/story?id=1", "https://example.com/story?id=2"),
    ("https://example.com/story?id=1", "https://example.com/story"),
    ("https://example.com/article.aspx?storyid=ab-1", "https://example.com/article.aspx?storyid=ab-2"),
    ("https://example.com/modules.php?name=News&sid=12", "https://example.com/modules.php?name=News&sid=13"),
    ("https://example.com/story?feature=4", "https://example.com/story?feature=5"),
    ("https://example.com/story?m=0", "https://example.com/story?m=1"),
    ("https://example.com/?s=1", "https://example.com/?s=2"),
    ("https://example.com/story?ids=1&ids=2", "https://example.com/story?ids=2&ids=1"),
    ("https://example.com/index.php?/news/47738/", "https://example.com/index.php?/news/47739/"),
    ("https://example.com/story?url=http://a.org/x", "https://a.org/x"),
    ("https://example.com/story?id=1&next=/story/2", "https://example.com/story/2"),
    ("https://example.com/login?u=https://a.org/x", "https://a.org/x"),
    ("https://example.com/Story", "https://example.com/story"),
    ("https://example.com/story.html", "https://example.com/story"),
    ("https://example.com/a&#97;b", "https://example.com/aab"),
    ("https://example.com/a%2Fb", "https://example.com/a/b"),
    ("https://example.com/a%2526b", "https://example.com/a%26b"),
    ("https://example.com/caf%E9", "https://example.com/caf%E8"),
    ("https://example.com/story?a=1%26b=2", "https://example.com/story?a=1&b=2"),
    ("https://example.com/story?x=a%2Bb", "https://example.com/story?x=a+b"),
    ("https://example.com/story?a=1&copy=2", "https://example.com/story?a=1\u00a9=2"),
    ("https://example.com/#!/story/1", "https://example.com/#!/story/2"),
    ("https://example.com/#/story/1", "https://example.com/#/story/2"),
    ("https://example.com:8080/x", "https://example.com/x"),
    ("https://www2.example.com/x", "https://example.com/x"),
    ("https://news.example.com/x", "https://example.com/x"),
    ("https://de.example.com/x", "https://en.example.com/x"),
    ("https://m.com/x", "https://com/x"),
    ("https://www.co.uk/x", "https://m.co.uk/x"),
    ("https://m.blogspot.com/x", "https://blogspot.com/x"),
    ("https://mobile.de/x", "https://amp.de/x"),
    ("https://foo-m.example.com/x", "https://foo-example.com/x"),
    ("https://amp-shop.com/x", "https://shop.com/x"),
    ("https://example.com/amp", "https://example.com"),
    ("https://example.com/guitar-amp.html", "https://example.com/guitar.html"),
    ("https://example.com/champion", "https://example.com/ch/ion"),
    ("https://example.com/google-amp", "https://example.com"),
    ("https://example.com/index", "https://example.com"),
    ("https://example.com/index.rss", "https://example.com"),
    ("https://youtube.com/watch?v=WJk-Y8LQlfE", "https://youtube.com/watch?v=WJk-Y8LQlfe"),
    ("https://youtube.com/playlist?list=PL1", "https://youtube.com/playlist?list=PL2"),
    ("https://someone.blogspot.com/x", "https://other.blogspot.com/x"),
    (
        "https://example-com.translate.goog/story?id=1&_x_tr_sl=de",
        "https://example-com.translate.goog/story?id=2&_x_tr_sl=de",
    ),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_different_pages_stay_apart(one: str, other: str) -> None:
    assert normalised_address(one) is not None
    assert normalised_address(other) is not None
    assert normalised_address(one) != normalised_address(other)


NO_ADDRESS = [
    "",
    " ",
    "n/a",
    "none",
    "ABC",
    "story.html",
    "/news/story",
    "Amazon pauses",
    "mailto:desk@example.com",
    "tel:+441",
    "#top",
    "javascript:alert(1)",
    "data:text/html,x",
    "ftp://example.com/x",
    "file:///etc/hosts",
    "http://",
    "https:///path",
    "http://?q",
    "http://:80/",
    "http://a b.com/",
    "http://a..b/",
    "http://.example.com/",
    "http://example.com:port/",
    "http://example.com:70000/",
    "http://example.com:" + "9" * 6000,
    "http://[::1/",
    "http://[nonsense]/",
    "http://\ud800.com/",
    "http://exa<mple.com/",
    "http://" + "a" * 64 + ".com/",
    "http://" + "a." * 130 + "com/",
    "https://example.com/" + "x" * LONGEST_ADDRESS,
    "https://example.com/" + "é" * 2000,
    "x" * 100_000,
    "a:" * 50_000,
    "desk@example.com",
]


@pytest.mark.parametrize("text", NO_ADDRESS)
def test_what_is_no_web_address_has_no_key(text: str) -> None:
    assert normalised_address(text) is None
    assert story_id(text) is None
    assert host(text) is None
    assert image_id(text) is None


def test_keys_can_be_written_as_utf8() -> None:
    key = normalised_address("https://example.com/\ud800?\udfff=\ud800#!/\udc00")
    assert key == "example.com/%ED%A0%80?%ED%BF%BF=%ED%A0%80#!/%ED%B0%80"


# Addresses out of pieces that the rules treat in different ways, so that they meet in every order.
pieces = st.sampled_from(
    [
        *"/?#&=;:@%.+-[]\\!",
        "//",
        "https://",
        "http://",
        "www.",
        "m.",
        "amp.",
        "amp-",
        "example.com",
        "co.uk",
        "blogspot.com",
        "bücher.de",
        "xn--bcher-kva.de",
        "ß.de",
        "i❤.ws",
        "xn--i-7iq.ws",
        "℀.com",
        "[::1]",
        "127.0.0.1",
        ":80",
        ":8080",
        "/amp",
        ".amp",
        ".html",
        "/index.html",
        "/Default.aspx",
        "/google-amp",
        "/../",
        "/./",
        ";jsessionid=1",
        "/(S(lit3py55t21z5v55vlm25s55))",
        "#!/",
        "cdn.ampproject.org/c/s/",
        "google.com/amp/s/",
        "google.com/url?q=",
        "facebook.com/l.php?u=",
        "youtube.com/watch?v=",
        "youtu.be/",
        "WJk-Y8LQlfE",
        "utm_source=x",
        "id=1",
        "sid=2",
        "m=1",
        "ref=fb",
        "&amp;",
        "&#38;",
        "&#x26;",
        "amp;",
        "#38;",
        "lt;",
        "&lt;",
        "&#39;",
        "&#97;",
        "%41",
        "%61",
        "%2F",
        "%2f",
        "%25",
        "%3B",
        "%26",
        "%23",
        "%E9",
        "%C3%A9",
        "%ff",
        "é",
        "\ud800",
        "\u00a0",
        " ",
        "\t",
        "\x00",
        "\x7f",
        "\ufeff",
        "story",
        "Story",
        "7",
    ]
)
composed = st.lists(pieces, max_size=12).map("".join)
addresses = st.builds("https://example.com{}".format, composed) | st.builds("http://{}".format, composed) | composed


@given(addresses | st.text())
@example("https://example.com/?b=1&lt;=1&a")
@example("https://example.com/?a&%61mp;b")
@example("https://example.com/a.amp/index.html/amp.amp")
@example("https://example.com/%2e%2e/%2E/x")
@example("https://i❤.ws/x")
@example("http://amp--.0.0")
@example("https://cdn.ampproject.org/c/s//example.com")
@example("https://www.google.com/url/index.html?q=https://example.com")
@example("https://www.google.com/url?q=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%3A%2F%2Fexample.com%2Fx")
def test_a_key_is_its_own_key(text: str) -> None:
    key = normalised_address(text)
    if key is not None:
        assert normalised_address(f"https://{key}") == key
        assert len(key) <= LONGEST_ADDRESS
        assert key.encode()
        assert host(text) is not None
        assert key.startswith(host(text) or "?")


# The shape that the short way is for, and texts close to it.
near_plain = st.builds(
    "{}://{}{}".format,
    st.sampled_from(["http", "https", "HTTPS"]),
    st.lists(
        st.sampled_from(["www", "m", "amp", "Example", "news", "com", "co", "uk", "google", "youtube"]), min_size=1
    ).map(".".join),
    st.lists(
        st.sampled_from(
            [
                "/",
                ".",
                "amp",
                "AMP",
                "google-amp",
                "index",
                "Default",
                "html",
                "aspx",
                "%41",
                ";x",
                "&x",
                "(y)",
                "a",
                "Z",
                "-",
                "é",
            ]
        )
        | st.text(string.printable, max_size=3),
        max_size=8,
    ).map(lambda parts: "/" + "".join(parts)),
)


cached_pages = st.builds(
    "https://{}/{}/{}{}/{}".format,
    st.sampled_from(["www-news-com.cdn.ampproject.org", "cdn.ampproject.org", "news-com.bing-amp.com"]),
    st.sampled_from(["c", "v", "i", "wp", "x"]),
    st.sampled_from(["s/", "", "t/"]),
    st.sampled_from(
        [
            "www.news.com",
            "amp.News.co.uk",
            "news.example",
            "news.com.",
            "google.com",
            "youtube.com",
            "co.uk",
            "10.0.0.1",
        ]
    ),
    st.lists(
        st.sampled_from(
            ["a", "amp", "AMP", "google-amp", "index.html", "default.aspx", "x.amp.html", "", "it's", "watch"]
        ),
        max_size=5,
    ).map("/".join),
)


@given(near_plain | cached_pages | addresses)
def test_the_short_way_agrees_with_the_long_way(text: str) -> None:
    assert normalised_address(text) == identity._key(text)


@given(near_plain | cached_pages | addresses, st.sampled_from(["", "?", "?w=1&h=%20;", "?a?b", "&amp;x;", "#a", "/?"]))
@example("https://1.2.3.4/a//b/../c", "?w=1")
@example("http://" + "a" * (LONGEST_ADDRESS - 11) + ".com", "")
@example("http://example.com/" + "a" * (LONGEST_ADDRESS - 19), "")
def test_the_short_way_to_a_picture_agrees_with_the_long_way(text: str, end: str) -> None:
    assert image_id(text + end) == identity._picture_key(text + end)


@given(
    st.sampled_from([s for spellings in SAME.values() for s in spellings]),
    st.sampled_from(["utm_medium=x", "fbclid=y", "gclid=z"]),
)
def test_tracking_never_changes_a_key(spelling: str, tracking: str) -> None:
    page, hash_, fragment = spelling.strip().partition("#")
    if "google" not in page and "facebook" not in page and "&#" not in spelling:
        tracked = f"{page}{'&' if '?' in page else '?'}{tracking}{hash_}{fragment}"
        assert normalised_address(tracked) == normalised_address(spelling)


@given(
    st.dictionaries(st.sampled_from("abcdxyz"), st.text(string.ascii_letters + string.digits, min_size=1), min_size=1),
    st.randoms(),
)
def test_the_order_of_different_items_is_no_matter_but_their_values_are(items: dict[str, str], random: object) -> None:
    def address(pairs: list[tuple[str, str]]) -> str:
        return "https://example.com/story?" + "&".join(f"{name}={value}" for name, value in pairs)

    pairs = list(items.items())
    shuffled = sorted(pairs, key=lambda _: random.random())  # type: ignore[attr-defined]  # hypothesis's own Random
    assert normalised_address(address(shuffled)) == normalised_address(address(pairs))
    changed = [(name, value + "0") for name, value in pairs]
    assert normalised_address(address(changed)) != normalised_address(address(pairs))


SITES = [
    "https://example.com", "http://www.example.com", "https://amp.example.com", "https://EXAMPLE.com:443",
    "https://amp-example-com.cdn.ampproject.org/c/s/example.com", "https://cdn.ampproject.org/v/s/www.example.co.uk",
    "https://cdn.ampproject.org/c", "https://cdn.ampproject.org/c/s", "https://cdn.ampproject.org/c/s/youtube.com",
    "https://cdn.ampproject.org/c/s/amp.example.com/camp", "https://bing-amp.com/c/example.com", "https://youtube.com",
    "https://www.google.com/amp/s/example.com", "https://www.google.com", "https://192.0.2.1", "//example.com",
    "example.com", "https://user@example.com", "https://nowhere", "https://example.com/news", "ftp://example.com", "",
]  # fmt: skip
SEGMENTS = [
    "story", "amp", "AMP", "google-amp", "campaign", "x.amp", "index.html", "Default.asp", "c", "s", "example.org",
    "", "..", "é", "watch", "l.php", "a;jsessionid=1", "embed", "x" * 5000,
]  # fmt: skip
ENDINGS = ["", "/", "//", "/amp", "/amp/", "/amp/amp", "/AMP", ".amp", ".amp.html", "?amp=1", "#a", "#!/a"]
SPELLINGS = st.lists(st.tuples(st.sampled_from(SITES), st.sampled_from(ENDINGS)), max_size=4)


@given(st.lists(st.sampled_from(SEGMENTS), max_size=3), SPELLINGS)
@settings(max_examples=1000)
def test_the_spellings_of_a_story_have_the_ids_that_each_has(
    segments: list[str], spellings: list[tuple[str, str]]
) -> None:
    path = "".join(f"/{segment}" for segment in segments)
    urls = [f"{site}{path}{ending}" for site, ending in spellings]
    assert story_ids(urls) == tuple(dict.fromkeys(map(story_id, urls)))
    assert story_ids_of_each(urls) == list(map(story_id, urls))


@pytest.mark.parametrize(
    "odd", ["", "\n", "\r", "\u2028", "\x85", "\0", "https://b.com/x\n", "https://b.com/" + "x" * 8000]
)
def test_ids_of_many_addresses_are_those_of_each(odd: str) -> None:
    urls = ["https://a.com/x", f"https://a.com/y{odd}z", odd, "http://www.a.com/1/?utm_source=x", odd]
    assert story_ids_of_each(urls) == list(map(story_id, urls))
    assert story_ids_of_each(urls[:1]) == ["https://a.com/x"]
    assert story_ids_of_each([odd]) == [story_id(odd)]
    assert story_ids_of_each([]) == []


@pytest.mark.parametrize(
    "piece", ["&amp;", "%41", "/index.html", "/amp", ".amp", "&#38;", "&a=1", "//", "/..", "é", "%", "\x00", "#!/"]
)
def test_long_repetitions_are_read_without_trouble(piece: str) -> None:
    for size in (LONGEST_ADDRESS - 30, 100_000):
        text = "https://example.com/" + piece * (size // len(piece))
        key = normalised_address(text)
        assert key is None or normalised_address(f"https://{key}") == key


# -- Hosts and domains -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://WWW.News.Example.co.uk:8080/x", "news.example.co.uk"),
        ("https://www-bbc-com.cdn.ampproject.org/c/s/www.bbc.com/news/amp/1", "bbc.com"),
        ("http://[::1]:8080/x", "[::1]"),
        ("http://[::1]/x", "[::1]"),
        ("http://www.example.com?x=1", "example.com"),
        ("http://example.com#!/a:b", "example.com"),
    ],
)
def test_host(url: str, expected: str) -> None:
    assert host(url) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("www.news.bbc.co.uk", "bbc.co.uk"),
        ("https://www.bbc.com/news", "bbc.com"),
        ("BBC.com", "bbc.com"),
        (" bbc.com. ", "bbc.com"),
        ("bbc.com/news", "bbc.com"),
        ("abcnews.go.com", "go.com"),
        ("someone.blogspot.com", "someone.blogspot.com"),
        ("www.someone.blogspot.com", "someone.blogspot.com"),
        ("smartable.github.io", "smartable.github.io"),
        ("blogspot.com", "blogspot.com"),
        ("co.uk", "co.uk"),
        ("m.com", "m.com"),
        ("www.com", "www.com"),
        ("city.kawasaki.jp", "city.kawasaki.jp"),
        ("www.xn--bcher-kva.de", "bücher.de"),
        ("localhost", "localhost"),
        ("www.localhost", "localhost"),
        ("http://www.intranet.local:81/x", "intranet.local"),
        ("192.0.2.1", "192.0.2.1"),
        ("http://[::1]/", "[::1]"),
        ("", None),
        ("two words", None),
        ("mailto:a@b.com", None),
        ("x" * 100_000, None),
    ],
)
def test_registered_domain(text: str, expected: str | None) -> None:
    assert registered_domain(text) == expected


def test_the_suffix_list_needs_no_network_and_leaves_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for name in ("HOME", "XDG_CACHE_HOME", "TLDEXTRACT_CACHE"):
        monkeypatch.setenv(name, str(tmp_path))
    domains.read_host.cache_clear()
    domains._suffixes.cache_clear()
    assert registered_domain("www.news.bbc.co.uk") == "bbc.co.uk"
    assert list(tmp_path.iterdir()) == []


@given(addresses | st.text())
@example("HTTP://».À.AL")
def test_a_registered_domain_is_its_own(text: str) -> None:
    domain = registered_domain(text)
    if domain is not None:
        assert registered_domain(domain) == domain
        assert domain.encode()


# -- Pictures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://IMG.Example.com:80/A.jpg#x", "https://img.example.com/A.jpg"),
        ("//img.example.com/A.jpg", "https://img.example.com/A.jpg"),
        ("https://www.example.com/A.jpg", "https://www.example.com/A.jpg"),
        ("https://m.example.com/A.jpg", "https://m.example.com/A.jpg"),
        ("https://example.com/r?w=9&amp;h=8", "https://example.com/r?w=9&h=8"),
        (
            "https://example.com/p.php?url=http%3A%2F%2Fa.com%2Fx.jpg&s=1",
            "https://example.com/p.php?url=http%3A%2F%2Fa.com%2Fx.jpg&s=1",
        ),
        ("https://example.com/a%2fb%41//c/?utm_source=x&amp=1", "https://example.com/a%2fb%41//c/?utm_source=x&amp=1"),
        ("https://example.com/é x\ud800.jpg", "https://example.com/%C3%A9%20x%ED%A0%80.jpg"),
        ("https://example.com:8080/a.jpg", "https://example.com:8080/a.jpg"),
        ("https://user:secret@example.com/a.jpg", "https://example.com/a.jpg"),
        ("example.com/a.jpg", None),
        ("data:image/png;base64,AAAA", None),
    ],
)
def test_image_id(url: str, expected: str | None) -> None:
    assert image_id(url) == expected


@given(addresses | st.text())
@example("https://example.com%C3%A9..")
def test_an_image_id_is_its_own(url: str) -> None:
    found = image_id(url)
    if found is not None:
        assert image_id(found) == found
        assert found.encode()


@pytest.mark.parametrize(
    "written",
    [
        "http:/www.example.com/a", "http:\\\\www.example.com\\a", "<https://www.example.com/a>", "htp://example.com/a",
        "https//example.com/a", "https:example.com/a", "http:///example.com/a", "\u201chttps://example.com/a\u201d",
        "http;//example.com/a", "http: //example.com/a", "hhttps://example.com/a", "ttps://m.example.com/a",
    ],
)  # fmt: skip
def test_a_mistyped_scheme_is_mended(written: str) -> None:
    assert story_id(written) == "https://example.com/a"


@pytest.mark.parametrize(
    "written", ["ftp://example.com/a", "mailto:ann@example.com", "http:/a", "https:8080/a", "<a>", "http:/localhost/a"]
)
def test_what_stays_no_address(written: str) -> None:
    assert story_id(written) is None


def at_google_news(address: str) -> str:
    length = len(address)
    size = bytes([length]) if length < 128 else bytes([length % 128 + 128, length // 128])
    id = urlsafe_b64encode(b'\x08\x13"' + size + address.encode() + b"\xd2\x01\x00").decode().rstrip("=")
    return f"https://news.google.com/rss/articles/{id}?oc=5"


@pytest.mark.parametrize("path", ["ferry", "f" * 110, "f" * 111])
def test_an_id_of_google_news_holds_the_articles_address(path: str) -> None:
    assert normalised_address(at_google_news(f"https://www.ledger.example/{path}")) == f"ledger.example/{path}"


@pytest.mark.parametrize("id", ["CBMiX2h0dHBz" * 3, "CBMi" + "A" * 40, "CBM" + "_" * 21, "CBMi" + "_w" * 30])
def test_an_id_without_an_address_stays(id: str) -> None:
    assert normalised_address(f"https://news.google.com/articles/{id}") == f"news.google.com/articles/{id}"


@pytest.mark.parametrize(
    "address",
    [
        "http://www.bing.com/news/apiclick.aspx?ref=x&url=https%3a%2f%2fwww.ledger.example%2fa&c=1",
        "https://getpocket.com/redirect?url=https%3A%2F%2Fledger.example%2Fa",
    ],
)
def test_further_ways_out(address: str) -> None:
    assert normalised_address(address) == "ledger.example/a"
