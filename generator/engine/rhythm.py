"""When each syllable of a phrase is sung: the cheapest way through a grid of eighths, found by dynamic programming.

Stresses want strong beats, words stay together, phrases end on a beat with room to breathe, and a part's phrases share
the onsets of its rhythmic motif. Times are in eighths from the phrase's first bar line; a pickup lies below 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .score import Syllable

Floats = NDArray[np.float64]

BEATS = (4.0, 0.2, 1.6, 0.4, 3.0, 0.2, 2.0, 0.4)
"""How strong each eighth of a bar is."""
ANTICIPATIONS = (0.0, 0.0, 0.0, 1.6, -1.0, 0.0, 0.0, 2.2)
"""What full syncopation adds: the eighths before the strong beats grow heavy."""
PICKUP = 3
"""Eighths before the bar line in which a phrase may begin."""
ROOM = {1: (5, 6), 2: (12, 12)}
"""By a phrase's bars: its last eighth, so that a breath is left, and the most syllables that eighths hold."""
LONGEST_GAP = 6
CLOSED = 1e9
MOTIFS = (
    (0, 2, 3, 4, 6, 8, 10, 11, 12),
    (-1, 0, 2, 4, 6, 8, 9, 10, 12),
    (0, 1, 2, 4, 6, 7, 8, 10, 12),
    (0, 2, 4, 5, 6, 8, 10, 12),
    (-1, 0, 1, 2, 4, 7, 8, 10, 12),
    (0, 3, 4, 6, 8, 11, 12),
    (-1, 0, 2, 3, 5, 7, 8, 11, 12),
    (0, 1, 3, 4, 6, 7, 10, 11, 12),
    (0, 2, 3, 5, 6, 8, 11, 12),
    (-2, 0, 3, 4, 7, 8, 11, 12),
    (0, 1, 3, 5, 6, 7, 11, 12),
    (1, 2, 3, 4, 7, 9, 10, 11, 12),
)
"""Onsets of two bars, from plain to syncopated."""


def motif(chance: np.random.Generator, syncopation: float) -> tuple[float, ...]:
    """A rhythmic motif for a part of a song whose syncopation is 0 to 1."""
    places = np.arange(len(MOTIFS)) / (len(MOTIFS) - 1)
    weights = np.exp(-(((places - syncopation) / 0.3) ** 2))
    return tuple(float(x) for x in MOTIFS[int(chance.choice(len(MOTIFS), p=weights / weights.sum()))])


def place(
    syllables: Sequence[Syllable],
    *,
    bars: int,
    own_motif: Sequence[float],
    syncopation: float,
    chance: np.random.Generator,
    earliest: float = -PICKUP,
) -> tuple[float, ...]:
    """Onsets, in eighths, one a syllable, rising. `earliest`: no pickup before this one (0 or below)."""
    count = len(syllables)
    end, most = ROOM[bars]
    fine = 2 if count > most else 1
    first, last = round(earliest * fine), end * fine
    last = max(last, first + count - 1)
    slots = np.arange(first, last + 1)
    weight = _weights(slots, fine, syncopation)
    on_motif = np.isin(slots, np.round(np.asarray(own_motif) * fine))
    noise = chance.random((count, len(slots))) * 0.4
    stressed = np.array([syllable.stress > 0 for syllable in syllables])
    local = np.where(stressed[:, None], (4.2 - weight) * 0.55, np.maximum(0.0, weight) * 0.4) - 2.0 * on_motif + noise
    local += 1.5 * (stressed[:, None] & (slots < 0))
    local[0] += np.abs(slots) / fine * 0.35 + np.where(slots > 3 * fine, CLOSED, 0.0)
    local[-1] += 1.2 * (weight < 1.5)
    ideal = min(3.0 * fine, (last - max(first, -fine)) / max(1, count))
    steps = _steps(len(slots), ideal, fine)
    inside = steps + np.where(2 * fine < np.subtract.outer(slots, slots).T, 1.3, 0.0)
    best, came_from = local[0], np.zeros((count, len(slots)), np.intp)
    for k in range(1, count):
        costs = best[:, None] + (inside if syllables[k].word == syllables[k - 1].word else steps)
        came_from[k] = costs.argmin(0)
        best = costs.min(0) + local[k]
    at = int(best.argmin())
    path = [at]
    for k in range(count - 1, 0, -1):
        at = int(came_from[k, at])
        path.append(at)
    return tuple(float(slots[i]) / fine for i in reversed(path))


def _weights(slots: NDArray[np.intp], fine: int, syncopation: float) -> Floats:
    """How strong each slot is; sixteenths between the eighths are weaker than all."""
    of_bar = np.array(BEATS) + syncopation * np.array(ANTICIPATIONS)
    return np.where(slots % fine > 0, -0.6, of_bar[(slots // fine) % 8])


def _steps(count: int, ideal: float, fine: int) -> Floats:
    """What it costs to go from one slot to another: nothing at the ideal distance, very much backwards or too far."""
    gap = np.subtract.outer(np.arange(count), np.arange(count)).T
    cost = 0.45 * ((gap - ideal) / fine) ** 2
    return np.where((gap >= 1) & (gap < LONGEST_GAP * fine), cost, np.where(gap >= 1, cost + 50.0, CLOSED))
