"""The create page in a real browser: what is typed comes back, nothing is lost silently, and keys alone are enough."""

from __future__ import annotations

from collections.abc import Iterator
from zlib import crc32

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from tests.browser.test_first_song import until
from tests.browser.test_pages import COVERED
from tests.flows.scripted_site import ScriptedSite

SAVED = "Draft saved"
LINES = "[Verse]\nWe are  home\n[Vers]\nand home again \n"
MARKS = """() => [...document.querySelectorAll("[data-lyrics-marks] mark")].map(it => [it.className, it.textContent])"""
ALIGNED = """() => {
  const [behind, field] = ["[data-lyrics-marks]", "#id_lyrics"].map(it => document.querySelector(it));
  const shape = it => { const s = getComputedStyle(it), b = it.getBoundingClientRect();
    return JSON.stringify([b.top, b.left, b.width, it.clientWidth, it.scrollHeight, s.font, s.padding, s.wordSpacing,
      s.letterSpacing, s.textWrap, s.overflowWrap, s.tabSize, s.whiteSpace]); };
  return shape(behind) === shape(field) ? null : [shape(behind), shape(field)].join(" ");
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScriptedSite]:
    """A site whose songs are there at once."""
    running = ScriptedSite(tmp_path_factory.mktemp("site"))
    running.start()
    yield running
    running.stop()


def device(browser: Browser, site: ScriptedSite, email: str, width: int = 1280, height: int = 800) -> BrowserContext:
    """A device of somebody's, signed in."""
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(site.sign_in_link(email))
    page.close()
    return context


@pytest.fixture
def email(request: pytest.FixtureRequest) -> str:
    """Each test has an Alice of its own: what one left in her form would come to the next."""
    return f"alice-{crc32(request.node.nodeid.encode())}@example.org"


@pytest.fixture
def alice(browser: Browser, site: ScriptedSite, email: str) -> Iterator[BrowserContext]:
    """Alice's desk."""
    with device(browser, site, email) as context:
        yield context


@pytest.fixture
def page(alice: BrowserContext, site: ScriptedSite) -> Page:
    """The create page on that desk."""
    page = alice.new_page()
    page.goto(site.url)
    return page


def prompt(page: Page) -> Locator:
    return page.get_by_label("What should it sound like?")


def lyrics(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Lyrics")


def write(page: Page, text: str) -> None:
    """Type a prompt and wait until it is saved."""
    with page.expect_response("**/draft/") as saved:
        prompt(page).fill(text)
    assert saved.value.status == 200
    page.get_by_text(SAVED).wait_for()


def test_what_was_typed_is_there_after_a_reload_and_on_another_device(
    page: Page, browser: Browser, site: ScriptedSite, email: str
) -> None:
    page.get_by_role("radio", name="Write for me").check()
    write(page, "A slow waltz")
    page.reload()
    assert prompt(page).input_value() == "A slow waltz"
    assert page.get_by_role("radio", name="Write for me").is_checked()
    with device(browser, site, email, 390, 844) as phone:
        other = phone.new_page()
        other.goto(site.url)
        assert prompt(other).input_value() == "A slow waltz"


def test_the_last_word_before_the_page_is_left_is_kept(page: Page, site: ScriptedSite) -> None:
    prompt(page).fill("A word in haste")
    page.goto(f"{site.url}/library/")
    until(lambda: page.goto(site.url) is not None and prompt(page).input_value() == "A word in haste", 10)
    prompt(page).fill("Another one")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Library").click()
    page.get_by_role("heading", name="Library").wait_for()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Create").click()
    until(lambda: prompt(page).count() == 1 and prompt(page).input_value() == "Another one", 10)


def test_two_devices_never_write_over_each_other(page: Page, alice: BrowserContext, site: ScriptedSite) -> None:
    other = alice.new_page()
    other.goto(site.url)
    write(other, "From the phone")
    prompt(page).fill("From the desk")
    page.get_by_text("Other words were written elsewhere").wait_for()
    assert prompt(page).input_value() == "From the desk"
    with page.expect_response("**/draft/"):
        page.get_by_role("button", name="Keep these").click()
    assert not page.get_by_text("Other words were written elsewhere").is_visible()
    prompt(other).fill("From the phone, still")
    other.get_by_role("button", name="Take the others").click()
    until(lambda: prompt(other).input_value() == "From the desk", 10)
    other.get_by_role("button", name="Undo").click()
    until(lambda: prompt(other).input_value() == "From the phone, still", 10)


def test_without_a_line_it_says_so_and_saves_when_the_line_is_back(page: Page, alice: BrowserContext) -> None:
    alice.set_offline(True)
    prompt(page).fill("Typed in a tunnel")
    page.get_by_text("Not saved yet").wait_for()
    alice.set_offline(False)
    page.get_by_text(SAVED).wait_for()
    page.reload()
    assert prompt(page).input_value() == "Typed in a tunnel"


def test_starting_over_can_be_undone(page: Page) -> None:
    write(page, "A slow waltz")
    page.get_by_role("button", name="Start over").click()
    page.get_by_text("The form is empty.").wait_for()
    assert prompt(page).input_value() == ""
    page.get_by_role("button", name="Undo").click()
    until(lambda: prompt(page).input_value() == "A slow waltz", 10)


def test_a_preset_fills_the_form_and_what_was_written_can_be_had_back(page: Page) -> None:
    prompt(page).fill("A polka for tubas")
    page.locator("summary", has_text="Presets").click()
    page.get_by_label("Keep this form as a preset").fill("Polkas")
    page.get_by_label("Keep this form as a preset").press("Enter")
    page.get_by_text("“Polkas” is kept as a preset.").wait_for()
    assert prompt(page).input_value() == "A polka for tubas"
    write(page, "Something else")
    page.locator("summary", has_text="Presets").click()
    page.get_by_role("link", name="Polkas").click()
    until(lambda: prompt(page).input_value() == "A polka for tubas", 10)
    write(page, "A polka for two tubas")
    page.get_by_role("button", name="Go back to it").click()
    until(lambda: prompt(page).input_value() == "Something else", 10)


def test_another_one_like_a_song_takes_its_fields_and_leads_back_to_it(page: Page, site: ScriptedSite) -> None:
    prompt(page).fill("A march for brass")
    lyrics(page).fill("[Verse]\ntogether we are home")
    page.get_by_role("button", name="Make two takes").click()
    row = page.locator(".session article.line-item").first
    row.wait_for(timeout=15_000)
    assert prompt(page).input_value() == ""
    song = row.get_attribute("data-song")
    page.goto(f"{site.url}/?like={song}")
    assert prompt(page).input_value() == "A march for brass"
    assert lyrics(page).input_value() == "[Verse]\ntogether we are home"
    page.get_by_role("button", name="Make two takes").click()
    until(lambda: page.locator(".session [data-song]").count() >= 2 and prompt(page).input_value() == "", 15)
    made = page.locator(".session [data-song]").first.get_attribute("data-song")
    assert made != song
    page.goto(f"{site.url}/songs/{made}/")
    page.get_by_text("Made from").wait_for()


def test_words_that_are_not_to_be_sung_are_kept_and_not_sent(page: Page) -> None:
    lyrics(page).fill("words of mine")
    prompt(page).fill("A tango")
    page.get_by_role("radio", name="Write for me").check()
    assert not lyrics(page).is_visible()
    page.get_by_text("The words you typed are kept.").wait_for()
    page.get_by_role("button", name="Make two takes").click()
    until(lambda: prompt(page).input_value() == "", 15)
    page.get_by_role("radio", name="My words").check()
    assert lyrics(page).input_value() == "words of mine"


@pytest.mark.parametrize("width", [1280, 390])
def test_what_is_odd_is_marked_where_it_stands_named_below_and_mended(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    lyrics(page).fill(LINES)
    page.get_by_text("Did you mean [Verse]?").wait_for()
    until(
        lambda: (
            page.evaluate(MARKS) == [["tag", "[Verse]"], ["warning", "  "], ["warning", "[Vers]"], ["warning", " "]]
        ),
        5,
    )
    assert page.evaluate(ALIGNED) is None
    page.get_by_role("button", name="Show line 3").click()
    picked = page.evaluate("(it => it.value.slice(it.selectionStart, it.selectionEnd))(document.activeElement)")
    assert picked == "[Vers]"
    page.get_by_role("button", name="Fix line 2").click()
    until(lambda: page.locator("#findings li").count() == 2, 5)
    page.get_by_role("button", name="Fix line 3").click()
    until(lambda: page.locator("#findings li").count() == 1, 5)
    page.get_by_role("button", name="Fix line 4").click()
    until(lambda: page.locator("#findings li").count() == 0, 5)
    assert lyrics(page).input_value() == "[Verse]\nWe are home\n[Verse]\nand home again\n"
    page.keyboard.press("Control+z")
    assert lyrics(page).input_value().endswith("and home again \n")


def test_marks_stay_under_their_words_in_long_lyrics(page: Page) -> None:
    lyrics(page).fill("\n".join(["[Verse]", *["a line that is long enough to wrap on a phone, surely " * 2] * 40]))
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(ALIGNED) is None


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_keys_alone_make_a_song_and_nothing_with_the_focus_is_covered(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    songs = page.locator(".session [data-song]").count()
    prompt(page).focus()
    page.keyboard.type("A song by keys")
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate(COVERED) is None
        if page.evaluate("document.activeElement.id") == "id_lyrics":
            break
    page.keyboard.type("together we are home\n" * 12 + "with  two blanks")
    page.get_by_text("Spaces that are not needed.").wait_for()
    for _ in range(16):
        page.keyboard.press("Tab")
        until(lambda: page.evaluate(COVERED) is None, 2)
    lyrics(page).focus()
    page.keyboard.press("Control+Enter")
    until(lambda: page.locator(".session [data-song]").count() == songs + 1, 15)


def test_without_scripts_nothing_typed_is_lost_either(browser: Browser, site: ScriptedSite) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site.sign_in_link())
        if page.get_by_role("button", name="Continue").count():
            page.get_by_role("button", name="Continue").click()
        page.goto(site.url)
        prompt(page).fill("Typed without scripts")
        page.locator("summary", has_text="Presets").click()
        page.get_by_role("button", name="Keep as draft").click()
        assert prompt(page).input_value() == "Typed without scripts"
        lyrics(page).fill("my words\n[Vers]")
        page.get_by_role("radio", name="Write for me").check()
        page.get_by_role("button", name="Make two takes").click()
        page.get_by_text("There are words here.").wait_for()
        page.get_by_text("Did you mean [Verse]?").wait_for()
        page.goto(site.url)
        assert lyrics(page).input_value() == "my words\n[Vers]"
        page.locator("summary", has_text="Presets").click()
        page.get_by_role("button", name="Keep this form as a preset").click()
        page.get_by_text("“Typed without scripts” is kept as a preset.").wait_for()
