"""Each of the four kinds of audio, as somebody gives it: a file in its place, two takes, and what they came from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Page, expect

from tests.browser.test_given_audio import PATIENCE, pick, slot
from tests.generator.test_aac import FILES
from tests.generator.test_intake import RATE, beat, tune
from tests.server import Server

WAIT = 120_000


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A piece of music, and a voice alone."""
    folder = tmp_path_factory.mktemp("given")
    soundfile.write(folder / "Porch demo.ogg", np.stack([beat(24)] * 2, axis=1), RATE)
    soundfile.write(folder / "My voice.flac", tune(24), RATE)
    return folder


@pytest.mark.parametrize(
    ("role", "file", "told"),
    [
        pytest.param("reference", "Porch demo.ogg", "Feel taken from", marks=pytest.mark.thorough),
        pytest.param("instrumental", "Porch demo.ogg", "Sung over", marks=pytest.mark.thorough),
        pytest.param("vocal", "My voice.flac", "Built around", marks=pytest.mark.thorough),
        ("melody", FILES / "memo.m4a", "Tune taken from"),
    ],
)
def test_a_file_given_in_its_place_becomes_two_takes_that_name_it(
    page: Page, server: Server, files: Path, role: str, file: str | Path, told: str
) -> None:
    page.goto(server.sign_in_link())
    page.goto(server.url)
    pick(page, role, files / file)
    expect(slot(page, role).locator(".chosen")).to_be_visible(timeout=PATIENCE)
    page.get_by_label("What should it sound like?").fill("A calm folk song, 20 seconds")
    page.get_by_label("Lyrics").fill("Slow the river goes\nhome before the snow")
    before = page.locator("main [data-song]").count()
    page.get_by_role("button", name="Make two takes").click()
    expect(page.locator("main [data-song]")).to_have_count(before + 1, timeout=PATIENCE)
    song = page.locator("main [data-song]").first.get_attribute("data-song")
    expect(page.locator(f"article.line-item#card-{song}")).to_be_visible(timeout=WAIT)
    page.goto(f"{server.url}/songs/{song}/")
    expect(page.get_by_text(told)).to_be_visible()
    expect(page.get_by_text(Path(file).stem).first).to_be_visible()
    for number in (1, 2):
        address = page.locator("#song").get_attribute(f"data-audio-{number}")
        answer = page.request.get(f"{server.url}{address}")
        assert (answer.status, answer.headers["content-type"]) == (200, "audio/mpeg")
