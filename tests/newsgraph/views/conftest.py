"""The browser for tests of pages, and the check of their accessibility."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import Browser, browser, shared_browser

__all__ = ["axe_faults", "browser", "shared_browser"]

AXE = Path(__file__).parents[3] / ".cache" / "node_modules" / "axe-core" / "axe.min.js"


def axe_faults(browser: Browser) -> list[str]:
    """What axe-core finds in the page that is open, however slight; skips the test where axe-core isn't there."""
    if not AXE.exists():
        pytest.skip("axe-core is not here: npm install --prefix .cache axe-core@4.14.1")
    browser.run(AXE.read_text(encoding="utf-8"))
    found: list[str] = browser.driver.execute_async_script(
        """const done = arguments[arguments.length - 1];
        axe.run(document, {resultTypes: ['violations'], preload: false}).then(r => done(r.violations
          .map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | '))))"""
    )
    return found
