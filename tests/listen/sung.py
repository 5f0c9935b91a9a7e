"""Whether the voice is in tune and in time, of the vocal stem beside the notes it was given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import librosa
import numpy as np
import numpy.typing as npt
from scipy.signal import butter, sosfiltfilt

Sound = npt.NDArray[np.float64]
RATE = 22050
HOP = 256
ENOUGH = 40.0
"""Seconds of singing that the pitch is tracked in: of a long song the first parts, since tracking is slow."""
ASIDE = 5
"""Semitones beyond the notes' range in which the pitch is looked for."""
SHORTEST = 0.12
"""Seconds: shorter notes are passed over too quickly to have a pitch of their own."""
VOICE_BAND = (90, 1000)
"""Hz: where a vowel is strong and a voiceless consonant is not."""
RISE = 0.5
"""A vowel has begun when its band reaches this share of the level it then holds."""


def in_tune(voice: Sound, notes: Sequence[dict[str, Any]], late: float) -> dict[str, float | None]:
    """Median distance in cents and share of notes within 50 cents, of notes that one voice sings (pYIN).

    `voice` is mono at 22.05 kHz; `late` is its second of the score's second 0. Choruses, where others sing along, count
    only where there is nothing else.
    """
    alone = [note for note in notes if note["kind"] != "chorus"] or list(notes)
    found: list[float] = []
    tracked = 0.0
    for run in _runs(alone):
        if tracked > ENOUGH:
            break
        begin, end = run[0]["on"] - 0.1, run[-1]["off"] + 0.1
        tracked += end - begin
        found += _cents(voice[max(0, int((begin + late) * RATE)) : int((end + late) * RATE)], run, begin)
    if not found:
        return {"cents": None, "in_tune": None}
    return {"cents": float(np.median(found)), "in_tune": float(np.mean(np.array(found) < 50))}


def _runs(notes: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Notes that follow each other within a second."""
    runs: list[list[dict[str, Any]]] = []
    for note in notes:
        if runs and note["on"] - runs[-1][-1]["off"] < 1:
            runs[-1].append(note)
        else:
            runs.append([note])
    return runs


def _cents(cut: Sound, run: Sequence[dict[str, Any]], begin: float) -> list[float]:
    """How far each note of a run is off, in a cut that starts at the score's second `begin`."""
    pitches = [note["pitch"] for note in run]
    line, voiced, _ = librosa.pyin(
        cut, fmin=_hertz(min(pitches) - ASIDE), fmax=_hertz(max(pitches) + ASIDE), sr=RATE, frame_length=2048,
        hop_length=HOP,
    )  # fmt: skip
    out = []
    for note in run:
        length = note["off"] - note["on"]
        if length < SHORTEST:
            continue
        on = note["on"] - begin
        own = slice(int((on + 0.3 * length) * RATE / HOP), int((on + 0.9 * length) * RATE / HOP))
        heard = line[own][voiced[own]]
        if len(heard) > 2:
            out.append(abs(1200 * float(np.log2(np.median(heard) / _hertz(note["pitch"])))))
    return out


def _hertz(pitch: float) -> float:
    return float(440 * 2 ** ((pitch - 69) / 12))


def in_time(voice: Sound, notes: Sequence[dict[str, Any]], late: float) -> dict[str, float | None]:
    """Milliseconds between a note and the vowel that is heard on it: median, and the share within 30 ms.

    Only vowels after a voiceless consonant are looked at: there the band of the vowels is silent before and full after.
    """
    band = sosfiltfilt(butter(4, VOICE_BAND, "bandpass", fs=RATE, output="sos"), voice)
    window = np.hanning(RATE // 100)
    level = np.sqrt(np.maximum(np.convolve(np.square(band), window / window.sum(), mode="same"), 0))
    found = []
    for note in notes:
        if not note["clear"] or note["off"] - note["on"] < SHORTEST:
            continue
        at = int((note["on"] + late) * RATE)
        before, after = level[max(0, at - RATE // 7) : at + RATE // 9], level[at + RATE // 20 : at + RATE // 9]
        if not len(after) or not len(before):
            continue
        held = float(np.median(after))
        low = np.flatnonzero(before < RISE * held)
        if len(low) and low[-1] + 1 < len(before):
            found.append((max(0, at - RATE // 7) + int(low[-1]) + 1 - at) / RATE * 1000)
    if len(found) < 3:
        return {"late_ms": None, "on_time": None}
    off = np.array(found)
    return {"late_ms": float(np.median(off)), "on_time": float(np.mean(np.abs(off) <= 30))}
