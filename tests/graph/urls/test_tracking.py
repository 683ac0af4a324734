"""Which items of a query are left out of a story's id, tool by tool, and which stay."""

# items of addresses stand together as they are seen in one

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgraph.graph.urls.identity import normalised_address
from newsgraph.graph.urls.tracking import is_tracking

#: What tools add to links, as it is seen in addresses.
ADDED = {
    "Google Analytics": "utm_source=rss&utm_medium=feed&utm_campaign=Feed%3A+news&utm_brand_new=1&_ga=2.1",
    "Google Ads": "gclid=Cj0KCQ&gclsrc=aw.ds&dclid=CJ&gbraid=0AAAA&wbraid=Cl8K&srsltid=AfmB&adgroupid=77",
    "Google's search": "usqp=mq331AQCKAE%3D",
    "Facebook": "fbclid=IwAR0&fb_action_ids=1&fb_action_types=news.reads"
    "&fb_source=timeline&fref=nf&__tn__=%2As&_ft_=top",
    "Facebook's apps": "mibextid=Zxz2cZ&igshid=YmMyMTA2M2Y%3D&igsh=MzRl",
    "Twitter": "twclid=2-1&ref_src=twsrc%5Etfw&ref_url=https%3A%2F%2Fa.org&__twitter_impression=true",
    "other clicks": "msclkid=ab&yclid=1&ymclid=2&ttclid=E.C.P&li_fat_id=x&trk=public"
    "&epik=dj0y&s_kwcid=AL%213&ef_id=k&rb_clickid=1",
    "Mailchimp": "mc_cid=0f6a&mc_eid=UNIQID",
    "HubSpot": "_hsenc=p2ANqtz&_hsmi=1234&hsCtaTracking=1%7C2&hsa_acc=1&hsa_cam=2",
    "Vero, Marketo, Omeda": "vero_id=a%40b.org&vero_conv=1&mkt_tok=MTIz&oly_enc_id=1A&oly_anon_id=2",
    "other newsletters": "elqTrackId=AB&elqTrack=true&ml_subscriber=1&ml_subscriber_hash=2"
    "&__s=x&ck_subscriber_id=9&een=0a&seen=2",
    "AT Internet": "xtor=RSS-3208&xtref=news.org&xtloc=1&xtnp=1&xtcr=4&xts=5&at_medium=RSS&at_campaign=KARANGA",
    "Matomo": "mtm_campaign=x&pk_campaign=y&piwik_kwd=z&matomo_source=w",
    "Adobe, Webtrends, comScore": "s_cid=1&cmpid=2&CMP=share_btn_tw&ICID=3&WT.mc_id=4"
    "&ns_mchannel=rss&ns_source=x&ns_fee=0",
    "newspapers": "ncid=txtlnk&ocid=msedgntp&smid=tw-share&smtyp=cur&ito=1490&ftag=COS-05&wpisrc=nl_most&wpmm=1&mbid=s",
    "Yahoo": "soc_src=social-sh&soc_trk=tw&guccounter=1&guce_referrer=aHR0"
    "&guce_referrer_sig=AQ&tsrc=rss&_guc_consent_skip=1",
    "buttons": "sr_share=facebook&Echobox=1591&__source=share&sf123456789=1&_openstat=a&_unique_id=5e82",
    "AMP": "amp&isamp=1&_amp=true&wpamp&amp_js_v=0.1&amp_gsa=1&outputType=amp&output=amp&mode=amp&view=amp",
    "WordPress": "replytocom=77&cn-reloaded=1&ao_noptimize=1&share=facebook",
    "sessions": "PHPSESSID=8f2c&jsessionid=1&ASPSESSIONIDQADC=X&CFID=1&CFTOKEN=2&sessionid=3&sid=8f2c2b1d0e9fa7b31c55",
    "values": "ref=nf&source=twitter&spref=fb&sns=tw&platform=hootsuite&_ss=r&fromref=twitter",
}  # fmt: skip


@pytest.mark.parametrize("tool", ADDED)
def test_what_a_tool_adds_to_a_link_is_left_out(tool: str) -> None:
    for item in ADDED[tool].split("&"):
        assert normalised_address(f"https://example.com/story?id=7&{item}") == "example.com/story?id=7", item
    assert normalised_address(f"https://example.com/story?{ADDED[tool]}") == "example.com/story"


@pytest.mark.parametrize(
    "item",
    [
        "id=7", "p=123", "storyid=ab-1", "article=5", "page=2", "sid=12", "m=1", "s=3", "feature=4",
        "refid=9", "q=police",
        "ref=story", "source=reuters", "platform=web", "view=print", "output=json", "mode=full", "share=1", "_ss=e",
        "keyword=amp", "uid=3", "cid=9", "session=2", "medium=print", "campaign=5", "eid=1", "utm=1", "utm_=1", "at=3",
        "xutm_source=1", "seen_at=1", "fbclidx=1", "sf12345=1", "t=10", "link=5", "mod=2", "partner=x",
    ],
)  # fmt: skip
def test_what_may_say_which_page_it_is_stays(item: str) -> None:
    assert normalised_address(f"https://example.com/story?{item}") == f"example.com/story?{item}"


@pytest.mark.parametrize(
    ("domain", "item"),
    [
        ("wsj.com", "mod=rss_x"), ("marketwatch.com", "link=MW_latest_news"), ("nytimes.com", "partner=rss"),
        ("nytimes.com", "_r=2"), ("x.com", "s=20"), ("twitter.com", "t=abc"), ("washingtonpost.com", "itid=hp-top"),
        ("facebook.com", "_rdr=1"), ("huffpost.com", "ir=Media"), ("someone.blogspot.com", "m=1"),
    ],
)  # fmt: skip
def test_some_names_are_left_out_at_one_site_only(domain: str, item: str) -> None:
    assert normalised_address(f"https://{domain}/story?{item}") == f"{domain}/story"
    assert normalised_address(f"https://example.com/story?{item}") == f"example.com/story?{item}"


@given(st.sampled_from(sorted(ADDED)), st.randoms(use_true_random=False), st.text("0123456789abcdefXYZ-_", min_size=1))
def test_case_and_value_of_a_tracking_item_are_no_matter(tool: str, random: object, value: str) -> None:
    if tool in ("values", "AMP", "WordPress", "sessions"):  # some of these depend on the value
        return
    for item in ADDED[tool].split("&"):
        name = item.partition("=")[0]
        written = "".join(random.choice((c.lower(), c.upper())) for c in name)  # type: ignore[attr-defined]  # Random
        assert is_tracking(written, value, "example.com")
