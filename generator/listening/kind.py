"""What kind of sound it is at all, from a handful of properties that lie far apart for clear cases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .facts import Name
from .onsets import onsets
from .pitch import Track, track
from .pulse import pulse
from .sound import RATE, Sound
from .tones import tones

_HEARD = 30.0
"""Seconds that are listened to, around the middle of a longer sound."""
_LOUD = -25.0
"""Decibels below the loudest frames down to which a frame counts."""
_UNPITCHED = ((0.02, 0.23), (0.06, 0.18))
"""(pitched, tonal): below both of either pair there is no pitch in it."""
_TAPPED = 0.15
_CLAPS = 3.5
"""The fourth moment of short windows: 3 in noise, more where claps stand out of it."""
_ALONE, _SUNG, _HELD = 0.33, 0.55, 0.35
_SPOKEN, _GLIDING, _UNEVEN = 0.4, 0.5, 0.2
_STEP = 5
"""Frames over which a pitch is held, or is not: 58 ms."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`name`, and what it was judged by, shares from 0 to 1.

    `pitched`: loud frames with one clear pitch. `held`: of these, in how many the pitch stays within a fifth of a
    semitone. `tonal`: the strongest tone's part of all that sound at once. `regular`: how much returns a beat and a bar
    later.
    """

    name: Name
    pitched: float
    held: float
    tonal: float
    regular: float


def kind(sound: Sound) -> Kind:
    """Of any sound."""
    if sound.silent:
        return Kind("silence", 0.0, 0.0, 0.0, 0.0)
    extra = max(0, len(sound.samples) - round(_HEARD * RATE))
    piece = sound.samples[extra // 2 : len(sound.samples) - extra // 2]
    if not piece.any():
        piece = sound.samples[: round(_HEARD * RATE)]
    cut = Sound(piece, sound.peak)
    line, sounding = track(cut), tones(cut)
    going = pulse(onsets(cut), sounding)
    loud = line.level > _LOUD
    strengths = sounding.strengths
    found = Kind(
        "music",
        pitched=float(line.voiced[loud].mean()) if loud.any() else 0.0,
        held=_held(line),
        tonal=float(np.median(strengths.max(axis=1) / (strengths.sum(axis=1) + 1e-6))),
        regular=max(0.0, going.regularity) if going else 0.0,
    )
    return Kind(_named(found, cut), found.pitched, found.held, found.tonal, found.regular)


def _named(found: Kind, sound: Sound) -> Name:
    if any(found.pitched < pitched and found.tonal < tonal for pitched, tonal in _UNPITCHED):
        if found.regular > _TAPPED:
            return "drums"
        return "applause" if _pointed(sound) > _CLAPS else "noise"
    if found.pitched > _SUNG and found.tonal > _ALONE and found.held > _HELD:
        return "voice"
    if found.pitched > _SPOKEN and found.held < _GLIDING and found.tonal < _ALONE and found.regular < _UNEVEN:
        return "speech"
    return "music"


def _held(line: Track) -> float:
    """Of pitched frames, the share whose pitch is the same 58 ms later."""
    both = line.voiced[_STEP:] & line.voiced[:-_STEP]
    moved = np.abs(line.pitch[_STEP:] - line.pitch[:-_STEP])[both]
    return float((moved < 0.2).mean()) if len(moved) > 2 * _STEP else 0.0


def _pointed(sound: Sound) -> float:
    """The median fourth moment of windows of 100 ms, of what is high."""
    size = RATE // 10
    high = np.diff(sound.samples.astype(np.float64))
    windows = high[: len(high) // size * size].reshape(-1, size)
    power = np.square(windows).mean(axis=1)
    heard = windows[power > 1e-9]
    return float(np.median((heard**4).mean(axis=1) / np.square(heard).mean(axis=1) ** 2)) if len(heard) else 0.0
