"""Promises of every page: it keeps its policy, fits every screen, and can be used by keyboard, touch and ear."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.browser.test_first_song import is_playing, send, sound, until
from tests.server import Server

OPEN_TO_ALL = ("/account/login/", "/account/signup/", "/account/password/reset/", "/developers/")
OWN = (
    "/",
    "/library/",
    "/library/?trash=1",
    "/library/?q=nothing",
    "/account/email/",
    "/account/keys/",
    "/account/credits/",
)
COVERED = """() => {
  const it = document.activeElement, box = it.getBoundingClientRect();
  const spots = [0.1, 0.5, 0.9].flatMap(x => [0.1, 0.5, 0.9].map(y => [x, y]));
  const seen = spots.map(([x, y]) => document.elementFromPoint(box.left + x * box.width, box.top + y * box.height));
  const belongs = top => it.contains(top) || it.parentElement.contains(top) || top.contains(it);
  const isSeen = seen.filter(Boolean).some(belongs);
  return isSeen ? null : `${it.tagName} ${it.getAttribute("aria-label") || it.innerText || it.name}`;
}"""
SMALL = """() => [...document.querySelectorAll("button, summary, nav a, .btn, .in, textarea, .takes span")]
  .filter(it => it.checkVisibility({visibilityProperty: true}))
  .map(it => [it.getAttribute("aria-label") || it.innerText || it.name, it.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24)
  .map(([name, box]) => `${name}: ${box.width} x ${box.height}`)"""


@pytest.fixture(scope="module")
def alice(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """Alice's browser."""
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        page.goto(server.sign_in_link())
        page.close()
        yield context


@pytest.fixture
def page(alice: BrowserContext) -> Iterator[Page]:
    """A page of Alice's."""
    page = alice.new_page()
    yield page
    page.close()


@pytest.fixture(scope="module")
def addresses(alice: BrowserContext, server: Server) -> dict[str, str]:
    """Two songs of Alice's, saved; the second is shared. Addresses of their pages."""
    page = alice.new_page()
    songs = [send(page, server, f"A short calm piano piece, instrumental, in {key}", "") for key in ("C", "G")]
    page.goto(server.url)
    until(lambda: page.locator("article.line-item").count() == 2)
    page.goto(f"{server.url}/songs/{songs[1]}/")
    page.get_by_text("Share", exact=True).click()
    page.get_by_label("Anyone with the link").check()
    page.get_by_role("button", name="Save").click()
    page.locator("[data-copy-from]").wait_for(state="attached")
    shared = page.locator("[data-copy-from]").input_value()
    page.close()
    return {"song": f"{server.url}/songs/{songs[0]}/", "shared": shared}


def every_page(server: Server, addresses: dict[str, str]) -> list[str]:
    return [*(f"{server.url}{path}" for path in (*OWN, *OPEN_TO_ALL)), *addresses.values()]


def play(page: Page, server: Server) -> None:
    """Go to the create page and start the newest song there."""
    page.goto(server.url)
    page.locator("article.line-item [data-play]").first.click()
    until(lambda: sound(page) > 0.2, 15)


def test_no_page_breaks_its_policy_or_complains(page: Page, server: Server, addresses: dict[str, str]) -> None:
    complaints: list[str] = []

    def hear(said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            complaints.append(f"{page.url}: {said.text}")

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    for address in every_page(server, addresses):
        page.goto(address)
        page.locator("h1").first.wait_for(state="attached")
    page.goto(server.url)
    for name in ("Library", "Account", "Create"):
        page.get_by_role("navigation", name="Main").get_by_role("link", name=name).click()
        until(lambda name=name: name in page.title() or name == "Account", 10)  # type: ignore[misc]  # bound at once
    assert complaints == []


@pytest.mark.parametrize("width", [320, 390, 600, 768, 900, 1021, 1280, 1920])
def test_no_page_scrolls_sideways(page: Page, server: Server, addresses: dict[str, str], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for address in every_page(server, addresses):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_what_has_the_focus_is_never_covered(
    page: Page, server: Server, addresses: dict[str, str], width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(server.url)
    page.get_by_label("Lyrics").fill("\n".join(["[Verse]", *["la la la"] * 20]))
    page.locator("article.line-item [data-play]").first.click()
    page.locator("#deck").wait_for()
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    covered: list[str] = []
    for _ in range(40):
        page.keyboard.press("Tab")
        if name := page.evaluate(COVERED):
            covered.append(name)
    assert covered == []


def test_controls_are_large_enough_to_hit(page: Page, server: Server, addresses: dict[str, str]) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for address in every_page(server, addresses):
        page.goto(address)
        assert page.evaluate(SMALL) == [], address


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_chosen_theme_stays(browser: Browser, server: Server, theme: Literal["light", "dark"]) -> None:
    other: Literal["light", "dark"] = "dark" if theme == "light" else "light"
    with browser.new_context(color_scheme=other) as context:
        page = context.new_page()
        page.goto(f"{server.url}/developers/")
        ground = "getComputedStyle(document.documentElement).backgroundColor"
        before = page.evaluate(ground)
        while page.get_by_label(f"Theme: {theme}").count() == 0:
            page.locator("[data-theme-switch]").click()
        chosen = page.evaluate(ground)
        assert chosen != before
        page.reload()
        assert page.evaluate(ground) == chosen


def test_keys_play_stop_go_and_change_takes(page: Page, server: Server, addresses: dict[str, str]) -> None:
    play(page, server)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Space")
    until(lambda: not is_playing(page), 5)
    before = sound(page)
    page.keyboard.press("ArrowRight")
    until(lambda: sound(page) >= before + 4.9, 5)
    page.keyboard.press("k")
    until(lambda: is_playing(page), 5)
    page.keyboard.press("b")
    until(lambda: "take-2" in page.evaluate("document.getElementById('audio').currentSrc"), 10)
    title = page.locator("#deck [data-deck=title]").get_attribute("href")
    page.keyboard.press("n")
    until(lambda: page.locator("#deck [data-deck=title]").get_attribute("href") != title, 5)
    page.keyboard.press("m")
    until(lambda: bool(page.evaluate("document.getElementById('audio').muted")), 5)
    page.keyboard.press("/")
    until(lambda: page.evaluate("document.activeElement.id") == "search", 10)
    playing = is_playing(page)
    page.keyboard.type("bam k")
    assert page.locator("#search").input_value() == "bam k"
    assert is_playing(page) == playing


def test_the_wave_is_a_slider(page: Page, addresses: dict[str, str]) -> None:
    page.goto(addresses["song"])
    page.locator("#song").get_by_role("button", name="Play").click()
    until(lambda: sound(page) > 0.2, 15)
    wave = page.locator("#song").get_by_role("slider")
    box = wave.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 10)
    length = float(wave.get_attribute("aria-valuemax") or 0)
    until(lambda: abs(sound(page) - length / 2) < 2, 5)
    wave.focus()
    page.keyboard.press("Home")
    until(lambda: sound(page) < 2, 5)
    assert " of " in (wave.get_attribute("aria-valuetext") or "")


def test_starting_in_one_tab_stops_the_other(alice: BrowserContext, server: Server, addresses: dict[str, str]) -> None:
    first, second = alice.new_page(), alice.new_page()
    play(first, server)
    play(second, server)
    until(lambda: not is_playing(first), 5)
    assert is_playing(second)
    first.close()
    second.close()


def test_words_are_kept_when_the_site_does_not_answer(page: Page, server: Server) -> None:
    page.goto(server.url)
    page.get_by_label("What should it sound like?").fill("A lost prompt")
    page.route("**/*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_role("button", name="Make two takes").click()
    page.get_by_text("The site does not answer.").wait_for()
    assert page.get_by_label("What should it sound like?").input_value() == "A lost prompt"
    assert page.get_by_role("button", name="Make two takes").count() == 1


def test_throwing_away_can_be_undone(page: Page, addresses: dict[str, str]) -> None:
    page.goto(addresses["song"])
    title = page.locator("h1").inner_text()
    page.get_by_label("More").click()
    page.get_by_role("button", name="Move to trash").click()
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    until(lambda: "/songs/" in page.evaluate("location.href"), 10)
    assert page.locator("h1").inner_text() == title
    assert page.get_by_role("button", name=f"Play {title}").count() == 1
