"""Who plays when, and how much: players come in one after the other as a song grows stronger, and leave again."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from math import ceil
from typing import NamedTuple

import numpy as np

from .score import Player, SectionKind


class Level(IntEnum):
    """How much a player plays."""

    SILENT = 0
    LIGHT = 1
    """Held notes, a pulse."""
    CALM = 2
    STRONG = 3
    EXTRA = 4
    """The last chorus: octaves, double strokes, a tambourine."""


ENERGIES = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0)
SHARES = (0.2, 0.35, 0.6, 0.75, 0.85, 1.0)
"""What share of the band plays at which energy."""
CALM_FROM, STRONG_FROM, EXTRA_FROM = 1.7, 3.4, 4.6
SUNG: frozenset[SectionKind] = frozenset(("verse", "prechorus", "chorus"))
FEWEST = 3
"""A singer is carried by so many at least, after the first half of the first verse."""
RHYTHM: frozenset[Player] = frozenset(("drums", "bass"))

Half = dict[Player, Level]


class Scene(NamedTuple):
    """What a section is in its song. `first`: the first verse of a sung song that has time to grow."""

    kind: SectionKind
    energy: float
    first: bool = False
    into_chorus: bool = False


def halves(entry: Sequence[Player], scene: Scene) -> tuple[Half, Half]:
    """The levels in both halves of a section; `entry` lists who is in the band, in the order in which they come in."""
    count = ceil(float(np.interp(scene.energy, ENERGIES, SHARES)) * len(entry) - 0.01)
    if scene.kind in SUNG:
        count = max(count, min(FEWEST, len(entry)))
    level = _level(scene.energy)
    early, late = (count, level), (count, level)
    order = list(entry)
    if scene.first:
        early = (min(count, max(2, ceil(count / 2))), Level.LIGHT)
    elif scene.kind == "intro":
        early = (max(1, count - 1), level)
    elif scene.kind == "outro":
        late = (max(1, count - 1), Level(max(1, level - 1)))
    elif scene.kind == "breakdown":
        order = [player for player in entry if player not in RHYTHM] or order
        early = late = (min(2, count), min(level, Level.CALM))
    elif scene.kind == "prechorus" and scene.into_chorus:
        late = (count, Level(min(Level.STRONG, level + 1)))
    first, second = _half(order, *early), _half(order, *late)
    if scene.kind == "bridge":
        first = _elsewhere(order, first)
    return first, second


def _level(energy: float) -> Level:
    if energy < CALM_FROM:
        return Level.LIGHT
    return Level.CALM if energy < STRONG_FROM else Level.STRONG if energy < EXTRA_FROM else Level.EXTRA


def _half(order: Sequence[Player], count: int, level: Level) -> Half:
    """The first `count` players, and one more where that would be the drummer alone."""
    alone = order[:count] == ["drums"]
    return dict.fromkeys(order[: count + alone], level)


def _elsewhere(order: Sequence[Player], half: Half) -> Half:
    """Another texture: no drums, and those who usually wait play in place of those who usually begin."""
    chords = [player for player in order if player not in RHYTHM]
    if len(chords) < 2:
        return half
    turned = dict.fromkeys(chords[1:], Level.CALM)
    return turned | ({"bass": Level.LIGHT} if "bass" in half else {})
