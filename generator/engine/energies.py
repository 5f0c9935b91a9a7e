"""How strong each part of a song is: songs rise from a thin first verse to their last chorus, unless they shall not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .score import Brief, SectionKind, Sketch

USUAL: dict[SectionKind, float] = {
    "intro": 1.2,
    "verse": 1.8,
    "prechorus": 3.0,
    "chorus": 4.0,
    "interlude": 2.8,
    "drop": 4.5,
    "bridge": 2.4,
    "breakdown": 1.4,
    "instrumental": 3.5,
    "outro": 1.6,
}
"""Energies of the first part of each kind."""
AGAIN = 0.3
"""How much stronger a part is when it comes again, once: second verses are fuller, second choruses too."""
SECOND_VERSE = 2.4
LAST_CHORUS = 5.0
ONLY_CHORUS = 4.5
RIFF_INTRO = 2.2
"""An intro that begins with the hook on an instrument."""
OUTROS = {"rest": 1.6, "quiet": 1.1, "big": 4.2}
CALM_SHARE, CALM_MOST = 0.6, 3.2
"""A calm song's parts keep so much of their rise over silence, and never reach what a band calls strong."""
BUILD_FROM = 0.4
"""The share of its usual rise that the first part of a slow build has."""


class Place(NamedTuple):
    """A part as the plan of strengths sees it. `strong`: an intro with the hook in it."""

    kind: SectionKind
    bars: int
    strong: bool = False


def energies(brief: Brief, parts: Sequence[Place]) -> list[float]:
    """The energy of each part, 1 to 5, as the brief's curve and ending want it."""
    usual = _usual(parts)
    if brief.curve == "heard":
        shaped = _heard(parts, usual, brief.form)
    elif brief.curve == "calm":
        shaped = [min(CALM_MOST, 1 + (energy - 1) * CALM_SHARE) for energy in usual]
    elif brief.curve == "build":
        shaped = _building(parts, usual)
    elif brief.curve == "steady":
        shaped = [_steady(part, energy) for part, energy in zip(parts, usual, strict=True)]
    elif brief.curve == "bursting":
        shaped = [_bursting(part, energy) for part, energy in zip(parts, usual, strict=True)]
    else:
        shaped = usual
    if parts[-1].kind == "outro" and (brief.curve != "heard" or brief.ending != "rest"):
        shaped[-1] = OUTROS[brief.ending]
        if brief.curve == "build" and brief.ending == "rest":
            shaped[-1] = OUTROS["big"]
        elif brief.curve == "calm":
            shaped[-1] = min(shaped[-1], CALM_MOST)
    return [round(energy, 2) for energy in shaped]


def _usual(parts: Sequence[Place]) -> list[float]:
    """By kind; again is stronger than at first, and the last of several choruses is the strongest part."""
    seen: dict[SectionKind, int] = {}
    out: list[float] = []
    for part in parts:
        before = seen[part.kind] = seen.get(part.kind, -1) + 1
        energy = USUAL[part.kind]
        if part.kind == "verse" and before:
            energy = SECOND_VERSE
        elif part.kind in ("chorus", "prechorus") and before:
            energy += AGAIN
        elif part.kind == "intro" and part.strong:
            energy = RIFF_INTRO
        out.append(energy)
    choruses = [i for i, part in enumerate(parts) if part.kind == "chorus"]
    if choruses:
        out[choruses[-1]] = LAST_CHORUS if len(choruses) > 1 else ONLY_CHORUS
    return out


def _heard(parts: Sequence[Place], usual: Sequence[float], form: Sequence[Sketch]) -> list[float]:
    """As strong as the part of its kind that comes as often before it there, else the last of its kind."""
    seen: dict[SectionKind, int] = {}
    out = []
    for part, energy in zip(parts, usual, strict=True):
        there = [other.energy for other in form if other.kind == part.kind]
        before = seen[part.kind] = seen.get(part.kind, -1) + 1
        out.append(there[min(before, len(there) - 1)] if there else energy)
    return out


def _building(parts: Sequence[Place], usual: Sequence[float]) -> list[float]:
    """Everything is held back at first, less and less; the strongest part is as strong as ever."""
    peak = max(range(len(parts)), key=lambda i: usual[i])
    before = sum(part.bars for part in parts[:peak])
    out, bar = [], 0
    for part, energy in zip(parts, usual, strict=True):
        share = BUILD_FROM + (1 - BUILD_FROM) * min(1.0, bar / before if before else 1.0)
        out.append(1 + (energy - 1) * share)
        bar += part.bars
    return out


def _steady(part: Place, energy: float) -> float:
    """Strong all along, choruses still on top."""
    if part.kind == "chorus":
        return max(energy, 4.6)
    return energy if part.kind == "outro" else max(energy, 3.2)


def _bursting(part: Place, energy: float) -> float:
    """Thin verses, and choruses as strong as they can be."""
    if part.kind == "chorus":
        return LAST_CHORUS
    return min(energy, {"verse": 1.8, "prechorus": 2.4}.get(part.kind, energy))
