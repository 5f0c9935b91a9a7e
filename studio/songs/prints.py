"""Covers of our own: a two-ink print drawn from a song's seed, shown until the real artwork has arrived, or for good.

Every motif is cut for two plates, one in each ink, which are multiplied where they overlap, as a gig poster is
printed. Served as a picture and shown only through an image element.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable

INKS = (
    ("#ef6a16", "#0d8791"),
    ("#e8467c", "#2f8a48"),
    ("#eab021", "#2f5fd6"),
    ("#dd4a33", "#2f8cc2"),
    ("#9bb022", "#dd4d44"),
    ("#a14488", "#12917a"),
)
"""The six pairs of the design, as they look on paper: brighter than the pairs that stand beside text."""
PAPER = "#efece2"
STYLE = ".a{fill:%s;color:%s}.b{fill:%s;color:%s}.l{fill:none;stroke:currentColor}g>*{mix-blend-mode:multiply}"
Motif = Callable[[random.Random], tuple[str, str]]
"""Draws the shapes of plate A and of plate B within 400 x 400. Each shape is one element, so that inks overlap."""


def draw(seed: int, inks: int) -> str:
    """SVG, 400 x 400: the print that belongs to `seed`, in the pair `inks` (1-6). The same seed is the same print."""
    chance = random.Random(seed)
    first, second = MOTIFS[chance.randrange(len(MOTIFS))](chance)
    a, b = INKS[(inks - 1) % len(INKS)]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400">'
        f"<style>{STYLE % (a, a, b, b)}</style>"
        f'<rect width="400" height="400" fill="{PAPER}"/>'
        f'<g class="a">{first}</g><g class="b">{second}</g></svg>'
    )


def _disc(x: float, y: float, r: float) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}"/>'


def _ring(x: float, y: float, r: float, width: float) -> str:
    return f'<circle class="l" stroke-width="{width:.1f}" cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}"/>'


def _shape(path: str) -> str:
    return f'<path d="{path}"/>'


def _stroke(path: str, width: float) -> str:
    return f'<path class="l" stroke-width="{width:.1f}" d="{path}"/>'


def _bar(x: float, top: float, bottom: float, width: float) -> str:
    return f'<rect x="{x:.1f}" y="{top:.1f}" width="{width}" height="{bottom - top:.1f}" rx="{width / 2}"/>'


def _turned(shape: str, count: int, start: float = 0) -> str:
    """`shape` `count` times around the middle; `start` in degrees."""
    turns = (start + k * 360 / count for k in range(count))
    return "".join(f'<g transform="rotate({turn:.1f} 200 200)">{shape}</g>' for turn in turns)


def _line_through(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.0f} {y:.1f}" for x, y in points)


def _sun_over_sea(chance: random.Random) -> tuple[str, str]:
    x, y, phase = chance.uniform(120, 280), chance.uniform(120, 165), chance.uniform(0, 6)
    waves = []
    for row in range(11):
        level, swing, shift = 150 + row * 25, 9 + row * 1.1, phase + row * 0.6
        points = ((x, level + swing * math.sin(x / 24 + shift)) for x in range(-10, 421, 10))
        waves.append(_stroke(_line_through(points), 9 + row * 1.1))
    return _disc(x, y, chance.uniform(84, 108)), "".join(waves)


def _eclipse(chance: random.Random) -> tuple[str, str]:
    turn, apart, r = chance.uniform(0, 2 * math.pi), chance.uniform(48, 74), chance.uniform(104, 124)
    x, y = apart * math.cos(turn), apart * math.sin(turn)
    return _disc(200 + x, 200 + y, r), _disc(200 - x, 200 - y, r)


def _moon(chance: random.Random) -> tuple[str, str]:
    x, y, shift = chance.uniform(165, 215), chance.uniform(185, 225), chance.uniform(38, 60)
    hole = f"M0 0H400V400H0ZM{x + 112:.0f} {y:.0f}a112 112 0 1 0 -224 0a112 112 0 1 0 224 0Z"
    return _disc(x + shift, y - shift / 2.4, 100), f'<path fill-rule="evenodd" d="{hole}"/>'


def _meter(chance: random.Random) -> tuple[str, str]:
    halves = [chance.uniform(30, 160) for _ in range(9)]
    bars = "".join(_bar(40 + k * 36, 200 - half, 200 + half, 24) for k, half in enumerate(halves))
    return _disc(200, 200, chance.uniform(106, 132)), bars


def _duet(chance: random.Random) -> tuple[str, str]:
    up = "".join(_bar(10 + k * 26, 210 - chance.uniform(40, 165), 210, 17) for k in range(15))
    down = "".join(_bar(10 + k * 26, 190, 190 + chance.uniform(40, 165), 17) for k in range(15))
    return up + _disc(chance.uniform(230, 320), 300, 60), down + _disc(chance.uniform(80, 170), 105, 48)


def _orbits(chance: random.Random) -> tuple[str, str]:
    turn, apart = chance.uniform(0, math.pi), chance.uniform(30, 62)
    x, y = apart * math.cos(turn), apart * math.sin(turn)
    radii = range(16, 330, 26)
    return (
        "".join(_ring(200 + x, 200 + y, r, 8) for r in radii),
        "".join(_ring(200 - x, 200 - y, r, 8) for r in radii),
    )


def _lanterns(chance: random.Random) -> tuple[str, str]:
    phase, lean = chance.uniform(0, 6), chance.uniform(0.3, 0.8)
    swell = [[4 + 19 * abs(math.sin(phase + lean * x + 0.5 * y)) for x in range(8)] for y in range(8)]
    dots = "".join(_disc(25 + x * 50, 25 + y * 50, swell[y][x]) for y in range(8) for x in range(8))
    return dots, _disc(chance.uniform(150, 250), chance.uniform(150, 250), 138)


def _coast(chance: random.Random) -> tuple[str, str]:
    def range_of(level: float, swing: float) -> str:
        a, b, c, d = (level + chance.uniform(-swing, swing) for _ in range(4))
        return _shape(f"M0 {a:.0f}C80 {b:.0f} 140 {b:.0f} 210 {c:.0f}S340 {d + 30:.0f} 400 {d:.0f}V400H0Z")

    sun = _disc(chance.uniform(90, 310), chance.uniform(95, 140), chance.uniform(62, 86))
    return sun + range_of(350, 14), range_of(235, 42) + range_of(300, 30)


def _arcade(chance: random.Random) -> tuple[str, str]:
    def arch(x: float, top: float) -> str:
        return _shape(f"M{x:.0f} 400V{top:.0f}a62 62 0 0 1 124 0V400Z")

    arches = "".join(arch(-20 + k * 92, chance.uniform(110, 215)) for k in range(5))
    return arches, _disc(chance.uniform(130, 270), chance.uniform(140, 175), chance.uniform(96, 118))


def _flower(chance: random.Random) -> tuple[str, str]:
    count = chance.choice((5, 6, 7, 8))
    outer = f'<ellipse cx="200" cy="{chance.uniform(112, 124):.0f}" rx="{220 / count:.0f}" ry="86"/>'
    inner = f'<ellipse cx="200" cy="140" rx="{150 / count:.0f}" ry="66"/>'
    start = chance.uniform(0, 40)
    return _turned(inner, count, start + 180 / count), _turned(outer, count, start)


def _wheel(chance: random.Random) -> tuple[str, str]:
    cars = chance.choice((7, 8, 9, 10))
    spokes = _turned('<rect x="195.5" y="34" width="9" height="150"/>', cars * 2)
    return spokes, _turned(_disc(200, 62, 240 / cars + 4), cars) + _disc(200, 200, chance.uniform(30, 46))


def _blinds(chance: random.Random) -> tuple[str, str]:
    fall, gap = chance.choice((-1, 1)) * chance.uniform(60, 130), chance.uniform(32, 40)
    lines = (_stroke(f"M-20 {y:.0f}L420 {y + fall:.0f}", gap / 3) for y in _steps(-150, 560, gap))
    x, y = chance.uniform(150, 250), chance.uniform(150, 250)
    return _disc(x, y, chance.uniform(112, 136)), "".join(lines)


def _steps(first: float, last: float, by: float) -> Iterable[float]:
    return (first + k * by for k in range(int((last - first) / by) + 1))


def _shoes(chance: random.Random) -> tuple[str, str]:
    lean, apart = chance.uniform(8, 20) * chance.choice((-1, 1)), chance.uniform(34, 52)
    shape = '<rect transform="rotate({:.1f} 200 200)" x="{:.0f}" y="{:.0f}" width="126" height="270" rx="63"/>'
    return shape.format(lean, 137 - apart, 65), shape.format(lean, 137 + apart, 65 + chance.uniform(-24, 24))


MOTIFS: tuple[Motif, ...] = (
    _sun_over_sea,
    _eclipse,
    _moon,
    _meter,
    _duet,
    _orbits,
    _lanterns,
    _coast,
    _arcade,
    _flower,
    _wheel,
    _blinds,
    _shoes,
)
