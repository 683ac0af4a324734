"""Which items of a query only follow people around, and say nothing about the page.

Names and values come from ural (https://github.com/medialab/ural), which was made for media research. It also drops
some that carry a page's number elsewhere, so those are kept here, or dropped only on the site that they belong to; and
it lacks some that newspapers' own feeds and newsletters add.
"""

from __future__ import annotations

import re
from functools import lru_cache

#: Dropped by ural, but a story's number or place on some sites (``sid`` is the article in PHP-Nuke).
_MEANINGFUL = frozenset({"sid", "feature", "refid", "campaignid", "recruiter", "m", "s"})

#: Names that ural lacks, added by the tools named beside them.
_TRACKING = frozenset(
    word
    for line in (
        # advertisers' and networks' click numbers
        "msclkid yclid ymclid gbraid wbraid gclsrc srsltid igsh ttclid li_fat_id epik s_kwcid ef_id rb_clickid",
        # newsletters and marketing suites
        "_hsenc _hsmi hsctatracking vero_id vero_conv oly_enc_id oly_anon_id elqtrackid elqtrack wickedid",
        "ml_subscriber ml_subscriber_hash __s ck_subscriber_id bbeml sailthru_id",
        # web analytics
        "wt.mc_id wt_mc_id s_cid cmpid cmp icid intcid intcmp ocid xtor mbid ftag ftcamp smid smtyp wpisrc wpmm wprss",
        "ns_mchannel ns_source ns_campaign ns_linkname ns_fee ito tsrc .tsrc soc_src soc_trk guce_referrer",
        "guce_referrer_sig __source sr_share reflink ref_src ref_url trk",
        # AMP pages
        "amphtml isamp _amp",
        # sessions
        "phpsessid sessid session_id sessionid",
        # WordPress: the comment that a form would answer
        "replytocom",
    )
    for word in line.split()
)
_TRACKING_PATTERN = re.compile(r"sf\d{6,}|aspsessionid[a-z]*|pk_\w+|piwik_\w+|matomo_\w+|hsa_\w+|_openstat")
_TRACKING_VALUES = {
    "view": {"amp"},
    "share": {"facebook", "twitter", "linkedin", "email", "reddit", "tumblr", "pinterest"},
}

_DOW_JONES = frozenset({"mod", "link", "siteid"})
_TRACKING_AT: dict[str, frozenset[str]] = {
    "facebook.com": frozenset({"_rdc", "_rdr", "refid", "refsrc", "paipv", "eav"}),
    "huffingtonpost.com": frozenset({"ir"}),
    "huffpost.com": frozenset({"ir"}),
    "barrons.com": _DOW_JONES,
    "marketwatch.com": _DOW_JONES,
    "wsj.com": _DOW_JONES,
    "nytimes.com": frozenset({"_r", "hp", "emc", "partner", "rref", "nl", "te"}),
    "twitter.com": frozenset({"s", "t", "cxt"}),
    "x.com": frozenset({"s", "t", "cxt"}),
    "washingtonpost.com": frozenset({"tid", "itid", "hpid"}),
    "youtube.com": frozenset({"feature", "si", "pp", "ab_channel", "cbrd", "ucbcb", "app", "t"}),
}
_SESSION = re.compile(r"(?=[^a-z]*[a-z])[0-9a-z]{16,}", re.I)


@lru_cache(maxsize=1 << 12)
def _by_name(name: str) -> bool | None:
    """Whether every item of that name is tracking; None when its value decides."""
    if name in _MEANINGFUL:
        return False
    if name in _TRACKING or _TRACKING_PATTERN.fullmatch(name):
        return True
    # ural's import costs fifteen times a bare start of Python.
    from ural.normalize_url import AMP_QUERY_COMBOS, IRRELEVANT_QUERY_COMBOS, should_strip_query_item  # noqa: PLC0415

    if name in IRRELEVANT_QUERY_COMBOS or name in AMP_QUERY_COMBOS or name in _TRACKING_VALUES:
        return None
    return bool(should_strip_query_item((name, "")))


def is_tracking(name: str, value: str, domain: str) -> bool:
    """Whether the item ``name=value`` in a query at that registered domain says nothing about the page."""
    name = name.lower()
    verdict = _by_name(name)
    if verdict is None:
        from ural.normalize_url import should_strip_query_item  # noqa: PLC0415

        verdict = value.lower() in _TRACKING_VALUES.get(name, ()) or bool(
            should_strip_query_item((name, value.lower()))
        )
    if verdict:
        return True
    if name == "sid":
        return _SESSION.fullmatch(value) is not None
    if name == "m":
        return value in ("0", "1") and "blogspot" in domain.split(".")
    return name in _TRACKING_AT.get(domain, ())
