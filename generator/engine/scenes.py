"""What covers show where an idiom or a metre has a picture of its own: arches, veils, a grid, a swirl, a cradle."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from .plates import Plate, Point, Tone


def arches(a: Plate, b: Plate, chance: np.random.Generator) -> None:
    """Rainbows that stand in each other's way, their bands in turn one ink and the other."""
    width = float(chance.uniform(44, 58))
    side = 1 if chance.random() < 0.5 else -1
    feet = ((500 - side * 250, 1000.0, 8), (500 + side * 240, 1000.0, 6), (500 - side * 60, 740.0, 7))
    for x, y, bands in sorted(feet, key=lambda foot: foot[1]):
        for plate in (a, b):
            _arch(plate, (x, y), bands * width, 0.0)
        for k in range(bands):
            plate = (a, b)[(k + (side > 0)) % 2]
            _arch(plate, (x, y), (bands - k) * width, 1.0)
            for other in (a, b):
                _arch(other, (x, y), (bands - k) * width - 0.72 * width, 0.0)


def _arch(plate: Plate, foot: Point, radius: float, fill: float) -> None:
    if radius > 0:
        x, y = foot
        plate.slice((x, y - 120), radius, 180, 360, fill)
        plate.box(x - radius, y - 121, x + radius, y, fill)


def veils(a: Plate, b: Plate, chance: np.random.Generator) -> None:
    """Wide discs of thinning ink that drift over each other, and a line of horizon."""
    height = float(chance.uniform(560, 680))
    for k in range(3):
        x = float(chance.uniform(120, 880))
        a.disc((x, height - float(chance.uniform(120, 380))), float(chance.uniform(200, 330)), _thinning(k, chance))
    b.disc((float(chance.uniform(300, 700)), height), float(chance.uniform(300, 400)), Tone(0.06, 0.75))
    for row in range(7):
        y = height + 24 + 9 * row * (row + 3) / 2
        b.box(0, y, 1000, y + 7 + 3.4 * row, Tone(0.85, 0.55))


def _thinning(k: int, chance: np.random.Generator) -> Tone:
    dense = float(chance.uniform(0.5, 0.85))
    return Tone(dense, 0.05) if k % 2 else Tone(0.08, dense)


def grid(a: Plate, b: Plate, chance: np.random.Generator) -> None:
    """A sun cut into strips, over a floor that runs to the horizon."""
    horizon, x = float(chance.uniform(560, 620)), float(chance.uniform(420, 580))
    b.box(0, 0, 1000, horizon, Tone(0.55, 0.1))
    radius = float(chance.uniform(270, 320))
    centre = (x, horizon - radius * float(chance.uniform(0.45, 0.75)))
    b.disc(centre, radius, 0.0)
    a.disc(centre, radius, Tone(0.6, 1.0))
    for k in range(7):
        y = centre[1] + radius * (0.1 + 0.14 * k)
        for plate in (a, b):
            plate.box(0, y, 1000, y + 6 + 4 * k, 0.0 if plate is a else 0.12)
    for plate in (a, b):
        plate.box(0, horizon, 1000, 1000, 0.0)
    b.box(0, horizon, 1000, 1000, Tone(1.0, 0.85))
    for k in range(-14, 15):
        a.line(((x + 26 * k, horizon), (x + 190 * k, 1010)), 5)
        b.line(((x + 26 * k, horizon), (x + 190 * k, 1010)), 5, 0.0)
    for k in range(9):
        y = horizon + 430 * (k / 8) ** 2.1 + 4
        a.box(0, y - 2, 1000, y + 2 + k * 0.6)
        b.box(0, y - 2, 1000, y + 2 + k * 0.6, 0.0)


def swirl(a: Plate, b: Plate, chance: np.random.Generator) -> None:
    """Three long skirts turning round one point, one beat a turn, with the path they leave on the floor."""
    turn = float(chance.uniform(0, 2 * math.pi))
    way = 1 if chance.random() < 0.5 else -1
    for k in range(3):
        begin = turn + 2 * math.pi * k / 3
        a.polygon(_blade(begin, way, 430, lambda share: 0.95 * share**0.8))
        b.polygon(_blade(begin + way * 0.62, way, 400, lambda share: 0.5 * math.sin(math.pi * share)))
    for plate, radius in ((a, 74), (b, 74)):
        plate.disc((500, 500), radius + 16, 0.0)
        plate.disc((500, 500), radius if plate is b else 34)
    for k in range(36):
        angle = turn + 2 * math.pi * k / 36
        b.disc((500 + 466 * math.cos(angle), 500 + 466 * math.sin(angle)), 13 if k % 3 == 0 else 6)


def _blade(begin: float, way: int, reach: float, width: Callable[[float], float]) -> list[Point]:
    """A sickle from the middle outwards, which turns with `way`; `width` in radians at a share of its length."""
    out: list[Point] = []
    for edge, steps in ((0, range(41)), (1, range(40, -1, -1))):
        for step in steps:
            share = step / 40
            angle = begin + way * (1.5 * share + edge * width(share))
            out.append((500 + reach * share * math.cos(angle), 500 + reach * share * math.sin(angle)))
    return out


def cradle(a: Plate, b: Plate, chance: np.random.Generator) -> None:
    """A moon's crescent with stars that hang from above on threads."""
    b.box(0, 0, 1000, 1000, Tone(0.75, 0.08))
    x, y, radius = float(chance.uniform(430, 520)), float(chance.uniform(640, 670)), float(chance.uniform(260, 290))
    b.disc((x, y), radius + 26, 0.0)
    b.disc((x + radius * 0.46, y - radius * 0.2), radius * 0.86, Tone(0.55, 0.16))
    a.disc((x, y), radius)
    a.disc((x + radius * 0.46, y - radius * 0.2), radius * 0.86, 0.0)
    for k in range(5):
        at = (110 + 195 * k + float(chance.uniform(-30, 30)), float(chance.uniform(110, 200)) + 70 * (k % 2))
        b.line(((at[0], 0), at), 4)
        b.disc(at, 58, 0.0)
        a.polygon(_star(at, float(chance.uniform(36, 52)), float(chance.uniform(-0.2, 0.2))))
    a.disc((x - radius * 0.5, y + radius * 0.1), 20, 0.0)


def _star(centre: Point, radius: float, tilt: float) -> list[Point]:
    out = []
    for k in range(10):
        angle, reach = tilt + math.pi * k / 5, radius if k % 2 == 0 else radius * 0.45
        out.append((centre[0] + reach * math.sin(angle), centre[1] - reach * math.cos(angle)))
    return out
