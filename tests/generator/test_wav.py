"""A take as WAV, decoded while it is read, and read back by another program."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from generator import child, wav
from generator.wav import Decoding
from tests.generator.foreign_files import mp3, sound

FILES = {
    "mp3": lambda: mp3(3.0),
    "flac": lambda: sound("FLAC"),
    "vorbis": lambda: sound("OGG", "VORBIS"),
    "opus": lambda: sound("OGG", "OPUS"),
    "24 bits": lambda: sound("WAV", "PCM_24"),
    "floats": lambda: sound("WAV", "FLOAT"),
    "mono": lambda: sound("FLAC", channels=1),
    "six channels": lambda: sound("FLAC", channels=6),
}


def stored(folder: Path, body: bytes) -> Path:
    path = folder / "take"
    path.write_bytes(body)
    return path


def whole(decoding: Decoding) -> bytes:
    body = b"".join(iter(lambda: decoding.read(65_536), b""))
    decoding.close()
    return body


def read(body: bytes) -> Any:
    return soundfile.read(io.BytesIO(body), always_2d=True)


@pytest.mark.parametrize("kind", FILES)
def test_it_sounds_as_the_stored_file_and_has_the_length_it_said(tmp_path: Path, kind: str) -> None:
    body = FILES[kind]()
    decoding = Decoding(stored(tmp_path, body), title="Home", artist="Alice")
    made = whole(decoding)
    assert len(made) == decoding.size
    (got, rate), (want, its_rate) = read(made), read(body)
    assert (got.shape, rate) == (want.shape, its_rate)
    assert np.abs(got - want).max() < 1e-4


def test_it_says_whose_it_is_and_that_a_machine_made_it(tmp_path: Path) -> None:
    made = whole(Decoding(stored(tmp_path, mp3(1.0)), title="Ça va\0\r\n🎵" + "x" * 9000, artist="Zoë"))
    with soundfile.SoundFile(io.BytesIO(made)) as found:
        said = found.copy_metadata()
        assert (found.format, found.subtype) == ("WAV", "PCM_16")
    assert said["title"].startswith("Ça va 🎵xxx")
    assert said["artist"] == "Zoë"
    assert said["comment"] == "Made with AI"


def test_what_is_louder_than_a_wav_can_say_is_cut_and_not_turned_over(tmp_path: Path) -> None:
    out = io.BytesIO()
    soundfile.write(out, np.full((44_100, 2), 1.5, np.float32), 44_100, "FLOAT", format="WAV")
    got, _ = read(whole(Decoding(stored(tmp_path, out.getvalue()), title="", artist="")))
    assert got.min() > 0.99


def test_what_is_no_sound_is_refused_before_a_byte_is_sent(tmp_path: Path) -> None:
    for body in (b"no sound at all", b"", b"ID3" + bytes(500)):
        with pytest.raises(child.UnfitError):
            Decoding(stored(tmp_path, body), title="", artist="")


def test_its_process_ends_when_nobody_reads_on(tmp_path: Path) -> None:
    decoding = Decoding(stored(tmp_path, mp3(30.0)), title="", artist="")
    process = decoding._poured._child
    decoding.read(1)
    assert decoding.read(1000)
    assert process.poll() is None  # it waits for its reader
    decoding.close()
    decoding.close()
    assert process.poll() is not None
    assert decoding.read(1000) == b""


def test_its_process_ends_by_itself_when_its_reader_is_gone(tmp_path: Path) -> None:
    decoding = Decoding(stored(tmp_path, mp3(30.0)), title="", artist="")
    decoding._poured._out.close()
    assert decoding._poured._child.wait(20) is not None
    decoding.close()


def test_the_header_of_two_channels_is_the_plain_one() -> None:
    head = wav.header(44_100, 2, 8, title="", artist="")
    assert head[:4] + head[8:16] == b"RIFFWAVEfmt "
    assert int.from_bytes(head[4:8], "little") == len(head) + 8 - 8
    assert head[-8:] == b"data\x08\0\0\0"
