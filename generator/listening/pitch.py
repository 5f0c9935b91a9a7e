"""The pitch of one voice, frame by frame: a hummed, whistled, sung or played line that sounds alone.

After Mauch and Dixon, "pYIN: a fundamental frequency estimator using probabilistic threshold distributions" (2014):
each frame's period is a few candidates with a probability each, and a path through them is chosen afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
from scipy.fft import irfft, rfft
from scipy.special import betainc

from .sound import RATE, Line, Sound, Table

Values = npt.NDArray[np.float64]
HOP = 256
FRAME_RATE = RATE / HOP
LOWEST, HIGHEST = 60.0, 3_300.0
"""Hz. Whistlers go up to there."""
_WINDOW = 720
"""Samples that are compared with themselves, later: 33 ms, two periods of the lowest voice."""
_KEPT = 5
"""Candidates a frame."""
_THRESHOLDS = 2.0, 8.0
"""The beta distribution of thresholds: mean 0.2."""
_LEAST = 0.01
"""Probability of the deepest candidate where no threshold finds it."""
_WORST = 0.8
_QUIET = 50.0
"""Decibels below the loudest frames at which nothing is taken for a voice any more."""
_SHIFT, _LONGEST_SHIFT = 0.7, 5.0
"""Nepers that a semitone between two frames costs, and the most that any change does."""
_SWITCH = 2.5
"""What beginning or ending to sound costs."""
_AT_ONCE = 2048


@dataclass(frozen=True, slots=True)
class Track:
    """One value a frame, frame k centred on second k / FRAME_RATE, as arrays (n,).

    `pitch`: MIDI, fractions included; where nothing is voiced, that of the last voiced frame. `voiced`: bool. `clear`:
    0 to 1, how periodic the frame is. `level`: decibels of the mean square, the loudest frames at 0.
    """

    pitch: Values
    voiced: npt.NDArray[np.bool_]
    clear: Values
    level: Values


def track(sound: Sound) -> Track:
    """Of any sound; one without a clear pitch has no voiced frames."""
    lags, chances, clears, powers = [], [], [], []
    for frames in _frames(sound.samples):
        lag, chance, clear, power = _candidates(frames)
        lags.append(lag)
        chances.append(chance)
        clears.append(clear)
        powers.append(power)
    lag, chance = np.concatenate(lags), np.concatenate(chances)
    level = 10 * np.log10(np.concatenate(powers) + 1e-12)
    level -= float(np.quantile(level, 0.98))
    chance[level < -_QUIET] = 0
    pitch = 69 + 12 * np.log2(RATE / np.maximum(lag, 1.0) / 440)
    chosen = _path(pitch, chance)
    voiced = chosen < _KEPT
    line = pitch[np.arange(len(pitch)), np.minimum(chosen, _KEPT - 1)]
    held = np.maximum.accumulate(np.where(voiced, np.arange(len(line)), 0))
    return Track(line[held], voiced, np.concatenate(clears), level)


def _frames(samples: Line) -> list[Table]:
    """Views of the samples, (frames, _WINDOW + longest lag), in blocks."""
    size = _WINDOW + int(RATE / LOWEST) + 2
    padded = np.pad(samples, (size // 2, size))
    count = 1 + len(samples) // HOP
    views = np.lib.stride_tricks.sliding_window_view(padded, size)[::HOP][:count]
    return [views[begin : begin + _AT_ONCE] for begin in range(0, count, _AT_ONCE)]


def _candidates(frames: Table) -> tuple[Values, Values, Values, Values]:
    """(frames, 5) lags in samples and their probabilities; (frames,) how periodic, and power."""
    unlike = _difference(frames)
    longest = unlike.shape[1] - 1
    shortest = max(2, int(RATE / HIGHEST))
    inner = unlike[:, shortest:longest]
    dips = (inner < unlike[:, shortest - 1 : longest - 1]) & (inner <= unlike[:, shortest + 1 : longest + 1])
    depth = np.where(dips, np.minimum(inner, 1.0), 1.0)
    deepest = np.minimum.accumulate(depth, axis=1)
    before = np.concatenate([np.ones((len(depth), 1), np.float32), deepest[:, :-1]], axis=1)
    record = dips & (depth < before)
    chance = np.zeros(depth.shape, np.float32)
    chance[record] = _threshold(before[record]) - _threshold(depth[record])
    rows = np.arange(len(depth))
    lowest = np.argmin(depth, axis=1)
    found = depth[rows, lowest]
    chance[rows, lowest] += np.where(found < _WORST, _LEAST + _threshold(found) * _LEAST, 0)
    best = np.argpartition(-chance, _KEPT, axis=1)[:, :_KEPT]
    lag = best + shortest
    shift = _between(unlike[rows[:, None], lag - 1], unlike[rows[:, None], lag], unlike[rows[:, None], lag + 1])
    middle = frames[:, frames.shape[1] // 2 - 256 : frames.shape[1] // 2 + 256]
    power = np.square(middle, dtype=np.float64).mean(axis=1)
    return (
        lag + shift,
        np.take_along_axis(chance, best, axis=1).astype(np.float64),
        cast(Values, 1.0 - np.minimum(found, 1.0).astype(np.float64)),
        cast(Values, power),
    )


def _threshold(depth: Table) -> Table:
    """How much of the thresholds' distribution lies below a depth."""
    return cast(Table, betainc(*_THRESHOLDS, depth).astype(np.float32))


def _between(before: Table, at: Table, after: Table) -> Values:
    """Where between samples the dip of a parabola is, -0.5 to 0.5."""
    bend = before - 2 * at + after
    shift = np.where(bend > 1e-9, 0.5 * (before - after) / np.maximum(bend, 1e-9), 0.0)
    return cast(Values, np.clip(shift, -0.5, 0.5).astype(np.float64))


def _difference(frames: Table) -> Table:
    """(frames, lags): YIN's cumulative mean normalised difference."""
    size = frames.shape[1]
    lags = size - _WINDOW
    length = 1 << int(np.ceil(np.log2(size + 1)))
    head = rfft(frames[:, :_WINDOW], length, axis=1)
    together = irfft(np.conj(head) * rfft(frames, length, axis=1), length, axis=1)[:, :lags]
    squares = np.cumsum(np.square(frames, dtype=np.float64), axis=1)
    energy = squares[:, _WINDOW - 1 : _WINDOW - 1 + lags].copy()
    energy[:, 1:] -= squares[:, : lags - 1]
    unlike = np.maximum(energy[:, :1] + energy - 2 * together, 0)
    mean = np.cumsum(unlike[:, 1:], axis=1) / np.arange(1, lags)
    floor = 1e-7 * energy[:, :1] + 1e-12
    scaled = unlike[:, 1:] / (mean + floor)
    return np.concatenate([np.ones((len(frames), 1)), scaled], axis=1).astype(np.float32)


def _path(pitch: Values, chance: Values) -> npt.NDArray[np.int64]:
    """Which candidate each frame takes, _KEPT for none: likely candidates, small steps, few switches."""
    count = len(pitch)
    silent = np.log(np.maximum(1 - chance.sum(axis=1), 0.02) * 0.5)
    own = np.column_stack([np.log(np.maximum(chance, 1e-9)), silent])
    steps = np.zeros((count, _KEPT + 1, _KEPT + 1))
    apart = np.abs(pitch[1:, :, None] - pitch[:-1, None, :])
    steps[1:, :_KEPT, :_KEPT] = -np.minimum(_SHIFT * apart, _LONGEST_SHIFT)
    steps[:, _KEPT, :_KEPT] = steps[:, :_KEPT, _KEPT] = -_SWITCH
    back = np.zeros((count, _KEPT + 1), np.int64)
    score = own[0]
    rows = np.arange(_KEPT + 1)
    for k in range(1, count):
        options = steps[k] + score
        best = options.argmax(axis=1)
        back[k] = best
        score = options[rows, best] + own[k]
    path = np.empty(count, np.int64)
    path[-1] = int(score.argmax())
    for k in range(count - 1, 0, -1):
        path[k - 1] = back[k, path[k]]
    return path
