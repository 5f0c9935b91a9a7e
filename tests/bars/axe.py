"""axe-core on a page as it stands: WCAG 2.0 to 2.2, A and AA, and good practice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.server import REPOSITORY

SCRIPT = REPOSITORY / ".venv" / "axe.min.js"
"""Fetched by `make axe`."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (rules) => {
  const found = await axe.run(document, { runOnly: { type: "tag", values: rules }, resultTypes: ["violations"] });
  const places = (nodes) => nodes.slice(0, 3).map(({ target }) => target.join(" ")).join("; ");
  return found.violations.map(({ id, nodes }) => `${id}: ${places(nodes)}`);
}"""


def script() -> str:
    """axe's own text. Fails with what to do where it has not been fetched."""
    if not Path(SCRIPT).is_file():
        raise AssertionError("axe-core is missing. Run: make axe")
    return SCRIPT.read_text("utf-8")


def violations(page: Page) -> list[str]:
    """What is wrong with the page, a line for each rule. Nothing is injected that its policy forbids."""
    page.evaluate(script())
    found: Any = page.evaluate(RUN, RULES)
    return [str(line) for line in found]
