"""What answers while it runs: the site's pages live in a browser, and tools for an assistant."""
