"""What a piece of music is: tempo, beats, bars, key, chords, parts, how loud and bright it is along its length."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt

from .beats import beats
from .facts import Bar, Metre, Music, Triad
from .form import parts
from .harmony import Span, chords, find_key
from .levels import levels
from .onsets import Onsets, onsets
from .pulse import BEATS, pulse
from .sound import CannotHear, Sound
from .tones import Tones, tones

Values = npt.NDArray[np.float64]
SHORTEST = 4.0
"""Seconds of music in which one can hear how it goes."""
STEADY = 0.07
"""Regularity below which no beat is heard: speech, noise, free recitation."""
_HALVES: dict[Metre, float] = {"4/4": 0.5, "3/4": 2 / 3, "6/8": 0.5}
"""Where in a bar its second chord begins, as in the engine's own scores."""


def music(sound: Sound) -> Music:
    """Hear a piece of music. Raises `CannotHear` where there is none, or no beat in it."""
    if sound.silent:
        raise CannotHear("The audio is silent.")
    if sound.seconds < SHORTEST:
        raise CannotHear(f"The audio is shorter than {SHORTEST:.0f} seconds; its beat cannot be heard.")
    return hear(sound, onsets(sound), tones(sound))


def hear(sound: Sound, begins: Onsets, sounding: Tones) -> Music:
    """The same, of a sound whose onsets and tones are known."""
    going = pulse(begins, sounding)
    found = beats(begins, sounding, going) if going and going.regularity > STEADY else None
    if going is None or found is None:
        raise CannotHear("No steady beat can be heard in the audio.")
    lines = found.times[found.first :: BEATS[found.metre]]
    if len(lines) < 2:
        raise CannotHear("The audio holds no whole bar.")
    spans = _spans(lines, found.metre)
    key = find_key(sounding, spans)
    heard = chords(sounding, spans, key)
    return Music(
        bpm=60 / found.period,
        metre=found.metre,
        beats=tuple(float(time) for time in found.times),
        downbeat=found.first,
        even=found.even,
        tempo_certainty=going.certainty,
        downbeat_certainty=found.certainty,
        regularity=going.regularity,
        key=key,
        tuning=sounding.tuning,
        bars=_bars(lines, heard),
        parts=tuple(parts(begins, sounding, lines)),
        levels=levels(sound),
    )


def _spans(lines: Values, metre: Metre) -> list[Span]:
    """Two of every bar."""
    out = []
    for start, end in itertools.pairwise(lines):
        middle = start + _HALVES[metre] * (end - start)
        out += [Span(float(start), float(middle), True), Span(float(middle), float(end), False)]
    return out


def _bars(lines: Values, heard: list[Triad]) -> tuple[Bar, ...]:
    return tuple(
        Bar(float(start), float(end), (heard[2 * k], heard[2 * k + 1]))
        for k, (start, end) in enumerate(itertools.pairwise(lines))
    )
