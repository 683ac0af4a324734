"""Shared by the formats in XML and HTML: trees of broken XML, tags of web pages, plain text, addresses."""
