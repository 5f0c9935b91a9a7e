"""A card as somebody sees it and as a screen reader tells it, on a site whose songs wait where their prompts say."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page

from tests.browser.test_first_song import send
from tests.faults.host import SongHost
from tests.server import Server

WATCH = """(() => {
  window.announced = {};
  window.seen = {};
  const note = (log, id, words) => { if ((log[id] ??= []).at(-1) !== words) log[id].push(words); };
  const look = () => {
    for (const [log, places] of [[announced, "[data-say], [role=alert]"], [seen, "[data-seen]"]]) {
      for (const it of document.querySelectorAll(places)) {
        const card = it.closest("[data-song]");
        if (card) note(log, card.dataset.song, it.textContent);
      }
    }
  };
  new MutationObserver(look).observe(document, {subtree: true, childList: true, characterData: true});
})()"""
"""What screen readers are told and what is seen, for each song."""


def visit(browser: Browser, server: Server) -> tuple[BrowserContext, Page]:
    """Alice on a device of her own."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(server.sign_in_link())
    return context, page


def card(page: Page, song: str) -> Locator:
    return page.locator(f"#card-{song}")


def says(page: Page, song: str) -> str:
    """What is seen of the song's sentence; empty where it has none any more."""
    place = card(page, song).locator("[data-seen]")
    return place.inner_text() if place.count() else ""


def is_row(page: Page, song: str) -> bool:
    return page.locator(f"article.line-item#card-{song}").count() == 1


def announced(page: Page, song: str) -> list[str]:
    return list(page.evaluate("id => window.announced[id] ?? []", song))


def shape(page: Page, song: str) -> list[str]:
    """Everything a card says of its song, in order."""
    words = card(page, song).inner_text()
    return [line for line in words.splitlines() if line.strip()]


def ordered(page: Page, server: Server, host: SongHost, prompt: str) -> str:
    """A song that is held where its prompt says; its id."""
    song = send(page, server, prompt, "")
    host.wait([prompt])
    return song


@contextlib.contextmanager
def tasks_of(browser: Browser, page: Page) -> Iterator[list[float]]:
    """Milliseconds of processor time of each task on the main threads of all pages; known once the block is left.

    What other programs on this machine take away does not count, as it would in the page's own measure of long tasks.
    """
    told: list[dict[str, Any]] = []
    ended: list[bool] = []
    spent: list[float] = []
    session = browser.new_browser_cdp_session()
    session.on("Tracing.dataCollected", lambda piece: told.extend(piece["value"]))
    session.on("Tracing.tracingComplete", lambda _: ended.append(True))
    config = {"includedCategories": ["toplevel"], "excludedCategories": ["*"]}
    session.send("Tracing.start", {"traceConfig": config, "transferMode": "ReportEvents"})
    yield spent
    session.send("Tracing.end")
    until = time.monotonic() + 30
    while not ended and time.monotonic() < until:
        page.wait_for_timeout(50)
    names = [event for event in told if event["name"] == "thread_name"]
    main = {(event["pid"], event["tid"]) for event in names if event["args"]["name"] == "CrRendererMain"}
    tasks = [event for event in told if (event["pid"], event["tid"]) in main and event["name"].endswith("RunTask")]
    spent.extend(event["tdur"] / 1000 for event in tasks if "tdur" in event)
    session.detach()
