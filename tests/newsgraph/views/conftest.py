"""The browser for tests of pages."""

from tests.browser import browser, shared_browser

__all__ = ["browser", "shared_browser"]
