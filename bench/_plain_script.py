"""The plain script that loading is compared with: python-frontmatter, pydantic, ids by w3lib, and a NetworkX graph with
all properties of the schema, saved as JSON. It is what someone would write in an afternoon.

    python bench/_plain_script.py FOLDER OUT.json
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import frontmatter
import networkx
from pydantic import BaseModel
from w3lib.url import canonicalize_url


class Provider(BaseModel):
    name: str | None = None
    domain: str | None = None


class Image(BaseModel):
    url: str
    width: int | None = None
    height: int | None = None
    isCached: bool | None = None  # noqa: N815  # the file's own name
    title: str | None = None


class Article(BaseModel):
    title: str
    excerpt: str | None = None
    publishedDateTime: datetime | None = None  # noqa: N815
    webUrl: str | None = None  # noqa: N815
    ampWebUrl: str | None = None  # noqa: N815
    cdnAmpWebUrl: str | None = None  # noqa: N815
    originalUrl: str | None = None  # noqa: N815
    type: str | None = None
    category: str | None = None
    quality: int | None = None
    heat: int | None = None
    published: bool | None = None
    provider: Provider = Provider()
    topics: list[str] = []
    images: list[Image] = []
    related: list[Article] = []


def add(graph: networkx.MultiDiGraph, article: Article, source: str, role: str) -> str:
    key: str = canonicalize_url(article.webUrl or article.originalUrl or article.ampWebUrl)
    values = article.model_dump(exclude={"provider", "topics", "images", "related"}, exclude_none=True, mode="json")
    for spelling in (article.ampWebUrl, article.cdnAmpWebUrl, article.originalUrl):
        if spelling and canonicalize_url(spelling) != key:
            graph.add_node("Address:" + canonicalize_url(spelling), label="Address")
            graph.add_edge("Address:" + canonicalize_url(spelling), "Story:" + key, key="ADDRESS_OF")
    graph.add_node("Story:" + key, label="Story", id=key, **values)
    if article.provider.domain:
        graph.add_node("Outlet:" + article.provider.domain, label="Outlet", name=article.provider.name)
        graph.add_edge("Story:" + key, "Outlet:" + article.provider.domain, key="PUBLISHED_BY")
    for topic in article.topics:
        graph.add_node("Topic:" + topic.lower(), label="Topic", name=topic)
        graph.add_edge("Story:" + key, "Topic:" + topic.lower(), key="ABOUT")
    for position, image in enumerate(article.images):
        image_key = "Image:" + canonicalize_url(image.url)
        graph.add_node(image_key, label="Image", **image.model_dump(exclude_none=True))
        graph.add_edge("Story:" + key, image_key, key="HAS_IMAGE", position=position)
    graph.add_edge(source, "Story:" + key, key="MENTIONS", role=role)
    return key


def main(folder: str, out: str) -> None:
    graph: Any = networkx.MultiDiGraph()
    for path in sorted(Path(folder).glob("*.md")):
        article = Article.model_validate(frontmatter.load(str(path), encoding="utf-8-sig").metadata)
        source = "Source:" + path.name
        graph.add_node(source, label="Source", path=path.name)
        key = add(graph, article, source, "main")
        for position, related in enumerate(article.related):
            other = add(graph, related, source, "related")
            graph.add_edge("Story:" + key, "Story:" + other, key="RELATED_TO", position=position)
    with Path(out).open("w", encoding="utf-8") as stream:
        json.dump(networkx.node_link_data(graph, edges="edges"), stream)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
