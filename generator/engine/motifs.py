"""What covers show: drawings in two inks, each laid out anew by chance."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from .plates import Plate, Point, Tone
from .scenes import arches, cradle, grid, swirl, veils
from .vocabulary import listed

Chance = np.random.Generator
Motif = Callable[[Plate, Plate, Chance], None]


def sea(a: Plate, b: Plate, chance: Chance) -> None:
    """A sun low over rows of waves that grow towards the viewer."""
    centre = (float(chance.uniform(330, 670)), float(chance.uniform(300, 400)))
    a.disc(centre, float(chance.uniform(215, 275)), Tone(1.0, 0.55) if chance.random() < 0.6 else 1.0)
    rows = int(chance.integers(10, 14))
    phase = float(chance.uniform(0, 6))
    for row in range(rows):
        near = row / (rows - 1)
        height = 380 + 640 * near**1.25
        swell, length = 8 + 34 * near, 150 + 190 * near
        points = [
            (x, height + swell * math.sin(2 * math.pi * x / length + phase + row * 1.7))
            for x in np.arange(-20.0, 1021, 8)
        ]
        b.line(points, 13 + 30 * near)


def rings(a: Plate, b: Plate, chance: Chance) -> None:
    """Two sets of ripples that cross."""
    gap = float(chance.uniform(62, 92))
    angle = float(chance.uniform(0, 2 * math.pi))
    apart = float(chance.uniform(120, 190))
    for plate, side in ((a, 1), (b, -1)):
        centre = (500 + side * apart * math.cos(angle), 500 + side * apart * math.sin(angle))
        for k in range(1, 13):
            plate.ring(centre, gap * (k - 0.4 * (side < 0)), gap * 0.44)
        plate.disc(centre, gap * 0.22)


def eclipse(a: Plate, b: Plate, chance: Chance) -> None:
    """A moon before a sun, in a sky that thins towards the ground, with stars left out."""
    b.box(0, 0, 1000, 1000, Tone(1.0, 0.16))
    for _ in range(int(chance.integers(36, 60))):
        b.disc(
            (float(chance.uniform(0, 1000)), float(chance.uniform(0, 640))), float(chance.choice([2.5, 3.5, 6])), 0.0
        )
    centre = (float(chance.uniform(440, 560)), float(chance.uniform(440, 540)))
    radius = float(chance.uniform(270, 330))
    b.disc(centre, radius, 0.0)
    turn = float(chance.uniform(0, 2 * math.pi))
    shift = float(chance.uniform(0.16, 0.4)) * radius
    a.disc((centre[0] + shift * math.cos(turn), centre[1] + shift * math.sin(turn)), radius * 0.9)


def flower(a: Plate, b: Plate, chance: Chance) -> None:
    """A bloom from above: two rings of petals, one ink each."""
    petals = int(chance.choice([5, 6, 7, 8]))
    centre = (500.0, 500.0)
    turn = float(chance.uniform(0, 360))
    slim = 620 / petals
    for k in range(petals):
        b.petal(centre, 285, 185, slim * 1.0, turn + 360 * k / petals)
    for k in range(petals):
        a.petal(centre, 195, 150, slim * 0.9, turn + 360 * (k + 0.5) / petals)
    a.disc(centre, 92, 0.0)
    b.disc(centre, 92, 0.0)
    b.disc(centre, 74)
    for k in range(2 * petals):
        angle = math.radians(turn + 180 * k / petals)
        a.disc((500 + 438 * math.sin(angle), 500 - 438 * math.cos(angle)), 15)


def wheel(a: Plate, b: Plate, chance: Chance) -> None:
    """A fairground wheel with its cabins."""
    cabins = int(chance.choice([8, 9, 10, 12]))
    centre, radius = (500.0, 455.0), 330.0
    turn = float(chance.uniform(0, 360))
    a.polygon(((500, 455), (330, 1010), (372, 1010), (500, 560), (628, 1010), (670, 1010)))
    a.ring(centre, radius, 20)
    a.ring(centre, radius * 0.62, 12)
    for k in range(2 * cabins):
        angle = math.radians(turn + 180 * k / cabins)
        tip = (500 + radius * math.sin(angle), 455 - radius * math.cos(angle))
        a.line((centre, tip), 10)
    for k in range(cabins):
        angle = math.radians(turn + 360 * k / cabins)
        place = (500 + radius * math.sin(angle), 455 - radius * math.cos(angle) + 26)
        b.disc(place, 1350 / cabins * 0.5)
    b.disc(centre, 82)
    b.box(0, 930, 1000, 1000, Tone(0.9, 0.5))


def bars(a: Plate, b: Plate, chance: Chance) -> None:
    """A mirrored wave of sound: one ink up, the other down, and a disc on either side."""
    count = int(chance.choice([11, 13, 15, 17]))
    pitch = 940 / count
    shape = np.abs(np.sin(np.linspace(0, float(chance.uniform(5, 9)), count) + chance.uniform(0, 3)))
    up = 60 + 300 * (0.55 * shape + 0.45 * chance.random(count))
    down = 60 + 300 * (0.55 * shape[::-1] + 0.45 * chance.random(count))
    side = float(chance.uniform(190, 310))
    a.disc((1000 - side, 720), float(chance.uniform(130, 180)))
    b.disc((side, 285), float(chance.uniform(100, 150)))
    for k in range(count):
        left = 30 + k * pitch + pitch * 0.16
        right = left + pitch * 0.68
        a.pill(left, 500 - up[k], right, 535)
        b.pill(left, 465, right, 500 + down[k])


def ridges(a: Plate, b: Plate, chance: Chance) -> None:
    """Mountains behind mountains, fading into mist, under a disc."""
    a.disc((float(chance.uniform(250, 750)), float(chance.uniform(230, 340))), float(chance.uniform(120, 190)))
    layers = int(chance.integers(4, 6))
    for layer in range(layers):
        near = layer / (layers - 1)
        base = 400 + 420 * near
        rough = 150 - 50 * near
        points: list[Point] = [(-10, 1010)]
        steps = np.linspace(-10, 1010, 60)
        line = np.zeros(60)
        for octave in range(1, 6):
            line += np.sin(steps / 1000 * 3.1 * octave**1.35 + chance.uniform(0, 7)) / octave**1.05
        line += chance.normal(0, 0.04, 60)
        points += [(float(x), base - rough * float(y)) for x, y in zip(steps, line, strict=True)]
        points.append((1010, 1010))
        plate = b if layer % 2 == 0 else a
        plate.polygon(points, 0.0)
        (a if plate is b else b).polygon(points, 0.0)
        plate.polygon(points, Tone(0.3 + 0.7 * near, 0.05 + 0.75 * near))


def city(a: Plate, b: Plate, chance: Chance) -> None:
    """Towers with lit windows, two rows deep, under a moon."""
    a.disc((float(chance.uniform(280, 720)), 290), float(chance.uniform(150, 210)))
    left = -40.0
    while left < 1000:
        width, height = float(chance.uniform(120, 200)), float(chance.uniform(380, 620))
        a.box(left, 1000 - height, left + width, 1010, Tone(0.62, 0.22))
        left += width + float(chance.uniform(10, 60))
    left = -60.0
    while left < 1000:
        width, height = float(chance.uniform(110, 210)), float(chance.uniform(230, 560))
        top = 1000 - height
        b.box(left, top, left + width, 1010)
        if chance.random() < 0.4:
            b.line(((left + width / 2, top), (left + width / 2, top - 70)), 8)
        columns = max(2, round(width / 42))
        cell = width / columns
        for row in range(int(height / 46)):
            for column in range(columns):
                if chance.random() < 0.62:
                    x, y = left + column * cell + cell * 0.28, top + 26 + row * 46
                    b.box(x, y, x + cell * 0.46, y + 24, 0.0)
        left += width + float(chance.uniform(-6, 24))


def record(a: Plate, b: Plate, chance: Chance) -> None:
    """A record with its grooves, half out of its sleeve."""
    shift = float(chance.uniform(60, 150))
    centre = (500 + shift, 500.0)
    b.disc(centre, 370)
    radius = 350.0
    while radius > 160:
        b.ring(centre, radius, float(chance.uniform(2.5, 4.5)), 0.0)
        radius -= float(chance.choice([15, 15, 15, 34]))
    b.disc(centre, 138, 0.0)
    a.disc(centre, 122)
    a.disc(centre, 17, 0.0)
    start = float(chance.uniform(190, 240))
    for turn in (start, start + 180):
        b.slice(centre, 366, turn, turn + 9, 0.55)
    edge = 500 - shift - 300
    a.box(edge, 120, edge + 420, 880, Tone(1.0, 0.7))
    for k in range(7):
        b.box(edge, 180 + k * 92, edge + 420, 180 + k * 92 + 9 + 5 * k)


def stairs(a: Plate, b: Plate, chance: Chance) -> None:
    """Bands that grow shorter, crossed by bands that grow longer."""
    count = int(chance.integers(6, 10))
    pitch = 1000 / count
    thick = pitch * float(chance.uniform(0.52, 0.72))
    flip = chance.random() < 0.5
    for k in range(count):
        along = 1000 * (k + 0.8) / count
        top = k * pitch + (pitch - thick) / 2
        b.box(0 if flip else 1000 - along, top, along if flip else 1000, top + thick)
        a.box(top, 0, top + thick, along) if flip else a.box(top, 1000 - along, top + thick, 1000)


def tiles(a: Plate, b: Plate, chance: Chance) -> None:
    """A quilt of quarter circles."""
    count = int(chance.choice([4, 5, 6]))
    cell = 1000 / count
    for row in range(count):
        for column in range(count):
            x, y = column * cell, row * cell
            for plate, share in ((a, 0.78), (b, 0.78)):
                if chance.random() > share:
                    continue
                corner = int(chance.integers(4))
                centre = (x + cell * (corner % 2), y + cell * (corner // 2))
                start = (0, 90, 270, 180)[corner]
                size = cell * float(chance.choice([1.0, 1.0, 0.5]))
                plate.slice(centre, size, start, start + 90)


def road(a: Plate, b: Plate, chance: Chance) -> None:
    """A road over the hill into a striped sun."""
    vanish = float(chance.uniform(430, 570))
    a.disc((vanish, 420), 290)
    for k in range(6):
        a.box(0, 440 + k * 42, 1000, 440 + k * 42 + 8 + 5 * k, 0.0)
    b.polygon(
        ((-10, 600), (vanish - 16, 560), (vanish + 16, 560), (1010, 600), (1010, 1010), (-10, 1010)), Tone(0.25, 0.75)
    )
    b.polygon(((vanish - 14, 560), (vanish + 14, 560), (820, 1010), (180, 1010)))
    a.polygon(((vanish - 14, 560), (vanish + 14, 560), (820, 1010), (180, 1010)), 0.0)
    for k in range(6):
        near, far = (k + 0.15) / 6, (k + 0.62) / 6
        low, high = (560 + 450 * at**1.7 for at in (far, near))
        middles = [vanish + (500 - vanish) * (y - 560) / 450 for y in (high, low)]
        wide = [2 + 16 * (y - 560) / 450 for y in (high, low)]
        b.polygon(
            (
                (middles[0] - wide[0], high),
                (middles[0] + wide[0], high),
                (middles[1] + wide[1], low),
                (middles[1] - wide[1], low),
            ),
            0.0,
        )


def rain(a: Plate, b: Plate, chance: Chance) -> None:
    """Slanting rain, and one umbrella."""
    for _ in range(int(chance.integers(120, 170))):
        x, y = float(chance.uniform(-100, 1000)), float(chance.uniform(-80, 1000))
        length = float(chance.uniform(40, 110))
        b.line(((x, y), (x + length * 0.3, y + length)), float(chance.choice([5, 7, 10])))
    x, y, radius = float(chance.uniform(380, 620)), 590.0, 270.0
    b.slice((x, y), radius + 16, 180, 360, 0.0)
    b.polygon(((x - radius, y), (x + radius, y), (x + radius - 70, 1010), (x - radius - 70 + 100, 1010)), 0.0)
    a.slice((x, y), radius, 180, 360)
    for k in range(4):
        a.disc((x - radius + radius / 4 + k * radius / 2, y), radius / 4, 0.0)
    for share in (0.0, 0.52):
        b.line(
            [
                (x + side * share * radius * math.cos(t), y - radius * math.sin(t))
                for side in (-1, 1)
                for t in np.linspace(0 if side < 0 else math.pi / 2, math.pi / 2 if side < 0 else 0, 20)
            ],
            7,
        )
    b.line(((x, y - radius), (x, y + 250)), 14)
    b.line([(x + 32 - 32 * math.cos(t), y + 250 + 34 * math.sin(t)) for t in np.linspace(0, math.pi, 16)], 14)


def lanterns(a: Plate, b: Plate, chance: Chance) -> None:
    """Dots that swell and shrink across the sheet, and a large one behind them."""
    count = int(chance.choice([8, 10, 12]))
    cell = 1000 / count
    fx, fy, phase = chance.uniform(0.5, 1.3), chance.uniform(0.5, 1.3), chance.uniform(0, 6)
    b.disc(
        (float(chance.uniform(350, 650)), float(chance.uniform(350, 650))),
        float(chance.uniform(260, 340)),
        Tone(1.0, 0.5),
    )
    for row in range(count):
        for column in range(count):
            size = 0.5 + 0.5 * math.sin(fx * column + fy * row + phase)
            a.disc(((column + 0.5) * cell, (row + 0.5) * cell), cell * (0.07 + 0.4 * size))


def sails(a: Plate, b: Plate, chance: Chance) -> None:
    """Boats on flat water, with their reflections."""
    b.box(0, 640, 1000, 1000, Tone(0.8, 0.2))
    sun = (float(chance.uniform(200, 800)), 330.0)
    a.disc(sun, 150, Tone(0.5, 1.0))
    boats = int(chance.integers(1, 4))
    largest = int(chance.integers(boats))
    for k in range(boats):
        x = 1000 * (k + 0.5 + float(chance.uniform(-0.12, 0.12))) / boats
        size = float(chance.uniform(1.0, 1.25)) if k == largest else float(chance.uniform(0.45, 0.6))
        mast = 640 - 400 * size
        a.polygon(((x - 8, mast), (x - 8, 612), (x - 175 * size, 612)))
        b.polygon(((x + 10, mast + 60 * size), (x + 10, 612), (x + 120 * size, 612)))
        b.polygon(
            (
                (x - 150 * size, 622),
                (x + 130 * size, 622),
                (x + 90 * size, 622 + 52 * size),
                (x - 105 * size, 622 + 52 * size),
            )
        )
        for row in range(5):
            wide = 130 * size * (1 - row / 6)
            y = 700 + 52 * size + row * 34
            a.pill(x - wide - 20, y, x + wide - 20, y + 12)


MOTIFS: dict[str, tuple[Motif, frozenset[str]]] = {
    "sea": (sea, listed("sea ocean water wave waves tide harbour harbor island shore river salt swim")),
    "rings": (rings, listed("slow echo echoes circle ripple ripples satellite satellites signal signals orbit still")),
    "eclipse": (eclipse, listed("moon night midnight dark star stars sky space heaven dream dreams sleep")),
    "flower": (flower, listed("love heart flower flowers rose garden spring kiss darling bloom baby stay")),
    "wheel": (wheel, listed("summer fair carnival festival wheel round turn childhood small fun play holiday")),
    "bars": (bars, listed("sound music loud louder sing song voice radio noise beat together")),
    "ridges": (ridges, listed("mountain mountains hill climb rise high stone wild north forest fear wolf")),
    "city": (city, listed("city neon town street streets downtown tonight rooftop window lights paris london tokyo")),
    "record": (record, listed("dance dancing party vinyl record groove disco club play spin floor")),
    "stairs": (stairs, listed("down up stairs step steps fall falling long way over")),
    "tiles": (tiles, listed("kitchen room rooms quilt pattern house shelves friends friend count")),
    "road": (road, listed("road mile miles map drive highway train travel adventure journey far further roam")),
    "rain": (rain, listed("rain rainy storm grey gray cloud umbrella november autumn cold weather tears")),
    "lanterns": (
        lanterns,
        listed("light lights lantern lanterns fire candle glow shine snow fireflies spark christmas"),
    ),
    "sails": (sails, listed("sail sails boat ship wind harbour sailor blue lake calm away")),
    "arches": (arches, listed("funk funky rainbow boogie strut")),
    "veils": (veils, listed("haze mist fog air breath breathe drift float")),
    "grid": (grid, listed("synth retro laser arcade chrome future electric")),
    "swirl": (swirl, listed("waltz ballroom whirl twirl")),
    "cradle": (cradle, listed("lullaby cradle goodnight")),
}
"""Each drawing with the words of a title that call for it."""
