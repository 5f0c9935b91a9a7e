"""Promises of the player: the music goes on, whatever else happens; measured on what really sounds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.sounding_site import SLOW, SoundingSite
from tests.browser.test_first_song import is_playing, send, sound, until

SONGS = ("First tune", "Second tune", "Third tune")
LISTEN = """() => {
  const graph = new AudioContext(), tap = graph.createScriptProcessor(256, 2, 1), heard = new WeakSet();
  window.levels = [];
  window.played = [];
  tap.onaudioprocess = ({inputBuffer}) => {
    const now = graph.currentTime, block = inputBuffer.getChannelData(0);
    for (let i = 0; i < 256; i += 64) {
      const square = block.subarray(i, i + 64).reduce((sum, value) => sum + value * value, 0);
      window.levels.push([now, Math.sqrt(square / 64)]);
    }
  };
  tap.connect(graph.destination);
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    graph.resume();
    if (!heard.has(this)) graph.createMediaElementSource(this).connect(tap);
    if (!window.played.includes(this)) window.played.push(this);
    heard.add(this);
    return play.call(this);
  };
}"""
"""Everything that sounds is written down as its level, 64 samples (1.5 ms) at a time."""
LONGEST_GAP = """() => {
  const step = 64 / 44.1, top = Math.max(...window.levels.map(([, level]) => level));
  let longest = 0, run = 0;
  for (const [, level] of window.levels) {
    run = level < top * 0.1 ? run + step : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}"""
"""Milliseconds of the longest stillness since `levels` was emptied; a tenth of the loudest moment counts as still."""
SOURCE = "document.getElementById('audio').currentSrc"


@pytest.fixture(scope="module")
def alice(browser: Browser, site: SoundingSite) -> Iterator[BrowserContext]:
    """Alice's browser; she has three songs."""
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        page.goto(site.sign_in_link())
        for title in SONGS:
            send(page, site, title, "")
        until(lambda: page.locator("article.line-item").count() == len(SONGS), 30)
        page.close()
        yield context


@pytest.fixture
def page(alice: BrowserContext) -> Iterator[Page]:
    complaints: list[str] = []
    page = alice.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.add_init_script(f"({LISTEN})()")
    yield page
    page.close()
    assert [said for said in complaints if "ScriptProcessor" not in said and "ERR_" not in said] == []


def press(page: Page, *keys: str) -> None:
    page.evaluate("document.activeElement.blur()")
    for key in keys:
        page.keyboard.press(key)


def play(page: Page, site: SoundingSite, title: str = SONGS[1]) -> None:
    """Start a song of the library."""
    page.goto(f"{site.url}/library/")
    page.get_by_role("button", name=f"Play {title}").click(force=True)
    until(lambda: sound(page) > 0.3, 15)


def title(page: Page) -> str:
    return page.locator("#deck [data-deck=title]").inner_text()


def gap(page: Page) -> float:
    assert page.evaluate("window.levels.length > 200 && window.levels.some(([, level]) => level > 0.05)"), (
        "nothing heard"
    )
    return float(page.evaluate(LONGEST_GAP))


def test_the_other_take_goes_on_at_the_same_second_without_a_gap(page: Page, site: SoundingSite) -> None:
    play(page, site)
    until(lambda: sound(page) > 1.5, 10)
    for key, take in (("b", "take-2"), ("a", "take-1"), ("b", "take-2")):
        page.evaluate("window.levels = []; window.begun = performance.now()")
        before = sound(page)
        press(page, key)
        until(lambda take=take: take in page.evaluate(SOURCE), 5)  # type: ignore[misc]  # bound at once
        took, now = page.evaluate("(performance.now() - window.begun) / 1000"), sound(page)
        assert abs(now - before - took) < 0.15, "it goes on where the other one would be"
        until(lambda now=now: sound(page) > now + 0.3, 5)  # type: ignore[misc]
        assert gap(page) < 50
    assert is_playing(page)


def test_hasty_changes_of_takes_end_where_the_last_one_points(page: Page, site: SoundingSite) -> None:
    play(page, site)
    until(lambda: sound(page) > 1, 10)
    page.evaluate("window.levels = []")
    press(page, "b", "a", "b", "l", "a", "b", "a", "b")
    until(lambda: "take-2" in page.evaluate(SOURCE), 5)
    now = sound(page)
    until(lambda: sound(page) > now + 0.5, 5)
    assert 10 < now < 20
    assert is_playing(page)
    assert page.locator("#deck").get_by_role("radio", name="Take B").is_checked()
    assert gap(page) < 150
    sounding = "window.played.filter(it => !it.paused && !it.muted && it.volume > 0).length"
    until(lambda: page.evaluate(sounding) == 1, 5)


def test_the_wave_of_a_song_that_is_not_on_begins_it(page: Page, site: SoundingSite) -> None:
    page.goto(f"{site.url}/library/")
    page.get_by_role("link", name=SONGS[0]).first.click()
    page.locator("#song h1").wait_for()
    page.locator("#song").get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    until(lambda: title(page) == SONGS[0] and is_playing(page), 5)
    page.keyboard.press("PageUp")
    until(lambda: sound(page) >= 10, 5)


def test_a_stream_goes_on_from_its_file_without_a_gap(page: Page, site: SoundingSite) -> None:
    song = send(page, site, f"A tune that comes {SLOW}", "")
    page.locator(f"#card-{song}").get_by_role("button", name="Play take A").click(timeout=20_000)
    until(lambda: sound(page) > 1, 15)
    assert "/stream/" in page.evaluate(SOURCE)
    press(page, *["l"] * 9)
    edge = page.evaluate("(it => it.buffered.end(it.buffered.length - 1))(document.getElementById('audio'))")
    assert sound(page) <= edge, "seeking stops at the recorded edge"
    press(page, *["j"] * 9)
    until(lambda: sound(page) > 0.5, 5)
    page.evaluate("window.levels = []")
    until(lambda: "/songs/" in page.evaluate(SOURCE), 20)
    now = sound(page)
    until(lambda: sound(page) > now + 0.5, 5)
    assert gap(page) < 50


def test_a_reload_while_it_is_made_keeps_the_second(page: Page, site: SoundingSite) -> None:
    song = send(page, site, f"Another that comes {SLOW}", "")
    page.locator(f"#card-{song}").get_by_role("button", name="Play take A").click(timeout=20_000)
    until(lambda: sound(page) > 1.5, 15)
    before = sound(page)
    page.reload()
    until(lambda: page.evaluate(SOURCE) and abs(sound(page) - before) < 1, 10)
    assert not is_playing(page)
    press(page, "Space")
    until(lambda: is_playing(page) and sound(page) > before + 0.5, 10)
    until(lambda: "/songs/" in page.evaluate(SOURCE), 20)
    now = sound(page)
    until(lambda: is_playing(page) and sound(page) > now + 0.3, 5)


def test_next_and_previous_go_through_the_list_one_played_from(page: Page, site: SoundingSite) -> None:
    play(page, site, SONGS[1])
    page.locator("#deck").get_by_label("Next song").click()
    until(lambda: title(page) == SONGS[0], 5)
    press(page, "p")
    until(lambda: title(page) == SONGS[1], 5)
    page.get_by_label("Queue").click()
    page.locator("#deck .menu").get_by_role("button", name=SONGS[2]).click()
    until(lambda: title(page) == SONGS[2] and is_playing(page), 5)
    page.keyboard.press("Escape")
    assert not page.locator("#deck .menu").is_visible()
    page.get_by_role("link", name=SONGS[0]).first.click()
    page.locator("#song h1").wait_for()
    assert is_playing(page), "the music goes on"
    page.locator("#song").get_by_role("button", name="Play").click()
    until(lambda: title(page) == SONGS[0], 5)
    assert page.locator("#deck [data-queued]").count() >= len(SONGS), "its own page keeps the list one came from"


def test_the_end_of_a_song_leads_to_the_next_or_back_to_its_beginning(page: Page, site: SoundingSite) -> None:
    play(page, site, SONGS[2])
    repeat = page.locator("#deck [data-deck=repeat]")
    repeat.click()
    repeat.click()
    assert repeat.get_attribute("aria-label") == "Repeat: this song"
    page.locator("#deck [data-deck=scrub]").focus()
    page.keyboard.press("End")
    until(lambda: 0.2 < sound(page) < 5, 10)
    assert title(page) == SONGS[2]
    repeat.click()
    page.locator("#deck [data-deck=scrub]").focus()
    page.keyboard.press("End")
    until(lambda: title(page) == SONGS[1] and is_playing(page), 10)


def test_place_volume_and_repeat_outlast_a_reload(page: Page, site: SoundingSite) -> None:
    play(page, site)
    press(page, "b", "l", "l", "m")
    page.locator("#deck [data-deck=volume]").fill("40")
    until(lambda: "take-2" in page.evaluate(SOURCE) and sound(page) > 20, 5)
    before = sound(page)
    page.reload()
    until(lambda: "take-2" in page.evaluate(SOURCE) and abs(sound(page) - before) < 1.5, 10)
    assert not is_playing(page)
    assert title(page) == SONGS[1]
    assert page.evaluate("document.getElementById('audio').volume") == pytest.approx(0.4)
    press(page, "Space")
    until(lambda: is_playing(page) and sound(page) > before + 0.3, 10)
    assert page.locator("#deck [data-queued]").count() >= len(SONGS)
    page.evaluate("localStorage.clear()")


def test_the_slider_tells_place_length_and_part(page: Page, site: SoundingSite) -> None:
    play(page, site)
    slider = page.locator("#deck [data-deck=scrub]")
    slider.focus()
    for key, told in (("PageUp", "10 seconds of 40 seconds, Verse 1"), ("PageUp", "20 seconds of 40 seconds, Chorus")):
        page.keyboard.press("k") if is_playing(page) else None
        until(lambda: not is_playing(page), 5)
        page.keyboard.press(key)
        until(lambda told=told: slider.get_attribute("aria-valuetext") == told, 5)  # type: ignore[misc]
    assert page.locator("#deck [data-deck=line]").inner_text() == "Take A · Chorus"
    page.keyboard.press("Home")
    until(lambda: slider.get_attribute("aria-valuetext") == "0 seconds of 40 seconds, Intro", 5)


def test_the_keys_are_listed_and_single_ones_can_be_switched_off(page: Page, site: SoundingSite) -> None:
    play(page, site)
    press(page, "?")
    sheet = page.get_by_role("dialog", name="Keys")
    sheet.wait_for()
    sheet.get_by_label("Single keys").uncheck()
    page.keyboard.press("Escape")
    until(lambda: not sheet.is_visible(), 5)
    press(page, "k", "m", "n", "?")
    assert is_playing(page)
    assert title(page) == SONGS[1]
    assert not sheet.is_visible()
    press(page, "Space")
    until(lambda: not is_playing(page), 5)
    page.locator("#deck [data-deck=keys]").click()
    sheet.get_by_label("Single keys").check()
    sheet.get_by_role("button", name="Close").click()
    until(lambda: page.evaluate("document.activeElement.dataset.deck") == "keys", 5)
    press(page, "k")
    until(lambda: is_playing(page), 5)


def test_the_system_knows_what_plays_and_where_it_is(page: Page, site: SoundingSite) -> None:
    page.add_init_script("""navigator.mediaSession.setPositionState = state => { window.place = state; };
      const set = navigator.mediaSession.setActionHandler.bind(navigator.mediaSession);
      window.deeds = {};
      navigator.mediaSession.setActionHandler = (name, act) => { window.deeds[name] = act; set(name, act); };""")
    play(page, site)
    told = page.evaluate(
        "(({title, artist, artwork}) => [title, artist, artwork[0].src])(navigator.mediaSession.metadata)"
    )
    assert told[:2] == [SONGS[1], "Take A"]
    assert page.request.get(told[2]).status == 200
    until(lambda: page.evaluate("window.place?.duration") == pytest.approx(40, abs=0.2), 5)
    page.evaluate("window.deeds.seekto({seekTime: 12})")
    until(lambda: 11.9 < sound(page) < 15, 5)
    page.evaluate("window.deeds.pause()")
    until(lambda: not is_playing(page), 5)
    page.evaluate("window.deeds.play()")
    until(lambda: is_playing(page), 5)
    page.evaluate("window.deeds.nexttrack()")
    until(lambda: title(page) == SONGS[0], 5)


def test_a_take_that_cannot_be_had_is_asked_for_once_more_then_it_is_said(page: Page, site: SoundingSite) -> None:
    play(page, site, SONGS[0])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "take-" in request.url else None)
    page.route("**/take-*", lambda route: route.abort())
    page.get_by_role("button", name=f"Play {SONGS[2]}").click(force=True)
    page.locator("#deck").get_by_text("This take cannot be played.").first.wait_for(timeout=10_000)
    assert len(asked) == 2
    page.unroute_all()
    page.locator("#deck [data-deck=play]").click()
    until(lambda: is_playing(page) and sound(page) > 0.3, 10)
    assert title(page) == SONGS[2]


def test_a_new_song_never_interrupts_what_plays(page: Page, site: SoundingSite) -> None:
    play(page, site)
    page.get_by_role("link", name="Create").click()
    page.get_by_label("What should it sound like?").wait_for()
    page.evaluate("window.levels = []")
    page.get_by_label("What should it sound like?").fill("Fourth tune")
    page.get_by_role("button", name="Make two takes").click()
    page.get_by_role("button", name="Play Fourth tune").wait_for(timeout=20_000)
    assert is_playing(page)
    assert title(page) == SONGS[1]
    assert gap(page) < 50


def test_waves_fit_their_place_and_wear_the_colours_that_are_forced(page: Page, site: SoundingSite) -> None:
    play(page, site)
    fits = """() => [...document.querySelectorAll('#deck canvas')]
      .every(it => it.width == Math.round(it.clientWidth * devicePixelRatio))"""
    inks = """() => {
      const it = document.querySelector('#deck canvas'), copy = new OffscreenCanvas(it.width, it.height);
      const pen = copy.getContext('2d', {willReadFrequently: true}), seen = new Set();
      pen.drawImage(it, 0, 0);
      const all = pen.getImageData(0, 0, it.width, it.height).data;
      for (let i = 0; i < all.length; i += 4) if (all[i + 3] == 255) seen.add([...all.subarray(i, i + 3)].join());
      return [...seen];
    }"""
    for width in (1280, 700, 1000):
        page.set_viewport_size({"width": width, "height": 800})
        until(lambda: page.evaluate(fits), 5)
    page.emulate_media(forced_colors="active")
    until(lambda: "0,0,0" in page.evaluate(inks), 5)


def test_leaving_takes_the_song_along(browser: Browser, site: SoundingSite) -> None:
    """Whoever signs in next in this tab does not hear what the last one played."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(site.sign_in_link())
        page.goto(f"{site.url}/library/")
        page.get_by_role("button", name=f"Play {SONGS[0]}").click(force=True)
        until(lambda: sound(page) > 0.3, 15)
        page.goto(f"{site.url}/account/logout/")
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("heading", name="Sign in").wait_for()
        page.goto(site.sign_in_link("bob@example.org"))
        page.wait_for_timeout(500)
        assert not page.locator("#deck").is_visible()


def test_what_comes_and_goes_with_the_line_goes_on_by_itself(
    alice: BrowserContext, page: Page, site: SoundingSite
) -> None:
    play(page, site, SONGS[1])
    alice.set_offline(True)
    page.locator("#deck").get_by_label("Next song").click()
    page.locator("#deck").get_by_text("This take cannot be played.").first.wait_for(timeout=10_000)
    alice.set_offline(False)
    until(lambda: is_playing(page) and sound(page) > 0.3, 10)
    assert title(page) == SONGS[0]
