"""Recordings of all kinds come in as one kind, are heard, or are refused with what was heard and what can be done."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from generator import intake
from generator.given import ROLES, Given, Role, Unfit, check_fit, check_together, facts, heard_from
from generator.protocol.errors import AudioUnusable

RATE = 44_100


def beat(seconds: float, rate: int = RATE) -> npt.NDArray[np.float32]:
    """Plucked A major chords, two a second."""
    time = np.arange(round(seconds * rate)) / rate
    tones = sum(np.sin(2 * np.pi * hertz * time) for hertz in (110.0, 220.0, 277.18, 329.63))
    out: npt.NDArray[np.float32] = (tones * np.exp(-4 * np.mod(time, 0.5)) / 5).astype(np.float32)
    return out


def tune(seconds: float, rate: int = RATE) -> npt.NDArray[np.float32]:
    """One voice alone: a scale, a note each half second."""
    time = np.arange(round(seconds * rate)) / rate
    steps = np.array([0, 2, 4, 5, 7, 5, 4, 2])[(time * 2).astype(int) % 8]
    phase = np.cumsum(220 * 2 ** (steps / 12)) / rate
    fade = np.minimum(1, 12 * np.mod(time, 0.5)) * np.minimum(1, 8 * (0.5 - np.mod(time, 0.5)))
    out: npt.NDArray[np.float32] = (0.4 * fade * sum(np.sin(2 * np.pi * k * phase) / k for k in range(1, 6))).astype(
        np.float32
    )
    return out


async def taken(path: Path, role: Role) -> Given:
    heard, found = await intake.take_in(path, path.with_suffix(".copy"))
    assert len(found.peaks) == 400
    given = Given(role=role, path=path.with_suffix(".copy"), heard=heard)
    check_fit(given)
    return given


@pytest.mark.parametrize(
    ("ending", "rate", "channels"),
    [
        ("wav", 44_100, 2),
        ("flac", 48_000, 1),
        ("ogg", 22_050, 2),
        ("wav", 8_000, 1),
        ("wav", 96_000, 6),
        ("mp3", 48_000, 2),
    ],
)
async def test_every_kind_becomes_one_kind_of_the_same_length(
    tmp_path: Path, ending: str, rate: int, channels: int
) -> None:
    path = tmp_path / f"given.{ending}"
    soundfile.write(path, np.repeat(beat(12, rate)[:, None], channels, axis=1), rate)
    given = await taken(path, "reference")
    copy = soundfile.info(given.path)
    assert (copy.format, copy.samplerate, copy.subtype) == ("FLAC", RATE, "PCM_16")
    assert copy.channels == min(2, channels)
    assert copy.frames / RATE == pytest.approx(12, abs=0.1)
    assert given.heard.music is not None
    assert given.heard.music.bpm == pytest.approx(120, rel=0.02)
    assert heard_from(facts(given.heard)) == given.heard


async def test_resampling_in_blocks_is_resampling_at_once(tmp_path: Path) -> None:
    from scipy.signal import resample_poly

    path = tmp_path / "given.wav"
    sound = tune(9, 48_000)
    soundfile.write(path, sound, 48_000)
    given = await taken(path, "melody")
    copy, _ = soundfile.read(given.path, dtype="float32")
    whole = resample_poly(sound, 147, 160)
    assert np.abs(copy - whole[: len(copy)]).max() < 2e-4


async def test_a_hummed_tune_has_its_notes(tmp_path: Path) -> None:
    path = tmp_path / "given.wav"
    soundfile.write(path, tune(8), RATE)
    heard = (await taken(path, "melody")).heard
    assert heard.melody is not None
    assert [note.pitch for note in heard.melody.notes[:8]] == [57, 59, 61, 62, 64, 62, 61, 59]


RNG = np.random.default_rng(5)
UNFIT: dict[str, tuple[npt.NDArray[np.float32], Role, str]] = {
    "silence": (np.zeros(12 * RATE, np.float32), "reference", "The audio is silent."),
    "noise": (RNG.normal(0, 0.1, 12 * RATE).astype(np.float32), "melody", "no tune"),
    "a note too short": (beat(6), "instrumental", "shorter than 10 seconds"),
    "noise to sing over": (RNG.normal(0, 0.1, 12 * RATE).astype(np.float32), "instrumental", "without a steady beat"),
}


@pytest.mark.parametrize(("sound", "role", "says"), UNFIT.values(), ids=UNFIT)
async def test_what_cannot_be_used_is_told_by_what_it_is(
    tmp_path: Path, sound: npt.NDArray[np.float32], role: Role, says: str
) -> None:
    path = tmp_path / "given.wav"
    soundfile.write(path, sound, RATE)
    with pytest.raises(Unfit, match=says) as unfit:
        await taken(path, role)
    assert unfit.value.role == role


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<html>" * 100, "no MP3, WAV, FLAC or Ogg"),
        (b"RIFF\xff\xff\xff\xffWAVE" + b"\xff" * 3000, "does not play"),
        (b"", "no MP3, WAV, FLAC or Ogg"),
    ],
    ids=["a page", "a broken wave", "nothing"],
)
async def test_what_is_no_recording_is_refused_with_the_reason(tmp_path: Path, body: bytes, says: str) -> None:
    path = tmp_path / "given"
    path.write_bytes(body)
    with pytest.raises(AudioUnusable) as refused:
        await taken(path, "reference")
    assert says in refused.value.sentence


MUTATIONS = 8


async def test_mutated_files_break_nothing_and_leave_no_child(tmp_path: Path) -> None:
    random = np.random.default_rng(7)
    for number in range(MUTATIONS):
        ending = ("mp3", "wav", "flac", "ogg")[number % 4]
        path = tmp_path / f"given-{number}.{ending}"
        soundfile.write(path, beat(2), RATE)
        body = bytearray(path.read_bytes())
        for _ in range(1 + number):
            body[int(random.integers(len(body)))] = int(random.integers(256))
        path.write_bytes(bytes(body[: int(random.integers(len(body) // 2, len(body) + 1))]))
        with suppress(AudioUnusable, Unfit):
            await taken(path, "reference")
    assert not [command for command in children() if b"generator." in command]


def children() -> list[bytes]:
    """Command lines of this process's children."""
    mine = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    return [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in mine if Path(f"/proc/{pid}").exists()]


def test_roles_that_make_no_song_together_are_refused_by_name() -> None:
    for good in ((), ("vocal",), ("melody", "reference"), ("reference", "vocal"), ("instrumental", "melody")):
        check_together(good)  # type: ignore[arg-type]
    for bad in (("instrumental", "vocal"), ("vocal", "melody"), ("reference", "instrumental"), ROLES):
        with pytest.raises(Unfit):
            check_together(bad)


def test_facts_that_are_none_are_no_heard_sound() -> None:
    for wrong in ({}, {"music": None}, {"music": {"bpm": 1}, "melody": None, "kind": "music", "seconds": 1}):
        with pytest.raises((KeyError, TypeError, ValueError)):
            check_fit(Given(role="melody", path=Path("x"), heard=heard_from(wrong)))
