"""Tunes with known notes as people give them: hummed with drift, whistled, sung with words, played on one instrument.

Notes are (on, off, MIDI pitch) in seconds. Everything is made of a seed; nobody's voice was recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import cast

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d
from scipy.signal import lfilter

Samples = npt.NDArray[np.float32]
Values = npt.NDArray[np.float64]
Notes = Sequence[tuple[float, float, float]]
RATE = 44_100
_FRAMES = 200
"""A second, of pitch and level lines."""


def _lines(
    notes: Notes, chance: np.random.Generator, *, glide: float, drift: float, off: float, vibrato: float, gap: float
) -> tuple[Values, Values]:
    """Pitch (MIDI) and level (0 to 1), _FRAMES a second.

    `glide`: seconds from note to note. `drift`: semitones of slow wandering. `off`: semitones the whole tune is off.
    `vibrato`: semitones, in notes longer than 0.3 s. `gap`: seconds of rest before each note that does not follow
    legato.
    """
    count = ceil((notes[-1][1] + 0.5) * _FRAMES)
    pitch, level = np.full(count, float(notes[0][2])), np.zeros(count)
    swing = np.zeros(count)
    for k, (on, end, height) in enumerate(notes):
        a, b = round(on * _FRAMES), round(end * _FRAMES)
        pitch[a:] = height
        follows = k + 1 < len(notes) and notes[k + 1][0] - end < 0.02
        parted = follows and (notes[k + 1][2] == height or chance.random() < 0.4)
        level[a : b - (round(gap * _FRAMES) if parted or not follows else 0)] = 0.7 + 0.3 * chance.random()
        if end - on > 0.3:
            time = np.arange(b - a) / _FRAMES
            swing[a:b] = (
                vibrato * np.clip((time - 0.2) / 0.2, 0, 1) * np.sin(2 * np.pi * (5.2 + chance.random()) * time)
            )
    pitch = gaussian_filter1d(pitch, max(0.5, glide * _FRAMES / 3))
    wander = gaussian_filter1d(chance.standard_normal(count), 2 * _FRAMES)
    slow = drift * wander / max(float(wander.std()), 1e-9)
    fine = gaussian_filter1d(chance.standard_normal(count), 6) * 0.25
    return pitch + swing + slow + off + fine, gaussian_filter1d(level, 3)


def _sampled(line: Values) -> Values:
    at = np.arange(len(line) * RATE // _FRAMES) / RATE * _FRAMES
    return cast(Values, np.interp(at, np.arange(len(line)), line))


def hummed(notes: Notes, seed: int) -> tuple[Samples, float]:
    """A tune with the mouth shut: few overtones, soft beginnings, drifting; and the semitones that it is off by."""
    chance = np.random.default_rng(seed)
    off = float(chance.uniform(-0.4, 0.4))
    pitch, level = _lines(notes, chance, glide=0.07, drift=0.15, off=off, vibrato=0.2, gap=0.07)
    phase = np.cumsum(440 * 2 ** ((_sampled(pitch) - 69) / 12) / RATE)
    fall = chance.uniform(0.25, 0.5)
    wave = np.sum([fall**k * np.sin(2 * np.pi * (k + 1) * phase + k) for k in range(8)], axis=0)
    breath = lfilter([1.0], [1.0, -0.9], chance.standard_normal(len(wave))) * 0.01
    sound = (wave + breath) * _sampled(level) * 0.3 + 0.0005 * chance.standard_normal(len(wave))
    return np.asarray(sound, np.float32), off


def whistled(notes: Notes, seed: int) -> tuple[Samples, float]:
    """A tune two octaves up: a sine with vibrato and long glides, and air; and the semitones that it is off by."""
    chance = np.random.default_rng(seed)
    off = 24 + float(chance.uniform(-0.3, 0.3))
    pitch, level = _lines(notes, chance, glide=0.09, drift=0.08, off=off, vibrato=0.35, gap=0.05)
    phase = np.cumsum(440 * 2 ** ((_sampled(pitch) - 69) / 12) / RATE)
    air = lfilter([1.0, -0.6], [1.0], chance.standard_normal(len(phase))) * 0.02
    wave = np.sin(2 * np.pi * phase) + 0.03 * np.sin(4 * np.pi * phase) + air
    sound = wave * _sampled(level) * 0.3 + 0.001 * chance.standard_normal(len(phase))
    return np.asarray(sound, np.float32), off


def played(notes: Notes, seed: int) -> tuple[Samples, float]:
    """A tune on something that is struck and rings: partials that die away, each note at once; it is off by 0."""
    chance = np.random.default_rng(seed)
    out = np.zeros(round((notes[-1][1] + 1) * RATE), np.float32)
    bright, decay = chance.uniform(0.3, 0.7), chance.uniform(1, 5)
    for on, off, pitch in notes:
        time = np.arange(round((off - on + 0.08) * RATE)) / RATE
        hertz = 440 * 2 ** ((pitch - 69) / 12)
        wave = np.sum([bright**k * np.sin(2 * np.pi * hertz * (k + 1) * time) for k in range(10)], axis=0)
        shape = np.minimum(1, time / 0.005) * np.exp(-decay * time) * np.clip((off - on + 0.08 - time) / 0.08, 0, 1)
        at = round(on * RATE)
        out[at : at + len(time)] += (0.2 * chance.uniform(0.6, 1) * wave * shape)[: len(out) - at]
    return out, 0.0
