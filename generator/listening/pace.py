"""The beat of one voice alone: a singer has no drums, but notes begin on eighths, and long ones and phrases on bars.

Onsets that come back regularly give the eighth, as the phase of turns that they agree on; which eighths are beats and
bar lines, and whether there are two, three or four of them, is read from where long notes and phrases begin. Who keeps
no steady time is followed from eighth to eighth.
"""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .facts import Bar, Key, Melody, Metre, Music, Part, Triad
from .levels import levels
from .pulse import BEATS
from .sound import Sound
from .tonality import LONGEST, tonality

Values = npt.NDArray[np.float64]
FEWEST = 12
"""Notes in which a beat can be told."""
_WINDOW = 8.0
"""Seconds in which a free singer keeps a tempo."""
_TEMPI = np.exp(np.arange(np.log(48), np.log(190), 0.002))
_MIDDLE, _WIDTH = 105.0, 0.55
"""The usual tempo, and octaves by which it usually is another."""
_STEADY = 0.3
"""Share of onsets that must agree on an eighth."""
_EVEN = 0.8
"""Who agrees with one tempo all along as well as within windows, up to this share, keeps it."""
_SURE = 0.45
_BY_TWO, _CALM, _FAST = 0.75, 2.0, 120.0
"""Where hardly a note begins between the beats of a fast tempo, it is the half of it."""
_DISTANCES = (2, 3, 4, 6, 8, 12)
_METRES: dict[Metre, tuple[Values, float]] = {
    "4/4": (np.array([1.5, -6.3, 4.3, -6.8, 5.2, -5.2]), 1.2),
    "3/4": (np.array([3.9, -1.4, -2.5, 6.7, -3.1, 1.1]), -1.2),
    "6/8": (np.array([-5.5, 7.7, -1.7, 0.1, -2.0, 4.1]), 0.0),
}
"""What it says of the metre that long notes come in distances of so many eighths: logistic regression on tunes of the
engine and of the Essen folksong collection. Right in 0.93 and 0.90 of others of these (0.78 and 0.85 by threes against
twos alone), and in 0.82 of O'Neill's Irish tunes (0.72)."""
_DOUBTED = 1.0
_REACH, _STEP = 0.3, 0.01
"""How far a free tempo goes from its middle, and the steps in which it is followed; natural logarithms."""
_LOOSE = 0.03
"""By how much it changes within a second."""
_JITTER, _STRAY = 0.02, 0.03
"""Seconds by which a note is off, and more for each second since the one before."""
_HALVES, _LOST = 3.0, 12.0
"""What it costs that a note does not begin on an eighth, and at most that it is nowhere."""
_SMOOTH = np.array([0.5, 1.0, 1.5, 1.0, 0.5])

# How much of the notes' length, and how many phrases, begin on each eighth of a bar (half of it the songs say, half
# that strong eighths are strong).
_LENGTHS: dict[Metre, Values] = {
    "4/4": np.array([0.25, 0.10, 0.13, 0.08, 0.23, 0.07, 0.08, 0.06]),
    "3/4": np.array([0.45, 0.05, 0.21, 0.04, 0.19, 0.06]),
    "6/8": np.array([0.37, 0.12, 0.10, 0.24, 0.09, 0.08]),
}
_BEGINS: dict[Metre, Values] = {
    "4/4": np.array([0.38, 0.16, 0.10, 0.06, 0.16, 0.04, 0.05, 0.05]),
    "3/4": np.array([0.50, 0.06, 0.18, 0.05, 0.15, 0.06]),
    "6/8": np.array([0.44, 0.09, 0.11, 0.21, 0.07, 0.08]),
}
_OF_NOTES = 0.35
"""What a note says of the bar line, of what a phrase says."""


class _Grid(NamedTuple):
    """`ticks`: seconds of the eighths. `agreed`: 0 to 1, how well onsets keep to them."""

    ticks: Values
    even: bool
    agreed: float


def pace(sound: Sound, tune: Melody) -> Music | None:
    """What is heard of the time and the key of a voice with this tune, or None where it keeps none."""
    if len(tune.notes) < FEWEST:
        return None
    onsets = np.array([note.start for note in tune.notes])
    lengths = np.minimum([note.end - note.start for note in tune.notes], LONGEST)
    eighth = _eighth(onsets, lengths)
    found = _grid(onsets, lengths, eighth, sound.seconds)
    if found.agreed < _STEADY:
        return None
    metre = _metre(onsets, lengths, found.ticks)
    first, sure = _bar_line(tune, onsets, lengths, found.ticks, metre)
    each = len(_LENGTHS[metre])
    step = each // BEATS[metre]
    beats = found.ticks[first % step :: step]
    downbeat = first // step
    lines = beats[downbeat :: BEATS[metre]]
    if len(lines) < 2:
        return None
    key = tonality(tune, lines)
    bars = tuple(
        Bar(float(a), float(b), (_triad(tune, a, (a + b) / 2, key), _triad(tune, (a + b) / 2, b, key)))
        for a, b in itertools.pairwise(lines)
    )
    return Music(
        bpm=60 / float(np.median(np.diff(beats))),
        metre=metre,
        beats=tuple(float(beat) for beat in beats),
        downbeat=downbeat,
        even=found.even,
        tempo_certainty=min(1.0, found.agreed),
        downbeat_certainty=sure,
        regularity=found.agreed,
        key=key,
        tuning=0.0,
        bars=bars,
        parts=(Part(bars[0].start, bars[-1].end, 0, len(bars), "A"),),
        levels=levels(sound),
    )


def _agreement(times: Values, weights: Values, rates: Values) -> Values:
    """For each rate (Hz), 0 to 1: how far the times agree on one phase of it."""
    turns = weights @ np.exp(2j * np.pi * np.outer(times, rates))
    return np.asarray(np.abs(turns) / weights.sum())


def _in_windows(times: Values, weights: Values, rates: Values) -> Values:
    """The same within windows, on average."""
    total, whole = np.zeros(len(rates)), 0.0
    for begin in np.arange(times[0], max(times[-1] - _WINDOW / 2, times[0] + 0.1), _WINDOW / 2):
        inside = (times >= begin) & (times < begin + _WINDOW)
        if inside.sum() >= 5:
            share = weights[inside].sum()
            total += share * _agreement(times[inside], weights[inside], rates)
            whole += share
    return total / max(whole, 1e-9)


def _eighth(onsets: Values, lengths: Values) -> float:
    """Seconds."""
    beats = _TEMPI / 60
    even = np.sqrt(lengths)
    usual = -0.5 * (np.log2(_TEMPI / _MIDDLE) / _WIDTH) ** 2
    strength = _in_windows(onsets, even, 2 * beats) + 0.9 * _in_windows(onsets, lengths, beats)
    strength += 0.3 * _in_windows(onsets, even, 4 * beats) + 0.25 * usual
    bpm = float(_TEMPI[int(strength.argmax())])
    fine = np.exp(np.arange(np.log(bpm * 0.98), np.log(bpm * 1.02), 0.0002))
    if _agreement(onsets, even, fine / 30).max() > _EVEN * _in_windows(onsets, even, np.array([bpm / 30]))[0]:
        bpm = float(fine[int(_agreement(onsets, even, fine / 30).argmax())])
    eighth = 30 / bpm
    calm = float(np.median(np.diff(onsets))) / eighth >= _CALM
    by_two = float(_agreement(onsets, lengths, np.array([bpm / 60]))[0])
    return 2 * eighth if bpm > _FAST and calm and by_two >= _BY_TWO else eighth


def _grid(onsets: Values, lengths: Values, eighth: float, seconds: float) -> _Grid:
    """The eighths of the whole sound."""
    weights = np.sqrt(lengths)
    rate = np.array([1 / eighth])
    local = float(_in_windows(onsets, weights, rate)[0])
    whole = np.sum(weights * np.exp(2j * np.pi * onsets / eighth)) / weights.sum()
    if abs(whole) >= max(_EVEN * local, _SURE):
        phase = float(np.angle(whole)) / (2 * np.pi) * eighth % eighth
        return _Grid(np.arange(phase, seconds, eighth), even=True, agreed=float(abs(whole)))
    return _Grid(_followed(onsets, eighth, seconds), even=False, agreed=local)


def _followed(onsets: Values, eighth: float, seconds: float) -> Values:
    """The eighths of somebody whose tempo is free: the cheapest way from note to note, by the Viterbi algorithm.

    The state is how long an eighth is just now. From one note to the next there are whole eighths, seldom halves.
    """
    lengths = eighth * np.exp(np.arange(-_REACH, _REACH + _STEP / 2, _STEP))
    moves = (np.subtract.outer(np.log(lengths), np.log(lengths)) / _LOOSE) ** 2
    size = len(lengths)
    best = np.concatenate([0.5 * (np.log(lengths / eighth) / _REACH) ** 2] * 2)
    best[size:] += _HALVES
    came: list[npt.NDArray[np.intp]] = []
    counted: list[Values] = []
    for gap in np.diff(onsets):
        whole = np.maximum(1, np.rint(gap / lengths))
        half = np.maximum(0.5, np.rint(gap / lengths - 0.5) + 0.5)
        off = _JITTER + _STRAY * gap
        same, other = (np.minimum(((gap - count * lengths) / off) ** 2, _LOST) for count in (whole, half))
        # From each state to each: on an eighth or between two, then the length.
        ways = np.tile(moves / max(gap, 0.1), (2, 2)) + best[:, None]
        ways[:size, :size] += same
        ways[size:, size:] += same + _HALVES
        ways[:size, size:] += other + _HALVES
        ways[size:, :size] += other
        back = ways.argmin(axis=0)
        came.append(back)
        best = ways[back, np.arange(2 * size)]
        crossed = (back >= size) != (np.arange(2 * size) >= size)
        counted.append(np.where(crossed, np.tile(half, 2), np.tile(whole, 2)))
    state = int(best.argmin())
    steps: list[tuple[float, float]] = []
    for back, counts in zip(reversed(came), reversed(counted), strict=True):
        steps.append((float(counts[state]), float(lengths[state % size])))
        state = int(back[state])
    steps.reverse()
    begins_between = state >= size
    at = np.concatenate([[0.0], np.cumsum([count for count, _ in steps])])
    at += 0.5 * begins_between
    ticks = np.interp(np.arange(int(np.ceil(at[0])), int(at[-1]) + 1), at, onsets)
    smooth = np.convolve(np.pad(ticks, 2, mode="reflect", reflect_type="odd"), _SMOOTH / _SMOOTH.sum(), mode="valid")
    ahead = np.arange(smooth[0] - steps[0][1], 0, -steps[0][1])[::-1]
    after = np.arange(smooth[-1] + steps[-1][1], seconds, steps[-1][1])
    return np.concatenate([ahead, smooth, after])


def _metre(onsets: Values, lengths: Values, ticks: Values) -> Metre:
    """By the distances in which long notes come."""
    index = np.interp(onsets, ticks, np.arange(len(ticks)))
    agreed = _agreement(index, lengths, 1 / np.array(_DISTANCES))
    said = {metre: float(agreed @ weights) + bias for metre, (weights, bias) in _METRES.items()}
    four, six = agreed[2:4]
    if six <= four:
        said["3/4"] -= _DOUBTED  # tunes of even notes, whose bars can hardly be told
    return max(said, key=lambda metre: said[metre])


def _bar_line(tune: Melody, onsets: Values, lengths: Values, ticks: Values, metre: Metre) -> tuple[int, float]:
    """The first tick that is a bar line, and 0 to 1 how sure that is."""
    each = len(_LENGTHS[metre])
    at = np.rint(np.interp(onsets, ticks, np.arange(len(ticks)))).astype(int)
    held = np.bincount(at % each, weights=lengths / lengths.mean(), minlength=each)
    begun = np.bincount(at[[phrase.first for phrase in tune.phrases]] % each, minlength=each)
    said = np.array(
        [
            _OF_NOTES * (np.roll(held, -first) @ np.log(_LENGTHS[metre]))
            + np.roll(begun, -first) @ np.log(_BEGINS[metre])
            for first in range(each)
        ]
    )
    first = int(said.argmax())
    beliefs = np.exp(np.minimum(0, (said - said.max()) / 4))
    return first, float(beliefs[first] / beliefs.sum())


def _triad(tune: Melody, start: float, end: float, key: Key) -> Triad:
    """The triad of the key that most of what is sung between two seconds belongs to; its tonic where nothing is."""
    home = (key.tonic + 3) % 12 if key.minor else key.tonic
    held = np.zeros(12)
    for note in tune.notes:
        held[note.pitch % 12] += max(0.0, min(note.end, end) - max(note.start, start))
    options = [Triad(key.tonic, key.minor)]
    options += [Triad((home + root) % 12, minor) for root, minor in ((0, False), (5, False), (7, False), (9, True))]
    return max(options, key=lambda one: held[[one.root, (one.root + 4 - one.minor) % 12, (one.root + 7) % 12]].sum())
