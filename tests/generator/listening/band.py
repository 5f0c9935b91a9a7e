"""A small band made of sines and noise, whose tempo, metre, chords and tune a test decides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

RATE = 22_050
Samples = npt.NDArray[np.float32]
Chord = tuple[int, bool]
"""Root as a pitch class, and whether it is minor."""


def tone(pitch: float, seconds: float, rate: int = RATE) -> Samples:
    """A plucked tone with six partials, MIDI pitch."""
    time = np.arange(round(seconds * rate)) / rate
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    wave = sum(0.6**k * np.sin(2 * np.pi * hertz * (k + 1) * time) for k in range(6))
    return np.asarray(wave * np.exp(-2.5 * time) * np.minimum(1, time / 0.004), np.float32)


def knock(seconds: float, hertz: float, chance: np.random.Generator, noise: float) -> Samples:
    """A drum: a falling sine and some noise."""
    time = np.arange(round(seconds * RATE)) / RATE
    body = np.sin(2 * np.pi * hertz * time) * np.exp(-20 * time)
    return np.asarray(body * (1 - noise) + noise * chance.standard_normal(len(time)) * np.exp(-30 * time), np.float32)


def play(onto: Samples, sound: Samples, second: float, gain: float) -> None:
    """Add a sound from a second on; what lies outside is dropped."""
    at = round(second * RATE)
    cut = sound[max(0, -at) : max(0, len(onto) - at)]
    onto[max(0, at) : max(0, at) + len(cut)] += gain * cut


def song(
    progression: Sequence[Chord],
    *,
    bpm: float,
    beats: int = 4,
    parts: int = 2,
    bars: int = 16,
    begin: float = 0.7,
    drums: bool = True,
    seed: int = 1,
) -> Samples:
    """Bars of one chord each; `begin`: second of the first downbeat. `parts`: eighths of a beat, 3 for 6/8."""
    chance = np.random.default_rng(seed)
    beat = 60 / bpm
    out = np.zeros(round((begin + bars * beats * beat + 1) * RATE), np.float32)
    kick, snare, hat = knock(0.3, 55, chance, 0.05), knock(0.2, 190, chance, 0.7), knock(0.06, 900, chance, 1.0)
    for bar in range(-1, bars):
        root, minor = progression[bar % len(progression)]
        for count in range(beats):
            second = begin + (bar * beats + count) * beat
            if drums:
                low = count in (0, 2) if beats == 4 else count == 0
                play(out, kick if low else snare, second, 0.9 if low else 0.6)
                for part in range(parts):
                    play(out, hat, second + part * beat / parts, 0.2)
            if count == 0 or (count == 2 and beats == 4):
                play(out, tone(36 + root, 2 * beat), second, 0.5)
            for step in (0, 3 if minor else 4, 7):
                play(out, tone(60 + (root + step) % 12, beat), second, 0.18)
    return out
