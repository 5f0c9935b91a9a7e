"""What was heard, beside the truth: numbers of each file, 1 where it is right and 0 where it is not, or a share."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from generator.listening.facts import Melody, Music
from generator.listening.music import music
from generator.listening.sound import CannotHear, sound
from tests.given.files import File
from tests.given.tunes import Notes

Row = dict[str, float]
TEMPO, DOWNBEAT, ONSET = 0.04, 0.07, 0.06
OCTAVES = (1, 2, 1 / 2, 3, 1 / 3)
HALF = {"4/4": 0.5, "3/4": 2 / 3, "6/8": 0.5}


def judge(file: File) -> tuple[Row, str]:
    """The numbers of a song, and what was heard in a few words."""
    begun = time.process_time()
    try:
        heard = music(sound(file.samples, file.rate))
    except CannotHear as refusal:
        names = ("tempo, any octave", "tempo", "metre", "downbeat", "key", "key or related", "chords", "borders")
        return dict.fromkeys(names, 0.0), str(refusal)
    spent = time.process_time() - begun
    said = f"{heard.bpm:.1f} {heard.metre} {heard.key}"
    return {**_going(file, heard), **_harmony(file, heard), "borders": _borders(file, heard), "cpu": spent}, said


def _going(file: File, heard: Music) -> Row:
    ratio = heard.bpm / (file.truth["bpm"] / file.slow)
    bar = file.truth["bar"]
    lines = [file.at(part["start"] + k * bar) for part in file.truth["sections"] for k in range(part["bars"])]
    inside = [line for line in lines if 0 <= line < file.seconds - bar]
    own = np.array([found.start for found in heard.bars])
    away = float(np.median([np.abs(own - line).min() for line in inside]))
    return {
        "tempo, any octave": float(any(abs(ratio * octave - 1) < TEMPO for octave in OCTAVES)),
        "tempo": float(abs(ratio - 1) < TEMPO),
        "metre": float(heard.metre == file.truth["metre"]),
        "downbeat": float(away < DOWNBEAT),
    }


def _harmony(file: File, heard: Music) -> Row:
    truth = (int(file.truth["tonic"]), bool(file.truth["minor"]))
    found = (heard.key.tonic, heard.key.minor)
    return {
        "key": float(found == truth),
        "key or related": float(related(found, truth)),
        "chords": _chords(file, heard),
    }


def related(one: tuple[int, bool], other: tuple[int, bool]) -> bool:
    """The same key, its relative or parallel one, or a fifth away in the same mode."""
    signature = [(tonic + 3 * minor) % 12 for tonic, minor in (one, other)]
    fifth = one[1] == other[1] and (one[0] - other[0]) % 12 in (5, 7)
    return signature[0] == signature[1] or one[0] == other[0] or fifth


def triad(pitches: Sequence[int]) -> tuple[int, bool] | None:
    """Root and mode of a chord, None where it has no third."""
    steps = {(pitch - pitches[0]) % 12 for pitch in pitches}
    return (pitches[0], 4 not in steps) if steps & {3, 4} else None


def _chords(file: File, heard: Music) -> float:
    """The share of half bars whose chord is heard in their middle."""
    right = []
    bar, split = file.truth["bar"], HALF[file.truth["metre"]]
    for part in file.truth["sections"]:
        for k, pitches in enumerate(part["chords"]):
            wanted = triad(pitches)
            second = file.at(part["start"] + (k // 2 + (split / 2 if k % 2 == 0 else (1 + split) / 2)) * bar)
            found = heard.at(second)
            if wanted is None or found is None:
                continue
            middle = found.start + HALF[heard.metre] * (found.end - found.start)
            right.append(tuple(found.chords[int(second >= middle)]) == wanted)
    return float(np.mean(right)) if right else 0.0


def _borders(file: File, heard: Music) -> float:
    """F1 of the borders between parts, right within a bar."""
    bar = file.truth["bar"] * file.slow
    wanted = [file.at(part["start"]) for part in file.truth["sections"][1:]]
    wanted = [second for second in wanted if 1 < second < file.seconds - 1]
    found = np.array([part.start for part in heard.parts[1:]])
    hits = sum(bool(len(found) and np.abs(found - second).min() < 1.05 * bar) for second in wanted)
    return 2 * hits / max(1, len(wanted) + len(found))


def judge_tune(heard: Melody, notes: Notes, off: float) -> Row:
    """The numbers of a tune whose notes were all `off` semitones too high.

    `notes found`: heard for a third of their length or more, within half a semitone. `onsets found`: within 60 ms.
    `notes for each`: how many are heard for every true one.
    """
    starts = np.array([note.start for note in heard.notes])
    found, begun = [], []
    for on, end, pitch in notes:
        best = max(heard.notes, key=lambda note: min(note.end, end) - max(note.start, on))
        shared = min(best.end, end) - max(best.start, on)
        found.append(shared > 0.3 * (end - on) and abs(best.sounded - pitch - off) < 0.5)
        begun.append(float(np.abs(starts - on).min()) <= ONSET)
    inside = ((starts > notes[0][0] - 0.1) & (starts < notes[-1][1])).sum()
    return {
        "notes found": float(np.mean(found)),
        "onsets found": float(np.mean(begun)),
        "notes for each": float(inside) / len(notes),
    }
