"""How players' figures are written down: one token a stroke, such as `0r6! 6f2' 8r6`, bars parted by `|`.

A token is the sixteenth it falls on, a letter for what is played there (each player has an alphabet), how many
sixteenths it lasts, and a mark: `!` is an accent, `'` a light touch.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from .score import Metre

TOKEN = re.compile(r"(\d+)([A-Za-z])(\d+(?:\.\d+)?)([!']?)", re.ASCII)
WEIGHTS = {"!": 1.12, "": 1.0, "'": 0.8}


class Stroke(NamedTuple):
    """One thing a player does in a bar. `step` and `length` are sixteenths, `weight` multiplies the velocity."""

    step: int
    what: str
    length: float
    weight: float


class Figure(NamedTuple):
    """The same idea with growing strength. `extra` is for the last chorus; where it is empty, `strong` is played."""

    light: str
    calm: str
    strong: str
    extra: str = ""

    def bar(self, level: int, number: int) -> tuple[Stroke, ...]:
        """What is played in bar `number` of a section at level 1 to 4."""
        bars = strokes((self.light, self.calm, self.strong, self.extra or self.strong)[level - 1])
        return bars[number % len(bars)]


Figures = dict[Metre, tuple[Figure, Figure]]
"""A part in every metre: two figures, so that two takes differ."""


@cache
def strokes(text: str) -> tuple[tuple[Stroke, ...], ...]:
    """The bars of a figure. Raises ValueError where a token cannot be read."""
    return tuple(tuple(map(_stroke, bar.split())) for bar in text.split("|"))


def _stroke(token: str) -> Stroke:
    match = TOKEN.fullmatch(token)
    if match is None:
        raise ValueError(f"not a stroke: {token}")
    return Stroke(int(match[1]), match[2], float(match[3]), WEIGHTS[match[4]])


def run(letters: str, steps: int, every: int, length: float) -> str:
    """A figure that runs through `letters` again and again; the first of each turn is accented."""
    turn = len(letters)
    return " ".join(
        f"{step}{letters[k % turn]}{length}" + ("'" if k % turn else "!")
        for k, step in enumerate(range(0, steps, every))
    )
