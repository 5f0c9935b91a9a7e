"""Covers of our own: a two-ink print drawn from a song's seed, shown until the real artwork has arrived, or for good.

Two shapes on paper, one in each ink, multiplied where they overlap, as a gig poster is printed. Served as a picture
and shown only through an image element.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable

INKS = (
    ("#d4590a", "#0b7680"),
    ("#c92f62", "#26733a"),
    ("#966600", "#2750c0"),
    ("#bb3a26", "#20719f"),
    ("#5d7008", "#c73e36"),
    ("#85356f", "#0e7560"),
)
"""The six pairs of the design's tokens, in their light form: prints are on light stock."""
PAPER = "#efece0"
Motif = Callable[[random.Random], tuple[str, str]]
"""Draws the shapes of ink A and of ink B, inside 400 x 400, without a colour of their own."""


def draw(seed: int, inks: int) -> str:
    """SVG, 400 x 400: the print that belongs to `seed`, in the pair `inks` (1-6). The same seed is the same print."""
    chance = random.Random(seed)
    motif = MOTIFS[chance.randrange(len(MOTIFS))]
    first, second = motif(chance)
    a, b = INKS[(inks - 1) % len(INKS)]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400">'
        "<style>g{mix-blend-mode:multiply}.l{fill:none;stroke-linecap:round}</style>"
        f'<rect width="400" height="400" fill="{PAPER}"/>'
        f'<g fill="{a}" stroke="none" color="{a}">{first}</g><g fill="{b}" stroke="none" color="{b}">{second}</g></svg>'
    )


def _disc(x: float, y: float, r: float) -> str:
    return f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{r:.0f}"/>'


def _line(path: str, width: float) -> str:
    return f'<path class="l" stroke="currentColor" stroke-width="{width:.0f}" d="{path}"/>'


def _sun_and_sea(chance: random.Random) -> tuple[str, str]:
    x, y = chance.uniform(130, 270), chance.uniform(120, 180)
    waves = []
    for row in range(9):
        level, swing = 190 + row * 26, chance.uniform(7, 15)
        bends = "".join(f"q25 {swing if k % 2 else -swing:.0f} 50 0" for k in range(9))
        waves.append(_line(f"M-25 {level}{bends}", 8 + row))
    return _disc(x, y, chance.uniform(85, 115)), "".join(waves)


def _two_discs(chance: random.Random) -> tuple[str, str]:
    turn = chance.uniform(0, math.pi)
    x, y = 62 * math.cos(turn), 62 * math.sin(turn)
    return _disc(200 + x, 200 + y, 118), _disc(200 - x, 200 - y, 118)


def _strings(chance: random.Random) -> tuple[str, str]:
    heights = [40 + 130 * abs(math.sin(0.5 + k * chance.uniform(0.4, 0.9))) for k in range(12)]
    up = "".join(_line(f"M{50 + k * 27} 194V{194 - h:.0f}", 13) for k, h in enumerate(heights))
    down = "".join(_line(f"M{50 + k * 27} 206V{206 + h * 0.9:.0f}", 13) for k, h in enumerate(reversed(heights)))
    return up, down


def _orbits(chance: random.Random) -> tuple[str, str]:
    def rings(x: float, y: float) -> str:
        return "".join(
            f'<circle class="l" stroke="currentColor" stroke-width="7" cx="{x:.0f}" cy="{y:.0f}" r="{r}"/>'
            for r in range(16, 190, 22)
        )

    shift = chance.uniform(24, 52)
    return rings(200 - shift, 200 - shift / 2), rings(200 + shift, 200 + shift / 2)


def _halftone(chance: random.Random) -> tuple[str, str]:
    x, y = chance.uniform(150, 260), chance.uniform(150, 260)
    dots = []
    for row in range(11):
        for column in range(11):
            px, py = 20 + column * 36, 20 + row * 36
            r = max(2.0, 17 - math.dist((px, py), (x, y)) / 17)
            dots.append(f'<circle cx="{px}" cy="{py}" r="{r:.1f}"/>')
    return "".join(dots), _disc(400 - x, 400 - y, 96)


def _hills(chance: random.Random) -> tuple[str, str]:
    def hill(base: float) -> str:
        a, b, c = (chance.uniform(base - 70, base + 40) for _ in range(3))
        return f'<path d="M0 400V{a:.0f}C100 {b:.0f} 150 {c:.0f} 230 {a:.0f}S340 {b:.0f} 400 {c:.0f}V400Z"/>'

    return hill(250) + _disc(chance.uniform(90, 310), 105, 46), hill(310)


def _blinds(chance: random.Random) -> tuple[str, str]:
    slant = chance.choice((-60, 60))
    bars = "".join(f'<path d="M{k * 50 - 60} 0h26l{slant} 400h-26Z"/>' for k in range(11))
    return bars, _disc(chance.uniform(150, 250), chance.uniform(150, 250), 122)


def _petals(chance: random.Random) -> tuple[str, str]:
    count, turn = chance.choice((5, 6, 7, 8)), chance.uniform(0, 60)
    petal = '<path transform="rotate({:.1f} 200 200)" d="M200 200C140 120 150 40 200 22C250 40 260 120 200 200Z"/>'
    flower = "".join(petal.format(turn + k * 360 / count) for k in range(count))
    return flower, _disc(200, 200, chance.uniform(70, 100))


def _steps(chance: random.Random) -> tuple[str, str]:
    first = "".join(f'<rect x="{k * 50}" y="{350 - k * 44}" width="50" height="{50 + k * 44}"/>' for k in range(8))
    turn = chance.choice((0, 90, 180))
    return f'<g transform="rotate({turn} 200 200)">{first}</g>', _disc(chance.uniform(110, 290), 150, 92)


MOTIFS: tuple[Motif, ...] = (
    _sun_and_sea,
    _two_discs,
    _strings,
    _orbits,
    _halftone,
    _hills,
    _blinds,
    _petals,
    _steps,
)
