"""The names that people give to the usual fields: those of Smartable, Hugo and Jekyll, and of tables by newspapers and
collectors. Front matter, tables and JSON of no known service are read by these names."""

from __future__ import annotations

from newsgraph.loaders.fields.converters import negated
from newsgraph.loaders.fields.dialect import Dialect

GENERAL = Dialect(
    name="articles",
    fields={
        "title": ("title", "headline", "story_title", "article_title"),
        "excerpt": (
            "excerpt", "description", "summary", "abstract", "snippet", "lead", "standfirst", "teaser",
            "subtitle", "dek",
        ),
        "url": (
            "webUrl", "canonical_url", "canonicalURL", "canonical", "url", "link", "permalink", "external_url",
            "externalUrl", "web_url", "story_url", "article_url", "href", "uri", "news_url", "newsUrl", "post_url",
            "page_url", "pageUrl", "full_url", "original_link", "source_url", "sourceURL", "source_link",
        ),
        "amp_url": ("ampWebUrl", "amp_url"),
        "cdn_amp_url": ("cdnAmpWebUrl", "cdn_amp_url"),
        "original_url": ("originalUrl", "original_url"),
        "kind": ("type", "kind"),
        "category": ("category", "section", "categories", "desk"),
        "quality": ("quality",),
        "heat": ("heat",),
        "published": ("published", "draft"),
        "language": ("locale", "language", "lang"),
        "topics": ("topics", "tags", "keywords", "subjects", "themes", "topic"),
        "outlet_name": (
            "outlet_name", "outlet", "source.name", "publisher.name", "publication", "source", "publisher",
            "media_name", "newspaper", "site_name", "sitename", "provider_name",
        ),
        "outlet_domain": ("outlet_domain", "source_domain", "media_url", "domain", "provider_domain"),
        "outlet_logo_url": ("outlet_logo_url",),
        "outlet_country": ("outlet_country", "source_country", "sourcecountry", "media_country", "publisher_country"),
        "country": ("country", "country_code", "countryCode"),
        "credit": (
            "agency", "news_agency", "newsAgency", "agencies", "creditline", "credit_line", "wire", "wire_service",
        ),
        "authors": ("authors", "author", "byline", "bylines", "creator", "writer", "journalist", "reporter"),
    },
    time=(
        "publishedDateTime", "published_at", "publishedAt", "published_date", "publish_date", "publishDate", "pubDate",
        "date_publish", "date_published", "datePublished", "published_on", "pub_date", "publication_date", "date",
        "datetime", "timestamp", "time", "published", "date_gmt", "dateline", "posted_at", "postedAt", "posted",
        "created_at", "createdAt", "date_created", "dateCreated", "created",
    ),
    seen=("seendate", "indexed_date", "date_download", "crawled"),
    images=(
        "images", "image", "cover.image", "cover", "image_url", "imageUrl", "urlToImage", "featured_image",
        "featuredImage", "feature_image", "header.image", "header.teaser", "thumbnail", "top_image", "socialimage",
        "main_image", "hero",
    ),
    provider="provider",
    related="related",
    left_out=frozenset(
        {
            # large, private, or not needed by any question
            "secured", "featuredContent", "content", "highlight", "hashtags", "updatedDateTime", "sourceUrl", "path",
            "attribution", "body", "text", "content_html", "content_text",
            # about how a site is built, not about the article
            "layout", "slug", "weight", "aliases", "lastmod", "last_modified_at", "lastModified", "modified", "updated",
            "date_modified", "toc", "comments", "share", "series", "menu", "expiryDate", "id", "_id", "guid", "draft",
            "isCJKLanguage", "markup", "outputs", "resources", "redirect_from", "redirect_to", "excerpt_separator",
            "pin", "math", "sitemap", "params", "featured", "show_date", "read_time", "classes", "sidebar",
        }
    ),
    address_name="webUrl",
    converters={"draft": negated},
)  # fmt: skip
