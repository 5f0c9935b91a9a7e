"""Printing plates: what one ink puts on the paper. Greys on a plate become halftone dots when it is printed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Grey = NDArray[np.float32]
Point = tuple[float, float]

SIZE = 1024
"""Pixels of a print's side."""
UNITS = 1000
"""Drawings are laid out on a square of so many units."""
_DRAWN = 2 * SIZE
_SCALE = _DRAWN / UNITS


class Tone(NamedTuple):
    """A vertical run of grey: density at the top and at the bottom of the shape that is filled, 0 to 1."""

    top: float
    bottom: float


Fill = float | Tone


class Plate:
    """One ink's drawing. Shapes are filled with a density of 0 (wiped clean) to 1 (solid), or with a `Tone`."""

    def __init__(self) -> None:
        self._image = Image.new("L", (_DRAWN, _DRAWN), 0)
        self._draw = ImageDraw.Draw(self._image)

    def grey(self) -> Grey:
        """Densities 0 to 1, (SIZE, SIZE)."""
        return np.asarray(self._image.reduce(2), np.float32) / np.float32(255)

    def polygon(self, points: Sequence[Point], fill: Fill = 1.0) -> None:
        """A closed shape."""
        scaled = [(x * _SCALE, y * _SCALE) for x, y in points]
        if isinstance(fill, Tone):
            self._pour(fill, scaled)
        else:
            self._draw.polygon(scaled, fill=_ink(fill))

    def disc(self, centre: Point, radius: float, fill: Fill = 1.0) -> None:
        """A filled circle."""
        if isinstance(fill, Tone):
            turns = np.linspace(0, 2 * math.pi, 180, endpoint=False)
            self.polygon([(centre[0] + radius * math.cos(t), centre[1] + radius * math.sin(t)) for t in turns], fill)
        else:
            self._draw.ellipse(_box(centre, radius), fill=_ink(fill))

    def ring(self, centre: Point, radius: float, width: float, fill: float = 1.0) -> None:
        """A circle's line; `radius` is its middle."""
        self._draw.ellipse(_box(centre, radius + width / 2), outline=_ink(fill), width=round(width * _SCALE))

    def slice(self, centre: Point, radius: float, start: float, end: float, fill: float = 1.0) -> None:
        """A piece of pie; degrees clockwise from three o'clock."""
        self._draw.pieslice(_box(centre, radius), start, end, fill=_ink(fill))

    def box(self, left: float, top: float, right: float, bottom: float, fill: Fill = 1.0) -> None:
        """A rectangle."""
        self.polygon(((left, top), (right, top), (right, bottom), (left, bottom)), fill)

    def pill(self, left: float, top: float, right: float, bottom: float, fill: float = 1.0) -> None:
        """A rectangle with round ends."""
        if right > left and bottom > top:
            radius = min(right - left, bottom - top) / 2 * _SCALE
            corners = (left * _SCALE, top * _SCALE, right * _SCALE, bottom * _SCALE)
            self._draw.rounded_rectangle(corners, radius, fill=_ink(fill))

    def line(self, points: Sequence[Point], width: float, fill: float = 1.0) -> None:
        """A line through points, its joints round."""
        scaled = [(x * _SCALE, y * _SCALE) for x, y in points]
        self._draw.line(scaled, fill=_ink(fill), width=max(1, round(width * _SCALE)), joint="curve")

    def petal(self, centre: Point, distance: float, length: float, width: float, degrees: float) -> None:
        """An ellipse that points away from a centre, `distance` off; 0 degrees is up."""
        angle = math.radians(degrees)
        across, along = (math.cos(angle), math.sin(angle)), (math.sin(angle), -math.cos(angle))
        points = []
        for k in range(60):
            turn = 2 * math.pi * k / 60
            u, v = width * math.cos(turn), distance + length * math.sin(turn)
            points.append((centre[0] + across[0] * u + along[0] * v, centre[1] + across[1] * u + along[1] * v))
        self.polygon(points)

    def _pour(self, tone: Tone, points: Sequence[Point]) -> None:
        """Fills a shape, given in drawn pixels, with a run of grey."""
        left, top = (max(0, math.floor(min(axis))) for axis in zip(*points, strict=True))
        right, bottom = (min(_DRAWN, math.ceil(max(axis)) + 1) for axis in zip(*points, strict=True))
        if left >= right or top >= bottom:
            return
        mask = Image.new("L", (right - left, bottom - top), 0)
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in points], fill=255)
        low, high = min(y for _, y in points), max(y for _, y in points)
        share = (np.arange(top, bottom) - low) / max(1.0, high - low)
        column = np.rint(255 * (tone.top + (tone.bottom - tone.top) * np.clip(share, 0, 1))).astype(np.uint8)
        run = np.broadcast_to(column[:, None], (bottom - top, right - left))
        self._image.paste(Image.fromarray(np.ascontiguousarray(run)), (left, top), mask)


def _ink(fill: float) -> int:
    return round(255 * fill)


def _box(centre: Point, radius: float) -> tuple[float, float, float, float]:
    x, y, r = centre[0] * _SCALE, centre[1] * _SCALE, radius * _SCALE
    return x - r, y - r, x + r, y + r


def halftone(grey: Grey, degrees: float, cell: float) -> Grey:
    """Grey as dots of a screen `cell` pixels wide, turned by an angle; what is solid or clean stays so."""
    angle = math.radians(degrees)
    at = np.arange(SIZE, dtype=np.float32) * np.float32(2 * math.pi / cell)
    waves = [_wave(at, math.cos(angle), math.sin(angle)), _wave(at, -math.sin(angle), math.cos(angle))]
    threshold = (waves[0] + waves[1]) * np.float32(0.25) + np.float32(0.5)
    # Full and no density must lie outside all thresholds.
    level = grey * np.float32(1.22) - np.float32(0.11)
    dots: Grey = np.clip((level - threshold) * np.float32(cell * 0.55) + np.float32(0.5), 0, 1)
    return dots


def _wave(at: Grey, across: float, down: float) -> Grey:
    """cos(x across + y down) over the whole plate, from products of rows and columns."""
    x, y = at * np.float32(across), at * np.float32(down)
    wave: Grey = np.outer(np.cos(y), np.cos(x)) - np.outer(np.sin(y), np.sin(x))
    return wave
