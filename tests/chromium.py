"""The browser that tests and measurements use."""

from __future__ import annotations

import shutil

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""What is looked for. The shell draws no windows of its own, which makes it quicker."""


def program(*, whole: bool = False) -> str:
    """Path of the Chromium on this machine; `whole`: one with windows. Fails with what to do where there is none."""
    found = next(filter(None, map(shutil.which, NAMES[whole:])), None)
    if found is None:
        raise AssertionError("Chromium is missing. On Debian: apt-get install chromium")
    return found
