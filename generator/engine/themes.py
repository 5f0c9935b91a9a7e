"""What a tune is made of: a short cell that is stated, moved along the scale, answered and brought home.

A cell has a rhythm and a line of its own. A phrase states it twice, the second time with another tail; the sister
phrases of a part repeat the phrase, move it to their chords, or keep its beginning and come to rest. Onsets are eighths
from a phrase's first bar line; points are (onset, MIDI pitch).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .chance import dice
from .score import Brief, Chord

Role = Literal["theme", "sequence", "contrast", "answer"]
Points = tuple[tuple[float, float], ...]
Rhythm = tuple[float, ...]
Chords = Callable[[float], Chord]
"""The chord at an eighth of the phrase."""

ROLES: dict[int, tuple[tuple[Role, ...], ...]] = {
    1: (("theme",),),
    2: (("theme", "answer"),),
    3: (("theme", "sequence", "answer"), ("theme", "contrast", "answer")),
    4: (("theme", "sequence", "contrast", "answer"), ("theme", "contrast", "theme", "answer")),
}
"""What the phrases of a part are to its theme, by how many there are; longer parts begin again after four."""
CONTOURS: dict[str, tuple[Points, ...]] = {
    "verse": (
        ((0, 0.25), (0.5, 0.7), (1, 0.25)),
        ((0, 0.7), (0.5, 0.4), (1, 0.15)),
        ((0, 0.2), (0.4, 0.5), (1, 0.4)),
        ((0, 0.5), (0.3, 0.25), (0.7, 0.6), (1, 0.35)),
    ),
    "prechorus": (((0, 0.3), (1, 0.75)), ((0, 0.45), (0.5, 0.6), (1, 0.9)), ((0, 0.35), (0.4, 0.3), (1, 0.8))),
    "chorus": (
        ((0, 0.8), (0.5, 0.55), (1, 0.35)),
        ((0, 0.45), (0.5, 0.85), (1, 0.5)),
        ((0, 0.55), (0.3, 0.9), (1, 0.55)),
        ((0, 0.4), (0.7, 0.85), (1, 0.65)),
    ),
    "bridge": (((0, 0.75), (1, 0.35)), ((0, 0.35), (1, 0.85)), ((0, 0.6), (0.5, 0.4), (1, 0.7))),
}
"""Contours of a phrase: where it is (0 to 1 of its length) and how high (0 to 1 of the part's range)."""
RHYTHMS: dict[tuple[str, int], tuple[Rhythm, ...]] = {
    ("calm", 8): (
        (0, 2, 3, 4),
        (0, 1, 2, 4),
        (2, 3, 4, 6),
        (0, 2, 4, 5, 6),
        (1, 2, 3, 4),
        (0, 1, 2, 3, 4),
        (0, 1, 3, 4, 6),
        (1, 3, 4, 6),
        (0, 3, 4, 5, 7),
        (1, 2, 4, 5, 7),
    ),
    ("hook", 8): (
        (0, 2, 4),
        (0, 4, 5, 6),
        (-1, 0, 2, 4),
        (0, 1, 4),
        (0, 2, 3, 6),
        (-2, -1, 0, 4),
        (0, 3, 4),
        (0, 1, 2, 5),
        (0, 3, 6),
        (-1, 0, 3, 5),
        (0, 3, 5, 7),
    ),
    ("calm", 6): ((0, 2, 4), (0, 1, 2, 4), (2, 3, 4), (0, 2, 3, 4), (0, 3, 4), (1, 2, 4)),
    ("hook", 6): ((0, 4), (0, 2, 4), (-1, 0, 2), (0, 3, 4), (-2, 0, 4), (0, 1, 2)),
    ("calm", 12): ((0, 2, 4, 6), (2, 4, 6, 10), (0, 4, 6, 8, 10), (0, 2, 4, 6, 10), (0, 4, 6, 10)),
    ("hook", 12): ((0, 4, 6), (-2, 0, 4, 6), (0, 6, 10), (0, 2, 4, 6), (0, 6, 8, 10), (0, 4, 8, 10)),
    ("calm jig", 6): ((0, 2, 3), (0, 1, 2, 3), (0, 2, 3, 5), (0, 3, 4, 5), (2, 3, 5), (1, 2, 3, 5)),
    ("hook jig", 6): ((0, 3), (0, 2, 3), (-1, 0, 3), (0, 3, 5), (-1, 0, 2, 3), (0, 1, 3)),
    ("calm jig", 12): ((0, 2, 3, 5, 6), (0, 3, 5, 6), (0, 3, 6, 9), (0, 2, 3, 6), (2, 3, 5, 6)),
    ("hook jig", 12): ((0, 3, 6), (-1, 0, 3, 5, 6), (0, 5, 6), (0, 3, 5, 6), (-1, 0, 6), (0, 6, 8, 9)),
}
"""Rhythms of cells from plain to syncopated, for half a phrase of so many eighths."""
MOVES = ((0, 0.24), (1, 0.36), (-1, 0.40))
"""How a cell goes on: steps of the scale, and how likely."""
LEAPS = {"verse": (2, -2, 1, -1, 3), "prechorus": (2, 3, -2), "chorus": (3, 4, -3, 2, 5), "bridge": (-3, 4, 2, -4)}
"""The one move of a cell that is remembered, in steps of the scale; verses may do without a leap."""
WIDEST = 5
"""Steps of the scale that a cell spans at most."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Three to six notes: onsets in eighths from the start of half a phrase, and scale steps from the first note."""

    onsets: Rhythm
    steps: tuple[int, ...]

    @property
    def moves(self) -> tuple[int, ...]:
        """From note to note, in steps of the scale."""
        return tuple(b - a for a, b in itertools.pairwise(self.steps))

    def turned(self) -> Cell:
        """The same beginning, the other way at the end."""
        cut = len(self.steps) // 2
        pivot = self.steps[cut]
        return Cell(self.onsets, (*self.steps[:cut], *(2 * pivot - step for step in self.steps[cut:])))

    def shifted(self, eighths: float) -> Cell:
        """Somewhat earlier or later."""
        return Cell(tuple(at + eighths for at in self.onsets), self.steps)


def cell(brief: Brief, family: str, half: int, syncopation: tuple[float, float], seed: int) -> Cell:
    """The cell of a part, for half a phrase of so many eighths; the second take's is never like the first one's.

    `syncopation` of both takes, 0 to 1.
    """
    first = _drawn(brief, family, half, syncopation[0], dice(seed, "cell", family, 1))
    if brief.take == 1:
        return first
    for attempt in range(2, 40):
        other = _drawn(brief, family, half, syncopation[1], dice(seed, "cell", family, attempt))
        if other.onsets != first.onsets and other.moves[0] * first.moves[0] <= 0 and other.moves != first.moves:
            return other
    return Cell(first.onsets, tuple(-step for step in first.steps))


def _drawn(brief: Brief, family: str, half: int, syncopation: float, chance: np.random.Generator) -> Cell:
    manner = ("hook" if family == "chorus" else "calm") + (" jig" if brief.metre == "6/8" else "")
    rhythms = RHYTHMS[manner, half]
    places = np.arange(len(rhythms)) / (len(rhythms) - 1)
    weights = np.exp(-(((places - syncopation) / 0.35) ** 2))
    onsets = rhythms[int(chance.choice(len(rhythms), p=weights / weights.sum()))]
    return Cell(onsets, _steps(chance, len(onsets), LEAPS[family]))


def _steps(chance: np.random.Generator, count: int, leaps: Sequence[int]) -> tuple[int, ...]:
    """A line with one leap that the rest answers: it neither runs away nor stands still."""
    moves, shares = zip(*MOVES, strict=True)
    while True:
        line = chance.choice(moves, count - 1, p=shares)
        line[int(chance.integers(count - 1))] = chance.choice(leaps)
        steps = np.concatenate(([0], np.cumsum(line)))
        if np.ptp(steps) <= WIDEST and abs(steps[-1]) <= 3 and (count < 4 or len(np.unique(np.sign(line))) > 1):
            return tuple(int(step) for step in steps)


def heights(contour: Points, scale: Sequence[int], length: int) -> Points:
    """A contour in eighths of a phrase of this length and pitches of this scale."""
    return tuple((at * length, scale[0] + height * (scale[-1] - scale[0])) for at, height in contour)


def stated(
    one: Cell, contour: Points, chords: Chords, scale: Sequence[int], *, half: int, length: int, turned: bool
) -> Points:
    """A phrase of `length` eighths that states a cell, and in its second half once more, maybe with another tail."""
    out: list[tuple[float, float]] = []
    second = (one.turned() if turned else one).shifted(half)
    times, pitches = zip(*contour, strict=True)
    for statement in (one, second) if length > half else (one,):
        out += _placed(statement, float(np.interp(np.mean(statement.onsets), times, pitches)), chords, scale)
    return tuple(out)


def _placed(one: Cell, wanted: float, chords: Chords, scale: Sequence[int]) -> Points:
    """A cell on the pitches of the scale, near the wanted height, where it fits the chords."""
    best: Points = ()
    least = float("inf")
    for start in range(len(scale)):
        places = np.clip(start + np.array(one.steps), 0, len(scale) - 1)
        bent = sum(place != start + step for place, step in zip(places, one.steps, strict=True))
        points = tuple((at, float(scale[i])) for at, i in zip(one.onsets, places, strict=True))
        cost = 2.0 * bent + misfit(points, chords) + 0.7 * abs(sum(p for _, p in points) / len(points) - wanted)
        if cost < least:
            best, least = points, cost
    return best


def misfit(points: Points, chords: Chords) -> float:
    """How many notes of a line its chords do not have; the first and the long ones count more."""
    cost = 0.0
    for k, (at, pitch) in enumerate(points):
        long = k + 1 == len(points) or points[k + 1][0] - at >= 2
        cost += (1.0 if long or k == 0 else 0.4) * (int(pitch) % 12 not in chords(at).pitches)
    return cost


def sequence(points: Points, chords: Chords, scale: Sequence[int]) -> Points:
    """The phrase moved along the scale by one to three steps, to where it fits its chords best."""
    places = [int(np.argmin(np.abs(np.array(scale) - pitch))) for _, pitch in points]
    best, least = points, float("inf")
    for move in (1, -1, 2, -2, 3):
        moved = [place + move for place in places]
        if min(moved) < 0 or max(moved) >= len(scale):
            continue
        found = tuple((at, float(scale[i])) for (at, _), i in zip(points, moved, strict=True))
        cost = misfit(found, chords) + 0.3 * abs(move)
        if cost < least:
            best, least = found, cost
    return best


def answer(points: Points, scale: Sequence[int], half: int) -> Points:
    """The phrase's beginning, and a way down from there."""
    kept = tuple((at, pitch) for at, pitch in points if at < half - 1)
    low = scale[0] + 0.3 * (scale[-1] - scale[0])
    return (*kept, (1.6 * half, low)) if kept else points


def adorned(figure: Sequence[tuple[float, int]], scale: Sequence[int]) -> list[tuple[float, int]]:
    """A tune with passing notes where it leaps a third in no hurry."""
    out = list(figure[:1])
    for (before, left), (at, right) in itertools.pairwise(figure):
        between = [pitch for pitch in scale if min(left, right) < pitch < max(left, right)]
        if at - before >= 2 and len(between) == 1:
            out.append((at - 1, between[0]))
        out.append((at, right))
    return out
