"""Lists of pages that somebody kept: BibTeX, EndNote's XML, bookmarks, mails of Google Alerts."""

# ruff: noqa: E501  # lines as programs write them
from __future__ import annotations

import base64
import quopri

import pytest

from newsgraph.loaders.records import ArticleRecord, Problem, Reading
from newsgraph.loaders.registry import reading_of

BIBTEX = r"""% Encoding: UTF-8
@comment{jabref-meta: databaseType:biblatex;}
@string{led = "The Ledger"}
@online{quay2021,
  title = {{Ferry} runs aground \& is towed},
  author = {Quay, Una and {Agence France-Presse} and van der Pier, Jos{\'e}},
  journaltitle = led # { Online},
  date = {2021-03-01},
  url = {https://ledger.example/2021/ferry\_one},
  urldate = {2024-05-05},
  langid = {english}
}
@article(m, title="F{\"a}hre auf Grund -- wieder", year=2021, month=mar, day=2, url="https://kurier.example/faehre")
@misc{how, title={How}, howpublished={\url{https://ledger.example/how}}, urldate={2024-05-05}}
@misc{x, title={No address}, year={2021}}
@article{archived, title={Archived}, url={https://www.proquest.com/docview/1}}
@book{b, title={A book}, url={https://ledger.example/book}}
@article{cut, title={Cut off}, url={https://ledger.example/cut
"""
BOOKMARKS = """<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<DL><p><DT><H3>News</H3><DL><p>
<DT><A HREF="https://ledger.example/ferry?a=1&amp;b=2" ADD_DATE="1614592800" ICON="data:image/png;base64,i>V" TAGS="sea,ferries">Ferry &amp; dam</A>
<DD>Worth reading
<DT><A HREF="https://ledger.example/" ADD_DATE="1614592800">The Ledger</A>
<DT><A HREF="javascript:alert(1)">Script</A>
</DL><p></DL><p>
"""
LINK = "https://www.google.com/url?rct=j&amp;sa=t&amp;url=https://ledger.example/{}&amp;ct=ga&amp;usg=x"
ALERT = f"""<html><body><a href="{LINK.format("ferry")}"><img src="x.png"></a>
<a href="{LINK.format("ferry")}" itemprop="url"><span itemprop="name"><b>Fähre</b> auf Grund</span></a>
<div itemprop="publisher" itemscope><a style="x"><span itemprop="name">The Ledger</span></a></div>
<div itemprop="description">Alle sind <b>gerettet</b> ...</div>
<a href="https://www.google.com/alerts/share?ru=https://ledger.example/ferry">Share</a>
<a href="{LINK.format("dam")}">Damm</a></body></html>"""


def mail(encoding: str) -> str:
    body = {
        "quoted-printable": quopri.encodestring(ALERT.encode()).decode(),
        "base64": base64.encodebytes(ALERT.encode()).decode(),
        "8bit": ALERT,
    }[encoding]
    return (
        "Delivered-To: x@reader.example\nDate: Mon, 01 Mar 2021 10:00:00 +0000\nMIME-Version: 1.0\n"
        'Content-Type: multipart/alternative; boundary="b1"\n\n--b1\nContent-Type: text/plain\n\nFerry\n--b1\n'
        f'Content-Type: text/html; charset="UTF-8"\nContent-Transfer-Encoding: {encoding}\n\n{body}\n--b1--\n'
    )


NEWSLETTER = 'From: news@ledger.example\nDate: Mon, 01 Mar 2021 10:00:00 +0000\nContent-Type: text/html\n\n<a href="https://ledger.example/x">Read</a>\n'


def records(reading: Reading) -> list[ArticleRecord]:
    return [one for one in reading.records if isinstance(one, ArticleRecord)]


def errors(reading: Reading) -> list[Problem]:
    return [one for one in reading.problems if not (one.doubt or one.remark)]


@pytest.mark.parametrize("ending", [".bib", ".txt"])
def test_bibtex(ending: str) -> None:
    text = BIBTEX if ending == ".bib" else BIBTEX[BIBTEX.index("@online") :].replace("led # ", "{The Ledger} # ")
    reading = reading_of(text.encode(), ending)
    ferry, again, how = records(reading)
    assert (ferry.title, ferry.url) == ("Ferry runs aground & is towed", "https://ledger.example/2021/ferry_one")
    assert (ferry.outlet_name, ferry.language) == ("The Ledger Online", "en")
    assert ferry.authors == ("Una Quay", "Agence France-Presse", "José van der Pier")
    assert (str(ferry.published_at)[:10], ferry.date_quality) == ("2021-03-01", "date_only")
    assert (again.title, str(again.published_at)[:10]) == ("Fähre auf Grund \N{EN DASH} wieder", "2021-03-02")
    assert (how.url, how.date_quality) == ("https://ledger.example/how", "seen")
    lacking, archived, cut = errors(reading)
    assert "no web address for 'No address'" in lacking.message and "'Archived'" in archived.message
    assert "isn't closed" in cut.message and cut.line == text.count("\n", 0, text.index("@article{cut")) + 1
    assert reading.notes == ("1 entries of books and the like are left out",)


def test_a_text_that_many_names_stand_for_is_no_way_to_fill_the_memory() -> None:
    entry = "@article{x, url={https://ledger.example/1}, title={Ferry}, abstract = " + "a # " * 5_000 + "{.}}"
    reading = reading_of(f'@string{{a = "{"long " * 2_000}"}}\n{entry}'.encode(), ".bib")
    (ferry,) = records(reading)
    (problem,) = errors(reading)
    assert ferry.title == "Ferry" and "@string are used too often" in problem.message and problem.remedy


ENDNOTE = (
    '<?xml version="1.0" encoding="UTF-8"?><xml><records>{}<record><titles><title>No address</title></titles>'
    "<dates><year>2021</year></dates></record></records></xml>"
)
FERRY = (
    "<record><contributors><authors><author><style>Quay, Una</style></author></authors></contributors>"
    "<titles><title><style>Ferry </style><style>aground</style></title></titles>"
    "<periodical><full-title>The Ledger</full-title></periodical><keywords><keyword>Sea</keyword></keywords>"
    "<dates><year>2021</year><pub-dates><date>{}</date></pub-dates></dates><urls><related-urls>"
    "<url>https://www.proquest.com/docview/1</url><url>https://ledger.example/a</url></related-urls></urls></record>"
)


@pytest.mark.parametrize("day", ["Mar 1", "March 1, 2021", "2021-03-01"])
def test_endnotes_xml(day: str) -> None:
    reading = reading_of(ENDNOTE.format(FERRY.format(day)).encode(), ".xml")
    (ferry,) = records(reading)
    assert (ferry.title, ferry.url, ferry.outlet_name) == ("Ferry aground", "https://ledger.example/a", "The Ledger")
    assert (ferry.authors, ferry.topics) == (("Una Quay",), ("Sea",))
    assert (str(ferry.published_at)[:10], ferry.date_quality) == ("2021-03-01", "date_only")
    (problem,) = errors(reading)
    assert "no web address for 'No address' (2021)" in problem.message


def test_bookmarks() -> None:
    reading = reading_of(BOOKMARKS.encode(), ".html")
    (ferry,) = records(reading)
    assert (ferry.title, ferry.url) == ("Ferry & dam", "https://ledger.example/ferry?a=1&b=2")
    assert (ferry.excerpt, ferry.topics) == ("Worth reading", ("sea", "ferries"))
    assert (str(ferry.published_at), ferry.date_quality) == ("2021-03-01 10:00:00+00:00", "seen")
    assert not errors(reading) and "2 bookmarks of sites" in reading.notes[0]
    (problem,) = errors(reading_of(BOOKMARKS[: BOOKMARKS.index("</A>")].encode(), ".html"))
    assert "cut off" in problem.message and problem.line == 4


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_mails_of_google_alerts(encoding: str) -> None:
    ferry, dam = records(reading_of(mail(encoding).encode(), ".eml"))
    assert (ferry.title, ferry.url) == ("Fähre auf Grund", "https://ledger.example/ferry")
    assert (ferry.outlet_name, ferry.excerpt) == ("The Ledger", "Alle sind gerettet ...")
    assert (str(ferry.published_at), ferry.date_quality) == ("2021-03-01 10:00:00+00:00", "seen")
    assert (dam.title, dam.outlet_name) == ("Damm", None)


def test_a_mailbox_and_mails_of_others() -> None:
    box = f"From 1@x Mon Mar 01 10:00:00 2021\n{mail('base64')}\nFrom 2@x Mon Mar 01 10:00:00 2021\n{NEWSLETTER}"
    reading = reading_of(box.encode(), ".mbox")
    assert len(records(reading)) == 2 and "1 mails that are not of Google Alerts" in reading.notes[0]
    assert "no mail of Google Alerts" in reading_of(NEWSLETTER.encode(), ".eml").other


def test_a_mail_nested_too_deep_costs_only_itself() -> None:
    deep = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(2_000))
    box = f"From 1@x Mon Mar 01 10:00:00 2021\n{deep}\nFrom 2@x Mon Mar 01 10:00:00 2021\n{mail('8bit')}"
    reading = reading_of(box.encode(), ".mbox")
    assert len(records(reading)) == 2
