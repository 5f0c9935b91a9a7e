"""Promises of the card of a song in the making: the same in every tab, through lost lines and closed doors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.sounding_site import STEPWISE, SoundingSite
from tests.browser.test_first_song import is_playing, send, sound, until
from tests.browser.watching import announced, card, is_row, ordered, says, shape, tasks_of, visit
from tests.faults.host import SongHost
from tests.faults.site import FREE
from tests.server import Server
from tests.upstream_host import SONG, Host, answer

INK = """id => {
  const it = document.querySelector(`#card-${id} canvas`);
  if (!it?.width) return 0;
  const all = it.getContext("2d").getImageData(0, 0, it.width, it.height).data;
  let full = 0;
  for (let i = 3; i < all.length; i += 4) full += all[i] > 200;
  return full;
}"""
"""How many points of a song's wave are inked."""


@pytest.fixture
def at_site(browser: Browser, site: SoundingSite) -> Iterator[Page]:
    context, page = visit(browser, site)
    yield page
    context.close()


def test_every_stage_is_told_and_screen_readers_hear_it_once_in_ten_percent(at_site: Page, site: SoundingSite) -> None:
    complaints: list[str] = []
    at_site.on("console", lambda it: complaints.append(it.text) if it.type in ("error", "warning") else None)
    at_site.on("pageerror", lambda error: complaints.append(str(error)))
    song = send(at_site, site, f"A waltz, {STEPWISE}", "")
    card(at_site, song).get_by_role("button", name="Play take A").click(timeout=20_000)
    until(lambda: sound(at_site) > 0.3, 10)
    until(lambda: re.fullmatch(r"0:\d\d", card(at_site, song).locator("[data-take='1'] [data-word]").inner_text()), 5)
    assert card(at_site, song).locator("[data-take='2'] [data-percent]").inner_text().isdigit(), "take B is recorded"
    until(lambda: "Saved. Both takes are in your library." in announced(at_site, song), 30)

    heard = announced(at_site, song)
    percents = [(re.sub(r"\d+", "", said), int(found[1])) for said in heard if (found := re.search(r"(\d+) per", said))]
    tens = [(words, percent // 10) for words, percent in percents]
    assert len(set(tens)) == len(tens), f"one in ten percent, and one for each take that can be heard: {heard}"
    assert len(tens) >= 8
    assert [percent for _, percent in percents] == sorted(percent for _, percent in percents), "nothing falls back"
    assert heard.index("Both takes are done. Saving to your library.") == len(heard) - 2, heard
    ready = [said for said in heard if "ready to hear" in said]
    assert ready[0].startswith("Take A is ready to hear. Take B is at 4")
    assert any(said.startswith("Both takes are ready to hear") for said in heard)
    assert at_site.evaluate("id => window.seen[id].length", song) > 2 * len(heard), "what is seen follows every percent"
    until(lambda: not is_playing(at_site) or sound(at_site) > 3, 10)
    assert complaints == []


@pytest.mark.thorough
def test_no_task_is_so_long_that_a_finger_waits_for_it_while_songs_stream(
    browser: Browser, at_site: Page, site: SoundingSite
) -> None:
    songs = [send(at_site, site, f"{number}, {STEPWISE}", "") for number in ("One", "Two", "Three")]
    with tasks_of(browser, at_site) as tasks:
        card(at_site, songs[-1]).get_by_role("button", name="Play take A").click(timeout=30_000)
        until(lambda: all("Saved." in says(at_site, song) or is_row(at_site, song) for song in songs), 60)
    assert len(tasks) > 100
    assert max(tasks) <= 100


def test_a_finished_card_becomes_a_row_after_five_seconds_but_not_under_a_hand(
    at_site: Page, site: SoundingSite
) -> None:
    song = send(at_site, site, "A tune that is done at once", "")
    until(lambda: card(at_site, song).get_attribute("data-lingers") is not None, 20)
    assert says(at_site, song) == "Saved. Both takes are in your library."
    assert card(at_site, song).locator(".steps .done").count() == 5
    assert at_site.locator("[data-session-count]").inner_text().endswith("saved")
    at_site.keyboard.press("Tab")  # from now on a focus is one that is seen
    card(at_site, song).get_by_role("button", name="Play take B").focus()
    began = at_site.evaluate("performance.now()")
    until(lambda: at_site.evaluate("performance.now()") - began > 6500, 10)
    assert not is_row(at_site, song), "somebody is at it"
    assert at_site.evaluate("document.activeElement.dataset.play") == "2"
    at_site.evaluate("document.activeElement.blur()")
    until(lambda: is_row(at_site, song), 10)
    at_site.reload()
    assert is_row(at_site, song)


@pytest.mark.thorough
def test_the_real_wave_takes_the_place_of_the_makeshift_one_without_a_jump(
    browser: Browser, at_site: Page, site: SoundingSite
) -> None:
    watch = f"""id => {{
      const ink = {INK}; window.inks = [];
      const look = () => {{ window.inks.push(ink(id)); if (window.inks.length < 3000) requestAnimationFrame(look); }};
      look();
    }}"""
    song = send(at_site, site, f"A wave, {STEPWISE}", "")
    until(lambda: "9" in says(at_site, song).partition(" percent")[0][-2:-1], 20)
    at_site.evaluate(watch, song)
    until(lambda: card(at_site, song).get_attribute("data-lingers") is not None, 20)
    until(lambda: at_site.evaluate("id => document.querySelector(`#card-${id}`).dataset.wave.length > 100", song), 5)
    at_site.wait_for_timeout(600)
    inks = [ink for ink in at_site.evaluate("window.inks") if ink]
    final = inks[-1]
    assert final != inks[0]
    between = [ink for ink in set(inks) if min(inks[0], final) < ink < max(inks[0], final)]
    assert len(between) >= 3, "it moves from one to the other"


def test_two_tabs_and_a_second_device_show_the_same_from_beginning_to_end(
    browser: Browser, at_held: Page, held: Server, host: SongHost
) -> None:
    prompt = "everywhere hold at 10"
    song = ordered(at_held, held, host, prompt)
    until(lambda: "Take A is done. Take B is at 71 percent." in says(at_held, song), 20)
    tab = at_held.context.new_page()
    tab.goto(held.url)
    elsewhere, device = visit(browser, held)
    device.goto(held.url)
    at_held.reload()
    pages = [at_held, tab, device]
    for page in pages:
        until(lambda page=page: shape(page, song) == shape(at_held, song), 10)  # type: ignore[misc]  # bound at once
        assert says(page, song) == "Take A is done. Take B is at 71 percent."
        assert card(page, song).get_by_role("button", name="Play take A").count() == 1
    host.release(prompt)
    for page in pages:
        until(lambda page=page: "Saved. Both takes" in says(page, song) or is_row(page, song), 20)  # type: ignore[misc]
    for page in pages:
        until(lambda page=page: is_row(page, song), 20)  # type: ignore[misc]
    elsewhere.close()


def test_cancelled_edited_and_made_again(at_held: Page, held: Server, host: SongHost) -> None:
    prompt = "unwanted hold at 7"
    song = ordered(at_held, held, host, prompt)
    until(lambda: "71 percent" in says(at_held, song), 20)
    card(at_held, song).get_by_role("button", name="Cancel").click()
    until(lambda: says(at_held, song) == "Cancelled.", 10)
    note = card(at_held, song).locator(".note")
    assert "Nothing was charged; 1 credit returned." in note.inner_text()
    assert note.get_by_role("link", name="Edit and make again").get_attribute("href") == f"/?like={song}"
    note.get_by_role("button", name="Try again").click()
    until(lambda: at_held.locator(f"#card-{song}").count() == 0, 10)
    assert at_held.locator("article.sess").count() >= 1
    host.release(prompt)


def test_without_scripts_the_page_follows_the_song_by_itself(
    browser: Browser, held: Server, host: SongHost, at_held: Page
) -> None:
    prompt = "plain hold at 10"
    song = ordered(at_held, held, host, prompt)
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(held.sign_in_link())
        page.goto(held.url)
        until(lambda: says(page, song) == "Take A is done. Take B is at 71 percent.", 15)
        assert card(page, song).get_by_role("link", name="Listen to take A").count() == 1
        host.release(prompt)
        until(lambda: is_row(page, song), 20)


@pytest.mark.thorough
def test_a_busy_engine_is_waited_for_with_a_visible_countdown(browser: Browser, tmp_path: Path) -> None:
    with Host() as busy:
        busy.on(SONG, answer(429, {"detail": "Too many at once."}, {"Retry-After": "25"}))
        allowed = busy.url.removeprefix("http://")
        own = {"UPSTREAM_URL": busy.url, "UPSTREAM_API_KEY": "sk-busy", "OUTBOUND_ALLOW": allowed}
        server = Server(tmp_path, **{**FREE, **own})
        server.start()
        context, page = visit(browser, server)
        try:
            song = send(page, server, "A song for a busy host", "")
            left = card(page, song).locator("[data-countdown]")
            left.wait_for(timeout=15_000)
            assert "The engine is busy. Your song is kept and starts by itself." in says(page, song)
            told = [left.inner_text()]
            while len(told) < 4:
                until(lambda: left.inner_text() != told[-1], 4)
                told.append(left.inner_text())
            seconds = [int(clock.removeprefix("0:")) for clock in told]
            assert seconds == sorted(seconds, reverse=True)
            assert max(before - after for before, after in pairwise(seconds)) <= 2
            assert not [said for said in announced(page, song) if "0:" in said], "nobody has to hear every second"
            page.reload()
            assert int(left.inner_text().removeprefix("0:")) <= seconds[-1]
            card(page, song).get_by_role("button", name="Cancel").click()
            until(lambda: says(page, song) == "Cancelled.", 10)
        finally:
            context.close()
            server.stop()


@pytest.mark.thorough
def test_who_waits_sees_the_line_move(browser: Browser, tmp_path: Path) -> None:
    with SongHost() as slow:
        server = Server(tmp_path, **{**FREE, **slow.settings, "LIMIT_RUNNING_TOTAL": "1"})
        server.start()
        context, page = visit(browser, server)
        try:
            first = ordered(page, server, slow, "first hold at 7")
            second = send(page, server, "second", "")
            third = send(page, server, "third", "")
            until(lambda: says(page, second) == "Next in line.", 10)
            until(lambda: says(page, third) == "In line. 1 song comes first.", 10)
            page.evaluate("document.documentElement.dataset.same = '1'")
            card(page, second).get_by_role("button", name="Cancel").click()
            until(lambda: says(page, third) == "Next in line.", 15)
            slow.release("first hold at 7")
            for song in (first, third):
                until(lambda song=song: is_row(page, song), 30)  # type: ignore[misc]  # bound at once
        finally:
            context.close()
            server.stop()


def test_seeking_and_changing_takes_stop_at_the_recorded_edge(at_site: Page, site: SoundingSite) -> None:
    edge = "(it => it.buffered.length ? it.buffered.end(it.buffered.length - 1) : 0)(document.getElementById('audio'))"
    song = send(at_site, site, f"An edge, {STEPWISE}", "")
    card(at_site, song).get_by_role("button", name="Play take A").click(timeout=20_000)
    until(lambda: sound(at_site) > 0.5, 15)
    slider = at_site.locator("#deck [data-deck=scrub]")
    slider.focus()
    at_site.keyboard.press("End")
    at_site.keyboard.press("ArrowRight")
    assert sound(at_site) <= at_site.evaluate(edge)
    at_site.keyboard.press("Home")
    box = slider.bounding_box()
    assert box is not None
    at_site.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2)
    at_site.mouse.down()
    at_site.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2, steps=5)
    at_site.mouse.up()
    assert sound(at_site) <= at_site.evaluate(edge), "a finger cannot go beyond what is recorded"
    until(lambda: is_playing(at_site), 5)
    at_site.keyboard.press("Home")
    card(at_site, song).get_by_role("button", name="Play take B").click(timeout=15_000)
    until(lambda: at_site.locator("#deck").get_by_role("radio", name="Take B").is_checked(), 5)
    until(lambda: is_playing(at_site) and sound(at_site) > 0.1, 10)
    assert sound(at_site) <= at_site.evaluate(edge) + 0.1
    until(lambda: "/songs/" in at_site.evaluate("document.getElementById('audio').currentSrc"), 20)
    now = sound(at_site)
    until(lambda: is_playing(at_site) and sound(at_site) > now + 0.3, 5)
