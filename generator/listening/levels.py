"""How loud and how bright a sound is along its length."""

from __future__ import annotations

import numpy as np

from .facts import Levels
from .sound import RATE, Sound, spectra

_SIZE, _HOP = 2048, 2205
"""A frame every tenth of a second."""
QUIETEST = -80.0


def levels(sound: Sound) -> Levels:
    """Of any sound; the last second may be a part of one."""
    loud = []
    for begin in range(0, len(sound.samples), RATE):
        piece = sound.samples[begin : begin + RATE].astype(np.float64)
        power = float(piece @ piece) / len(piece) * sound.peak**2
        loud.append(max(QUIETEST, 10 * np.log10(power + 1e-12)))
    middles = []
    for block in spectra(sound.samples, _SIZE, _HOP):
        summed = np.cumsum(block, axis=1)
        middles.append((summed < summed[:, -1:] / 2).sum(axis=1) * (RATE / _SIZE))
    hertz = np.concatenate(middles)
    per = round(RATE / _HOP)
    bright = [
        float(np.median(hertz[k * per : (k + 1) * per])) if level > QUIETEST + 10 and k * per < len(hertz) else 0.0
        for k, level in enumerate(loud)
    ]
    return Levels(tuple(loud), tuple(bright))
