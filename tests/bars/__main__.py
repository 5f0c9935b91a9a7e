"""Hold every page to its bars and write the tables. See the package."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests import chromium
from tests.bars import axe, lighthouse
from tests.server import REPOSITORY, Server

SONGS = 500
ALICE = "alice@example.org"
SCREENS = ((1280, 800), (390, 844))
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = (320, 360, 390, 560, 768, 900, 1021, 1280, 1440, 1920)
WEIGHED = ("create", "library", "song", "shared")
MEASURED = ("create", "library", "song", "shared")
TABLE = Path(__file__).with_name("TABLE.md")
OWN = "/static/js/"
MOST_KB = 200
OWN_SCRIPT_KB = 30


@contextmanager
def site(songs: int = SONGS) -> Iterator[tuple[Server, dict[str, str]]]:
    """A site on which nobody makes songs, with Alice's rows; and the paths of her pages."""
    with tempfile.TemporaryDirectory(prefix="duplet-bars-") as folder:
        server = Server(Path(folder), RELAY="apart")
        server.start()
        try:
            server.sign_in_link(ALICE)
            command = [sys.executable, "-m", "tests.bars.site", ALICE, str(songs)]
            env = server.env | {"PYTHONPATH": os.fspath(REPOSITORY)}
            made = subprocess.run(command, cwd=REPOSITORY, env=env, capture_output=True, text=True, check=True)
            yield server, json.loads(made.stdout.splitlines()[-1])
        finally:
            server.stop()


def signed_in(browser: Browser, server: Server, **settings: Any) -> BrowserContext:
    """Alice's browser."""
    context = browser.new_context(**settings)
    page = context.new_page()
    page.goto(server.sign_in_link(ALICE))
    page.close()
    return context


def accessible(browser: Browser, server: Server, pages: Mapping[str, str]) -> list[str]:
    """The table of axe's findings, of complaints in the console, and of pages wider than their screen."""
    rows = ["| page | axe violations | console | wider than the screen |", "|---|---|---|---|"]
    complaints: list[str] = []
    with signed_in(browser, server) as context:
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        for name, path in pages.items():
            found: dict[str, int] = {}
            wide: list[int] = []
            complaints.clear()
            for theme in THEMES:
                page.emulate_media(color_scheme=theme)
                for width, height in SCREENS:
                    page.set_viewport_size({"width": width, "height": height})
                    page.goto(f"{server.url}{path}")
                    page.wait_for_timeout(150)
                    for line in axe.violations(page):
                        found[line] = found.get(line, 0) + 1
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    wide.append(width)
            said = sorted({text for text in complaints if "404" not in text or name != "nothing there"})
            told = [f"{line} ({times} of 4)" for line, times in found.items()]
            rows.append(f"| {name} | {'<br>'.join(told) or '0'} | {'<br>'.join(said) or '0'} | {wide or '0'} |")
            sys.stderr.write(f"{rows[-1]}\n")
    return rows


def weight(browser: Browser, server: Server, pages: Mapping[str, str]) -> list[str]:
    """The table of what a first visit brings over the line, in kB as sent, without sound."""
    rows = [
        "| page | all | HTML | styles | scripts | own scripts | fonts | pictures |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name in WEIGHED:
        with signed_in(browser, server, viewport={"width": 1280, "height": 800}) as context:
            page = context.new_page()
            line = context.new_cdp_session(page)
            kinds: dict[str, tuple[str, str]] = {}
            sizes: dict[str, float] = {}
            line.send("Network.enable")
            line.send("Network.setCacheDisabled", {"cacheDisabled": True})

            def hear(said: dict[str, Any], kinds: dict[str, tuple[str, str]] = kinds) -> None:
                kinds[said["requestId"]] = (said["type"], said["response"]["url"])

            def end(said: dict[str, Any], sizes: dict[str, float] = sizes) -> None:
                sizes[said["requestId"]] = said["encodedDataLength"] / 1000

            line.on("Network.responseReceived", hear)
            line.on("Network.loadingFinished", end)
            page.goto(f"{server.url}{pages[name]}")
            page.wait_for_timeout(1500)
            heard = {
                key: (*kinds[key], size) for key, size in sizes.items() if key in kinds and kinds[key][0] != "Media"
            }

            def of(kind: str, within: str = "", heard: dict[str, tuple[str, str, float]] = heard) -> float:
                return sum(size for what, url, size in heard.values() if what == kind and within in url)

            parts = [
                of("Document"),
                of("Stylesheet"),
                of("Script"),
                of("Script", "/static/js/"),
                of("Font"),
                of("Image"),
            ]
            total = sum(size for *_, size in heard.values())
            rows.append(f"| {name} | {total:.0f} | " + " | ".join(f"{part:.1f}" for part in parts) + " |")
            sys.stderr.write(f"{rows[-1]}\n")
    return rows


def main() -> None:
    """Run what is asked for, print it, and write the table where all of it ran."""
    parser = argparse.ArgumentParser(prog="python -m tests.bars", description=__doc__)
    parser.add_argument("--only", choices=("axe", "weight", "lighthouse"))
    only = parser.parse_args().only
    told: list[str] = []
    with site() as (server, pages):
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium.program(), args=list(chromium.FLAGS))
            if only in (None, "axe"):
                told += ["", f"## Each page and state: axe, console, width ({len(pages)}, 2 themes, 2 screens)", ""]
                told += accessible(browser, server, pages)
            if only in (None, "weight"):
                told += ["", f"## First load in kB as sent (bar {MOST_KB}; own scripts {OWN_SCRIPT_KB})", ""]
                told += weight(browser, server, pages)
            browser.close()
        if only in (None, "lighthouse"):
            told += ["", "## Lighthouse 12.8.2 (performance, accessibility, best practices, SEO)", ""]
            told += lighthouse.table(server, {name: pages[name] for name in MEASURED}, ALICE)
    text = "\n".join(
        ["# What the pages are held to", "", f"With a library of {SONGS} songs. `make bars` makes it.", *told, ""]
    )
    sys.stdout.write(text)
    if only is None:
        TABLE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
