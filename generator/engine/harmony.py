"""Harmony from roman numerals: progressions are written down as musicians say them and read into pitch classes.

A token is a degree (`I`, `vi`, `bVII`, `#iv`; capitals are major chords), then any of `7` (the seventh that the scale
has: major on I and IV), `b7` (a minor seventh on any chord), `6`, `9` (an added sixth, an added ninth), `sus` (a fourth
in place of the third), `o` and `h` (diminished and half-diminished sevenths), `/3` or `/5` (which chord tone the bass
takes), `/ii` (the dominant of that degree), `@5` (a pedal: the bass stays on that degree of the scale) and `:2` (half a
bar in place of a whole one). Degrees count from the major scale; minor songs are spelled in their relative major.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from .score import EIGHTHS, MIDDLE, Chord, Metre

MAJOR_SCALE = (0, 2, 4, 5, 7, 9, 11)
DEGREES = {"i": 0, "ii": 2, "iii": 4, "iv": 5, "v": 7, "vi": 9, "vii": 11}
TOKEN = re.compile(
    r"(?P<sign>[b#]?)(?P<degree>[IViv]+)(?P<colour>b7|7|9|6|sus|o|h)?(?:/(?P<over>[35]|[iv]+))?(?:@(?P<pedal>[1-7]))?"
    r"(?P<half>:2)?",
    re.ASCII,
)
DOMINANT = (0, 4, 7, 10)


@cache
def chord(token: str) -> tuple[Chord, int]:
    """The chord of one token over tonic C, and how many half bars it lasts. Raises ValueError if it cannot be read."""
    match = TOKEN.fullmatch(token)
    if match is None or match["degree"].lower() not in DEGREES:
        raise ValueError(f"not a chord: {token}")
    degree, over = match["degree"], match["over"] or ""
    root = DEGREES[degree.lower()] + {"b": -1, "": 0, "#": 1}[match["sign"]]
    if over.isalpha():
        root += DEGREES[over]
        steps: tuple[int, ...] = DOMINANT
    else:
        steps = _steps(degree, match["colour"] or "")
    pitches = tuple((root + step) % 12 for step in steps)
    bass = pitches[1] if over == "3" else pitches[2] if over == "5" else pitches[0]
    if match["pedal"]:
        bass = MAJOR_SCALE[int(match["pedal"]) - 1]
    return Chord(pitches, bass), 1 if match["half"] else 2


def _steps(degree: str, colour: str) -> tuple[int, ...]:
    """Semitones above the root."""
    if colour in ("o", "h"):
        return (0, 3, 6, 9 if colour == "o" else 10)
    minor = degree.islower()
    triad = (0, 5 if colour == "sus" else 3 if minor else 4, 7)
    if colour == "7":
        return (*triad, 10 if minor or degree == "V" else 11)
    return (*triad, *{"b7": (10,), "6": (9,), "9": (2,)}.get(colour, ()))


def transposed(one: Chord, semitones: int) -> Chord:
    """The same chord, higher."""
    return Chord(tuple((p + semitones) % 12 for p in one.pitches), (one.bass + semitones) % 12)


@cache
def progression(tokens: str, tonic: int, bars: int, *, slow: bool = False) -> tuple[Chord, ...]:
    """`bars` bars of a progression over `tonic`, two chords a bar, begun again as often as needed.

    `slow`: every chord lasts twice as long, as it should where bars are short.
    """
    cycle: list[Chord] = []
    for token in tokens.split():
        one, halves = chord(token)
        cycle += [transposed(one, tonic)] * (halves * (2 if slow else 1))
    return tuple(cycle[i % len(cycle)] for i in range(2 * bars))


def sounding(chords: Sequence[Chord], metre: Metre, at: float) -> Chord:
    """The chord at an eighth, of chords that begin with eighth 0; before and after them the nearest one."""
    bar, eighth = divmod(max(at, 0.0), EIGHTHS[metre])
    return chords[min(2 * int(bar) + (eighth >= MIDDLE[metre]), len(chords) - 1)]


def in_scale(pitch: int, tonic: int) -> bool:
    """Whether a pitch belongs to the major scale on `tonic`."""
    return (pitch - tonic) % 12 in MAJOR_SCALE
