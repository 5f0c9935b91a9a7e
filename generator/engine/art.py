"""The song's cover: a print in two inks on paper, as a risograph makes it, drawn from the seed and the title.

Two plates, each with its own screen angle, are printed one over the other; where they overlap the inks multiply. The
second plate never lies quite right, solids are a little uneven, and the paper has a grain.
"""

from __future__ import annotations

import io
import re

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .chance import dice
from .motifs import MOTIFS
from .plates import SIZE, Grey, Plate, halftone

PAPER = (0xEF, 0xEC, 0xE2)
INKS = (
    ((0xEF, 0x6A, 0x16), (0x0D, 0x87, 0x91)),
    ((0xE8, 0x46, 0x7C), (0x2F, 0x8A, 0x48)),
    ((0xEA, 0xB0, 0x21), (0x2F, 0x5F, 0xD6)),
    ((0xDD, 0x4A, 0x33), (0x2F, 0x8C, 0xC2)),
    ((0x9B, 0xB0, 0x22), (0xDD, 0x4D, 0x44)),
    ((0xA1, 0x44, 0x88), (0x12, 0x91, 0x7A)),
)
"""The six pairs of the design, in the strength in which they are printed."""
ANGLES = (45.0, 75.0)
"""Degrees of the two screens: thirty apart, so that they make no coarse pattern together."""
CELL = 9.0
"""Pixels from dot to dot."""
QUALITY = 82


def inks(seed: int) -> int:
    """Which of the six ink pairs a song has, 1 to 6."""
    return 1 + int(dice(seed, "inks").integers(len(INKS)))


def cover(title: str, idiom: str, seed: int) -> bytes:
    """The print as WebP, 1024 by 1024. The title's words choose the drawing where they name one; else chance does."""
    chance = dice(seed, "cover", idiom)
    first, second = Plate(), Plate()
    draw = MOTIFS[motif(title, seed)][0]
    draw(first, second, chance)
    printed = _printed((first.grey(), second.grey()), inks(seed) - 1, chance)
    out = io.BytesIO()
    Image.fromarray(printed).save(out, "WEBP", quality=QUALITY, method=2)
    return out.getvalue()


def motif(title: str, seed: int) -> str:
    """The name of the drawing for a title."""
    words = frozenset(re.findall(r"[a-z]+", title.lower()))
    called = [name for name, (_, calls) in MOTIFS.items() if words & calls]
    names = called or sorted(MOTIFS)
    return names[int(dice(seed, "motif").integers(len(names)))]


def _printed(greys: tuple[Grey, Grey], pair: int, chance: np.random.Generator) -> NDArray[np.uint8]:
    """Both plates on paper, (SIZE, SIZE, 3)."""
    mottle, grain = _mottle(chance), _grain(chance)
    shift = chance.integers(-3, 4, 2)
    first = halftone(greys[0], ANGLES[0], CELL) * mottle * grain
    second = halftone(_moved(greys[1], int(shift[0]), int(shift[1])), ANGLES[1], CELL) * mottle[::-1] * grain[:, ::-1]
    paper = (0.88 + 0.12 * mottle.T) * (0.98 + 0.02 * grain.T)
    sheet = np.empty((SIZE, SIZE, 3), np.uint8)
    for channel, white in enumerate(PAPER):
        left = [1 - np.float32(ink[channel] / white) for ink in INKS[pair]]
        sheet[:, :, channel] = np.minimum(255, white * paper * (1 - first * left[0]) * (1 - second * left[1]) + 0.5)
    return sheet


def _moved(grey: Grey, down: int, right: int) -> Grey:
    """A plate that lies a few pixels off; its edges are drawn out."""
    at = np.arange(SIZE)
    return grey[np.clip(at - down, 0, SIZE - 1)][:, np.clip(at - right, 0, SIZE - 1)]


def _mottle(chance: np.random.Generator) -> Grey:
    """Slow unevenness of the inking, 0.9 to 1."""
    small = Image.fromarray(chance.random((24, 24), dtype=np.float32))
    field = np.asarray(small.resize((SIZE, SIZE), Image.Resampling.BILINEAR), np.float32)
    return np.float32(1) - np.float32(0.1) * field


def _grain(chance: np.random.Generator) -> Grey:
    """Fine specks where the ink did not take, 0.55 to 1."""
    noise = chance.random((SIZE, SIZE), dtype=np.float32)
    return np.where(noise > np.float32(0.975), np.float32(0.55), np.float32(1) - np.float32(0.08) * noise)
