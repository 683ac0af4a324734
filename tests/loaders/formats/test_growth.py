"""Work grows with a file's size, whatever a hostile file repeats: twice as much takes about twice as long."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest

from newsgraph.graph.events.text.texts import without_source
from newsgraph.graph.gc_pause import collector_paused
from newsgraph.graph.urls.identity import normalised_address
from newsgraph.loaders.json.text import MAXIMUM_MEMORY, parse
from newsgraph.loaders.merging.outlet_names import without_section
from newsgraph.loaders.registry import read

Make = Callable[[int], str]
RSS = '<rss version="2.0"><channel><title>x</title><link>https://a.example</link>{}</channel></rss>'
ITEM = "<item><title>{}</title><link>https://a.example/1</link><description>{}</description></item>"
PAGE = "<!DOCTYPE html><html><head>{}</head><body></body></html>"
PICTURE = '{"@type":"NewsArticle","headline":"x","image":{"url":"https://a.example/1.jpg","width":"1{}x"}}'
LINKED = '<script type="application/ld+json">{}</script>'


def repeated(around: str, part: str) -> Make:
    return lambda times: around.replace("{}", part * times)


def numbered(around: str, part: str) -> Make:
    return lambda times: around.replace("{}", "".join(part.replace("#", str(number)) for number in range(times)))


XML: dict[str, tuple[Make, int]] = {
    "declarations": (repeated("{}", "<?xml "), 20_000),
    "declarations that end": (repeated(f"{{}}{RSS}", "<?xml ?>"), 5_000),
    "document types": (repeated("{}", "<!DOCTYPE x>"), 10_000),
    "brackets in document types": (repeated("{}", "<!DOCTYPE x ["), 10_000),
    "comments that don't end": (repeated("{}", "<!--"), 20_000),
    "tags that don't end": (repeated(RSS.replace("{}", ITEM.format("{}", "x")), "&lt;a b="), 10_000),
    "quotes in tags that don't end": (repeated(RSS.replace("{}", ITEM.format("{}", "x")), "&lt;a b=&quot;"), 10_000),
    "comments in a text": (repeated(RSS.replace("{}", ITEM.format("x", "{}")), "&lt;!--"), 10_000),
    "scripts in a text": (repeated(RSS.replace("{}", ITEM.format("x", "{}")), "&lt;script>"), 10_000),
    "ampersands": (repeated(RSS.replace("{}", ITEM.format("x", "{}")), "& "), 10_000),
    "escaped escapes": (repeated(RSS.replace("{}", ITEM.format("x", "{}")), "&amp;amp;"), 10_000),
    "attributes": (numbered(RSS.replace("{}", "<item {}/>"), ' a#="1"'), 10_000),
    "namespaces": (numbered(RSS.replace("{}", "<item {}/>"), ' xmlns:a#="u#"'), 5_000),
    "undeclared prefixes": (numbered(RSS, "<p#:a/>"), 4_000),
    "broken entries": (repeated(RSS, "<item><title>x</b></title></item>"), 1_000),
    "entries that don't end": (repeated("<rss><channel>{}", "<item>"), 2_000),
    "sections that don't end": (repeated("<rss><channel><item><title>{}", "<![CDATA["), 10_000),
    "depth": (repeated("<rss>{}", "<a>"), 10_000),
    "a map": (repeated("<urlset xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>{}", "<url>"), 5_000),
    "an item of an agency": (repeated("<newsItem xmlns='http://iptc.org/std/nar/2006-10-01/'>{}", "<link/>"), 5_000),
    "an article of an agency": (repeated("<nitf>{}", "<hl1>"), 5_000),
}
HTML: dict[str, tuple[Make, int]] = {
    "quotes that don't end": (repeated(PAGE, '<meta property="'), 10_000),
    "attributes": (numbered(PAGE.replace("{}", "<meta {}>"), " a#=1"), 10_000),
    "scripts": (repeated(PAGE, "<script>"), 10_000),
    "comments": (repeated(PAGE, "<!--"), 10_000),
    "short comments": (repeated(PAGE, "<!-->"), 10_000),
    "headings": (repeated(PAGE, "<h1>"), 5_000),
    "properties": (repeated(PAGE, "<a itemprop=x>"), 5_000),
    "links": (repeated(PAGE, "<link rel=canonical href=/>"), 5_000),
    "times": (repeated(PAGE, "<time datetime=x>"), 5_000),
    "open tags": (repeated(PAGE, "<a  "), 10_000),
    "linked data that doesn't end": (repeated(PAGE.replace("{}", LINKED), '{"@graph":['), 5_000),
    "escaped quotes": (repeated(PAGE.replace("{}", LINKED.replace("{}", '{"a":"{}')), '\\"'), 10_000),
    "blanks in linked data": (repeated(PAGE.replace("{}", LINKED.replace("{}", '{"a":{}x')), " "), 20_000),
    "blocks of linked data": (repeated(PAGE, LINKED.replace("{}", '{"@type":"NewsArticle","headline":"x"}')), 1_000),
    "blanks in a width": (repeated(PAGE.replace("{}", LINKED.replace("{}", PICTURE)), " "), 10_000),
    "references": (
        numbered(
            PAGE.replace("{}", LINKED.replace("{}", "[{}0]")),
            '{"@type":"NewsArticle","@id":"##","headline":"x","publisher":{"@id":"##"}},',
        ),
        1_000,
    ),
}
ARTICLE = '{"articles":[{"title":"x","url":"https://a.example/1",{}}]}'
JSON: dict[str, tuple[Make, int]] = {
    "empty lists": (repeated("[{}0]", "[],"), 20_000),
    "depth": (repeated("{}", "["), 20_000),
    "broken elements": (repeated("[{}", '{"a":x},'), 5_000),
    "broken articles": (repeated('{"articles":[{}', '{"title":"x","url":"https://a.example/1","b":"\\\'},'), 1_000),
    "escapes": (repeated('{"a":"{}"', "\\'"), 20_000),
    "answers a line": (repeated("{}", '{"articles":[{"title":"x","url":"https://a.example/1"}]}\n'), 1_000),
    "objects": (numbered('{{}"z":0}', '"k#":{},'), 10_000),
    "lines": (repeated("{}", '{"a":\n'), 10_000),
    "signs in a byline": (repeated(ARTICLE.replace("{}", '"author":"{}"'), "@"), 450),
    "controls in an address": (repeated(ARTICLE.replace("{}", '"url":"http://a.example/1 b://{}x"'), " \\u0001"), 500),
    "figures in a date": (repeated(ARTICLE.replace("{}", '"published_at":"{}"'), "1"), 20_000),
    "a knowledge graph": (repeated("{}", "20210301100000-1\t20210301100000\t1\tx\t"), 10_000),
}
TABLE = "title,url,date\n{}"
TABLES: dict[str, tuple[Make, int]] = {
    "empty rows": (repeated(TABLE, ",\n"), 5_000),
    "rows": (numbered(TABLE, "Rain #,https://a.example/#,2026-03-02T09:00:00Z\n"), 1_000),
    "cells": (repeated(TABLE, ","), 20_000),
    "columns": (numbered("title,url{}\n", ",c#"), 5_000),
    "quotes that don't end": (repeated(TABLE, '"'), 10_001),
    "doubled quotes": (repeated(TABLE, '""'), 10_000),
    "quoted lines": (repeated(TABLE.replace("{}", '"{}"'), "a\n"), 10_000),
    "separators of many kinds": (repeated("{}", "a;b,c\td|e\n"), 5_000),
    "ends of lines": (repeated(TABLE, "\r"), 10_000),
    "names": (numbered(TABLE, "x,https://a.example/#,March the #th of May\n"), 1_000),
    "addresses": (repeated(TABLE.replace("{}", "x,https://a.example/{}"), "?a=b&amp;"), 5_000),
    "digits": (repeated(TABLE.replace("{}", "x,https://a.example/,{}"), "1"), 20_000),
    "blanks in a date": (repeated(TABLE.replace("{}", "x,https://a.example/,2026{}"), " "), 20_000),
}
MATTER = "---\ntitle: x\nurl: https://a.example/1\n{}\n---\ntext\n"
PAGES: dict[str, tuple[Make, int]] = {
    "lists in lists": (repeated(MATTER.replace("{}", "a: {}"), "["), 5_000),
    "empty lists": (repeated(MATTER.replace("{}", "a: [{}]"), "[],"), 5_000),
    "keys": (numbered(MATTER, "k#: 1\n"), 2_000),
    "the same key": (repeated(MATTER, "k: 1\n"), 2_000),
    "depth": (lambda times: MATTER.replace("{}", "".join(f"{' ' * n}a:\n" for n in range(times))), 100),
    "items": (repeated(MATTER.replace("{}", "tags:\n{}"), "- a\n"), 2_000),
    "names of anchors": (numbered(MATTER.replace("{}", "a:\n{}"), "- &a# 1\n"), 2_000),
    "the same anchor": (repeated(MATTER.replace("{}", "a: &a 1\nb:\n{}"), "- *a\n"), 2_000),
    "quotes that don't end": (repeated(MATTER.replace("{}", 'a: "{}'), '\\"'), 10_000),
    "folded lines": (repeated(MATTER.replace("{}", "a: >\n{}"), "  b\n"), 5_000),
    "dashes": (repeated("{}", "---\n"), 10_000),
    "a title's blanks": (repeated(MATTER.replace("{}", "excerpt: a{}b"), " "), 20_000),
    "colons": (repeated(MATTER.replace("{}", "a: {}"), "a:b:"), 5_000),
    "tabs": (repeated(MATTER.replace("{}", "a: {}"), "\t"), 10_000),
    "comments": (repeated(MATTER, "# a\n"), 5_000),
    "a text's marks": (repeated("---\ntitle: x\nurl: https://a.example/1\n---\n{}", "*_[](<!--"), 10_000),
    "a text's brackets": (repeated("---\ntitle: x\nurl: https://a.example/1\n---\n{}", "["), 20_000),
    "a table of TOML": (numbered("+++\ntitle = 'x'\n{}\n+++\n", "[a#]\n"), 2_000),
    "lists of TOML": (repeated("+++\na = {}\n+++\n", "["), 200),
    "related addresses": (numbered(MATTER.replace("{}", "related:\n{}"), "- https://a.example/r#\n"), 1_000),
}
PRESS: dict[str, tuple[Make, int]] = {
    "braces": (repeated("{}", "{"), 20_000),
    "groups of RTF": (repeated("{\\rtf1 {}}", "{\\b a}"), 5_000),
    "depth of RTF": (repeated("{\\rtf1 {}", "{"), 10_000),
    "controls of RTF": (repeated("{\\rtf1 {}}", "\\u8217?"), 10_000),
    "fields": (repeated("{}", "HD x\nSN y\nPD 2 March 2026\n\n"), 1_000),
    "headings": (repeated("{}", "Copyright 2026\nLoad-Date: March 2, 2026\n"), 2_000),
    "numbers of documents": (numbered("{}", "# of 999 DOCUMENTS\n\nThe Times\n\nMarch 2, 2026\n\nx\n"), 300),
    "letters in place of a day": (
        repeated("Rain\n100 words\n{}\nThe Times\nDocument T00000020260302aaaa\n", "a"),
        20_000,
    ),
    "blanks before a share": (
        repeated("LENGTH: 9 words\nHEADLINE: a\nPERSON: a{}b\nURL: https://a.example/1\n", " "),
        20_000,
    ),
    "lines of a subject": (repeated("LENGTH: 9 words\nHEADLINE: a\nSUBJECT: a\n{}", "b\n"), 40_000),
    "empty lines": (repeated("{}", "\n"), 20_000),
    "blanks": (repeated("{}", " "), 50_000),
}
ALERT = '<a {} href="https://www.google.com/url?url=https://a.example/#">x</a>'.replace("{}", "a" * 300)
ENTRY = "@article{x, url={https://a.example/1}, title={x}, {}\n}"
KEPT: dict[str, tuple[Make, int, str]] = {
    "blanks in an entry": (repeated("@a{{}", " "), 2_000, ".bib"),
    "texts that don't end": (repeated("{}", '@string{a = "{'), 2_000, ".bib"),
    "blanks between authors": (repeated(ENTRY.replace("{}", "author={a{}b}"), " "), 5_000, ".bib"),
    "blanks after an accent": (repeated(ENTRY.replace("{}", "abstract={\\'{}}"), " "), 5_000, ".bib"),
    "entries": (repeated("{}", ENTRY), 500, ".bib"),
    "links in each other": (repeated("<!DOCTYPE NETSCAPE-Bookmark-file-1>{}</a>", "<a href=x/y>"), 2_000, ".html"),
    "links of alerts": (numbered("From: a\nContent-Type: text/html\n\n{}", ALERT), 100, ".eml"),
    "lines of a value": (repeated("TY  - NEWS\nTI  - a\n{}", "b\n"), 20_000, ".ris"),
}
CASES = {
    **{f"xml: {name}": (*case, ".xml") for name, case in XML.items()},
    **{f"html: {name}": (*case, ".html") for name, case in HTML.items()},
    **{f"json: {name}": (*case, ".json") for name, case in JSON.items()},
    **{f"table: {name}": (*case, ".csv") for name, case in TABLES.items()},
    **{f"tabs: {name}": (*case, ".tsv") for name, case in TABLES.items()},
    **{f"page: {name}": (*case, ".md") for name, case in PAGES.items()},
    **{f"press: {name}": (*case, ".txt") for name, case in PRESS.items()},
    **{f"rtf: {name}": (*case, ".rtf") for name, case in PRESS.items()},
    **{f"kept: {name}": case for name, case in KEPT.items()},
}


def seconds(work: Callable[[], object]) -> float:
    with collector_paused():  # as a load does
        began = process_time()
        work()
        return process_time() - began


def check_growth(measured: Callable[[int], float], times: int) -> None:
    """Four times as much takes no more than linear work would: squared growth would take sixteen times.

    The least of a few counts, and of a few more if that isn't little enough, for others use the machine, too.
    """
    small, large = (min(measured(many) for _ in range(3)) for many in (times, 4 * times))
    for _ in range(8):
        if large < 9 * max(small, 0.02):
            break
        large = min(large, measured(4 * times))
    assert large < 9 * max(small, 0.02), (small, large)


#: What is done with texts of stories after they were read.
TEXTS: dict[str, tuple[Callable[[int], object], int]] = {
    "ends of a title": (lambda times: without_source("a" + " - Reuters" * times, frozenset({"reuters"})), 2_000),
    "sections of a name": (lambda times: without_section("a" + " (blog)" * times), 2_000),
    "an address that is too long": (lambda times: normalised_address("https://a.example" + "/a.amp" * times), 2_000),
}


@pytest.mark.parametrize("name", CASES)
def test_four_times_as_much_takes_no_more_than_linear_work_would(name: str) -> None:
    make, times, ending = CASES[name]
    read(make(10).encode(), ending)  # what is imported only once

    def measured(many: int) -> float:
        data = make(many).encode()
        return seconds(lambda: read(data, ending))

    check_growth(measured, times)


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_of_four_times_as_much_takes_no_more_either(name: str) -> None:
    work, times = TEXTS[name]
    check_growth(lambda many: seconds(lambda: work(many)), times)


def test_json_of_very_many_small_values_is_refused_before_it_is_made() -> None:
    text = "[" + "[]," * (MAXIMUM_MEMORY // 200) + "0]"
    began = process_time()
    found = parse(text)
    assert found.kind == "broken" and "too many small values" in found.problems[0].message
    assert process_time() - began < 5
