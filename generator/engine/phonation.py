"""Makes spoken sound fit for singing: no glottal stops, no creaky vowels, no fading.

The voice puts what is not strictly periodic into a part with phases of its own. At the end of a sentence, where people
creak, that is the whole vowel, and held for a second it would be a whisper. Singers do not do that: they hold a tone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Frames = npt.NDArray[np.float32]
"""(frames, bins)"""

_HERTZ = np.arange(601) * 20.0
"""Of each bin of the voice."""
_EQUAL_HZ = 30.0
"""The pitch at which equal log magnitudes of both parts are equal power: a harmonic of amplitude exp(h) / 300 stands
for one pitch's width of spectrum, a free bin (of a transform with window energy 450 at 24 kHz) for its own."""
_CREAK = (-10.0, -3.0)
"""dB of the free part over the harmonic one, below 1500 Hz: up to the first value it is tone, from the second creak."""
_CREAK_BAND = slice(4, 75)
_TONE = np.interp(_HERTZ, (3000, 7000), (1.0, 0.0))
"""How much of a creak becomes tone."""
_BREATH = np.interp(_HERTZ, (300, 1000, 4000, 6000, 9000), (-2.6, -2.1, -1.6, -0.9, -0.3))
"""The most that stays free of it, in nepers over the tone."""
_SMOOTH_BINS = 15
"""About one pitch: the free part's own harmonics must not leave a comb in the tone."""
_OVER_VOWEL = 0.15
"""Nepers that a consonant may be louder than its vowel."""
_EVEN = 0.5
"""How far the level of vowels goes to their median, as a share of the distance."""
_EVEN_LIMITS = (-0.5, 1.4)
"""Nepers."""
_FALLING, _GONE = 0.7, 2.5
"""Nepers under the last vowel's level: from there on it is let go; from there on nothing of it is heard."""
_LEAST_VOWEL = 6
"""Frames of it that stay in any case."""


class Borders(NamedTuple):
    """Where a syllable's parts lie in the spectra, in frames."""

    onset: int
    vowel: int
    coda: int
    end: int


def soften(free: Frames, borders: Sequence[Borders]) -> None:
    """Take the glottal stop from vowels that begin a syllable, in place: singing flows, and stretched it is a click."""
    level = 0.5 * np.log(np.exp(2 * free).sum(axis=1))
    for border in borders:
        if border.onset == border.vowel and border.coda - border.vowel > 4:
            around = slice(max(0, border.vowel - 5), border.vowel + 3)
            usual = float(level[border.vowel + 3 : border.coda].mean())
            free[around] -= np.maximum(0, level[around] - usual)[:, None]


def sustain(harmonic: Frames, free: Frames, pitch: npt.NDArray[np.float64]) -> None:
    """Turn creak into tone, in place, where a frame has a pitch (in Hz, 0 elsewhere), but for a breath of it."""
    apart = 0.5 * np.log(np.maximum(pitch, 100) / _EQUAL_HZ)[:, None]
    tone_power, free_power = np.exp(2.0 * harmonic), np.exp(2.0 * (free + apart))
    over = 10 * np.log10(free_power[:, _CREAK_BAND].sum(axis=1) / tone_power[:, _CREAK_BAND].sum(axis=1))
    creak = np.interp(over, _CREAK, (0.0, 1.0)) * (pitch > 0)
    creak = np.convolve(creak, np.full(3, 1 / 3), mode="same")[:, None]
    whole = 0.5 * np.log(tone_power + _smooth(free_power))
    harmonic += (creak * _TONE * (whole - harmonic)).astype(np.float32)
    free += (creak * np.minimum(0, whole - apart + _BREATH - free)).astype(np.float32)


def restrain(harmonic: Frames, borders: Sequence[Borders]) -> None:
    """Keep voiced consonants from being louder than their vowel, in place: the net blows up some v and z."""
    level = 0.5 * np.log(np.exp(2.0 * harmonic).sum(axis=1))
    for border in borders:
        usual = float(np.median(level[border.vowel : border.coda]))
        for own in (slice(border.onset, border.vowel), slice(border.coda, border.end)):
            harmonic[own] -= np.maximum(0, level[own] - usual - _OVER_VOWEL)[:, None].astype(np.float32)


def even(harmonic: Frames, free: Frames, borders: Sequence[Borders]) -> None:
    """Bring vowels closer to one level, in place: speech fades towards its end, a held last note must not."""
    vowels = [slice(border.vowel, border.coda) for border in borders]
    level = 0.5 * np.log(np.exp(2.0 * harmonic).sum(axis=1))
    usual = np.median(np.concatenate([level[vowel] for vowel in vowels]))
    gain = np.zeros(len(level))
    for vowel in vowels:
        gain[vowel] = np.clip(_EVEN * (usual - level[vowel]), *_EVEN_LIMITS)
    gain = np.convolve(gain, np.full(5, 0.2), mode="same")[:, None]
    harmonic += gain.astype(np.float32)
    free += gain.astype(np.float32)


def ended(parts: Sequence[Frames], borders: Sequence[Borders]) -> tuple[Borders, ...]:
    """The borders with the last syllable ending where it is heard to, in the log magnitudes `parts` of its sound.

    The net lets a sentence die away and then waits: held as a part of the vowel, that would be most of a long note.
    """
    *others, last = borders
    level = 0.5 * np.log(sum(np.exp(2.0 * part[last.vowel : last.end]).sum(axis=1) for part in parts))
    own = last.coda - last.vowel
    usual = float(np.median(level[: max(1, own // 2)]))
    end = max(int(np.flatnonzero(level > usual - _GONE)[-1]) + 1, min(own, _LEAST_VOWEL))
    coda = own
    if last.coda == last.end:
        coda = max(int(np.flatnonzero(level > usual - _FALLING)[-1]) + 1, min(end, _LEAST_VOWEL))
    coda = min(coda, end)
    return (*others, last._replace(coda=last.vowel + coda, end=last.vowel + end))


def _smooth(power: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Mean over neighbouring bins of each frame."""
    half = _SMOOTH_BINS // 2
    sums = np.cumsum(np.pad(power, ((0, 0), (half + 1, half)), mode="edge"), axis=1)
    out: npt.NDArray[np.float64] = (sums[:, _SMOOTH_BINS:] - sums[:, :-_SMOOTH_BINS]) / _SMOOTH_BINS
    return out
