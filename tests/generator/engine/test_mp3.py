"""Streamed MP3 is the finished file: constant in rate, exact in length, faithful in sound."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from generator.engine.dsp import RATE, Audio
from generator.engine.mp3 import BYTES_PER_SECOND, DELAY, Encoder


def sound(length: float = 3.0) -> Audio:
    at = np.arange(int(length * RATE)) / RATE
    swell = 0.3 + 0.3 * np.sin(2 * np.pi * 0.7 * at)
    both = [swell * np.sin(2 * np.pi * hertz * at * (1 + 0.02 * at)) for hertz in (330, 440)]
    return np.stack(both).astype(np.float32)


def encoded(played: Audio, piece: int) -> tuple[bytes, Encoder]:
    encoder = Encoder()
    out = b"".join(encoder.encode(played[:, k : k + piece]) for k in range(0, played.shape[1], piece))
    return out + encoder.finish(), encoder


def test_the_length_can_be_read_off_the_bytes() -> None:
    frames, encoder = encoded(sound(), RATE)
    decoded, rate = soundfile.read(io.BytesIO(frames))
    assert rate == RATE
    assert encoder.count == len(frames)
    assert len(decoded) / RATE == pytest.approx(len(frames) / BYTES_PER_SECOND, abs=0.001)
    assert encoder.milliseconds == pytest.approx(len(decoded) / RATE * 1000, abs=1)


def test_pieces_of_any_size_give_the_same_bytes() -> None:
    assert encoded(sound(), RATE)[0] == encoded(sound(), 7001)[0]


def test_it_sounds_like_what_went_in_and_as_late_as_it_says() -> None:
    played = sound()
    decoded, _ = soundfile.read(io.BytesIO(encoded(played, RATE)[0]), dtype="float32")
    late = round(DELAY * RATE)
    back = decoded.T[:, late : late + played.shape[1]]
    apart = np.square(back - played).mean() / np.square(played).mean()
    assert apart < 2e-4


def test_what_is_too_loud_does_not_wrap_around() -> None:
    decoded, _ = soundfile.read(io.BytesIO(encoded(sound() * 4, RATE)[0]))
    assert np.abs(np.diff(decoded[RATE : 2 * RATE], axis=0)).max() < 0.5


def test_every_frame_has_its_header_where_the_rate_puts_it() -> None:
    frames, _ = encoded(sound(), RATE)
    at = 0
    while at < len(frames):
        assert frames[at] == 0xFF
        assert frames[at + 1] & 0xE0 == 0xE0
        padded = frames[at + 2] >> 1 & 1
        at += 144 * 192_000 // RATE + padded
    assert at == len(frames)
