"""What was heard of given sounds, made up for tests: music on a grid, a sung tune, and files that sound like it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import soundfile

from generator.given import Given, Heard
from generator.listening.facts import Bar, Key, Levels, Music, Part, Triad

RATE = 44100
FORM = (("A", 4), ("B", 8), ("C", 8), ("B", 8), ("C", 8), ("A", 4))
LOUD = {"A": -30.0, "B": -18.0, "C": -14.0}
CHORDS = (Triad(0, False), Triad(9, True), Triad(5, False), Triad(7, False))


def straight(beat: float) -> float:
    """The second of a beat at 100 a minute, from half a second on."""
    return 0.5 + 0.6 * beat


def drifting(beat: float) -> float:
    """The same of somebody who hurries and slows down again by 8 %."""
    return straight(beat) + 0.7 * float(np.sin(beat / 9))


def music(
    form: Sequence[tuple[str, int]] = FORM, at: Callable[[float], float] = straight, key: Key | None = None
) -> Music:
    """Music in C major, four chords over four bars again and again; its last bar ends with its last beat."""
    bars = sum(count for _, count in form)
    beats = tuple(at(k) for k in range(4 * bars + 1))
    parts, bar = [], 0
    for letter, count in form:
        parts.append(Part(beats[4 * bar], beats[4 * (bar + count)], bar, count, letter))
        bar += count
    seconds = int(beats[-1]) + 2
    loud = [next((LOUD.get(part.letter, -20.0) for part in parts if k < part.end), -60.0) for k in range(seconds)]
    return Music(
        bpm=60 / float(np.median(np.diff(beats))),
        metre="4/4",
        beats=beats,
        downbeat=0,
        even=at is straight,
        tempo_certainty=0.9,
        downbeat_certainty=0.9,
        regularity=0.8,
        key=key or Key(0, False, 0.9),
        tuning=0.0,
        bars=tuple(Bar(beats[4 * k], beats[4 * k + 4], (CHORDS[k % 4], CHORDS[k % 4])) for k in range(bars)),
        parts=tuple(parts),
        levels=Levels(tuple(loud), (1500.0,) * seconds),
    )


def track(folder: Path, heard: Music | None, seconds: float) -> Given:
    """An instrumental: noise that swells with each second, `seconds` long, of which `heard` is known."""
    path = folder / "track.flac"
    count = round(seconds * RATE)
    noise = np.random.default_rng(1).standard_normal((count, 2)) * 0.05
    noise *= (0.6 + 0.4 * np.sin(2 * np.pi * np.arange(count) / RATE))[:, None]
    soundfile.write(path, noise, RATE, "PCM_16")
    return Given(
        role="instrumental", path=path, heard=Heard(kind="music", seconds=count / RATE, music=heard, melody=None)
    )
