"""How fast music goes and in what metre: of all readings of its regularities the one a musician would write down.

What returns after which time is the autocorrelation of what begins (`Onsets`) and of how harmony changes. Its peaks are
the candidates; each is weighed as a beat of 4/4, 3/4 and 6/8 by a handful of properties (`_properties`). The weights
are a conditional logit's, fitted to songs of the engine other than those it is judged by.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt

from .facts import Metre
from .onsets import FRAME_RATE, Onsets
from .sound import Line
from .tones import FRAME_RATE as TONE_RATE
from .tones import Tones

BEATS: dict[Metre, int] = {"4/4": 4, "3/4": 3, "6/8": 2}
"""Beats of a bar; those of 6/8 are dotted quarters."""
PARTS: dict[Metre, int] = {"4/4": 2, "3/4": 2, "6/8": 3}
"""Eighths of a beat."""
_USUAL: dict[Metre, float] = {"4/4": 60 / 108, "3/4": 60 / 118, "6/8": 60 / 62}
SLOWEST, FASTEST = 40.0, 215.0
"""Beats a minute that are considered."""
_WINDOW, _STEP = 17.0, 4.0
_LONGEST = 8.5
_CANDIDATES = 14
_TOLERANCE = 0.015
Values = npt.NDArray[np.float64]


class Pulse(NamedTuple):
    """`period`: seconds a beat. `certainty`: 0 to 1, the share of belief that it has among all readings."""

    period: float
    metre: Metre
    certainty: float
    regularity: float
    """How much of what begins returns a beat and a bar later: 0 none, above 0.2 a beat that one can tap to."""


@dataclass(frozen=True, slots=True)
class Regularities:
    """Autocorrelations, (frames of lag,), of all onsets, low, middle and high ones, and of changes of harmony."""

    all: Values
    low: Values
    middle: Values
    high: Values
    harmony: Values

    @property
    def mean(self) -> Values:
        """Of the four kinds of onsets."""
        return (self.all + self.low + self.middle + self.high) / 4


def pulse(heard: Onsets, tones: Tones) -> Pulse | None:
    """The tempo and metre, or None where nothing returns."""
    regular = regularities(heard, tones)
    found = readings(regular)
    if not found:
        return None
    weighed = np.array([_properties(regular, period, metre) @ WEIGHTS for period, metre in found])
    belief = np.exp(weighed - weighed.max())
    best = int(np.argmax(belief))
    period, metre = found[best]
    near = [abs(other / period - 1) < 0.03 for other, _ in found]
    bar = _at(regular.mean, BEATS[metre] * period)
    return Pulse(
        period,
        metre,
        certainty=float(belief[near].sum() / belief.sum()),
        regularity=float((_at(regular.mean, period) + bar) / 2),
    )


def regularities(heard: Onsets, tones: Tones) -> Regularities:
    """What returns when; lags up to 8.5 s, fewer in short sounds."""
    changes = _changes(tones)
    times = np.arange(len(heard.all)) / FRAME_RATE
    harmony = np.interp(times, np.arange(len(changes)) / TONE_RATE, changes).astype(np.float32)
    lines = (heard.all, heard.low, heard.middle, heard.high, harmony)
    return Regularities(*(_returns(line) for line in lines))


def _changes(tones: Tones) -> Values:
    """How different the notes of the next and of the last third of a second are, frame by frame, 0 to 1."""
    reach = 4
    notes = tones.chroma(45, 90)
    notes /= np.linalg.norm(notes, axis=1, keepdims=True) + 1e-6
    total = np.cumsum(np.vstack([np.zeros((1, 12), np.float32), notes]), axis=0)
    out = np.zeros(len(notes))
    if len(notes) > 2 * reach:
        sums = total[reach:] - total[:-reach]
        sums /= np.linalg.norm(sums, axis=1, keepdims=True) + 1e-9
        out[reach : len(notes) - reach + 1] = 1 - (sums[:-reach] * sums[reach:]).sum(axis=1)
    return out


def _returns(line: Line) -> Values:
    """The autocorrelation by lag, a mean over windows of 17 s that weigh as much as happens in them."""
    size = min(round(_WINDOW * FRAME_RATE), len(line))
    lags = round(_LONGEST * FRAME_RATE)
    total, weight = np.zeros(lags), 0.0
    fade = np.maximum(1 - np.arange(size) / size, 0.05)
    for begin in range(0, max(1, len(line) - size + 1), round(_STEP * FRAME_RATE)):
        part = line[begin : begin + size].astype(np.float64)
        part -= part.mean()
        power = float(part @ part)
        if power > 1e-6:
            spectrum = np.fft.rfft(part, 2 * size)
            back = np.fft.irfft(np.abs(spectrum) ** 2)[:size] / power / fade
            total[: min(lags, size)] += back[:lags] * np.sqrt(power)
            weight += np.sqrt(power)
    return total / max(weight, 1e-9)


def readings(regular: Regularities) -> list[tuple[float, Metre]]:
    """(seconds a beat, metre) that are worth considering."""
    mean = regular.mean
    periods = np.geomspace(0.24, 2.0, 400)
    combs = np.mean([_near(mean, periods * k, 0.004) for k in (1, 2, 3, 4)], axis=0)
    inner = combs[1:-1]
    peaks = np.flatnonzero((inner >= combs[:-2]) & (inner > combs[2:]) & (inner > 0)) + 1
    best = sorted(peaks, key=lambda peak: -combs[peak])[:_CANDIDATES]
    out: list[tuple[float, Metre]] = []
    for peak in best:
        period = _refined(mean, float(periods[peak]))
        if SLOWEST < 60 / period < FASTEST:
            out += [(period, metre) for metre in BEATS]
    return out


def _refined(mean: Values, period: float) -> float:
    """The same, measured at its multiples, where it can be told more exactly."""
    for times in (2, 4, 8) if period * 8.2 < _LONGEST else (2, 4):
        middle, reach = period * times * FRAME_RATE, 0.02 / np.sqrt(times)
        low, high = int(middle * (1 - reach)) - 1, int(middle * (1 + reach)) + 2
        if low < 1 or high >= len(mean) - 1:
            break
        top = low + int(np.argmax(mean[low:high]))
        before, at, after = mean[top - 1 : top + 2]
        bend = before - 2 * at + after
        shift = 0.5 * (before - after) / bend if bend < -1e-12 else 0.0
        if abs(shift) < 1:
            period = (top + shift) / FRAME_RATE / times
    return period


def _near(line: Values, lags: Values, tolerance: float) -> Values:
    """The highest value within a share of each lag, seconds; nothing beyond the line's end."""
    frames = lags * FRAME_RATE
    low, high = np.floor(frames * (1 - tolerance)).astype(int), np.ceil(frames * (1 + tolerance)).astype(int) + 1
    return np.array([line[a:b].max() if b < len(line) else 0.0 for a, b in zip(low, high, strict=True)])


def _at(line: Values, lag: float) -> float:
    return float(_near(line, np.array([lag]), _TOLERANCE)[0])


def _properties(regular: Regularities, period: float, metre: Metre) -> Values:
    """What speaks for a reading, in the order of WEIGHTS."""
    octaves = np.log2(period / _USUAL[metre])
    compound, triple = metre == "6/8", metre == "3/4"
    bar = BEATS[metre] * period

    def at(line: Values, beats: float) -> float:
        return _at(line, beats * period)

    def grouped(line: Values) -> float:
        """How much better things return after this metre's bar than after another one."""
        if triple:
            return at(line, 3) - 0.5 * (at(line, 2) + at(line, 4))
        return at(line, 2) - at(line, 5 / 3) if compound else 0.5 * (at(line, 2) + at(line, 4)) - at(line, 3)

    halves = at(regular.all, 1 / 2) - at(regular.all, 1 / 3)
    return np.array(
        [
            octaves * octaves,
            octaves,
            at(regular.all, 1),
            at(regular.low, 1),
            at(regular.low, 2),
            grouped(regular.low),
            grouped(regular.harmony),
            grouped(regular.all),
            0.0 if compound else halves,
            -halves if compound else 0.0,
            _at(regular.harmony, bar),
            at(regular.high, 1 / PARTS[metre]),
            _at(regular.all, bar),
            float(triple),
            float(compound),
            at(regular.all, 1) - at(regular.all, 2 / 3) if compound else 0.0,
            at(regular.low, 1) - at(regular.low, 2 / 3) if compound else 0.0,
            at(regular.all, 1) - at(regular.all, 3 / 2) if triple else 0.0,
            at(regular.low, 1) - at(regular.low, 3 / 2) if triple else 0.0,
        ]
    )


WEIGHTS = cast(
    Values,
    np.array(
        (-2.58, -1.25, 4.46, 0.85, 0.6, 4.93, -0.32, -1.49, 2.25, 1.93, 2.0, 2.78, 5.66, -1.31, -1.67, -0.85, -0.35,
         2.84, 2.7)
    ),
)  # fmt: skip
