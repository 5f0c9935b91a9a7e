"""A tagged file says its title, its words, when they are sung, how it looks, and that a machine made it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mutagen import id3 as mutagen_id3
from mutagen import mp3 as mutagen_mp3
from PIL import Image

from generator.engine.mp3 import Encoder
from generator.engine.tags import id3
from generator.protocol.events import SectionTime

ID3: Any = mutagen_id3.ID3
MP3: Any = mutagen_mp3.MP3
"""mutagen says nothing of its types."""


def picture(size: int = 1024) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (size, size), (220, 80, 40)).save(out, "WEBP")
    return out.getvalue()


def sections(*lines: str) -> list[SectionTime]:
    timed = [{"start": 1000 * k, "end": 1000 * k + 900, "text": text, "words": []} for k, text in enumerate(lines, 1)]
    return [
        {"section_type": "intro", "start": 0, "end": 1000, "lines": []},
        {"section_type": "chorus", "start": 1000, "end": 9000, "lines": timed},  # type: ignore[typeddict-item]  # built above
    ]


@pytest.fixture
def tagged(tmp_path: Path) -> Path:
    encoder = Encoder()
    frames = encoder.encode(np.zeros((2, 44100), np.float32)) + encoder.finish()
    told = sections("Ça va, Zoë? “Yes”", "Straße 🎵 home")
    tag = id3(title="Tgther – we’re hömé", genre="Pop", bpm=112, cover=picture(), sections=told)
    path = tmp_path / "song.mp3"
    path.write_bytes(tag + frames)
    return path


def test_players_read_who_what_and_how_fast(tagged: Path) -> None:
    tag = ID3(tagged, translate=False)
    assert tag.version == (2, 3, 0)
    assert str(tag["TIT2"]) == "Tgther – we’re hömé"
    assert str(tag["TPE1"]) == "Duplet"
    assert str(tag["TCON"]) == "Pop"
    assert str(tag["TBPM"]) == "112"
    assert str(tag["TXXX:AI_GENERATED"]) == "true"


def test_the_words_are_in_the_file_with_their_times(tagged: Path) -> None:
    tag = ID3(tagged, translate=False)
    assert tag.getall("USLT")[0].text == "Ça va, Zoë? “Yes”\nStraße 🎵 home"
    timed = tag.getall("SYLT")[0]
    assert (timed.format, timed.type) == (2, 1)
    assert [(text.strip(), at) for text, at in timed.text] == [("Ça va, Zoë? “Yes”", 1000), ("Straße 🎵 home", 2000)]


def test_the_cover_is_a_small_jpeg(tagged: Path) -> None:
    front = ID3(tagged).getall("APIC")[0]
    image = Image.open(io.BytesIO(front.data))
    assert (front.mime, front.type, image.format, image.size) == ("image/jpeg", 3, "JPEG", (512, 512))
    assert len(front.data) < 100_000


def test_the_tag_ends_where_the_sound_begins(tagged: Path) -> None:
    info = MP3(tagged).info
    assert info.bitrate == 192_000
    assert info.length == pytest.approx(1.07, abs=0.05)


def test_a_song_without_words_has_no_frames_for_them() -> None:
    tag = ID3(io.BytesIO(id3(title="Dawn", genre="Cinematic", bpm=90, cover=picture(64), sections=sections()[:1])))
    assert not tag.getall("USLT")
    assert not tag.getall("SYLT")


def test_half_a_character_does_not_break_the_tag() -> None:
    tag = ID3(io.BytesIO(id3(title="a\ud83db", genre="Pop", bpm=100, cover=picture(64), sections=[])))
    assert str(tag["TIT2"]) == "a?b"
