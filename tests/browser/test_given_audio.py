"""Recordings come into the create page: chosen or dropped, shown, played, taken out; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import soundfile
from playwright.sync_api import Browser, Locator, Page, Response, expect

from tests.bars import axe
from tests.generator.test_intake import RATE, beat
from tests.server import Server

PATIENCE = 60_000
PEOPLE = count()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("given"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def track(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / "Kitchen <b>beat.wav"
    soundfile.write(path, beat(12), RATE)
    return path


@pytest.fixture
def at_form(page: Page, site: Server) -> Iterator[Page]:
    """The create page of somebody new, whose browser complains of nothing; nobody brings in too much in a minute."""
    complaints: list[str] = []
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    page.goto(site.sign_in_link(f"person{next(PEOPLE)}@example.org"))
    page.goto(site.url)
    yield page
    assert complaints == []


def slot(page: Page, role: str) -> Locator:
    return page.locator(f'[data-slot="{role}"]')


def add(page: Page, role: str) -> Locator:
    """Its place, with the panel open."""
    place = slot(page, role)
    if not place.locator("[type=url]").is_visible():
        place.locator("summary").press("Enter")
    return place


def pick(page: Page, role: str, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        add(page, role).locator("[data-slot-pick]").press("Enter")
    chooser.value.set_files(path)


def is_kept_draft(answer: Response) -> bool:
    """A draft with a recording in it was saved."""
    return "/draft/" in answer.url and "/sounds/" in (answer.request.post_data or "") and answer.ok


def test_a_chosen_file_is_heard_shown_and_kept_in_the_form_and_can_be_taken_out(at_form: Page, track: Path) -> None:
    page = at_form
    page.get_by_label("What should it sound like?").fill("A waltz for Anna")
    with page.expect_response(is_kept_draft):
        pick(page, "instrumental", track)
    place = slot(page, "instrumental")
    expect(place.get_by_role("status")).to_have_text("Kitchen <b>beat.wav was heard and is kept.", timeout=PATIENCE)
    chosen = place.locator(".chosen")
    expect(chosen).to_contain_text("Kitchen <b>beat")
    expect(chosen).to_contain_text("0:12")
    expect(chosen).to_contain_text("Heard: 120 bpm, A major")
    assert place.locator("svg.little-wave path").get_attribute("d")
    expect(place.locator("[type=url]")).to_be_hidden()
    address = place.locator("[type=url]").input_value()
    assert "/sounds/" in address
    expect(page.get_by_label("What should it sound like?")).to_have_value("A waltz for Anna")
    page.reload()
    expect(chosen).to_contain_text("Kitchen <b>beat")
    place.get_by_role("button", name="Remove").press("Enter")
    expect(chosen).to_have_count(0)
    expect(place.locator("[type=url]")).to_have_value("")
    expect(place.locator("summary")).to_be_focused()
    add(page, "instrumental").locator("[type=url]").fill(address)
    place.locator("[type=url]").press("Tab")
    expect(chosen).to_contain_text("Kitchen <b>beat", timeout=PATIENCE)


def test_a_recording_is_heard_in_its_place_and_only_one_thing_sounds(at_form: Page, site: Server, track: Path) -> None:
    page = at_form
    for role in ("instrumental", "reference"):
        pick(page, role, track)
        expect(slot(page, role).locator(".chosen")).to_be_visible(timeout=PATIENCE)
    first, second = (slot(page, role).locator(".hear") for role in ("instrumental", "reference"))
    first.get_by_role("button", name="Play Kitchen").press("Enter")
    position = first.get_by_role("slider", name="Position in Kitchen")
    expect(position).not_to_have_value("0", timeout=PATIENCE)
    position.fill("6")
    position.press("ArrowRight")
    expect(first.locator("[data-hear-at]")).to_have_text("0:06")
    expect(position).to_have_attribute("aria-valuetext", "6 seconds")
    second.get_by_role("button", name="Play Kitchen").click()
    expect(second.get_by_role("button", name="Pause Kitchen")).to_be_visible()
    expect(first.get_by_role("button", name="Play Kitchen")).to_be_visible()
    expect(first.locator("[data-hear-at]")).to_have_text("0:12")
    with page.context.new_page() as other:
        other.goto(f"{site.url}/sounds/")
        other.get_by_role("button", name="Play Kitchen").first.click()
        expect(second.get_by_role("button", name="Play Kitchen")).to_be_visible()
        expect(other.get_by_role("button", name="Pause Kitchen")).to_be_visible()
        assert axe.violations(other) == []
    assert axe.violations(page) == []


def test_a_recording_of_ones_own_or_a_link_is_added_and_enter_sends_no_song(at_form: Page, track: Path) -> None:
    page = at_form
    pick(page, "instrumental", track)
    expect(slot(page, "instrumental").locator(".chosen")).to_be_visible(timeout=PATIENCE)
    place = add(page, "reference")
    place.get_by_role("button", name="Kitchen <b>beat, 120 bpm").first.press("Enter")
    expect(place.locator(".chosen")).to_contain_text("Kitchen <b>beat")
    expect(place.get_by_role("button", name="Play Kitchen")).to_be_focused()
    place = add(page, "vocal")
    link = place.get_by_label("Vocal: A link")
    link.fill("nonsense")
    link.press("Enter")
    expect(place.get_by_role("status")).to_have_text("This is not an http:// or https:// address.")
    expect(link).to_have_value("nonsense")
    expect(link).to_be_focused()
    assert axe.violations(page) == []
    link.fill("https://music.example.org/songs/porch.mp3")
    link.press("Enter")
    expect(place.locator(".chosen")).to_contain_text("porch.mp3, music.example.org")
    expect(place.get_by_role("button", name="Remove Vocal")).to_be_focused()
    add(page, "melody").locator("[type=url]").press("Escape")
    expect(slot(page, "melody").locator("summary")).to_be_focused()
    expect(slot(page, "melody").locator("[type=url]")).to_be_hidden()
    assert page.locator(".session article").count() == 0
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 800})
        add(page, "melody")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_an_address_is_given_and_the_recording_is_heard(
    browser: Browser, at_form: Page, site: Server, track: Path
) -> None:
    pick(at_form, "instrumental", track)
    place = slot(at_form, "instrumental")
    expect(place.locator(".chosen")).to_be_visible(timeout=PATIENCE)
    address = place.locator("[type=url]").input_value()
    kept = at_form.context.storage_state()
    with browser.new_context(storage_state=kept, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site.url)
        slot(page, "reference").locator("summary").click()
        slot(page, "reference").locator("[type=url]").fill(address)
        page.get_by_role("button", name="Make two takes").click()
        expect(page.get_by_text("Say what it should sound like: a style")).to_be_visible()
        expect(slot(page, "reference").locator(".chosen")).to_contain_text("Kitchen <b>beat")
        expect(slot(page, "reference").locator("audio")).to_be_visible()
        expect(slot(page, "reference").locator("[type=url]")).to_have_value(address)
        expect(slot(page, "reference").get_by_role("button")).to_have_count(0)


def test_what_cannot_be_used_is_refused_in_its_place_with_a_sentence(at_form: Page, tmp_path: Path) -> None:
    page = at_form
    page.get_by_label("What should it sound like?").fill("Still here")
    wrong = tmp_path / "words.wav"
    wrong.write_bytes(b"no sound at all")
    pick(page, "vocal", wrong)
    place = slot(page, "vocal")
    expect(place.get_by_role("status")).to_have_text("This is no MP3, WAV, FLAC or Ogg audio.", timeout=PATIENCE)
    expect(place.locator(".chosen")).to_have_count(0)
    short = tmp_path / "short.wav"
    soundfile.write(short, beat(5), RATE)
    pick(page, "vocal", short)
    expect(place.get_by_role("status")).to_contain_text("shorter than 10 seconds", timeout=PATIENCE)
    place.evaluate("(slot) => { slot.parentElement.dataset.largest = 9; }")
    pick(page, "vocal", short)
    expect(place.get_by_role("status")).to_contain_text("larger than")
    expect(page.get_by_label("What should it sound like?")).to_have_value("Still here")


def test_a_dropped_file_comes_in_where_it_falls_and_one_that_misses_does_no_harm(at_form: Page, track: Path) -> None:
    page = at_form
    drop = """(place, bytes) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], "Dropped.wav"));
        for (const type of ["dragover", "drop"]) {
            const event = new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data });
            place.dispatchEvent(event);
            if (!event.defaultPrevented) throw new Error("the browser would open it");
        }
    }"""
    small = track.parent / "small.wav"
    soundfile.write(small, beat(11)[::4], RATE // 4, subtype="PCM_16")
    body = list(small.read_bytes())
    page.locator("#id_prompt").evaluate(drop, body)
    expect(slot(page, "reference").locator(".chosen, progress:not([hidden])")).to_have_count(0)
    slot(page, "reference").evaluate(drop, body)
    expect(slot(page, "reference").locator(".chosen")).to_contain_text("Dropped", timeout=PATIENCE)
    expect(slot(page, "reference")).not_to_have_attribute("data-over", "")


def test_a_piece_is_cut_out_by_its_handles_or_by_its_times(at_form: Page, site: Server, track: Path) -> None:
    page = at_form
    page.goto(f"{site.url}/sounds/")
    page.get_by_label("A file").set_input_files(track)
    page.get_by_role("button", name="Bring it in").click()
    page.get_by_text("Heard and kept.").wait_for(timeout=PATIENCE)
    whole = page.locator(".sounds > li").first
    whole.get_by_text("Cut a piece out of it").click()
    begin, end = whole.get_by_label("From"), whole.get_by_label("To")
    handle = whole.get_by_role("slider", name="Beginning of the piece")
    handle.focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    expect(begin).to_have_value("0:02.0")
    end.fill("6,5")
    expect(whole.get_by_role("slider", name="End of the piece")).to_have_value("6.5")
    whole.get_by_role("button", name="Cut it out").click()
    page.get_by_text("a recording of its own now").wait_for(timeout=PATIENCE)
    expect(page.locator(".sounds > li b").first).to_have_text("Kitchen <b>beat, 0:02 – 0:06.5")
