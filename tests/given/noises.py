"""Sounds that are no tune, made of a seed: silence, noise, applause, speech and drums."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d
from scipy.signal import butter, lfilter, sosfilt

Samples = npt.NDArray[np.float32]
RATE = 22_050
_FORMANTS = (
    (730, 1090, 2440),
    (270, 2290, 3010),
    (300, 870, 2240),
    (530, 1840, 2480),
    (570, 840, 2410),
    (490, 1350, 1690),
)
"""Hz of the vowels of fAther, hEEd, whO'd, hEAd, hAWed, hEArd, after Peterson and Barney (1952)."""


def noise(seed: int, seconds: float = 12.0) -> Samples:
    """White, pink, brown, or of one band: a fan, the sea, a street, a tape."""
    chance = np.random.default_rng(seed)
    white = chance.standard_normal(round(seconds * RATE))
    if seed % 4 == 1:
        white = lfilter([0.05, -0.095, 0.05], [1, -2.494956, 2.017265, -0.522189], white)
    elif seed % 4 == 2:
        white = lfilter([0.02], [1, -0.98], white)
    elif seed % 4 == 3:
        white = sosfilt(butter(2, (400, 3000), "bandpass", fs=RATE, output="sos"), white)
    slow = 1 + 0.3 * gaussian_filter1d(chance.standard_normal(round(seconds * 10) + 2), 4) * 4
    swell = np.interp(np.arange(len(white)) / RATE * 10, np.arange(len(slow)), slow)
    return np.asarray(0.1 * white / white.std() * np.clip(swell, 0.3, 2), np.float32)


def applause(seed: int, seconds: float = 12.0) -> Samples:
    """Some dozens of people who clap, each at a tempo of their own, in a room."""
    chance = np.random.default_rng(seed)
    out = np.zeros(round((seconds + 1) * RATE))
    for _ in range(int(chance.integers(25, 90))):
        time = np.arange(round(0.02 * RATE)) / RATE
        middle = chance.uniform(700, 2500)
        band = butter(1, (middle * 0.6, middle * 1.6), "bandpass", fs=RATE, output="sos")
        clap = sosfilt(band, chance.standard_normal(len(time)) * np.exp(-time / 0.004))
        second, pace = chance.uniform(0, 1), chance.uniform(0.18, 0.4)
        loud = chance.uniform(0.1, 1) ** 2
        while second < seconds:
            at = round(second * RATE)
            out[at : at + len(clap)] += loud * clap
            second += pace * chance.normal(1, 0.06)
    room = chance.standard_normal(RATE // 2) * np.exp(-np.arange(RATE // 2) / RATE / 0.12)
    wet = np.convolve(out, room[: RATE // 8], mode="same") * 0.04
    mixed = (out + wet)[: round(seconds * RATE)]
    return np.asarray(0.5 * mixed / np.abs(mixed).max(), np.float32)


def speech(seed: int, seconds: float = 12.0) -> Samples:
    """A buzz through the formants of vowels, hisses between, pauses; the pitch falls along each phrase."""
    chance = np.random.default_rng(seed)
    base = chance.uniform(95, 220)
    pieces: list[npt.NDArray[np.float64]] = []
    while sum(map(len, pieces)) < seconds * RATE:
        count = int(chance.integers(5, 12))
        line = base * np.linspace(1.25, 0.85, count + 1) * 2 ** (chance.normal(0, 0.12, count + 1))
        for k in range(count):
            if chance.random() < 0.5:
                size = round(chance.uniform(0.03, 0.1) * RATE)
                hiss = np.diff(chance.standard_normal(size + 1)) * chance.uniform(0.02, 0.1)
                pieces.append(hiss * np.hanning(size))
            pieces.append(_syllable(chance, line[k], line[k + 1], chance.uniform(0.08, 0.24)))
        pieces.append(np.zeros(round(chance.uniform(0.15, 0.7) * RATE)))
    out = np.concatenate(pieces)[: round(seconds * RATE)]
    return np.asarray(0.5 * out / np.abs(out).max() + 0.0005 * chance.standard_normal(len(out)), np.float32)


def _syllable(chance: np.random.Generator, begin: float, end: float, seconds: float) -> npt.NDArray[np.float64]:
    size = round(seconds * RATE)
    along = np.linspace(0, 1, size)
    bend = chance.normal(0, 0.06) * np.sin(np.pi * along)
    phase = np.cumsum((begin + (end - begin) * along) * (1 + bend) / RATE)
    wave = np.diff(np.floor(phase), prepend=0.0) + 0.01 * chance.standard_normal(size)
    for hertz in _FORMANTS[int(chance.integers(len(_FORMANTS)))]:
        radius = np.exp(-np.pi * 90 / RATE)
        wave = lfilter([1 - radius], [1, -2 * radius * np.cos(2 * np.pi * hertz / RATE), radius**2], wave)
    wave *= np.minimum(1, np.minimum(along, 1 - along) * seconds / 0.03)
    return wave / max(float(np.abs(wave).max()), 1e-9) * chance.uniform(0.4, 1)


def drums(seed: int, seconds: float = 12.0) -> Samples:
    """A loop of a bar: bass drum, snare, hats, at 70 to 170 beats a minute."""
    chance = np.random.default_rng(seed)
    step = 60 / chance.uniform(70, 170) / 4
    out = np.zeros(round((seconds + 1) * RATE), np.float32)
    time = np.arange(round(0.3 * RATE)) / RATE
    kick = np.sin(2 * np.pi * (45 * time + 3 * (1 - np.exp(-30 * time)))) * np.exp(-14 * time)
    snare = (np.sin(2 * np.pi * 185 * time) * 0.5 + chance.standard_normal(len(time))) * np.exp(-22 * time)
    hat = np.diff(chance.standard_normal(len(time) + 1)) * np.exp(-60 * time)
    bar = chance.random(16) < 0.25
    for k in range(int(seconds / step)):
        at, place = round(k * step * RATE), k % 16
        hits = [
            (kick, 0.9, place in (0, 8) or bar[place]),
            (snare, 0.35, place in (4, 12)),
            (hat, 0.1, place % 2 == 0 or bar[15 - place]),
        ]
        for sound, gain, now in hits:
            if now:
                out[at : at + len(sound)] += (gain * chance.uniform(0.8, 1) * sound).astype(np.float32)
    return out[: round(seconds * RATE)] * np.float32(0.6)
