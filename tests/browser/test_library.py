"""A library one can live in: found, filtered, selected, undone, put in order, by mouse, keys, finger or no script."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.browser.test_first_song import until
from tests.server import REPOSITORY, Server

SONGS = 30


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A site on which Alice has thirty songs."""
    running = Server(tmp_path_factory.mktemp("library"), LIMIT_REQUESTS_PER_MINUTE="0")
    running.start()
    running.sign_in_link()
    command = [sys.executable, "-m", "tests.browser.full_shelf", "alice@example.org", str(SONGS)]
    subprocess.run(command, cwd=REPOSITORY, env=running.env, check=True)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def alice(browser: Browser, site: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Alice's cookies."""
    kept = tmp_path_factory.mktemp("cookies") / "alice.json"
    with browser.new_context() as context:
        context.new_page().goto(site.sign_in_link())
        context.storage_state(path=kept)
    return kept


@pytest.fixture
def page(browser: Browser, alice: Path, site: Server) -> Iterator[Page]:
    """Her library; whatever the console complains about fails the test."""
    complaints: list[str] = []

    def hear(said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            complaints.append(said.text)

    with browser.new_context(viewport={"width": 1280, "height": 800}, storage_state=alice) as context:
        page = context.new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{site.url}/library/")
        yield page
    assert complaints == []


@pytest.fixture
def plain(browser: Browser, alice: Path) -> Iterator[BrowserContext]:
    """Her browser without scripts."""
    with browser.new_context(java_script_enabled=False, storage_state=alice) as context:
        yield context


def titles(page: Page) -> list[str]:
    return page.locator("[data-songs] .t").all_inner_texts()


def shows(page: Page, expected: list[str] | int) -> None:
    """Wait until the list holds these titles, or so many, and the page has settled: then it has the focus."""

    def met() -> bool:
        now = titles(page)
        is_settled = page.evaluate("document.activeElement.matches('#main, [data-songs] *')")
        return bool(is_settled) and (now == expected if isinstance(expected, list) else len(now) == expected)

    until(met, 20)


def path(page: Page) -> str:
    return str(page.evaluate("location.pathname.slice(1) + location.search"))


def undo(page: Page) -> None:
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Undone.").wait_for()


def test_search_filter_and_order_stand_in_the_address_and_survive_a_reload(page: Page) -> None:
    assert titles(page)[:2] == ["Paper Lanterns", "Kitchen Radio"]
    page.keyboard.press("/")
    page.keyboard.type("fruher MORG")
    page.keyboard.press("Enter")
    shows(page, ["Früher Morgen"])
    assert path(page) == "library/?q=fruher+MORG"
    page.reload()
    assert titles(page) == ["Früher Morgen"]
    page.get_by_role("link", name="Show all").click()
    shows(page, 24)
    page.get_by_role("link", name="Instrumental").click()
    shows(page, SONGS // 2)
    page.get_by_label("Sort").select_option(label="Title")
    until(lambda: "sort=title" in path(page), 20)
    assert titles(page) == sorted(titles(page))
    page.get_by_role("link", name="List", exact=True).click()
    until(lambda: page.locator(".song-row").count() == SONGS // 2)
    shows(page, SONGS // 2)
    assert path(page) == "library/?sound=instrumental&sort=title&view=list"
    page.go_back()
    page.go_back()
    until(lambda: path(page) == "library/?sound=instrumental")
    assert len(titles(page)) == SONGS // 2


def test_a_filter_from_the_menu_becomes_a_chip_that_goes_away_again(page: Page) -> None:
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Better take").select_option(label="A take is kept")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("heading", name="No song is like this").wait_for()
    page.get_by_role("link", name="Take away the filter: A take is kept").click()
    shows(page, 24)


def test_songs_selected_by_mouse_go_to_the_trash_and_come_back(page: Page) -> None:
    boxes = page.locator("[data-songs] .tick")
    page.get_by_label("Select Kitchen Radio").check()
    boxes.nth(4).click(modifiers=["Shift"])
    bar = page.locator("#bulk")
    until(lambda: bar.get_by_text("4 selected").count())
    bar.get_by_role("button", name="Trash").click()
    page.get_by_text("4 songs are in the trash.").wait_for()
    assert "Kitchen Radio" not in titles(page)
    undo(page)
    until(lambda: titles(page)[:2] == ["Paper Lanterns", "Kitchen Radio"])


def test_everything_goes_by_keyboard(page: Page) -> None:
    first = page.locator("[data-songs] .t").first
    first.focus()
    for key in ("ArrowRight", "x", "Shift+ArrowRight", "ArrowDown", " "):
        page.keyboard.press(key)
    until(lambda: page.locator("#bulk").get_by_text("3 selected").count())
    page.keyboard.press("Escape")
    until(lambda: not page.locator("[data-songs] .tick:checked").count())
    page.keyboard.press("Home")
    page.keyboard.press("x")
    page.locator("#bulk summary", has_text="Tag").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("for Nina")
    page.keyboard.press("Enter")
    page.get_by_text("1 song has the tag “for Nina” now.").wait_for()
    page.get_by_role("link", name="for Nina").click()
    shows(page, ["Paper Lanterns"])
    page.locator("[data-songs] .t").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Paper Lanterns", level=1).wait_for()


def test_a_playlist_is_made_put_in_order_and_deleted_by_keyboard_and_hand(page: Page) -> None:
    for name in ("Paper Lanterns", "Kitchen Radio", "Slow Satellites"):
        page.get_by_label(f"Select {name}").check()
    page.locator("#bulk summary", has_text="Playlist").click()
    page.get_by_label("New playlist").fill("For the drive")
    page.keyboard.press("Enter")
    page.get_by_text("3 songs are in “For the drive” now.").wait_for()
    page.get_by_role("link", name="For the drive").click()
    shows(page, ["Paper Lanterns", "Kitchen Radio", "Slow Satellites"])
    page.get_by_label("More for Paper Lanterns").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Move down").press("Enter")
    shows(page, ["Kitchen Radio", "Paper Lanterns", "Slow Satellites"])
    grip, goal = page.locator("[data-grip]").nth(2).bounding_box(), page.locator(".song-row").nth(0).bounding_box()
    assert grip
    assert goal
    page.mouse.move(grip["x"] + 5, grip["y"] + 5)
    page.mouse.down()
    page.mouse.move(grip["x"] + 5, goal["y"] + 30, steps=4)
    page.mouse.move(grip["x"] + 5, goal["y"] + 5, steps=4)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.mouse.up()
    shows(page, ["Slow Satellites", "Kitchen Radio", "Paper Lanterns"])
    page.reload()
    assert titles(page) == ["Slow Satellites", "Kitchen Radio", "Paper Lanterns"]
    page.get_by_role("link", name="Edit playlist").click()
    page.get_by_role("button", name="Delete playlist").click()
    page.get_by_text("The playlist “For the drive” is deleted.").wait_for()
    undo(page)
    page.get_by_role("link", name="For the drive").click()
    shows(page, ["Slow Satellites", "Kitchen Radio", "Paper Lanterns"])


def test_what_plays_next_is_what_stands_next_in_the_list(page: Page) -> None:
    page.goto(page.url + "?view=list&sort=title")
    second = titles(page)[1]
    page.locator("[data-songs] [data-play]").first.click()
    until(lambda: page.locator('[data-deck="title"]').inner_text() == "Früher Morgen")
    page.get_by_role("button", name="Next song").click()
    until(lambda: page.locator('[data-deck="title"]').inner_text() == second)


def test_back_from_a_song_is_back_at_its_place(page: Page) -> None:
    page.get_by_role("link", name="Next", exact=True).click()
    shows(page, SONGS - 24)
    assert path(page) == "library/?page=2"
    page.get_by_role("link", name="Previous", exact=True).click()
    shows(page, 24)
    page.locator("[data-songs] .t").nth(20).click()
    page.get_by_role("heading", level=1, name="Song 21").wait_for()
    page.go_back()
    until(lambda: page.evaluate("document.activeElement.textContent") == "Song 21", 20)
    assert page.evaluate("scrollY") > 300


def test_a_finger_that_stays_on_a_song_selects_it(browser: Browser, alice: Path, site: Server) -> None:
    phone = {"width": 390, "height": 844}
    with browser.new_context(viewport=phone, has_touch=True, storage_state=alice) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{site.url}/library/")
        box = page.locator("[data-songs] .pic").nth(2).bounding_box()
        assert box
        wire = context.new_cdp_session(page)
        at = {"x": box["x"] + 60, "y": box["y"] + 60}
        wire.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
        until(lambda: page.locator("#bulk").get_by_text("1 selected").is_visible())
        wire.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        assert page.url.endswith("/library/")
        assert page.evaluate("document.documentElement.scrollWidth") == phone["width"]


def test_without_scripts_songs_are_found_selected_and_brought_back(plain: BrowserContext, site: Server) -> None:
    page = plain.new_page()
    page.goto(f"{site.url}/library/?view=list")
    page.get_by_label("Search titles, prompts and lyrics").fill("song 2")
    page.keyboard.press("Enter")
    page.wait_for_url("**/library/?q=song+2&view=list")
    assert all(re.fullmatch(r"Song 2\d", title) for title in titles(page))
    many = len(titles(page))
    page.get_by_label(f"Select {titles(page)[0]}").check()
    page.get_by_label(f"Select {titles(page)[1]}").check()
    page.locator("#bulk").get_by_role("button", name="Trash").click()
    assert len(titles(page)) == many - 2
    page.goto(f"{site.url}/library/?trash=1")
    assert page.get_by_text("30 days left").count() == 2
    page.get_by_role("link", name="Empty trash").click()
    assert page.get_by_text("2 songs are deleted with all their files.").count()
    page.get_by_role("link", name="Keep them").click()
    for box in page.locator("[data-songs] .tick").all():
        box.check()
    page.locator("#bulk").get_by_role("button", name="Restore").click()
    assert page.get_by_text("2 songs are in the library again.").count()
