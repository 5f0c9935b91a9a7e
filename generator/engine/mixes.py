"""How the idioms are mixed, as data: the desk's channel strips, and what each idiom sets differently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from .dsp import Curve

Channel = Literal["drums", "bass", "mid", "amp", "lead", "pad", "synth"]
"""Strips of the desk: the score's stems, the guitars that go through an amplifier, and the calculated sounds."""


class Strip(NamedTuple):
    """How one channel of the band goes through the desk. `send` is the share of it that goes into the room."""

    gain: float
    send: float
    width: float
    curve: Curve


STRIPS: dict[Channel, Strip] = {
    "drums": Strip(0.62, 0.05, 1.0, (
        (25, -12), (45, 1), (75, 2.5), (160, 0), (350, -2.5), (1000, 0), (5000, 1.5), (9000, 1), (13000, -2),
        (18000, -4),
    )),
    "bass": Strip(1.4, 0.0, 0.0, (
        (28, -18), (45, 0), (90, 1.5), (250, -2), (700, 2), (2500, 0), (6000, -6), (18000, -18),
    )),
    "mid": Strip(1.05, 0.16, 1.5, (
        (70, -18), (140, -2), (250, -3), (450, -1), (1200, 0), (4000, 1.5), (9000, 3), (18000, 3),
    )),
    "amp": Strip(0.18, 0.06, 1.0, (
        (60, -24), (100, -4), (160, 1), (400, -2), (900, -1), (2400, 3), (3800, 1), (5200, -8), (8000, -26),
        (16000, -48),
    )),
    "lead": Strip(0.95, 0.18, 1.2, (
        (70, -18), (140, -2), (250, -3), (450, -1), (1200, 0), (4000, 1.5), (9000, 3), (18000, 3),
    )),
    "pad": Strip(0.8, 0.24, 2.0, (
        (90, -18), (200, -4), (500, -2), (2000, -1), (8000, 2), (18000, 1),
    )),
    "synth": Strip(0.75, 0.14, 2.0, (
        (25, -6), (60, 0), (250, -2), (600, -1), (8000, 0), (18000, -2),
    )),
}  # fmt: skip
"""The curve of "amp" is a guitar cabinet: nothing under 100 Hz, a peak where the cone breaks up, nothing over 6 kHz."""
UNDER_VOICE: Curve = ((400, 0), (900, -2.5), (1800, -4.5), (3000, -5), (4500, -3), (7500, 0))
"""What chords and pads give way to while there is singing: the range where words are understood."""
TILT = 6.0
"""dB at 4 kHz that move the middle of a song's spectrum by an octave: 0.7 to 1.2 in thirty songs, the voice tilted by
half of that, so that its words stay as clear as they were."""
VOICE_TILT = 0.5
_FLAT: Curve = ((20, 0), (20000, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """What an idiom sets on the desk."""

    tone: Curve = _FLAT
    """Over the whole band."""
    levels: Mapping[Channel, float] = field(default_factory=dict)
    """dB by which a channel differs from its strip."""
    space: float = 1.0
    """Factor on what is sent into the room."""
    width: float = 1.0
    """Factor on every strip's width."""
    drive: float = 0.0
    """How hard the guitars drive an amplifier; 0: they have none."""
    warble: float = 0.0
    """How far a worn tape bends the pitch of chords and tunes, in cents to either side."""
    delay: float = 0.0
    """Share of tunes and calculated chords that comes back from the other side after three quarters of a beat."""
    crush: float = -17.0
    """dB from which on the drums are compressed."""
    grit: float = 4.5
    """How hard the bass drives its amplifier."""
    voice: float = 0.0
    """dB by which the voice is further in front than in other idioms."""
    duck: float = 0.38
    """How far chords and pads go down under the voice, as a share of their level."""
    echo: float = 0.055
    """Share of the voice that comes back after three quarters of a beat."""
    plate: float = 0.11
    """Share of the voice that goes into its own reverberation."""


def tilted(octaves: float) -> Curve:
    """What makes a sound brighter by so many octaves, or darker."""
    at = TILT * octaves
    return ((150, -0.35 * at), (700, 0), (4000, at), (12000, 1.5 * at), (18000, 1.5 * at))


MIXES: dict[str, Mix] = {
    "pop": Mix(tone=((2000, 0), (8000, 1), (16000, 1.5)), levels={"drums": 0.5}, delay=0.12, voice=-0.2),
    "rock": Mix(levels={"drums": 1.5, "lead": -1}, drive=9.0, crush=-20, grit=7.0, voice=0.2, duck=0.42, echo=0.03),
    "ballad": Mix(levels={"drums": -1.5, "pad": 1}, space=1.2, voice=0.8, plate=0.13),
    "house": Mix(
        tone=((60, 1.5), (150, 0), (6000, 0), (12000, 1.5)),
        levels={"drums": 2, "bass": 1, "synth": -0.5},
        space=0.9, width=1.15, delay=0.15, voice=0.8, duck=0.46,
    ),
    "synthwave": Mix(
        tone=((60, 1), (200, 0), (6000, 0), (14000, -1)),
        levels={"drums": 1.5}, width=1.15, delay=0.25, duck=0.42,
    ),
    "lofi": Mix(
        tone=((35, -6), (80, 1.5), (300, 1), (2500, -1), (5000, -6), (9000, -15), (16000, -30)),
        levels={"drums": 1, "mid": 2.5, "pad": -2.5}, width=0.8, warble=5.0, crush=-22, space=0.8, voice=0.6,
    ),
    "jazz": Mix(levels={"drums": -2, "mid": 2.5}, space=0.7, width=0.85, grit=2.5, crush=-10, voice=0.4, echo=0.02),
    "bossa": Mix(
        tone=((6000, 0), (14000, -2)), levels={"drums": -1.5, "mid": 1}, space=0.8, grit=2.5, crush=-10, voice=0.2,
    ),
    "soul": Mix(
        tone=((80, 1), (300, 0.5), (8000, -0.5)),
        levels={"bass": 1, "mid": 2.5, "pad": 2}, grit=5.5,
    ),
    "funk": Mix(tone=((2500, 1), (8000, 1)), levels={"drums": 0, "bass": 0.5, "mid": 4}, space=0.5, grit=6),
    "ambient": Mix(
        tone=((60, 0), (3000, -1.5), (8000, -5), (16000, -9)),
        levels={"drums": -10, "bass": -3, "lead": -3, "pad": 2, "synth": 1},
        space=2.0, width=0.75, delay=0.3, crush=-10, voice=-2.9, echo=0.07, plate=0.14,
    ),
    "folk": Mix(tone=((250, 0.5), (5000, 0), (12000, -1)), levels={"drums": -2, "mid": 1}, space=0.8, echo=0.02),
    "country": Mix(tone=((3000, 0.5), (9000, 1)), levels={"mid": 0.5}, space=0.8, echo=0.04),
    "hiphop": Mix(
        tone=((30, -3), (45, 0), (160, 0), (5000, 0), (12000, -1.5)),
        levels={"drums": 2, "bass": 1.5, "mid": 1.5}, space=0.6, grit=5.5, crush=-20, voice=0.8, duck=0.46, echo=0.03,
    ),
    "reggae": Mix(
        tone=((50, 1.5), (150, 0.5), (9000, -1.5)), levels={"bass": 1, "mid": 3}, space=1.3, delay=0.25, echo=0.1,
    ),
    "cinematic": Mix(
        tone=((45, 1), (200, 0), (9000, -1)), levels={"drums": -1, "mid": 2, "pad": 3},
        space=1.6, width=1.15, crush=-12,
    ),
}  # fmt: skip
"""Keyed like `idioms.IDIOMS`."""
