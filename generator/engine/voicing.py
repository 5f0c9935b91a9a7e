"""Which notes of a chord sound: on keys with as little motion as may be, on guitars as hands can grip them."""

from __future__ import annotations

from collections.abc import Sequence

from .score import Chord

OPEN_STRINGS = (40, 45, 50, 55, 59, 64)
FRETS = 5
"""How many frets a hand reaches."""


def voiced(chord: Chord, centre: float, low: int = 52, high: int = 72) -> list[int]:
    """The inversion of a chord whose notes lie nearest to `centre`, rising, roughly between low and high."""
    best: list[int] = []
    least = float("inf")
    pitches = chord.pitches
    for turn in range(len(pitches)):
        stack: list[int] = []
        for pitch in pitches[turn:] + pitches[:turn]:
            floor = stack[-1] + 1 if stack else low
            stack.append(floor + (pitch - floor) % 12)
        for octave in (-12, 0, 12):
            moved = [pitch + octave for pitch in stack]
            if moved[0] < low - 4 or moved[-1] > high + 4:
                continue
            distance = abs(sum(moved) / len(moved) - centre)
            if distance < least:
                best, least = moved, distance
    return best or [low + (pitch - low) % 12 for pitch in pitches]


def fretted(chord: Chord) -> list[int]:
    """A grip on six strings: the lowest string used carries the bass, the others the nearest chord notes."""
    notes: list[int] = []
    for string in OPEN_STRINGS:
        wanted = chord.pitches if notes else (chord.bass,)
        reached = [string + fret for fret in range(FRETS) if (string + fret) % 12 in wanted]
        if reached:
            notes.append(reached[0])
    return notes


def bass_note(pitch_class: int, low: int = 28) -> int:
    """A pitch class in the bass's lowest octave, from `low` up."""
    return low + (pitch_class - low) % 12


def mean(pitches: Sequence[int]) -> float:
    """The middle of a chord."""
    return sum(pitches) / len(pitches)
