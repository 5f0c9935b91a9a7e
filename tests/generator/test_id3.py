"""A tagged file says its title, its words, when they are sung, how it looks, and that a machine made it."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen import id3 as mutagen_id3
from mutagen import mp3 as mutagen_mp3
from PIL import Image

from generator import id3
from generator.engine.mp3 import Encoder
from generator.protocol.events import SectionTime
from generator.protocol.text import one_line
from tests.generator.foreign_files import mp3

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
    tag = id3.tag(
        title="Tgther – we’re hömé",
        artist="Zoë",
        album="Tgther",
        track="1/2",
        subtitle="Take A",
        genre="Pop",
        bpm=112,
        year=2026,
        duration_ms=1070,
        software="LAME",
        cover=id3.jpeg(picture()),
        sections=told,
    )
    path = tmp_path / "song.mp3"
    path.write_bytes(tag + frames)
    return path


def test_players_read_who_what_and_how_fast(tagged: Path) -> None:
    tag = ID3(tagged, translate=False)
    assert tag.version == (2, 3, 0)
    assert str(tag["TIT2"]) == "Tgther – we’re hömé"
    told = {"TPE1": "Zoë", "TALB": "Tgther", "TRCK": "1/2", "TIT3": "Take A", "TCON": "Pop", "TBPM": "112"}
    told |= {"TYER": "2026", "TLEN": "1070", "TSSE": "LAME"}
    assert {name: str(tag[name]) for name in told} == told


def test_machines_and_people_read_that_it_was_made_by_a_machine(tagged: Path) -> None:
    tag = ID3(tagged, translate=False)
    assert str(tag["TXXX:AI_GENERATED"]) == "true"
    assert str(tag["COMM::eng"]) == "Made with AI"


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


def read(**said: Any) -> Any:
    """What another program finds in a tag."""
    fields: dict[str, Any] = {"title": "Dawn", "artist": "Alice", "sections": []}
    return ID3(io.BytesIO(id3.tag(**fields | said) + bytes(64)), translate=False)


def test_a_song_without_words_has_no_frames_for_them() -> None:
    tag = read(sections=sections()[:1])
    assert not tag.getall("USLT")
    assert not tag.getall("SYLT")


def test_what_is_not_known_is_not_said() -> None:
    assert sorted(read()) == ["COMM::eng", "TIT2", "TPE1", "TXXX:AI_GENERATED"]


def test_latin_letters_are_written_plainly_and_all_others_in_utf_16() -> None:
    assert b"TIT2\0\0\0\x04\0\0\0\xd6de" in id3.tag(title="Öde", artist="A", sections=[])
    assert b"TIT2\0\0\0\x07\0\0\x01\xff\xfe\x3c\xd8\xb5\xdf" in id3.tag(title="🎵", artist="A", sections=[])


HOSTILE = {
    "a nul": ("a\0b", "a b"),
    "half a character": ("a\ud83db", "a b"),
    "turned": ("\u202eevil.mp3", "evil.mp3"),
    "emoji": ("👩‍🎤🎸", "👩‍🎤🎸"),
    "lines": ("one\r\ntwo\u2028three", "one two three"),
    "long": ("ü🎵" * 5000, "ü🎵" * 200),
    "a frame": ("TPE1\0\0\0\x05\0\0\0Evil", "TPE1 Evil"),
}


@pytest.mark.parametrize(("text", "shown"), HOSTILE.values(), ids=HOSTILE)
def test_no_words_break_out_of_their_frame(text: str, shown: str) -> None:
    told = sections(text)
    tag = read(title=text, artist=text, album=text, genre=text, subtitle=text, software=text, sections=told)
    assert [str(tag[name]) for name in ("TIT2", "TPE1", "TALB", "TCON", "TIT3", "TSSE")] == [shown] * 6
    assert str(tag["TXXX:AI_GENERATED"]) == "true"
    (words,), (timed,) = tag.getall("USLT"), tag.getall("SYLT")
    assert words.text.startswith(shown)
    assert [at for _, at in timed.text] == [1000]
    assert len(tag) == 10


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=4))
def test_whatever_is_written_can_be_read_back(title: str, lines: list[str]) -> None:
    tag = read(title=title, sections=sections(*lines))
    sung = [one_line(line, 2000) for line in lines if one_line(line, 2000)]
    assert str(tag.get("TIT2", "")) == one_line(title, 400)
    assert [text.rstrip("\n") for frame in tag.getall("SYLT") for text, _ in frame.text] == sung
    assert "".join(frame.text for frame in tag.getall("USLT")) == "\n".join(sung)


def test_times_that_no_tag_can_hold_are_cut() -> None:
    told = sections("early", "late")
    told[1]["lines"][0]["start"], told[1]["lines"][1]["start"] = -5, 2**40
    assert [at for _, at in read(sections=told).getall("SYLT")[0].text] == [0, 2**32 - 1]


@pytest.mark.parametrize("kind", ["L", "LA", "P", "RGBA", "CMYK"])
def test_a_picture_of_any_kind_becomes_a_small_jpeg(kind: str) -> None:
    out = io.BytesIO()
    Image.new(kind, (900, 300)).save(out, "TIFF")
    image = Image.open(io.BytesIO(id3.jpeg(out.getvalue())))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (512, 171))


def test_even_noise_stays_below_what_a_tag_may_carry() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (512, 512, 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, "PNG")
    assert len(id3.jpeg(out.getvalue())) <= id3.LARGEST_PICTURE


FRAMES = mp3(1.0)
V23 = id3.tag(title="Theirs", artist="Somebody", sections=[])
V24_WITH_FOOTER = b"ID3\x04\0\x10" + bytes((0, 0, 1, 0)) + bytes(128) + b"3DI\x04\0\x10" + bytes((0, 0, 1, 0))
V1 = b"TAG" + bytes(125)
V1_LONGER = b"TAG+" + bytes(223) + V1
LYRICS3 = b"LYRICSBEGIN" + b"IND0000200" + b"000021" + b"LYRICS200"


def ape(*, has_header: bool) -> bytes:
    """An APEv2 tag with one item."""
    item = struct.pack("<II", 5, 0) + b"Title\0" + b"Theirs"[:5]
    flags = 0x80000000 if has_header else 0
    head, foot = (struct.pack("<8sIIII8x", b"APETAGEX", 2000, len(item) + 32, 1, flags | top) for top in (1 << 29, 0))
    return (head if has_header else b"") + item + foot


@pytest.mark.parametrize("before", [b"", V23, V24_WITH_FOOTER, V23 + V24_WITH_FOOTER + V23, ape(has_header=True) + V23])
@pytest.mark.parametrize(
    "behind",
    [
        b"",
        V1,
        V1_LONGER,
        ape(has_header=False),
        ape(has_header=True) + V1,
        LYRICS3 + V1,
        ape(has_header=True) + LYRICS3,
    ],
)
def test_only_the_sound_is_left_of_a_file_with_tags_all_around(before: bytes, behind: bytes) -> None:
    whole = before + FRAMES + behind
    first, last = id3.sound(io.BytesIO(whole), len(whole))
    assert whole[first:last] == FRAMES


@pytest.mark.parametrize(
    "lie",
    [
        b"ID3\x03\0\0\x7f\x7f\x7f\x7f" + FRAMES,
        b"ID3\x03\0\0\xff\xff\xff\xff" + FRAMES,
        b"APETAGEX" + b"\xff" * 24 + FRAMES,
        FRAMES + b"999999LYRICS200",
        FRAMES + b"APETAGEX" + b"\xff" * 24,
        V23,
        V1,
        b"ID3",
        b"",
    ],
    ids=["large", "no-size", "ape-head", "lyrics", "ape-end", "only-a-tag", "only-an-end", "short", "nothing"],
)
def test_a_tag_that_lies_about_its_size_takes_no_sound_away(lie: bytes) -> None:
    assert id3.sound(io.BytesIO(lie), len(lie)) == (0, len(lie))
