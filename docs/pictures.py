"""Take the pictures of the documents from the running demo: `make pictures`. Needs Chromium."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
BIND = "127.0.0.1:8765"
SIGN_IN = ("demo", "try-the-demo")
PICTURES = {"home": "/", "review": "/review/?problem=typo"}
SECONDS_TO_START = 180
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@contextlib.contextmanager
def demo() -> Iterator[str]:
    """This will run the demo within the block and give its address."""
    process = subprocess.Popen([sys.executable, ROOT / "manage.py", "demo", "--bind", BIND])  # noqa: S603
    try:
        _wait(f"http://{BIND}/health/ready/")
        yield f"http://{BIND}"
    finally:
        process.terminate()
        process.wait()


def take(address: str) -> None:
    """This will sign in and write a picture of each page, as wide as the documents show it."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or "google-chrome"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        page = browser.new_page(base_url=address, viewport={"width": 1280, "height": 800})
        page.goto("/account/sign-in/")
        page.get_by_label("Email address or username").fill(SIGN_IN[0])
        page.get_by_label("Password", exact=True).fill(SIGN_IN[1])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{address}/")
        for name, path in PICTURES.items():
            page.goto(path)
            page.screenshot(path=ROOT / "docs" / "pictures" / f"{name}.png")
        browser.close()


def _wait(url: str) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):  # noqa: S310 - ours
            return
        time.sleep(0.5)
    message = "The demo did not start."
    raise SystemExit(message)


if __name__ == "__main__":
    with demo() as running_at:
        take(running_at)
