"""Knows the query items that only track readers and say nothing about the page.

The tables were made for this project. They are ordered by the tool, network or site that adds the items to links. The
names come from lists that are free to use, from the documentation of tools, and from addresses as they are found;
docs/dependencies.md says which. Ids of stories depend on these tables: adding or removing a name changes the id of
every story that has it in its address.
"""

from __future__ import annotations

import re
from functools import lru_cache

from newsgraph.patterns import later

#: Names in lower case. An item with one of these names is tracking on every site, whatever its value.
_TRACKING = frozenset(
    word
    for line in (
        # Google: clicks on advertisements and free listings, AdWords' own values, visits across sites, copies in search
        "gclid gclsrc dclid gbraid wbraid srsltid adgroupid _ga usqp",
        # Facebook and Instagram: clicks, shared actions, where in the feed a link stood, the app that it was opened in
        "fbclid fb_action_ids fb_action_types fb_source fref __tn__ _ft_ mibextid igsh igshid",
        # Twitter: clicks, widgets, links opened in its app
        "twclid ref_src ref_url __twitter_impression",
        # Clicks counted by other networks: Microsoft, Yandex and Yahoo, TikTok, LinkedIn, Pinterest, Adobe, and others
        "msclkid yclid ymclid ttclid li_fat_id trk epik s_kwcid ef_id rb_clickid",
        # Newsletters and marketing suites: Mailchimp, HubSpot, Vero, Marketo, Omeda, Eloqua, MailerLite, Drip,
        # ConvertKit, Sailthru, MagNews, Wicked Reports and others
        "mc_cid mc_eid _hsenc _hsmi hsctatracking vero_id vero_conv mkt_tok oly_enc_id oly_anon_id elqtrackid elqtrack",
        "ml_subscriber ml_subscriber_hash __s ck_subscriber_id sailthru_id een seen wickedid bbeml",
        # Web analytics: Webtrends, Adobe, comScore, AT Internet (campaigns, places of links, results of searches) and
        # what publishers pass to them
        "wt.mc_id wt_mc_id s_cid cmpid cmp icid intcid intcmp ocid ncid",
        "ns_mchannel ns_source ns_campaign ns_linkname ns_fee xtor xtref xtloc xtcr xtnp xts",
        "mbid ftag ftcamp smid smtyp wpisrc wpmm wprss ito",
        # Yahoo and AOL: where a reader came from, and the pages that ask for consent
        "tsrc .tsrc soc_src soc_trk guce_referrer guce_referrer_sig guccounter _guc_consent_skip",
        # Buttons and services that share: SimpleReach, Echobox and others
        "__source sr_share reflink echobox _unique_id",
        # AMP pages
        "amp amphtml isamp _amp wpamp",
        # WordPress: the comment that a form would answer, the consent to cookies, a cache asked to stand aside
        "replytocom cn-reloaded ao_noptimize",
        # Sessions: PHP, Java, ASP, ColdFusion and others
        "phpsessid phpsessionid jsessionid aspsessionid sessid session_id sessionid cfid cftoken",
    )
    for word in line.split()
)

#: Tools whose items all begin in the same way: Google Analytics, Piano (AT Internet), Matomo (Piwik), HubSpot's
#: advertisements, AMP caches and viewers, SocialFlow, sessions of ASP, Openstat, Google's translations of pages.
_FAMILY = later(
    r"(?:utm|at|mtm|amp)_.+|(?:pk|piwik|matomo|hsa|_x_tr)_\w+|sf\d{6,}|aspsessionid[a-z]+|_openstat", re.ASCII
)

#: Names whose items are tracking only with some values, which say how a link was shared or that the page is an AMP
#: page.
_TRACKING_VALUES: dict[str, frozenset[str]] = {
    name: frozenset(values.split())
    for name, values in {
        "mode": "amp",
        "output": "amp",
        "outputtype": "amp",
        "view": "amp",
        "marfeeltn": "amp",
        "share": "facebook twitter linkedin email reddit tumblr pinterest",
        "platform": "hootsuite",
        # Blogger's buttons, YouTube's on telephones, and those of newspapers
        "spref": "fb tw tw_i twitter ts",
        "sns": "tw",
        "source": "twitter",
        "fromref": "twitter",
        # Facebook's own feed, search and notices; links shared there and on Twitter; feeds and shorteners
        "ref": "nf ts notif m_notif bookmark bookmarks fb fb_i tw tw_i twitter twhr twhs twtrec feed shortener viral"
        " distributor_share",
        # Shopify: a result of the shop's own search
        "_ss": "r",
    }.items()
}

_DOW_JONES = frozenset({"mod", "link", "siteid"})
#: Names that say nothing about the page at these registered domains. Elsewhere they may give a story's number or place.
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
_SESSION = later(r"(?=[^a-z]*[a-z])[0-9a-z]{16,}", re.I)


@lru_cache(maxsize=1 << 12)
def _is_tracking_everywhere(name: str) -> bool:
    return name in _TRACKING or _FAMILY.fullmatch(name) is not None


def is_tracking(name: str, value: str, domain: str) -> bool:
    """Tells whether the item ``name=value`` in a query at that registered domain says nothing about the page.

    ``sid`` counts only when its value looks like a session's id: in PHP-Nuke it is the article's number.
    """
    name = name.lower()
    if _is_tracking_everywhere(name):
        return True
    if name in _TRACKING_VALUES and value.lower() in _TRACKING_VALUES[name]:
        return True
    if name == "sid":
        return _SESSION.fullmatch(value) is not None
    if name == "m":
        return value in ("0", "1") and "blogspot" in domain.split(".")
    return name in _TRACKING_AT.get(domain, ())
