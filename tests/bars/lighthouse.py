"""Lighthouse on pages of somebody who is signed in, for a desktop and for a phone."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests import chromium
from tests.server import REPOSITORY, Server

PROGRAM = REPOSITORY / ".venv" / "lighthouse" / "node_modules" / ".bin" / "lighthouse"
"""Fetched by `make lighthouse`."""
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FORMS = {"desktop": ["--preset=desktop"], "mobile": ["--form-factor=mobile"]}
LONGEST = 180.0


def table(server: Server, pages: Mapping[str, str], email: str) -> list[str]:
    """A row for each page and kind of screen: four scores of 100, LCP and CLS, and what was found wanting."""
    if not PROGRAM.is_file():
        raise AssertionError("Lighthouse is missing. Run: make lighthouse")
    rows = ["| page | screen | performance | accessibility | best practices | SEO | LCP s | CLS | wanting |"]
    rows.append("|---|---|---|---|---|---|---|---|---|")
    cookie = _cookie(server, email)
    for name, path in pages.items():
        for form, flags in FORMS.items():
            told = _run(f"{server.url}{path}", flags, cookie)
            scores = [str(round(100 * (told["categories"][one]["score"] or 0))) for one in CATEGORIES]
            audits = told["audits"]
            lcp = audits["largest-contentful-paint"]["numericValue"] / 1000
            cls = audits["cumulative-layout-shift"]["numericValue"]
            wanting = [
                audits[ref["id"]]["id"]
                for one in CATEGORIES[1:]
                for ref in told["categories"][one]["auditRefs"]
                if ref["weight"] and audits[ref["id"]]["score"] not in (None, 1)
            ]
            rows.append(f"| {name} | {form} | {' | '.join(scores)} | {lcp:.2f} | {cls:.3f} | {', '.join(wanting)} |")
            sys.stderr.write(f"{rows[-1]}\n")
    return rows


def _cookie(server: Server, email: str) -> str:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.program(), args=list(chromium.FLAGS))
        context = browser.new_context()
        context.new_page().goto(server.sign_in_link(email))
        found = "; ".join(f"{one['name']}={one['value']}" for one in context.cookies())
        browser.close()
    return found


def _run(url: str, flags: list[str], cookie: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        headers, out = Path(folder) / "headers.json", Path(folder) / "told.json"
        headers.write_text(json.dumps({"Cookie": cookie}))
        command = [str(PROGRAM), url, *flags, f"--extra-headers={headers}", "--output=json", f"--output-path={out}"]
        command += ["--quiet", f"--only-categories={','.join(CATEGORIES)}", "--disable-storage-reset"]
        command += [f"--chrome-flags=--headless=new {' '.join(chromium.FLAGS)}"]
        command += [f"--chrome-path={chromium.program(whole=True)}"]
        subprocess.run(command, check=True, timeout=LONGEST, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        found: dict[str, Any] = json.loads(out.read_text("utf-8"))
        return found
