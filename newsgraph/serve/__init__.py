"""Programs that answer while they run: the site's pages in a browser, and tools for an assistant."""
