"""A corpus of what hosts may send instead of a song, or beside one: what is taken, as what, and at what cost."""

from __future__ import annotations

import io
import resource
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from generator.probe import Probe, probe, sniffed
from generator.protocol.errors import AudioUnusable
from tests.generator.foreign_files import PAGE, RATE, mp3, picture, sound, tag, tone, wav, wave_format

Made = Callable[[], bytes]

TAKEN: dict[str, tuple[str, Made]] = {
    "MP3": ("mp3", mp3),
    "MP3 of silence": ("mp3", lambda: mp3(silent=True)),
    "MP3 with words and a picture": ("mp3", lambda: tag(("TIT2", b"\0Song"), ("APIC", _cover())) + mp3()),
    "MP3 with two tags": ("mp3", lambda: tag(("TIT2", b"\0A")) + tag(("TIT2", b"\0B")) + mp3()),
    "MP3 with an old tag behind it": ("mp3", lambda: mp3() + b"TAG" + b"<script>".ljust(125, b"\0")),
    "MP3 with a page in its tag": ("mp3", lambda: tag(("COMM", b"\0eng\0" + PAGE)) + mp3()),
    "MP3 with a page behind it": ("mp3", lambda: mp3() + PAGE),
    "MP3 with an archive behind it": ("mp3", lambda: mp3() + b"PK\x03\x04" + PAGE + b"PK\x05\x06" + bytes(18)),
    "MP3 cut in the middle of a frame": ("mp3", lambda: mp3()[:-217]),
    "WAV": ("wav", sound),
    "WAV of 24 bits": ("wav", lambda: sound("WAV", "PCM_24")),
    "WAV of 8 bits": ("wav", lambda: sound("WAV", "PCM_U8")),
    "WAV of floats": ("wav", lambda: sound("WAV", "FLOAT")),
    "WAV with the longer head": ("wav", lambda: sound("WAVEX", "PCM_16")),
    "WAV that says it is longer than it is": ("wav", lambda: _plain_wav(size=2**31)),
    "WAV with odd chunks": ("wav", lambda: _plain_wav((b"LIST", b"INFO" + PAGE + b" "), (b"evil", bytes(999)))),
    "FLAC": ("flac", lambda: sound("FLAC", "PCM_16")),
    "FLAC of 24 bits": ("flac", lambda: sound("FLAC", "PCM_24")),
    "Ogg Vorbis": ("ogg", lambda: sound("OGG", "VORBIS")),
    "Ogg Opus": ("ogg", lambda: sound("OGG", "OPUS")),
}  # fmt: skip
"""What plays: the kind it is kept as."""

REFUSED: dict[str, Made] = {
    "nothing": lambda: b"",
    "one byte": lambda: b"I",
    "a page": lambda: PAGE * 100,
    "JSON": lambda: b'{"error": "not found"}',
    "a picture": lambda: picture("JPEG"),
    "an archive": lambda: b"PK\x03\x04" + bytes(5000),
    "a program": lambda: b"\x7fELF" + bytes(5000),
    "M4A": lambda: b"\0\0\0\x20ftypM4A \0\0\0\0" + bytes(5000),
    "MP4 of somebody's holidays": lambda: b"\0\0\0\x20ftypisom\0\0\0\0" + bytes(5000),
    "AAC": lambda: b"\xff\xf1\x50\x80" + bytes(5000),
    "a playlist": lambda: b"#EXTM3U\nhttp://127.0.0.1/secret\n",
    "a playlist of a player": lambda: b"[playlist]\nFile1=file:///etc/passwd\n",
    "MIDI": lambda: b"MThd\0\0\0\x06" + bytes(500),
    "AIFF, which browsers do not play": lambda: sound("AIFF", "PCM_16"),
    "AU, which browsers do not play": lambda: sound("AU", "PCM_16"),
    "AIFF behind a tag": lambda: tag(("TIT2", b"\0Song")) + sound("AIFF", "PCM_16"),
    "WAV behind a tag": lambda: tag(("TIT2", b"\0Song")) + sound(),
    "FLAC behind a tag": lambda: tag(("TIT2", b"\0Song")) + sound("FLAC", "PCM_16"),
    "WAV in an encoding of telephones": lambda: sound("WAV", "GSM610", channels=1),
    "WAV in another old encoding": lambda: sound("WAV", "IMA_ADPCM"),
    "WAV of doubles, which browsers do not play": lambda: sound("WAV", "DOUBLE"),
    "WAV in an encoding nobody knows": lambda: wav(wave_format(0x7FFF), (b"data", bytes(400_000))),
    "WAV of no channels": lambda: wav(wave_format(channels=0), (b"data", bytes(400_000))),
    "WAV of 65,535 channels": lambda: wav(wave_format(channels=65_535), (b"data", bytes(400_000))),
    "WAV at no rate": lambda: wav(wave_format(rate=0), (b"data", bytes(400_000))),
    "WAV at a rate of four billion": lambda: wav(wave_format(rate=2**32 - 1), (b"data", bytes(400_000))),
    "WAV without data": lambda: wav(wave_format()),
    "WAV of numbers that are no sound": lambda: _float_wav(np.nan),
    "WAV of infinities": lambda: _float_wav(np.inf),
    "a tag and nothing else": lambda: tag(("TIT2", b"\0Song")),
    "a tag that says it is 256 MiB": lambda: tag(("TIT2", b"\0Song"), size=2**28 - 1) + mp3(),
    "MP3 heads without bodies": lambda: b"\xff\xfb\x90\x64" * 20_000,
    "half a second of MP3": lambda: mp3(0.5),
    "FLAC cut after its head": lambda: sound("FLAC", "PCM_16")[:100],
    "FLAC whose rest is noise": lambda: sound("FLAC", "PCM_16")[:200] + bytes(range(256)) * 500,
    "Ogg cut after its head": lambda: sound("OGG", "VORBIS")[:200],
    "Ogg with a film in it": lambda: b"OggS\0\x02" + bytes(20) + b"\x01\x2a\x80theora" + bytes(500),
    "Ogg whose rest is zeros": lambda: sound("OGG", "OPUS")[:300] + bytes(100_000),
    "a second of MP3 before ten megabytes of something else": lambda: mp3() + bytes(range(256)) * 45_000,
    "eleven minutes in a few kilobytes": lambda: _long_flac(11),
    "a day in a few hundred kilobytes": lambda: _long_flac(600),
}  # fmt: skip


def _cover() -> bytes:
    return b"\0image/jpeg\0\x03\0" + picture("JPEG")


def _plain_wav(*more: tuple[bytes, bytes], size: int | None = None) -> bytes:
    data = (tone(2.0) * 32_767).astype("<i2").tobytes()
    return wav(wave_format(), *more, (b"data", data), size=size)


def _float_wav(value: float) -> bytes:
    wave = tone(2.0).copy()
    wave[RATE] = value
    out = io.BytesIO()
    soundfile.write(out, wave, RATE, format="WAV", subtype="FLOAT")
    return out.getvalue()


def _long_flac(minutes: int) -> bytes:
    """Silence at 8 kHz, which FLAC keeps in next to nothing."""
    out = io.BytesIO()
    with soundfile.SoundFile(out, "w", 8_000, 1, "PCM_16", format="FLAC") as file:
        for _ in range(minutes):
            file.write(np.zeros(60 * 8_000, np.int16))
    return out.getvalue()


async def probed(folder: Path, data: bytes) -> Probe:
    path = folder / "take.mp3"
    path.write_bytes(data)
    return await probe(path)


@pytest.mark.parametrize("name", TAKEN)
async def test_what_browsers_play_is_taken_as_what_it_is(tmp_path: Path, name: str) -> None:
    kind, made = TAKEN[name]
    data = made()
    found = await probed(tmp_path, data)
    assert found.kind == kind == sniffed(data[:16])
    assert 1_900 <= found.duration_ms <= 3_200
    assert len(found.peaks) == 400


@pytest.mark.parametrize("name", REFUSED)
async def test_all_else_is_refused_in_a_sentence_at_little_cost(tmp_path: Path, name: str) -> None:
    data = REFUSED[name]()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises(AudioUnusable) as refusal:
        await probed(tmp_path, data)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert refusal.value.code == "audio_rejected"
    assert refusal.value.sentence.endswith(".")
    assert "Traceback" not in refusal.value.sentence
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 5.0


async def test_ten_minutes_are_a_take_and_a_little_more_is_none(tmp_path: Path) -> None:
    assert (await probed(tmp_path, _long_flac(10))).duration_ms == 600_000
    with pytest.raises(AudioUnusable, match="longer than 10 minutes"):
        await probed(tmp_path, _long_flac(11))


async def test_only_heads_of_layer_three_are_taken_for_mp3() -> None:
    heads = [struct.pack(">I", 0xFFE00000 | bits << 12) for bits in range(512)]
    taken = {head.hex() for head in heads if sniffed(head + bytes(12))}
    layer_three = {head.hex() for head in heads if head[1] >> 1 & 3 == 1}
    assert taken < layer_three
    assert "fffb9000" in taken
    assert not {"fff15000", "fffd9000", "ffeb9000", "fffbf000", "fffb0000"} & taken
