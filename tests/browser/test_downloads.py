"""A song of the real engine, saved in every kind through real Chromium and read back by other programs."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import soundfile
from mutagen import id3 as mutagen_id3
from mutagen import mp3 as mutagen_mp3
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.test_first_song import PATIENCE, send, until
from tests.generator.test_captions import read_lrc, read_vtt
from tests.server import Server

ID3: Any = mutagen_id3.ID3
MP3: Any = mutagen_mp3.MP3
"""mutagen says nothing of its types."""
PROMPT = "A short cheerful pop song, 0:40"
TITLE = "Über alle Wege 🎵"


def is_finished(page: Page) -> bool:
    """Whether the song's page offers files; it is loaded anew each second, while the engine has the machine."""
    page.wait_for_timeout(1000)
    page.reload()
    return page.locator(".files").count() > 0


@dataclass
class Song:
    """A finished and renamed song, and somebody who is signed in to save it."""

    context: BrowserContext
    address: str
    folder: Path

    def open(self) -> Page:
        page = self.context.new_page()
        page.goto(self.address)
        page.get_by_text("Download", exact=True).click()
        return page

    def save(self, link: str) -> Path:
        """What Chromium saves behind the link of the menu that goes to `link`."""
        page = self.open()
        with page.expect_download(timeout=60_000) as coming:
            page.locator(f'.files a[href$="{link}"]').click()
        path = self.folder / coming.value.suggested_filename
        coming.value.save_as(path)
        page.close()
        return path


@pytest.fixture(scope="module")
def song(browser: Browser, server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Song]:
    with browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True) as context:
        page = context.new_page()
        page.goto(server.sign_in_link())
        number = send(page, server, prompt=PROMPT)
        page.goto(f"{server.url}/songs/{number}/")
        until(lambda: is_finished(page), 4 * PATIENCE)
        page.locator("[data-rename]").first.click()
        page.get_by_label("Title").fill(TITLE)
        page.get_by_label("Title").press("Enter")
        page.get_by_role("heading", name=TITLE).wait_for()
        page.close()
        yield Song(context, f"{server.url}/songs/{number}/", tmp_path_factory.mktemp("saved"))


def test_the_mp3_carries_the_name_that_the_song_has_now(song: Song) -> None:
    path = song.save("take-1.mp3?download=1")
    assert path.name == f"{TITLE} (take A).mp3"
    tag = ID3(path, translate=False)
    assert (str(tag["TIT2"]), str(tag["TXXX:AI_GENERATED"])) == (TITLE, "true")
    assert "together we are home" in tag.getall("USLT")[0].text
    assert len(tag.getall("SYLT")[0].text) >= 1
    assert tag.getall("APIC")[0].mime == "image/jpeg"
    assert MP3(path).info.length > 20


def test_the_wav_is_as_long_as_the_mp3_and_says_who_made_it(song: Song) -> None:
    path = song.save("take-1.wav")
    assert path.name == f"{TITLE} (take A).wav"
    with soundfile.SoundFile(path) as found:
        assert found.copy_metadata()["title"] == TITLE
        assert found.copy_metadata()["comment"] == "Made with AI"
        length = found.frames / found.samplerate
    assert length == pytest.approx(MP3(song.save("take-1.mp3?download=1")).info.length, abs=0.1)


def test_the_words_are_there_in_every_kind(song: Song) -> None:
    names, lines = read_lrc(song.save("take-2.lrc").read_text())
    assert names["ti"] == TITLE
    assert [text for _, text in lines if "together we are home" in text]
    _, timed = read_lrc(song.save("take-2.lrc?words=1").read_text())
    assert re.search(r"<\d\d:\d\d\.\d\d>together <\d\d:\d\d\.\d\d>we", "".join(text for _, text in timed))
    assert [text for _, _, text in read_vtt(song.save("take-2.vtt").read_text()) if "together we are home" in text]
    assert song.save("take-2.txt").read_text().startswith(f"{TITLE}\n")


def test_the_notes_are_midi(song: Song) -> None:
    assert song.save("take-1.mid").read_bytes().startswith(b"MThd")


def test_everything_is_one_archive_that_another_program_opens(song: Song) -> None:
    path = song.save("everything.zip")
    assert path.name == f"{TITLE}.zip"
    with zipfile.ZipFile(path) as found:
        assert found.testzip() is None
        names = [name.removeprefix(f"{TITLE}/") for name in found.namelist()]
        for letter in "AB":
            for ending in ("mp3", "mid", "lrc", "vtt", "txt"):
                assert f"{TITLE} (take {letter}).{ending}" in names
        told = json.loads(found.read(f"{TITLE}/song.json"))
        assert told["title"] == TITLE
        sound = found.read(f"{TITLE}/{TITLE} (take B).mp3")
        assert str(ID3(io.BytesIO(sound))["TIT2"]) == TITLE
        found.extractall(song.folder / "out")
    assert (song.folder / "out" / TITLE / "cover.webp").is_file()
    shutil.rmtree(song.folder / "out")


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844), (320, 640)])
def test_the_menu_fits_its_page_and_opens_by_key_and_without_scripts(
    browser: Browser, song: Song, width: int, height: int
) -> None:
    state = song.context.storage_state()
    with browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=width != 390, storage_state=state
    ) as context:
        page = context.new_page()
        page.goto(song.address)
        page.locator("summary", has_text="Download").focus()
        page.keyboard.press("Enter")
        menu = page.locator(".files")
        menu.wait_for()
        box = menu.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        page.keyboard.press("Tab")
        link = page.locator(":focus")
        assert str(link.get_attribute("href")).endswith("take-1.mp3?download=1")
        page.screenshot(path=f"/tmp/dl-{width}.png")


def test_whoever_leaves_in_the_middle_leaves_no_decoder_behind(song: Song, server: Server) -> None:
    page = song.open()
    with page.expect_download() as coming:
        page.locator('.files a[href$="take-2.wav"]').click()
    coming.value.cancel()
    page.close()
    until(lambda: not decoders(server), 30)


def decoders(server: Server) -> list[str]:
    """Processes of this server that decode a take."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = re.search(r"^PPid:\s*(\d+)", (process / "status").read_text(), re.MULTILINE)
            command = (process / "cmdline").read_bytes()
        except OSError:  # it has ended meanwhile
            continue
        if b"generator.wav" in command and parent and server.process and int(parent[1]) == server.process.pid:
            found.append(process.name)
    return found
