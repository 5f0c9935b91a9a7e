"""When the beats are, and which of them begin bars.

A path through the onsets that keeps to the pulse (dynamic programming after Ellis, "Beat tracking by dynamic
programming", 2007) may sit on the offbeats, and says nothing of bars. So it is read in every way the metre allows, and
each reading is weighed by what a listener goes by: basses and changes of harmony on one, snares between.
"""

from __future__ import annotations

from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from .facts import Metre
from .onsets import FRAME_RATE, Onsets
from .pulse import BEATS, PARTS, Pulse
from .sound import Line
from .tones import FRAME_RATE as TONE_RATE
from .tones import Tones

Values = npt.NDArray[np.float64]
_TIGHT = 300.0
"""What a step away from the period costs: its squared logarithm times this, in units of one clear onset."""
_EVEN = 0.015
"""Seconds: beats that wander less are a grid."""
_BINS = 48
"""Of a beat, to find where in it things begin."""


class Beats(NamedTuple):
    """`times`: (n,) seconds of the beats, ascending. `first`: the index of the first that begins a bar.

    `certainty`: 0 to 1, the belief in this downbeat among all readings. `even`: the beats are a grid without any drift.
    """

    times: Values
    first: int
    metre: Metre
    certainty: float
    even: bool

    @property
    def period(self) -> float:
        """Seconds a beat, in the middle."""
        return float(np.median(np.diff(self.times)))


def beats(heard: Onsets, tones: Tones, pulse: Pulse) -> Beats | None:
    """The beats of all the sound at this pulse; None where there are too few for two bars."""
    drive = _drive(heard)
    times, even = _steps(drive, pulse)
    total = BEATS[pulse.metre]
    if len(times) < 2 * total:
        return None
    scene = _Scene(heard, tones)
    found: list[tuple[float, Values, int]] = []
    for part in _parts(drive, times):
        moved = _moved(times, part, heard.seconds)
        found += [(weight, moved, first) for first, weight in enumerate(_weigh(scene, moved, pulse.metre))]
    weights = np.array([weight for weight, _, _ in found])
    best = int(np.argmax(weights))
    belief = 1 / float(np.exp(weights - weights[best]).sum())
    return Beats(found[best][1], found[best][2], pulse.metre, belief, even)


def _steps(drive: Line, pulse: Pulse) -> tuple[Values, bool]:
    """Times that are a beat apart, at any part of the beat, and whether they are a grid without drift."""
    period = _tuned(drive, pulse)
    times = np.arange(0.0, len(drive) / FRAME_RATE, period)
    if _stays(drive, period / PARTS[pulse.metre]):
        return times, True
    path = np.asarray(_path(drive, period), np.float64) / FRAME_RATE
    if len(path) < 4:
        return times, True
    smooth = gaussian_filter1d(path - np.arange(len(path)) * period, 1.5, mode="nearest")
    return smooth + np.arange(len(path)) * period, False


def _tuned(drive: Line, pulse: Pulse) -> float:
    """The period that holds for the whole sound, within 2 % of the pulse's."""
    parts = PARTS[pulse.metre]
    seconds = len(drive) / FRAME_RATE
    count = int(np.clip(0.04 * seconds / pulse.period * 16, 40, 4000))
    rates = np.linspace(0.98, 1.02, count) / pulse.period
    strength = np.sum([_wave(drive, rates * harmonic) for harmonic in (1, parts, 2 * parts)], axis=0)
    return 1 / float(rates[int(np.argmax(strength))])


def _wave(drive: Line, rates: Values) -> Values:
    """How strongly the drive swings at some rates a second, from a transform long enough to read between its bins."""
    size = 1 << (int(np.ceil(np.log2(len(drive)))) + 3)
    spectrum = np.abs(np.fft.rfft(drive, size))
    return np.interp(rates * size / FRAME_RATE, np.arange(len(spectrum)), spectrum)


def _stays(drive: Line, tick: float) -> bool:
    """Whether the beat is where it was, all along: the phase of its parts, window by window of 12 s."""
    turns = np.exp(-2j * np.pi * np.arange(len(drive)) / FRAME_RATE / tick) * (drive - drive.mean())
    size = round(12 * FRAME_RATE)
    windows = [turns[begin : begin + size].sum() for begin in range(0, max(1, len(drive) - size // 2), size // 2)]
    whole = np.sum(windows)
    away = np.angle(np.array(windows) * np.conj(whole)) / (2 * np.pi) * tick
    weights = np.abs(windows)
    return float(np.sqrt((weights * np.square(away)).sum() / max(float(weights.sum()), 1e-9))) < _EVEN


def _parts(drive: Line, times: Values) -> list[float]:
    """At which parts of a step things begin, 0 to 1: where the beat may be, the most likely first."""
    frames = np.arange(len(drive)) / FRAME_RATE
    inside = (frames >= times[0]) & (frames < times[-1])
    place = np.interp(frames[inside], times, np.arange(len(times))) % 1
    bins = _BINS
    cells = (place * bins).astype(int) % bins
    summed = np.bincount(cells, weights=drive[inside], minlength=bins).astype(np.float64)
    fold = gaussian_filter1d(summed / np.maximum(np.bincount(cells, minlength=bins), 1), 1.5, mode="wrap")
    peaks = [k for k in range(bins) if fold[k] >= fold[k - 1] and fold[k] > fold[(k + 1) % bins]]
    peaks.sort(key=lambda peak: -fold[peak])
    least = fold.min() + 0.1 * (fold.max() - fold.min())
    out = []
    for peak in peaks[:5]:
        if fold[peak] >= least:
            before, at, after = fold[peak - 1], fold[peak], fold[(peak + 1) % bins]
            bend = before - 2 * at + after
            out.append((peak + 0.5 + (0.5 * (before - after) / bend if bend else 0.0)) / bins % 1)
    return out or [0.0]


def _drive(heard: Onsets) -> Line:
    """What pulls the beat: everything that begins, what is low once more."""
    line = gaussian_filter1d(np.minimum(heard.all, 4) + 0.5 * np.minimum(heard.low, 4), 1.0)
    return cast(Line, line / max(float(line.std()), 1e-9))


def _path(drive: Line, period: float) -> npt.NDArray[np.int64]:
    """Frames of the beats: of all paths from beat to beat the one with the most onsets and the evenest steps."""
    frames = period * FRAME_RATE
    steps = np.arange(-round(2 * frames), -round(frames / 2))
    cost = -_TIGHT * np.square(np.log(-steps / frames))
    reach = -int(steps[0])
    score = np.concatenate([np.zeros(reach), drive.astype(np.float64)])
    back = np.full(len(drive), -1, np.int64)
    for k in range(len(drive)):
        at = k + reach
        options = score[at + steps] + cost
        best = int(np.argmax(options))
        if options[best] > 0 or k > reach:
            score[at] += options[best]
            back[k] = k + steps[best]
    own = score[reach:]
    tail = len(own) - max(1, round(frames))
    at = max(0, tail) + int(np.argmax(own[max(0, tail) :]))
    path = []
    while at >= 0:
        path.append(at)
        at = int(back[at])
    return np.array(path[::-1])


def _moved(times: Values, part: float, end: float) -> Values:
    """Beats a part of a beat later, filled up to the beginning and the end of the sound."""
    steps = np.diff(times)
    moved = times[:-1] + part * steps
    before = np.arange(moved[0] - steps[0], -0.03, -steps[0])[::-1]
    after = np.arange(moved[-1] + steps[-1], end - 0.05, steps[-1])
    return np.concatenate([before, moved, after])


class _Scene:
    """What can be asked of a sound at any time."""

    def __init__(self, heard: Onsets, tones: Tones) -> None:
        reach = 2 * round(0.035 * FRAME_RATE) + 1
        self.lines = [maximum_filter1d(np.minimum(line, 5), reach) for line in (heard.low, heard.middle, heard.high)]
        self._notes = [self._summed(tones.chroma(45, 90)), self._summed(tones.chroma(26, 50))]
        self._colour = self._summed(heard.bands)

    @staticmethod
    def _summed(table: npt.NDArray[np.float32]) -> Values:
        """Sums up to each frame."""
        return np.vstack([np.zeros((1, table.shape[1])), np.cumsum(table, axis=0, dtype=np.float64)])

    def begins(self, times: Values) -> list[Values]:
        """What begins at these times, low, middle and high."""
        at = np.clip(np.round(times * FRAME_RATE).astype(int), 0, len(self.lines[0]) - 1)
        return [line[at].astype(np.float64) for line in self.lines]

    def changes(self, times: Values, period: float) -> list[Values]:
        """How different harmony and bass are in the beat after each time from the one before, 0 to 1."""
        return [_differ(summed, times, period, TONE_RATE) for summed in self._notes]

    def turns(self, times: Values, reach: float) -> Values:
        """How different colour and loudness are over a longer time, as the distance of their means, decibels."""
        before, after = _means(self._colour, times, reach, FRAME_RATE)
        return np.asarray(np.sqrt(np.square(before - after).mean(axis=1)))


def _means(summed: Values, times: Values, reach: float, rate: float) -> tuple[Values, Values]:
    """Means over `reach` seconds before and after each time."""
    last = len(summed) - 1
    edges = [np.clip(np.round((times + shift) * rate).astype(int), 0, last) for shift in (-reach, 0.0, reach)]
    parts = [
        (summed[b] - summed[a]) / np.maximum(b - a, 1)[:, None] for a, b in ((edges[0], edges[1]), (edges[1], edges[2]))
    ]
    return parts[0], parts[1]


def _differ(summed: Values, times: Values, reach: float, rate: float) -> Values:
    before, after = _means(summed, times, reach, rate)
    norm = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    return np.where(norm > 1e-9, 1 - (before * after).sum(axis=1) / np.maximum(norm, 1e-9), 0.0)


def _weigh(scene: _Scene, times: Values, metre: Metre) -> Values:
    """(beats of a bar,): how much speaks for a bar's beginning with the first, second, … of these beats."""
    return np.array([features @ WEIGHTS for features in _readings(scene, times, metre)])


def _readings(scene: _Scene, times: Values, metre: Metre) -> list[Values]:
    """For each phase the means of what happens on one, in the middle of the bar and on the other beats, as in WEIGHTS.

    In units of the standard deviation over all beats and the times between them; less their own mean.
    """
    total = BEATS[metre]
    period = float(np.median(np.diff(times)))
    between = np.concatenate([times + part / PARTS[metre] * period for part in range(1, PARTS[metre])])
    every = np.concatenate([times, between])
    lines = [*scene.begins(every), *scene.changes(every, period), scene.turns(every, 4 * total * period / 2)]
    scaled = []
    for line in lines:
        spread = float(line.std())
        scaled.append((line[: len(times)] - line.mean()) / spread if spread > 1e-9 else np.zeros(len(times)))
    place = np.arange(len(times))
    out = []
    for first in range(total):
        own = (place - first) % total
        middle = {4: own == 2, 3: np.zeros(len(own), bool), 2: own == 1}[total]
        other = (own != 0) & ~middle
        groups = (own == 0, middle, other)
        out.append(np.array([line[group].mean() if group.any() else 0.0 for line in scaled for group in groups]))
    return out


WEIGHTS = np.array(
    (
        (1.35, 0.2, -0.62),
        (0.93, -0.16, 0.52),
        (-0.27, -0.17, 0.61),
        (1.71, -0.24, -0.19),
        (1.15, -0.17, -0.04),
        (0.22, -0.1, -0.02),
    )
).ravel()
"""Rows: low, middle and high onsets, harmony, bass, colour; columns: on one, mid-bar, on other beats. Fitted to songs
other than those they are judged by."""
