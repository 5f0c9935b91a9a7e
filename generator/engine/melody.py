"""Which pitch each syllable is sung on: the cheapest path through the scale, found by the Viterbi algorithm.

The state is a pair of neighbouring notes, so that leaps can be answered by steps. What a tune costs follows the habits
of sung melodies: mostly steps, some thirds and repeated notes, few leaps; chord notes on strong and long syllables;
phrases that keep to the points of their theme and end on a cadence note.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .harmony import MAJOR_SCALE, sounding
from .score import Chord, Metre, Syllable

Floats = NDArray[np.float64]
Pitches = NDArray[np.int_]

SUNG = (0.75, 0.0, 0.0, 0.44, 0.44, 0.6, 6.0, 0.9, 3.5, 3.5, 6.0, 6.0, 2.5)
"""By semitones, what an interval costs."""
SPOKEN = (0.0, 0.25, 0.25, 0.7, 0.7, 1.2, 6.0, 2.0, 6.0, 6.0, 6.0, 6.0, 6.0)
"""The same for rhythmic speech, which stays where it is."""
TOO_FAR = 9.0
ON_THEME, ELSEWHERE = 0.7, 0.12
"""How strongly a note is drawn to the line through its theme's points, a semitone squared."""
PULL_LIMIT = 8.0
FOREIGN = 40.0
"""What a note outside scale and chord costs."""
FIRM = 9.0
"""What a long note outside the chords of a given track costs."""
PASSING = 0.7
"""What it costs where such notes may lead over to the next one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the pitches of one phrase must fit. Pitches and chords are in the unlifted key."""

    syllables: Sequence[Syllable]
    onsets: Sequence[float]
    """Eighths from the phrase's first bar line."""
    chords: Sequence[Chord]
    """Half bars from that bar line on."""
    metre: Metre = "4/4"
    tonic: int
    low: int
    high: int
    points: Sequence[tuple[float, float]]
    """The theme: onsets in eighths, rising, and pitches."""
    cadence: frozenset[int] = frozenset()
    """Scale degrees in semitones over the tonic that the last note may take; empty for any."""
    peaks: bool = False
    """Long stressed notes strive upwards."""
    plain: bool = True
    """Fourth and seventh degree are avoided on stresses, notes outside the scale altogether."""
    spoken: bool = False
    """Rhythmic speech on few pitches."""
    firm: float = np.inf
    """Eighths from which on a note keeps to the chord that most of it sounds with: over a track that is given."""


def pitches(line: Line, chance: np.random.Generator) -> tuple[int, ...]:
    """MIDI pitches, one a syllable, within low and high, in the scale or in their chords."""
    choice = _choice(line)
    count = len(line.onsets)
    local = _local(line, choice, chance.random((count, len(choice))) * 0.5)
    if count == 1:
        return (int(choice[int(local[0].argmin())]),)
    pair, triple = _transitions(line, choice)
    best = local[0][:, None] + pair + local[1][None]
    came_from = np.zeros((count, len(choice), len(choice)), np.intp)
    for k in range(2, count):
        costs = best[:, :, None] + triple
        came_from[k] = costs.argmin(0)
        best = costs.min(0) + local[k][None]
    before, now = np.unravel_index(int(best.argmin()), best.shape)
    path = [int(now), int(before)]
    for k in range(count - 1, 1, -1):
        path.append(int(came_from[k, path[-1], path[-2]]))
    return tuple(int(choice[i]) for i in reversed(path))


def _in_scale(choice: Pitches, tonic: int) -> NDArray[np.bool_]:
    return np.isin((choice - tonic) % 12, MAJOR_SCALE)


def _choice(line: Line) -> Pitches:
    """The scale, the chord notes from outside it, and in coloured idioms all that lies between."""
    every = np.arange(line.low, line.high + 1)
    if not line.plain:
        return every
    in_chords = np.isin(every % 12, [pitch for chord in line.chords for pitch in chord.pitches])
    return every[_in_scale(every, line.tonic) | in_chords]


def _local(line: Line, choice: Pitches, noise: Floats) -> Floats:
    """What each pitch costs on each syllable, whatever stands beside it."""
    count = len(line.onsets)
    local = noise
    degree = (choice - line.tonic) % 12
    colour, inside = np.isin(degree, (5, 11)), _in_scale(choice, line.tonic)
    at_points, wanted = zip(*line.points, strict=True)
    beat = 3 if line.metre == "6/8" else 2
    for k, at in enumerate(line.onsets):
        length = (line.onsets[k + 1] if k + 1 < count else at + 4) - at
        stressed = line.syllables[k].stress > 0
        strong = (stressed and at % beat == 0) or length >= 2
        chord = sounding(line.chords, line.metre, at)
        in_chord = np.isin(choice % 12, chord.pitches)
        pull = ON_THEME if at in at_points else ELSEWHERE
        local[k] += np.minimum(PULL_LIMIT, pull * (choice - np.interp(at, at_points, wanted)) ** 2)
        local[k] += (2.8 if strong else 0.5) * ~in_chord
        local[k] += 1.5 * np.isin(choice % 12, _clashing(chord, line.tonic))
        if length >= line.firm:
            held = sounding(line.chords, line.metre, at + min(length, 2 * line.firm) / 2)
            local[k] += FIRM * ~np.isin(choice % 12, held.pitches)
        passing = not line.plain and not strong and length <= 1 and 0 < k < count - 1
        local[k] += np.where(inside | in_chord, 0.0, PASSING if passing else FOREIGN)
        local[k] += 0.4 * (~inside & in_chord)
        if not strong and length < 1:
            local[k] -= 0.2 * ~in_chord
        if line.plain and strong:
            local[k] += 0.35 * colour
        if line.peaks and stressed and length >= 1.5:
            local[k] -= 0.03 * (choice - line.low)
    closing = [
        p for p in sounding(line.chords, line.metre, line.onsets[-1]).pitches if (p - line.tonic) % 12 in line.cadence
    ]
    if closing:
        local[-1] += np.where(np.isin(choice % 12, closing), 0.0, 4.0)
    return local


def _clashing(chord: Chord, tonic: int) -> list[int]:
    """Pitch classes of the scale that lie a semitone beside a chord note from outside it."""
    foreign = [pitch for pitch in chord.pitches if (pitch - tonic) % 12 not in MAJOR_SCALE]
    return [(pitch + side) % 12 for pitch in foreign for side in (-1, 1)]


def _transitions(line: Line, choice: Pitches) -> tuple[Floats, Floats]:
    """Costs of going from a pitch to another, and of three in a row: a leap wants a step back, a note no third time."""
    leap = choice[None, :] - choice[:, None]
    size = np.abs(leap)
    table = np.array(SPOKEN if line.spoken else SUNG)
    pair = np.where(size <= 12, table[np.minimum(size, 12)], TOO_FAR)
    outside = ~_in_scale(choice, line.tonic)
    pair = pair + 2.5 * (outside[:, None] & ((size > 2) | (size == 0))) + 1.2 * (outside[None, :] & (size > 4))
    first, second = leap[:, :, None], leap[None, :, :]
    after_leap = np.abs(first) >= 5
    same_way = first * second > 0
    unanswered = after_leap & ((np.abs(second) > 4) | (same_way & (np.abs(second) > 2)))
    stuck = (first == 0) & (second == 0) & (not line.spoken)
    back_and_forth = (first == -second) & (first != 0)
    zigzag = (first * second < 0) & (np.minimum(np.abs(first), np.abs(second)) >= 3)
    triple = np.broadcast_to(pair[None], first.shape[:2] + second.shape[-1:])
    return pair, triple + 1.2 * unanswered + 1.1 * stuck + 0.4 * back_and_forth + 0.8 * zigzag
