"""A real browser, and what it must never meet: messages in its console, barriers on a page."""

import os
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from onboarding.sample_dns import SampleDns
from tests.embedded_server import ROOT, EmbeddedServer

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
NO_CHROMIUM = (
    "needs Chromium: `apt install chromium`, or name another one by CHROMIUM=/path/to/chromium"
)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE = 15_000


@pytest.fixture(scope="module")
def chromium():
    """Chromium without a window. Without one installed these tests are skipped, in CI they fail.

    Playwright keeps an event loop running in this thread for as long as it lives, and no other
    loop can run beside it: it must be gone before the tests of the next file begin.
    """
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(NO_CHROMIUM)
        pytest.skip(NO_CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def server(tmp_path):
    """The product in one process, with the sample's name server and an empty database."""
    names = SampleDns(ROOT / "sample" / "dns.csv")
    names.start()
    server = EmbeddedServer(tmp_path, names.address)
    server.environment["SWEEP_SECONDS"] = "2"  # what is due in time need not be waited for
    with server.started():
        yield server
    names.stop()


class Person:
    """Somebody at a screen of her own."""

    def __init__(self, browser, server, **screen):
        self.context = browser.new_context(
            base_url=server.base_url, accept_downloads=True, reduced_motion="reduce", **screen
        )
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.said = []
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def _listen(self, message):
        # A form that is shown again with what is wrong is a 422, which the browser reports.
        if message.type in ("error", "warning") and "status of 422" not in message.text:
            self.said.append(f"{message.type}: {message.text} ({self.page.url})")

    def looks(self, name):
        """This will prove that the page has no barrier, no sideways scroll, no error."""
        self.page.wait_for_load_state()
        found = Axe().run(self.page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{name} scrolls sideways by {wide} px"
        assert self.said == [], name
