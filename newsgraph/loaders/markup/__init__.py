"""What the formats in XML and HTML share: trees of broken XML, tags of web pages, plain text, addresses."""
