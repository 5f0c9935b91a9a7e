"""Sounds made by calculation: detuned saw chords, the noise that rises into a chorus, the boom on its first beat."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .dsp import RATE, Audio, place, samples, silence
from .score import Tone

_CENTS = (-19, -11, -5, 0, 6, 12, 20)
"""Detuning of the seven saws of one note, left to right."""
_TABLE = 4096
_HIGHEST = 15000
"""Hz: no harmonic of a saw lies above, so none folds back."""
_RELEASE = 0.12


@functools.lru_cache(maxsize=32)
def _wave(harmonics: int) -> npt.NDArray[np.float32]:
    """One period of a saw of that many harmonics."""
    phase = np.arange(_TABLE) / _TABLE * 2 * np.pi
    orders = np.arange(1, harmonics + 1)[:, None]
    wave: npt.NDArray[np.float32] = (np.sin(orders * phase) / orders).sum(axis=0).astype(np.float32)
    return wave


@functools.lru_cache(maxsize=96)
def _saw(pitch: int, milliseconds: int) -> Audio:
    """Seven saws across the stereo field, with a soft attack and a decay to half; a note has its own fixed phases."""
    frequency = 440 * 2 ** ((pitch - 69) / 12)
    length = samples(milliseconds / 1000 + _RELEASE)
    at = np.arange(length)
    wave = _wave(int(min(64, _HIGHEST / frequency)))
    phases = np.random.default_rng(pitch).random(len(_CENTS)) * _TABLE
    sound = silence(length)
    for k, (cents, phase) in enumerate(zip(_CENTS, phases, strict=True)):
        step = frequency * 2 ** (cents / 1200) / RATE * _TABLE
        voice = wave[(at * step + phase).astype(np.int64) % _TABLE]
        right = k / (len(_CENTS) - 1)
        sound[0] += voice * np.float32(1 - 0.8 * right)
        sound[1] += voice * np.float32(0.2 + 0.8 * right)
    shape = np.minimum(1, at / 90) * (0.55 + 0.45 * np.exp(-at / (0.12 * RATE)))
    shape *= np.clip((length - at) / (_RELEASE * RATE), 0, 1)
    return sound * (shape * 0.045).astype(np.float32)


def _rise(tone: Tone, chance: np.random.Generator) -> Audio:
    """Noise that grows and opens upward."""
    length = samples(tone.length)
    noise = chance.standard_normal((2, length), dtype=np.float32)
    along = (np.arange(length) / length).astype(np.float32)
    opened = noise - np.roll(noise, 1, axis=1) * (0.2 + 0.75 * (1 - along))
    return opened * (along**2.5 * np.float32(0.11 * tone.gain))


def _boom(tone: Tone, chance: np.random.Generator) -> Audio:
    """A sine that falls from 54 to 38 Hz, with a splash of high noise."""
    at = np.arange(samples(tone.length)) / RATE
    low = np.sin(2 * np.pi * (38 * at + 16 / 9 * (1 - np.exp(-at * 9)))) * np.exp(-at * 2.2) * 0.5 * tone.gain
    noise = chance.standard_normal((2, len(at)), dtype=np.float32)
    splash = (noise - np.roll(noise, 1, axis=1)) * (np.exp(-at * 2.5) * 0.05 * tone.gain).astype(np.float32)
    out: Audio = splash + low.astype(np.float32)
    end = min(len(at), 2000)
    out[:, -end:] *= np.linspace(1, 0, end, dtype=np.float32)
    return out


def sound(tones: Sequence[Tone], length: int, lead: int, chance: np.random.Generator) -> Audio:
    """All tones of a stretch as (2, length), whose own time begins at sample `lead`."""
    out = silence(length)
    for tone in tones:
        at = lead + samples(tone.at)
        if tone.kind == "saw":
            for pitch in tone.pitches:
                place(out, _saw(pitch, round(tone.length * 1000)), at, tone.gain)
        else:
            place(out, _rise(tone, chance) if tone.kind == "rise" else _boom(tone, chance), at)
    return out
