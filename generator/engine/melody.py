"""Which pitch each syllable is sung on: the cheapest path through the scale, found by the Viterbi algorithm.

The state is a pair of neighbouring notes, so that leaps can be answered by steps. What a tune costs follows the habits
of sung melodies: mostly steps, some thirds and repeated notes, few leaps; chord notes on strong and long syllables;
phrases that follow a contour and end on a cadence note. Sister phrases are drawn to the contour of the first one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .harmony import MAJOR_SCALE
from .score import Chord, Syllable

Floats = NDArray[np.float64]

INTERVAL_COST = (1.0, 0.0, 0.0, 0.34, 0.34, 0.7, 6.0, 1.2, 6.0, 6.0, 6.0, 6.0, 2.5)
"""By semitones; with them thirds make about a quarter and repeated notes a sixth of all intervals."""
TOO_FAR = 9.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the pitches of one phrase must fit. Pitches and chords are in the unlifted key."""

    syllables: Sequence[Syllable]
    onsets: Sequence[float]
    """Eighths from the phrase's first bar line."""
    chords: Sequence[Chord]
    """Half bars from that bar line on."""
    tonic: int
    low: int
    high: int
    target: Callable[[float], float]
    """The pitch that the contour wants at an eighth."""
    pull: float
    """How strongly, a semitone squared."""
    cadence: frozenset[int] = frozenset()
    """Scale degrees in semitones over the tonic that the last note may take; empty for any."""
    peaks: bool = False
    """Long stressed notes strive upwards."""
    plain: bool = True
    """Fourth and seventh degree are avoided on stresses."""


def pitches(line: Line, chance: np.random.Generator) -> tuple[int, ...]:
    """MIDI pitches, one a syllable, all in the scale and within low and high."""
    scale = np.array([p for p in range(line.low, line.high + 1) if (p - line.tonic) % 12 in MAJOR_SCALE])
    count = len(line.onsets)
    local = _local(line, scale, chance.random((count, len(scale))) * 0.5)
    if count == 1:
        return (int(scale[int(local[0].argmin())]),)
    pair, triple = _transitions(scale)
    best = local[0][:, None] + pair + local[1][None]
    came_from = np.zeros((count, len(scale), len(scale)), np.intp)
    for k in range(2, count):
        costs = best[:, :, None] + triple
        came_from[k] = costs.argmin(0)
        best = costs.min(0) + local[k][None]
    before, now = np.unravel_index(int(best.argmin()), best.shape)
    path = [int(now), int(before)]
    for k in range(count - 1, 1, -1):
        path.append(int(came_from[k, path[-1], path[-2]]))
    return tuple(int(scale[i]) for i in reversed(path))


def _local(line: Line, scale: NDArray[np.int_], noise: Floats) -> Floats:
    """What each pitch costs on each syllable, whatever stands beside it."""
    count = len(line.onsets)
    local = noise
    degree = (scale - line.tonic) % 12
    colour = np.isin(degree, (5, 11))
    for k, at in enumerate(line.onsets):
        length = (line.onsets[k + 1] if k + 1 < count else at + 4) - at
        stressed = line.syllables[k].stress > 0
        strong = (stressed and at % 2 == 0) or length >= 2
        chord = line.chords[int(min(max(at // 4, 0), len(line.chords) - 1))]
        outside = ~np.isin(scale % 12, chord.pitches)
        local[k] += (2.8 if strong else 0.5) * outside + line.pull * (scale - line.target(at)) ** 2
        local[k] += 1.5 * np.isin(scale % 12, _clashing(chord, line.tonic))
        if not strong and length < 1:
            local[k] -= 0.2 * outside
        if line.plain and strong:
            local[k] += 0.35 * colour
        if line.peaks and stressed and length >= 1.5:
            local[k] -= 0.03 * (scale - line.low)
    if line.cadence:
        local[-1] += np.where(np.isin(degree, list(line.cadence)), 0.0, 3.0)
    return local


def _clashing(chord: Chord, tonic: int) -> list[int]:
    """Pitch classes of the scale that lie a semitone beside a chord note from outside it."""
    foreign = [pitch for pitch in chord.pitches if (pitch - tonic) % 12 not in MAJOR_SCALE]
    return [(pitch + side) % 12 for pitch in foreign for side in (-1, 1)]


def _transitions(scale: NDArray[np.int_]) -> tuple[Floats, Floats]:
    """Costs of going from a pitch to another, and of three in a row: a leap wants a step back, a note no third time."""
    leap = scale[None, :] - scale[:, None]
    size = np.abs(leap)
    pair = np.where(size <= 12, np.array(INTERVAL_COST)[np.minimum(size, 12)], TOO_FAR)
    first, second = leap[:, :, None], leap[None, :, :]
    after_leap = np.abs(first) >= 5
    same_way = first * second > 0
    unanswered = after_leap & ((np.abs(second) > 4) | (same_way & (np.abs(second) > 2)))
    stuck = (first == 0) & (second == 0)
    back_and_forth = (first == -second) & (first != 0)
    zigzag = (first * second < 0) & (np.minimum(np.abs(first), np.abs(second)) >= 3)
    triple = np.broadcast_to(pair[None], first.shape[:2] + second.shape[-1:])
    return pair, triple + 1.2 * unanswered + 1.1 * stuck + 0.4 * back_and_forth + 0.8 * zigzag
