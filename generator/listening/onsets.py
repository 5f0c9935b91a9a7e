"""What begins when: how much of several bands of the spectrum grows from frame to frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from .sound import RATE, Line, Sound, Table, spectra

HOP = 256
FRAME_RATE = RATE / HOP
"""Frames a second."""
_SIZE = 1024
_BANDS = 40
_LOWEST, _HIGHEST = 30.0, 10_000.0
_LAG = 2
"""Frames that are compared: a window is two of them long at half its height."""
_PER_SECOND = 0.5
_FLOOR = 1e-5


@dataclass(frozen=True, slots=True)
class Onsets:
    """Rise of loudness, one value a frame of 1 / FRAME_RATE seconds, each line with standard deviation 1 or all 0."""

    all: Line
    low: Line
    """Below 160 Hz: bass drums and basses."""
    middle: Line
    high: Line
    """Above 2.5 kHz: snares, hats, strings that are plucked."""
    bands: Table
    """(frames, 40): how loud each band is, in decibels above the quietest that counts."""

    @property
    def seconds(self) -> float:
        """Length."""
        return len(self.all) / FRAME_RATE


def onsets(sound: Sound) -> Onsets:
    """Of any sound; nothing rises in a silent one."""
    matrix, centres = _matrix()
    loud = np.concatenate([np.square(block) @ matrix for block in spectra(sound.samples, _SIZE, HOP)])
    top = float(np.quantile(loud.max(axis=1), 0.99)) or 1.0
    bands = np.log10(loud / top + _FLOOR) * 10 - 10 * np.log10(_FLOOR)
    widened = maximum_filter1d(bands, 3, axis=1)
    rise = np.zeros_like(bands)
    rise[_LAG:] = np.maximum(0, bands[_LAG:] - widened[:-_LAG])
    return Onsets(
        all=_line(rise),
        low=_line(rise[:, centres < 160]),
        middle=_line(rise[:, (centres >= 160) & (centres < 2500)]),
        high=_line(rise[:, centres >= 2500]),
        bands=bands.astype(np.float32),
    )


def _matrix() -> tuple[Table, Line]:
    """Bins to bands, triangles spaced evenly over the logarithm but never closer than two bins; and their middles."""
    edges = np.geomspace(_LOWEST, _HIGHEST, _BANDS + 2)
    step = RATE / _SIZE
    for k in range(1, len(edges)):
        edges[k] = max(edges[k], edges[k - 1] + step)
    edges *= min(1.0, _HIGHEST / edges[-1])
    bins = np.arange(_SIZE // 2 + 1) * step
    up = (bins[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    down = (edges[2:] - bins[:, None]) / (edges[2:] - edges[1:-1])
    matrix = np.maximum(0, np.minimum(up, down))
    return cast(Table, matrix.astype(np.float32)), edges[1:-1].astype(np.float32)


def _line(rise: Table) -> Line:
    """The mean of some bands, less what is usual around it."""
    line = np.minimum(rise, 30.0).mean(axis=1)
    line = np.maximum(0, line - uniform_filter1d(line, round(_PER_SECOND * FRAME_RATE)))
    spread = float(line.std())
    return cast(Line, (line / spread if spread > 1e-3 else np.zeros_like(line)).astype(np.float32))
