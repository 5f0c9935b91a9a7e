"""The song's cover: a print in two inks on paper, as a risograph makes it, drawn from what the song is.

Idiom, metre and mood have drawings of their own, and words of the title call for some. Mood and idiom choose the inks;
a calm song has a finer screen, a wild one a coarser, and a dark one a sheet that darkens towards its top.

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
from .score import Metre, Mood

Ink = tuple[int, int, int]

PAPER = (0xEF, 0xEC, 0xE2)
INKS: tuple[tuple[Ink, Ink], ...] = (
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
CELL, FINE, COARSE = 9.0, 7.0, 12.0
"""Pixels from dot to dot: as a rule, for calm songs, for wild ones."""
CALM: frozenset[Mood] = frozenset(("tender", "calm", "dreamy", "lullaby"))
WILD: frozenset[Mood] = frozenset(("energetic", "angry", "playful"))
DARK: frozenset[Mood] = frozenset(("sad", "dark", "mysterious"))
DUSK = 0.34
"""How dense the second ink lies at the top of a dark song's sheet."""
QUALITY = 82
INKS_OF_IDIOM = {
    "pop": (2, 3, 1), "rock": (4, 1), "ballad": (6, 2), "house": (3, 2), "synthwave": (6, 2), "lofi": (5, 6),
    "jazz": (4, 3), "bossa": (1, 5), "soul": (2, 6), "funk": (1, 5, 3), "ambient": (6, 4), "folk": (5, 1),
    "country": (1, 3), "hiphop": (3, 4), "reggae": (5, 3), "cinematic": (4, 6),
}  # fmt: skip
INKS_OF_MOOD: dict[Mood, tuple[int, ...]] = {
    "happy": (3, 1, 5), "hopeful": (1, 3), "playful": (5, 2, 3), "tender": (2, 6), "calm": (6, 5), "dreamy": (6, 2),
    "lullaby": (3, 6), "sad": (4, 6), "dark": (4, 6), "mysterious": (6, 4), "angry": (4,), "energetic": (1, 4, 2),
}  # fmt: skip
MOTIFS_OF_IDIOM = {
    "pop": "flower wheel lanterns bars", "rock": "bars ridges eclipse road", "ballad": "rain sea flower eclipse",
    "house": "record lanterns rings tiles", "synthwave": "grid grid city road", "lofi": "stairs rain tiles record",
    "jazz": "stairs city record bars", "bossa": "sea sails flower", "soul": "record flower rings lanterns",
    "funk": "arches arches tiles wheel", "ambient": "veils veils rings ridges", "folk": "ridges road flower sails",
    "country": "road ridges wheel", "hiphop": "city bars stairs record", "reggae": "sails lanterns wheel sea",
    "cinematic": "eclipse ridges sea veils",
}  # fmt: skip
"""Names of drawings; the one that stands twice is twice as likely."""


def inks(idiom: str, seed: int, mood: frozenset[Mood] = frozenset()) -> int:
    """Which of the six ink pairs a song has, 1 to 6: one of its idiom's that suits its mood, or of its mood's."""
    of_idiom = INKS_OF_IDIOM[idiom]
    of_mood = [pair for name in sorted(mood) for pair in INKS_OF_MOOD[name]]
    pairs = [pair for pair in of_idiom if pair in of_mood] or of_mood or of_idiom
    return int(dice(seed, "inks").choice(pairs))


def cover(title: str, idiom: str, seed: int, mood: frozenset[Mood] = frozenset(), metre: Metre = "4/4") -> bytes:
    """The print as WebP, 1024 by 1024."""
    chance = dice(seed, "cover", idiom)
    first, second = Plate(), Plate()
    draw = MOTIFS[motif(title, idiom, seed, mood, metre)][0]
    draw(first, second, chance)
    greys = first.grey(), second.grey()
    if mood & DARK:
        greys = greys[0], np.maximum(greys[1], np.linspace(DUSK, 0, SIZE, dtype=np.float32)[:, None])
    cell = COARSE if mood & WILD else FINE if mood & CALM else CELL
    printed = _printed(greys, INKS[inks(idiom, seed, mood) - 1], cell, chance)
    out = io.BytesIO()
    Image.fromarray(printed).save(out, "WEBP", quality=QUALITY, method=2)
    return out.getvalue()


def motif(title: str, idiom: str, seed: int, mood: frozenset[Mood] = frozenset(), metre: Metre = "4/4") -> str:
    """The name of a song's drawing."""
    words = frozenset(re.findall(r"[a-z]+", title.lower()))
    called = [name for name, (_, calls) in MOTIFS.items() if words & calls]
    own = ["cradle"] if "lullaby" in mood else MOTIFS_OF_IDIOM[idiom].split()
    if metre != "4/4" and "lullaby" not in mood:
        own = ["swirl", "swirl", *own]
    names = [name for name in called if name in own] or (own if "lullaby" in mood else [*called, *called, *own])
    return names[int(dice(seed, "motif").integers(len(names)))]


def _printed(
    greys: tuple[Grey, Grey], pair: tuple[Ink, Ink], cell: float, chance: np.random.Generator
) -> NDArray[np.uint8]:
    """Both plates on paper, (SIZE, SIZE, 3), with dots `cell` pixels apart."""
    mottle, grain = _mottle(chance), _grain(chance)
    shift = chance.integers(-3, 4, 2)
    first = halftone(greys[0], ANGLES[0], cell) * mottle * grain
    second = halftone(_moved(greys[1], int(shift[0]), int(shift[1])), ANGLES[1], cell) * mottle[::-1] * grain[:, ::-1]
    paper = (0.88 + 0.12 * mottle.T) * (0.98 + 0.02 * grain.T)
    sheet = np.empty((SIZE, SIZE, 3), np.uint8)
    for channel, white in enumerate(PAPER):
        left = [1 - np.float32(ink[channel] / white) for ink in pair]
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
