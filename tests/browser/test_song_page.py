"""Promises of a song's own page: what one keeps beside a song, its words that follow, its title, its menus."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from tests.browser.sounding_site import LATE_MS, SECONDS, SoundingSite
from tests.browser.test_first_song import is_playing, send, sound, until

LINES = "I rang you from the harbour wall\nThe tide came in and took the call\nAll that blue and no one drowned"
OTHER = "Another tune"
PHONE = {"width": 390, "height": 844}
SOURCE = "document.getElementById('audio').currentSrc"
WATCH = """() => {
  window.seen = [];
  const look = () => {
    const now = document.getElementById('audio').currentTime * 1000;
    const here = document.querySelector('[data-lyrics-of]:not([hidden]) .line[aria-current=true]');
    const word = here && [...here.querySelectorAll('.word.now')].map(({dataset}) => Number(dataset.from));
    window.seen.push([now, here ? Number(here.dataset.from) : null, word]);
    requestAnimationFrame(look);
  };
  look();
}"""
"""Writes down for each picture: the playhead, the line that is marked, the word that is marked; all in ms."""


@pytest.fixture(scope="module")
def alice(browser: Browser, site: SoundingSite) -> Iterator[BrowserContext]:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        page.goto(site.sign_in_link())
        send(page, site, OTHER, "")
        until(lambda: page.locator("article.line-item").count() == 1, 30)
        page.close()
        yield context


@pytest.fixture
def page(alice: BrowserContext) -> Iterator[Page]:
    complaints: list[str] = []
    page = alice.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.close()
    assert [said for said in complaints if "ERR_" not in said and "status of 4" not in said] == []


@pytest.fixture
def song(page: Page, site: SoundingSite, request: pytest.FixtureRequest) -> str:
    """The address of a song of its own for each test, which has words; its page is open."""
    name = request.node.name.removeprefix("test_").replace("_", " ").partition("[")[0]
    pk = send(page, site, name, LINES)
    until(lambda: page.locator(f"#card-{pk}.line-item, #card-{pk}[data-status=completed]").count() == 1, 30)
    address = f"{site.url}/songs/{pk}/"
    page.goto(address)
    return address


def heart(place: Locator) -> Locator:
    return place.get_by_role("button", name=re.compile("^Favourite"))


def is_pressed(button: Locator) -> bool:
    return button.get_attribute("aria-pressed") == "true"


def begin(page: Page, second: float = 9.5) -> None:
    """Play the page's song from a second on."""
    page.locator("#song [data-play]").click()
    until(lambda: sound(page) > 0.1, 15)
    page.evaluate(f"document.getElementById('audio').currentTime = {second}")
    until(lambda: sound(page) > second, 5)


def current_line(page: Page) -> str:
    return str(page.locator("#song .line[aria-current=true]:visible").inner_text(timeout=5_000))


def in_sight(page: Page) -> bool:
    """Whether the line that is sung can be read: below the bar, above the player."""
    place = "document.querySelector('#song .line[aria-current]')?.getBoundingClientRect()"
    foot = "document.getElementById('deck').getBoundingClientRect().top"
    return bool(page.evaluate(f"(box => Boolean(box) && box.top > 56 && box.bottom < {foot})({place})"))


def test_a_heart_is_shown_at_once_everywhere_and_the_site_knows_it(page: Page, song: str, site: SoundingSite) -> None:
    begin(page)
    heart(page.locator("#song")).click()
    assert is_pressed(heart(page.locator("#song")))
    assert is_pressed(heart(page.locator("#deck")))
    page.keyboard.press("f")
    until(lambda: not is_pressed(heart(page.locator("#song"))), 2)
    assert page.locator("#deck [data-deck=said]").inner_text() == "No longer a favourite."
    page.keyboard.press("f")
    page.get_by_role("link", name="Library").click()
    tile = page.locator("li.tile").first
    until(lambda: is_pressed(heart(tile)), 5)
    assert is_playing(page), "the music goes on"
    tile.hover()
    heart(tile).click()
    until(lambda: not is_pressed(heart(page.locator("#deck"))), 2)
    page.reload()
    assert not is_pressed(heart(tile))


def test_a_heart_that_cannot_be_kept_is_taken_back_and_it_is_said(page: Page, song: str) -> None:
    page.route("**/favourite/", lambda route: route.abort())
    heart(page.locator("#song")).click()
    page.get_by_text("The site does not answer.").wait_for()
    assert not is_pressed(heart(page.locator("#song")))
    page.unroute_all()
    heart(page.locator("#song")).click()
    page.wait_for_load_state("networkidle")
    page.reload()
    assert is_pressed(heart(page.locator("#song")))


def test_many_hasty_presses_end_where_the_last_one_left_it(page: Page, song: str) -> None:
    for _ in range(7):
        heart(page.locator("#song")).click()
    assert is_pressed(heart(page.locator("#song")))
    page.wait_for_load_state("networkidle")
    page.reload()
    assert is_pressed(heart(page.locator("#song")))


def test_the_kept_take_plays_first_from_a_list_and_the_choice_can_be_undone(
    page: Page, song: str, site: SoundingSite
) -> None:
    buttons = page.locator("#song .keep button:visible")
    assert buttons.count() == 1
    page.locator("#song").get_by_role("radio", name="Take B").check(force=True)
    until(lambda: buttons.inner_text() == "Keep take B", 2)
    buttons.click()
    assert is_pressed(buttons)
    assert page.locator("#song .who.b").inner_text().endswith(", kept")
    page.get_by_role("link", name="Library").click()
    tile = page.locator("li.tile").first
    tile.get_by_text("Take B kept, 0:36").wait_for()
    tile.hover()
    tile.get_by_role("button", name=re.compile("^Play")).click()
    until(lambda: "take-2" in page.evaluate(SOURCE) and sound(page) > 0.2, 10)
    page.goto(song)
    assert page.locator("#song").get_by_role("radio", name="Take B").is_checked()
    assert page.locator("#song [data-lyrics-of='2']").is_visible()
    buttons.click()
    page.wait_for_load_state("networkidle")
    page.reload()
    assert not is_pressed(buttons)
    assert page.get_by_text("take B kept").count() == 0


def test_notes_are_there_whether_one_waits_or_leaves_at_once(page: Page, song: str) -> None:
    page.get_by_role("textbox", name="Notes").fill("Ask Jo about the bridge")
    page.locator(".notes").get_by_text("Saved", exact=True).wait_for()
    page.get_by_role("textbox", name="Notes").press_sequentially(" and the end")
    page.goto("about:blank")
    read = "Ask Jo about the bridge and the end"
    until(lambda: page.goto(song) and page.get_by_role("textbox", name="Notes").input_value() == read, 5)


def test_notes_of_two_windows_are_shown_to_each_other_and_none_is_lost(
    page: Page, song: str, alice: BrowserContext
) -> None:
    other = alice.new_page()
    other.goto(song)
    page.get_by_role("textbox", name="Notes").fill("From here")
    page.locator(".notes").get_by_text("Saved", exact=True).wait_for()
    other.get_by_role("textbox", name="Notes").fill("From there")
    other.get_by_text("Other notes were saved elsewhere meanwhile.").wait_for()
    assert other.locator("[data-notes-theirs]").inner_text() == "From here"
    assert other.get_by_role("textbox", name="Notes").input_value() == "From there"
    other.get_by_role("button", name="Keep both").click()
    other.locator(".notes").get_by_text("Saved", exact=True).wait_for()
    page.reload()
    assert page.get_by_role("textbox", name="Notes").input_value() == "From there\n\nFrom here"
    other.close()


def test_notes_wait_for_a_site_that_does_not_answer(page: Page, song: str) -> None:
    page.route("**/notes/", lambda route: route.abort())
    page.get_by_role("textbox", name="Notes").fill("Written on a train")
    page.get_by_text("Not saved yet.").wait_for()
    page.unroute_all()
    page.locator(".notes").get_by_text("Saved", exact=True).wait_for()
    page.reload()
    assert page.get_by_role("textbox", name="Notes").input_value() == "Written on a train"


def test_the_line_and_the_word_under_the_playhead_are_marked_within_a_tenth_of_a_second(page: Page, song: str) -> None:
    begin(page)
    page.evaluate(WATCH)
    until(lambda: sound(page) > 13.5, 10)
    seen: list[list[Any]] = page.evaluate("window.seen")
    starts = [10_000 + 1_000 * n for n in range(LINES.count("\n") + 1)]
    for start in starts:
        marked = [now for now, line, _ in seen if line == start]
        assert marked, f"the line at {start} ms was never marked"
        assert 0 <= marked[0] - start < 100
        assert marked[-1] - (start + 1_000) < 100
    words = [(now, word) for now, line, word in seen if line == starts[1]]
    assert all(len(word) == 1 for _, word in words)
    for at in {word[0] for _, word in words}:
        assert 0 <= next(now for now, word in words if word == [at]) - at < 100
    assert len({word[0] for _, word in words}) == len(LINES.splitlines()[1].split())


def test_each_take_has_its_own_words_and_times(page: Page, song: str) -> None:
    begin(page, 10.1)
    until(lambda: current_line(page) == LINES.splitlines()[0], 5)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("b")
    until(lambda: "take-2" in page.evaluate(SOURCE), 5)
    page.keyboard.press("k")
    until(lambda: not is_playing(page), 5)
    for second, line in ((11.2, 0), (11.6, 1)):
        page.evaluate(f"document.getElementById('audio').currentTime = {second}")
        until(lambda line=line: current_line(page) == LINES.splitlines()[line], 5)  # type: ignore[misc]  # bound at once
    assert LATE_MS[1] == 400
    assert "take-b" in (page.locator("#song").get_attribute("class") or "")
    assert page.locator("#song [data-lyrics-of='1']").is_hidden()


def test_the_words_are_one_stop_of_the_tab_key_and_lead_to_their_seconds(page: Page, song: str) -> None:
    assert page.locator("#song .line[tabindex='0']:visible").count() == 1
    page.locator("#song .form-strip:visible button").last.focus()
    page.keyboard.press("Tab")
    first, second, _ = LINES.splitlines()
    focused = "document.activeElement.textContent"
    assert page.evaluate(focused) == first
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) == second
    page.keyboard.press("Enter")
    until(lambda: is_playing(page) and 11 <= sound(page) < 14, 10)
    page.keyboard.press("End")
    page.keyboard.press("Space")
    until(lambda: 32 <= sound(page) < 35, 5)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.lyrics')") is None
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('.lyrics'))")


def test_the_page_follows_the_words_until_the_reader_scrolls_away(browser: Browser, site: SoundingSite) -> None:
    with browser.new_context(viewport=PHONE, has_touch=True) as context:  # type: ignore[arg-type]  # two numbers
        page = context.new_page()
        page.goto(site.sign_in_link("carol@example.org"))
        pk = send(page, site, "A song to read along", "\n".join([LINES] * 3))
        until(lambda: page.locator(f"#card-{pk}.line-item, #card-{pk}[data-status=completed]").count() == 1, 30)
        page.goto(f"{site.url}/songs/{pk}/")
        begin(page, 10.0)
        follow = page.get_by_role("button", name="Follow the words")
        until(lambda: in_sight(page) and page.evaluate("scrollY") > 100, 10)
        assert not follow.is_visible()
        while page.evaluate("scrollY") > 0:
            page.mouse.wheel(0, -600)
            page.wait_for_timeout(50)
        until(follow.is_visible, 5)
        before = current_line(page)
        until(lambda: current_line(page) != before and page.locator(".line[aria-current]").count() == 1, 5)
        assert page.evaluate("scrollY") < 100, "whoever has scrolled away is left alone"
        follow.click()
        until(lambda: in_sight(page), 5)
        assert not follow.is_visible()
        assert page.evaluate("document.activeElement.classList.contains('line')")


def test_a_title_is_changed_where_it_stands(page: Page, song: str) -> None:
    before = page.locator("h1").inner_text()
    page.locator(".song-top").hover()
    page.get_by_role("link", name="Rename", exact=True).click()
    field = page.get_by_role("textbox", name="Title")
    assert page.evaluate("document.activeElement.id") == "id_title"
    field.fill("Not this one")
    page.keyboard.press("Escape")
    assert page.locator("h1").inner_text() == before
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Rename"
    page.keyboard.press("Enter")
    assert field.input_value() == before
    field.fill("   ")
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text("A song needs a title.").wait_for()
    assert field.is_visible()
    field.fill("Saltwater Telephone")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Saltwater Telephone").wait_for()
    assert not field.is_visible()


def test_menus_close_on_escape_with_the_focus_back_and_on_a_click_elsewhere(page: Page, song: str) -> None:
    for name in ("Download", "Share", "More"):
        summary = (
            page.locator("#song summary").filter(has_text=name).or_(page.locator(f"#song summary[aria-label={name}]"))
        )
        summary.focus()
        page.keyboard.press("Enter")
        menu = page.locator("#song details[open] .menu")
        assert menu.count() == 1
        page.keyboard.press("Escape")
        assert menu.count() == 0
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
        summary.click()
        page.locator("h1").click()
        assert menu.count() == 0


def test_a_phone_shows_one_row_of_actions_and_only_the_part_that_sounds(page: Page, song: str) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # two numbers
    tops = [box["y"] for deed in page.locator("#song .deeds > *").all() if (box := deed.bounding_box())]
    assert len(tops) == 3
    assert len(set(tops)) == 1
    begin(page, 11)
    sizes = """[...document.querySelectorAll('.form-strip:not([hidden]) button')]
      .map(button => getComputedStyle(button).fontSize)"""
    until(lambda: page.evaluate(sizes) == ["0px", "12px", "0px", "0px"], 5)
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide)
    page.set_viewport_size({"width": 320, "height": 640})
    assert not page.evaluate(wide)


def test_the_wave_says_where_it_is_and_in_which_part(page: Page, song: str) -> None:
    begin(page, 21)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("k")
    wave = page.locator("#song").get_by_role("slider")
    until(lambda: re.fullmatch(r"2[12] seconds of 40 seconds, Chorus", wave.get_attribute("aria-valuetext") or ""), 5)
    assert wave.get_attribute("aria-valuemax") == str(round(SECONDS[0]))


def test_everything_works_without_scripts(
    browser: Browser, site: SoundingSite, alice: BrowserContext, song: str
) -> None:
    state = alice.storage_state()
    with browser.new_context(java_script_enabled=False, storage_state=state) as context:
        page = context.new_page()
        page.goto(song)
        heart(page.locator("#song")).click()
        assert is_pressed(heart(page.locator("#song")))
        page.get_by_role("button", name="Keep take B").click()
        assert is_pressed(page.get_by_role("button", name="Keep take B"))
        page.get_by_role("textbox", name="Notes").fill("By hand")
        page.get_by_role("button", name="Save notes").click()
        assert page.get_by_role("textbox", name="Notes").input_value() == "By hand"
        page.locator("#song summary[aria-label=More]").click()
        page.locator("#song .menu").get_by_role("link", name="Rename").click()
        page.get_by_role("textbox", name="Title").fill("Named by hand")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Named by hand").wait_for()
        page.locator("#song summary").filter(has_text="Download").click()
        assert page.locator("#song .menu a[download]").first.is_visible()
        page.goto(f"{site.url}/library/")
        heart(page.locator("li.tile").first).click(force=True)
        assert page.url == f"{site.url}/library/"
        assert not is_pressed(heart(page.locator("li.tile").first))
