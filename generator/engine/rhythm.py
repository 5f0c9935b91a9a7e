"""When each syllable of a phrase is sung: the cheapest way through a grid of eighths, found by dynamic programming.

Stresses want strong beats, words stay together, phrases end on a beat with room to breathe, and a part's phrases share
the onsets of its theme. Times are in eighths from the phrase's first bar line; a pickup lies below 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .score import EIGHTHS, Metre, Syllable

Floats = NDArray[np.float64]

BEATS: dict[Metre, tuple[float, ...]] = {
    "4/4": (4.0, 0.2, 1.6, 0.4, 3.0, 0.2, 2.0, 0.4),
    "3/4": (4.0, 0.2, 2.0, 0.3, 2.2, 0.4),
    "6/8": (4.0, 0.2, 1.2, 3.0, 0.2, 1.2),
}
"""How strong each eighth of a bar is."""
ANTICIPATIONS: dict[Metre, tuple[float, ...]] = {
    "4/4": (0.0, 0.0, 0.0, 1.6, -1.0, 0.0, 0.0, 2.2),
    "3/4": (0.0, 0.6, 0.0, 0.4, 0.0, 1.0),
    "6/8": (0.0, 0.0, 0.8, 0.0, 0.0, 0.8),
}
"""What full syncopation adds: the eighths before the strong beats grow heavy."""
PICKUP = 3
"""Eighths before the bar line in which a phrase may begin."""
ROOM: dict[tuple[Metre, int], tuple[int, int]] = {
    ("4/4", 1): (5, 6),
    ("4/4", 2): (12, 12),
    ("3/4", 1): (4, 4),
    ("3/4", 2): (8, 9),
    ("3/4", 4): (18, 16),
    ("6/8", 1): (3, 4),
    ("6/8", 2): (9, 9),
    ("6/8", 4): (18, 16),
}
"""By metre and bars of a phrase: its last eighth, which leaves a breath, and the most syllables that eighths hold."""
LONGEST_GAP = 6
CLOSED = 1e9
SPOKEN_GAP = 1.6
"""Sixteenths from syllable to syllable in rhythmic speech: eighths and sixteenths mixed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What the rhythm of one phrase must fit."""

    metre: Metre = "4/4"
    bars: int
    theme: Sequence[float]
    """Onsets that its part has in common."""
    syncopation: float
    spoken: bool = False
    """Rhythmic speech: syllables come in quick runs that end on a beat."""
    earliest: float = -PICKUP
    """No pickup before this one (0 or below)."""


def place(syllables: Sequence[Syllable], frame: Frame, chance: np.random.Generator) -> tuple[float, ...]:
    """Onsets, in eighths, one a syllable, rising."""
    count = len(syllables)
    end, most = ROOM[frame.metre, frame.bars]
    fine = 2 if count > most or frame.spoken else 1
    first, last = round(frame.earliest * fine), end * fine
    last = max(last, first + count - 1)
    slots = np.arange(first, last + 1)
    weight = _weights(slots, fine, frame)
    on_theme = np.isin(slots, np.round(np.asarray(frame.theme) * fine))
    noise = chance.random((count, len(slots))) * 0.4
    stressed = np.array([syllable.stress > 0 for syllable in syllables])
    local = np.where(stressed[:, None], (4.2 - weight) * 0.55, np.maximum(0.0, weight) * 0.4) - 2.3 * on_theme + noise
    local += 1.5 * (stressed[:, None] & (slots < 0))
    free = frame.spoken * max(0.0, last - SPOKEN_GAP * count) / fine
    local[0] += np.maximum(0.0, np.abs(slots) / fine - free) * 0.35
    local[0] += np.where(slots > (3 + free) * fine, CLOSED, 0.0)
    local[-1] += 1.2 * (weight < 1.5)
    ideal = SPOKEN_GAP if frame.spoken else min(3.0 * fine, (last - max(first, -fine)) / max(1, count))
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


def _weights(slots: NDArray[np.intp], fine: int, frame: Frame) -> Floats:
    """How strong each slot is; sixteenths between the eighths are weaker than all."""
    of_bar = np.array(BEATS[frame.metre]) + frame.syncopation * np.array(ANTICIPATIONS[frame.metre])
    return np.where(slots % fine > 0, -0.6, of_bar[(slots // fine) % EIGHTHS[frame.metre]])


def _steps(count: int, ideal: float, fine: int) -> Floats:
    """What it costs to go from one slot to another: nothing at the ideal distance, very much backwards or too far."""
    gap = np.subtract.outer(np.arange(count), np.arange(count)).T
    cost = 0.45 * ((gap - ideal) / fine) ** 2
    return np.where((gap >= 1) & (gap < LONGEST_GAP * fine), cost, np.where(gap >= 1, cost + 50.0, CLOSED))
