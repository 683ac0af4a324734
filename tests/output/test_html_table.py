"""Tables for notebooks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from newsgraph.graph.stores.protocol import Rows
from newsgraph.output.html_table import NOTEBOOK_ROWS, html_page, html_table


def test_rows_of_a_query_show_in_a_notebook_and_run_nothing() -> None:
    hostile = "<script>alert(1)</script>"
    shown = Rows((hostile, "n"), [(hostile, 1 / 3), ({"a": "<b>"}, None)])._repr_html_()
    assert shown.startswith("<table>") and "<script>" not in shown and "<b>" not in shown
    assert "<th>&lt;script&gt;" in shown and "<td>&lt;script&gt;" in shown
    assert "<td>0.333333</td>" in shown and "<td></td>" in shown
    assert "limit" not in shown and "limit" in Rows(("n",), [(1,)], cut=True)._repr_html_()


@pytest.mark.parametrize("more", [0, 1])
def test_a_long_answer_says_how_much_of_it_is_shown(more: int) -> None:
    total = NOTEBOOK_ROWS + more
    shown = html_table(("n",), [(number,) for number in range(total)], total=total, notes=["a < b"])
    assert shown.count("<td>") == NOTEBOOK_ROWS
    assert (f"{NOTEBOOK_ROWS} of {total} rows" in shown) is bool(more) and "<p>a &lt; b</p>" in shown


def test_times_are_in_utc() -> None:
    time = datetime(2020, 6, 11, 14, 30, tzinfo=timezone(timedelta(hours=2)))
    shown = html_table(("a", "b", "c"), [(time, time.astimezone(UTC), time.replace(tzinfo=None))], total=1)
    assert shown.count("<td>2020-06-11T12:30:00Z</td>") == 2 and "<td>2020-06-11T14:30:00</td>" in shown


def test_a_page_of_a_table_is_whole_and_inert() -> None:
    """Every row, every text escaped, no script, nothing from elsewhere; only web addresses are links."""
    hostile = "<script>alert(1)</script>\"' onload=x"
    rows = [[hostile, 'https://a.example/?a=1&b="2', "javascript:alert(1)", 0.1 + 0.2]] * 250
    page = "".join(html_page(("<b>", "url", "x", "n"), rows, title=hostile, meanings=(hostile,) * 4, notes=[hostile]))
    assert "<script" not in page and "<b>" not in page and page.count("<tr>") == 251
    assert page.count('href="https://a.example/?a=1&amp;b=&quot;2"') == 250 and 'href="javascript' not in page
    assert "0.30000000000000004" in page, "numbers are exact"
    assert "default-src 'none'" in page and 'lang="en"' in page
