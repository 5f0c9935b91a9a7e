"""What is said of an audio file before it is kept, and how little the decoder can do to us."""

import asyncio
import os
import resource
from pathlib import Path

import lameenc
import numpy as np
import pytest
import soundfile

from generator import child
from generator.probe import Probe, probe
from generator.protocol.errors import AudioUnusable

RATE = 44_100


def rising(seconds: float) -> np.ndarray:
    """A stereo tone that grows from nothing to full."""
    at = np.arange(int(seconds * RATE)) / RATE
    tone = np.sin(2 * np.pi * 220 * at) * at / max(seconds, 0.01)
    return np.stack([tone, tone], axis=1).astype(np.float32)


def mp3(path: Path, seconds: float) -> Path:
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(192)
    encoder.set_in_sample_rate(RATE)
    encoder.set_channels(2)
    encoder.silence()
    pcm = (rising(seconds) * 32_767).astype(np.int16)
    path.write_bytes(encoder.encode(pcm.tobytes()) + encoder.flush())
    return path


async def refused(path: Path) -> str:
    with pytest.raises(AudioUnusable) as refusal:
        await probe(path)
    assert refusal.value.code == "audio_rejected"
    return refusal.value.sentence


async def test_it_tells_length_and_loudness_of_an_mp3(tmp_path: Path) -> None:
    found = await probe(mp3(tmp_path / "song.mp3", 5.0))
    assert abs(found.duration_ms - 5_000) < 60
    assert len(found.peaks) == 400
    assert max(found.peaks) == 100
    quarters = [found.peaks[at] for at in (0, 100, 200, 300, 395)]
    assert quarters == pytest.approx([0, 25, 50, 75, 99], abs=3)


async def test_a_two_minute_song_costs_less_than_a_second(tmp_path: Path) -> None:
    song = mp3(tmp_path / "song.mp3", 120.0)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    await probe(song)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1.0  # measured: 0.3


@pytest.mark.parametrize("kind", ["wav", "flac", "ogg"])
async def test_it_reads_what_else_hosts_send(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"song.{kind}"
    soundfile.write(path, rising(2.0), RATE)
    found = await probe(path)
    assert abs(found.duration_ms - 2_000) <= 1
    assert [found.peaks[at] for at in (0, 200, 395)] == pytest.approx([0, 50, 99], abs=3)


async def test_the_content_decides_and_not_the_name(tmp_path: Path) -> None:
    for name in ("song.raw", "song.html", "-rf", "a song; $(touch x) 'ü'.mp3"):
        soundfile.write(tmp_path / name, rising(1.5), RATE, format="WAV")
        assert (await probe(tmp_path / name)).duration_ms == 1_500


async def test_silence_is_a_file_that_plays(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "rest.wav", np.zeros((2 * RATE, 2)), RATE)
    assert await probe(tmp_path / "rest.wav") == Probe("wav", 2_000, (0,) * 400)


@pytest.mark.parametrize(
    "content", [b"", b"<html><h1>502 Bad Gateway</h1></html>", b"\0" * 5_000, b"RIFF\xff\xff\xff\xffWAVE"]
)
async def test_what_is_no_audio_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(content)
    assert "audio" in (await refused(path)).lower()


async def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    await refused(tmp_path / "nothing.mp3")


async def test_half_a_second_is_no_song(tmp_path: Path) -> None:
    assert "shorter than a second" in await refused(mp3(tmp_path / "song.mp3", 0.5))


async def test_numbers_that_are_no_sound_are_refused(tmp_path: Path) -> None:
    sound = rising(2.0)
    sound[RATE] = np.nan
    soundfile.write(tmp_path / "song.wav", sound, RATE, subtype="FLOAT")
    await refused(tmp_path / "song.wav")


async def test_a_file_of_a_hundred_channels_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "song.wav", np.zeros((RATE, 100), np.int16), RATE)
    assert "channels" in await refused(tmp_path / "song.wav")


async def test_a_decoder_that_does_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "WALL_SECONDS", 0.5)
    os.mkfifo(tmp_path / "song.mp3")
    assert "too long" in await refused(tmp_path / "song.mp3")
    assert not _children()


async def test_the_decoder_has_limits_and_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "of no business to a decoder")
    os.mkfifo(tmp_path / "song.mp3")
    task = asyncio.create_task(probe(tmp_path / "song.mp3"))
    limits = ""
    while "Max address space         536870912" not in limits:
        await asyncio.sleep(0.02)
        limits = "".join(_told(pid, "limits") for pid in _children())
    assert "Max cpu time              20 " in limits
    assert "Max file size             0 " in limits
    (child,) = _children()
    assert "PATH=" in _told(child, "environ")
    assert "SECRET_KEY" not in _told(child, "environ")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not _children()


def _children() -> list[str]:
    """This process's decoders: it may have other children, such as a server that all tests share."""
    ours = [pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]
    return [pid for pid in ours if "generator.probe" in _told(pid, "cmdline")]


def _told(pid: str, about: str) -> str:
    return Path("/proc", pid, about).read_text()
