"""Which notes sound when, all together: the spectrum over the logarithm of frequency, explained as tones with partials.

After Mauch and Dixon, "Approximate note transcription for the improved identification of difficult chords" (2010): the
instrument's own tuning is found, timbre is flattened, and each frame is taken apart into tones whose partials fall off,
so that the fifth in the overtones of one tone is not heard as another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from scipy.ndimage import median_filter, uniform_filter1d

from .sound import RATE, Line, Sound, Table, spectra

HOP = 2048
FRAME_RATE = RATE / HOP
LOWEST = 24
"""MIDI pitch of the first column."""
PITCHES = 72
_FINE = 3
"""Bins a semitone."""
_SIZE = 8192
_FALL = 0.7
"""Each partial over the one below."""
_PARTIALS = 12
_TURNS = 20
_WIDE = 12 * _FINE + 1
_BELOW, _ABOVE = 3, 28
"""Semitones beyond the pitches where their partials still count."""


@dataclass(frozen=True, slots=True)
class Tones:
    """`strengths`: (frames, 72) from MIDI pitch 24 on, a frame each 93 ms, flattened over timbre and loudness.

    `tuning`: cents by which the music is above A = 440 Hz, -50 to 50. `levels`: (frames,) how loud the frames are, as
    amplitudes.
    """

    strengths: Table
    tuning: float
    levels: Line

    def chroma(self, lowest: int, highest: int) -> Table:
        """(frames, 12) from C: tones of MIDI pitches lowest to highest, fading in and out over three semitones."""
        pitches = np.arange(PITCHES) + LOWEST
        fade = np.clip(np.minimum(pitches - lowest + 1, highest + 1 - pitches) / 3, 0, 1).astype(np.float32)
        return cast(Table, (self.strengths * fade).reshape(-1, PITCHES // 12, 12).sum(axis=1))


def tones(sound: Sound) -> Tones:
    """Of any sound."""
    matrix = _bins(0.0)
    fine = np.concatenate([block @ matrix for block in spectra(sound.samples, _SIZE, HOP)])
    levels = np.sqrt(np.square(fine).sum(axis=1))
    fine = median_filter(fine, (3, 1)) if len(fine) > 3 else fine
    tuning = _tuning(fine)
    shift = tuning / 100 * _FINE
    places = np.arange(fine.shape[1])
    left = np.clip(np.floor(places + shift).astype(int), 0, fine.shape[1] - 2)
    part = np.float32(shift - np.floor(shift))
    fine = fine[:, left] * (1 - part) + fine[:, left + 1] * part
    flat = _flat(fine)
    return Tones(_explained(flat), tuning, levels.astype(np.float32))


def _bins(offset: float) -> Table:
    """Spectrum bins to thirds of semitones, as raised cosines a semitone wide or as wide as the window's own lobe."""
    count = (PITCHES + _BELOW + _ABOVE) * _FINE
    pitches = LOWEST - _BELOW + (np.arange(count) + offset) / _FINE
    centres = 440 * 2 ** ((pitches - 69) / 12)
    half = np.maximum(centres * (2 ** (0.75 / 12) - 1), 1.2 * RATE / _SIZE)
    bins = np.arange(_SIZE // 2 + 1) * RATE / _SIZE
    away = np.clip((bins[:, None] - centres) / half, -1, 1)
    matrix = 0.5 + 0.5 * np.cos(np.pi * away)
    return cast(Table, (matrix / np.maximum(matrix.sum(axis=0), 1e-9)).astype(np.float32))


def _tuning(fine: Table) -> float:
    """Cents above 440 Hz: where within the semitone the energy between 100 Hz and 2 kHz lies."""
    middle = np.square(fine[:, 24 * _FINE : 70 * _FINE]).sum(axis=0, dtype=np.float64)
    usual = uniform_filter1d(middle, _WIDE)
    strong = np.sqrt(middle / np.maximum(usual, 1e-20)) if usual.max() > 0 else middle
    around = np.exp(2j * np.pi * np.arange(len(strong)) / _FINE)
    turn = (strong * around).sum()
    return float(np.angle(turn) / (2 * np.pi) * 100) if abs(turn) > 1e-12 else 0.0


def _flat(fine: Table) -> Table:
    """What stands out of the octave around it, in units of how much things stand out there."""
    usual = uniform_filter1d(fine, _WIDE, axis=1)
    over = fine - usual
    spread = np.sqrt(np.maximum(uniform_filter1d(np.square(over), _WIDE, axis=1), 0))
    quiet = 1e-3 * float(fine.max(initial=0)) + 1e-9
    return np.where(over > 0, over / (spread + quiet), 0).astype(np.float32)


def _explained(flat: Table) -> Table:
    """Tones whose partials add up to each frame: least squares without negative ones, by multiplicative updates."""
    tones_ = _dictionary(flat.shape[1])
    gram = tones_.T @ tones_
    seen = flat @ tones_
    strengths = np.full_like(seen, 0.1) * (seen > 0)
    for _ in range(_TURNS):
        strengths *= seen / (strengths @ gram + 1e-6)
    return cast(Table, strengths)


def _dictionary(count: int) -> Table:
    """(bins, pitches): partials as they look after the bins' own blur."""
    made = np.zeros((count, PITCHES), np.float32)
    places = np.arange(count)
    for pitch in range(PITCHES):
        for number in range(1, _PARTIALS + 1):
            at = (_BELOW + pitch + 12 * np.log2(number)) * _FINE
            made[:, pitch] += _FALL ** (number - 1) * np.clip(1 - np.abs(places - at) / 2, 0, 1)
    return cast(Table, made / np.linalg.norm(made, axis=0))
