"""A real browser for tests of pages: Debian's Chromium over WebDriver, with no network and a fresh profile.

Importing a fixture from here into a test module is enough. Without Chromium and its driver the tests skip, with one
line that says what to install; under CI a skip is a failure.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--proxy-server=127.0.0.1:9",  # nothing answers there: a request fails at once, and is seen
)
INSTALL = "Chromium and its driver are not here: apt-get install chromium chromium-driver"


class Browser:
    """One tab. ``open`` forgets what the page before asked for and logged."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver
        self.requests: list[str] = []
        self.messages: list[str] = []

    def open(
        self, page: Path | str, *, width: int = 1280, height: int = 860, dark: bool = False, ready: str = "return true"
    ) -> None:
        """Opens a file or an address, and waits until the script ``ready`` returns something true."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600},
        )
        scheme = "dark" if dark else "light"
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        )
        self.driver.get("about:blank")
        self.look()
        self.requests.clear()
        self.messages.clear()
        self.driver.get(page if isinstance(page, str) else page.as_uri())
        self.wait(ready)

    def wait(self, script: str, *arguments: object, seconds: float = 30.0) -> Any:
        """What the script returns, once that is true; TimeoutError when it does not become so."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = self.run(script, *arguments)
            if value:
                return value
            time.sleep(0.03)
        raise TimeoutError(f"{script!r} did not become true; the page logged {self.look().messages}")

    def run(self, script: str, *arguments: object) -> Any:
        """What a script returns."""
        return self.driver.execute_script(script, *arguments)

    def look(self) -> Browser:
        """Reads what the page has asked for and logged so far into ``requests`` and ``messages``."""
        for entry in self.driver.get_log("performance"):
            event = json.loads(entry["message"])["message"]
            if event["method"] == "Network.requestWillBeSent":
                self.requests.append(event["params"]["request"]["url"])
        self.messages += [entry["message"] for entry in self.driver.get_log("browser")]
        return self

    def keys(self, *keys: str) -> None:
        """Types into whatever has the focus."""
        from selenium.webdriver import ActionChains

        ActionChains(self.driver).send_keys(*keys).perform()

    def click(self, selector: str) -> None:
        """Clicks the element that a CSS selector finds, in the middle of the window, where nothing lies over it."""
        from selenium.webdriver.common.by import By

        element = self.driver.find_element(By.CSS_SELECTOR, selector)
        self.run("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
        element.click()

    def click_at(self, x: float, y: float) -> None:
        """Clicks at a place of the window."""
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.driver.execute_cdp_cmd(
                "Input.dispatchMouseEvent",
                {"type": kind, "x": x, "y": y, "button": "none" if kind == "mouseMoved" else "left", "clickCount": 1},
            )


def start(profile: Path, flags: Sequence[str] = FLAGS) -> Browser:
    """Starts a browser with a profile in that folder; ``.driver.quit()`` ends it. Skips the test without Chromium."""
    chromium = shutil.which("chromium")
    chromedriver = shutil.which("chromedriver")
    if not chromium or not chromedriver:
        pytest.skip(INSTALL)
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*flags, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return Browser(webdriver.Chrome(options=options, service=Service(chromedriver)))


@pytest.fixture(scope="session")
def shared_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = start(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.driver.quit()


@pytest.fixture
def browser(shared_browser: Browser) -> Iterator[Browser]:
    """A browser that fails the test when its page asks for anything or logs an error."""
    yield shared_browser
    shared_browser.look()
    asked = [url for url in shared_browser.requests if not url.startswith(("file:", "about:", "data:,", "blob:"))]
    assert not asked, f"the page asked for {asked}"
    assert not shared_browser.messages, f"the page logged {shared_browser.messages}"
