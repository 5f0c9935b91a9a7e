"""The notes of a tune that sounds alone: hummed, whistled, sung or played; and the phrases between its pauses.

A note is a stretch in which the pitch keeps around one value; vibrato, glides and the drift of an untrained voice are
not notes. The best division of the whole line is found at once, by a path through a fine grid of pitches.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.ndimage import median_filter, minimum_filter1d

from .facts import Melody, Note, Phrase
from .pitch import FRAME_RATE, Track, track
from .sound import CannotHear, Sound

Values = npt.NDArray[np.float64]
_GRID = 4
"""States a semitone."""
_AWAY, _FAR = 0.8, 1.5
"""Semitones from a note's pitch that cost 1 a frame, and the most that a frame costs."""
_CHANGE, _BEGIN, _END = 8.0, 6.0, 0.2
"""What a note after another costs, one after a pause, and a pause after a note."""
_BRIDGE, _UNHEARD = 0.6, 2.0
"""What an unvoiced frame within a note costs, and a voiced one within a pause."""
_SHORTEST = 0.085
"""Seconds."""
_DIP = 6.5
"""Decibels: where the level falls by so much and rises again, the same pitch is sung anew."""
_HISS = 4.0
"""Decibels by which what is unvoiced counts as softer."""
_ATTACK, _RISEN = 0.15, 6.0
"""Seconds in which a note has begun, and decibels below its first peak at which it has."""
_PAUSE = 0.35
"""Seconds of silence that part two phrases."""
_AROUND = 6
"""Notes on each side by which a singer's own tuning is judged."""
_LEAST_NOTES = 3


def melody(sound: Sound) -> Melody:
    """Hear a tune. Raises `CannotHear` where there is none."""
    if sound.silent:
        raise CannotHear("The audio is silent.")
    return tune(track(sound))


def tune(line: Track) -> Melody:
    """The same, of a pitch line. Raises `CannotHear` where it has fewer than three notes."""
    tonal = _tonal(line)
    spans = [span for piece in _runs(_path(line)) for span in _anew(tonal, *piece)]
    spans = [(_risen(tonal, a, b), b) for a, b in spans if b - a >= _SHORTEST * FRAME_RATE]
    if len(spans) < _LEAST_NOTES:
        raise CannotHear("No tune can be heard in the audio.")
    sounded = [_height(line, a, b) for a, b in spans]
    meant = _meant(sounded)
    notes = tuple(
        Note(a / FRAME_RATE, b / FRAME_RATE, pitch, semitone)
        for (a, b), pitch, semitone in zip(spans, sounded, meant, strict=True)
    )
    loud = line.level > -30
    return Melody(notes, phrases(notes), float(line.voiced[loud].mean()) if loud.any() else 0.0)


def _path(line: Track) -> npt.NDArray[np.int64]:
    """The pitch of the note in each frame as an index of a grid, -1 in pauses."""
    heard = line.pitch[line.voiced]
    if not len(heard):
        return np.full(len(line.pitch), -1)
    low, high = np.floor(np.quantile(heard, 0.01)) - 1, np.ceil(np.quantile(heard, 0.99)) + 1
    grid = np.append(np.arange(low, high, 1 / _GRID), np.nan)
    pause = len(grid) - 1
    score = np.zeros(len(grid))
    back = np.zeros((len(line.pitch), len(grid)), np.int16)
    same = np.arange(len(grid))
    for k, (pitch, voiced) in enumerate(zip(line.pitch, line.voiced, strict=True)):
        top, quiet = int(score[:pause].argmax()), score[pause]
        source, least = (
            (pause, quiet - _BEGIN) if quiet - _BEGIN > score[top] - _CHANGE else (top, score[top] - _CHANGE)
        )
        ends = score[top] - _END
        stays = score >= least
        stays[pause] = quiet >= ends
        back[k] = np.where(stays, same, source)
        back[k, pause] = pause if stays[pause] else top
        score = np.where(stays, score, least)
        score[pause] = max(quiet, ends)
        if voiced:
            score[:pause] -= np.minimum(np.abs(grid[:pause] - pitch) / _AWAY, _FAR)
            score[pause] -= _UNHEARD
        else:
            score[:pause] -= _BRIDGE
    path = np.empty(len(line.pitch), np.int64)
    state = int(score.argmax())
    for k in range(len(path) - 1, -1, -1):
        path[k] = state
        state = int(back[k, state])
    return np.where(path == pause, -1, path)


def _runs(path: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """(first frame, frame after the last) of each note."""
    edges = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
    return [(a, b) for a, b in pairwise(edges) if path[a] >= 0]


def _tonal(line: Track) -> Values:
    """The level of what has a pitch, decibels: a vowel is loud, a hiss is not."""
    level = line.level + 20 * np.log10(np.maximum(line.clear, 0.05))
    return np.asarray(median_filter(np.where(line.voiced, level, level - _HISS), 3, mode="nearest"))


def _risen(tonal: Values, begin: int, end: int) -> int:
    """The frame in which a note has risen to its own level: what comes before is its consonant."""
    reach = min(end, begin + round(_ATTACK * FRAME_RATE))
    head = tonal[begin:reach]
    below = np.flatnonzero(head < head.max() - _RISEN)
    below = below[below < int(head.argmax())]
    return begin + (int(below[-1]) + 1 if len(below) else 0)


def _anew(tonal: Values, begin: int, end: int) -> list[tuple[int, int]]:
    """A note of one pitch in its strokes: parted where it fades or stops and begins again."""
    level = tonal[begin:end]
    least = max(1, round(_SHORTEST * FRAME_RATE))
    lows = minimum_filter1d(level, 2 * least + 1, mode="nearest")
    cuts: list[int] = []
    for k in np.flatnonzero(level <= lows):
        before, after = level[max(cuts[-1] if cuts else 0, k - 4 * least) : k], level[k : k + 3 * least]
        if k < least or len(level) - k < least or not len(before):
            continue
        if min(before.max(), after.max()) - level[k] >= _DIP and (not cuts or k - cuts[-1] >= least):
            cuts.append(int(k))
    return list(pairwise([begin, *(begin + cut for cut in cuts), end]))


def _height(line: Track, begin: int, end: int) -> float:
    """The pitch of a note: the median of what is voiced, without its first and last fifth where it is long enough."""
    inner = slice(begin + (end - begin) // 5, end - (end - begin) // 5)
    for cut in (inner, slice(begin, end)):
        heard = line.pitch[cut][line.voiced[cut]]
        if len(heard) >= 3:
            return float(np.median(heard))
    return float(np.median(line.pitch[begin:end]))


def _meant(sounded: list[float]) -> list[int]:
    """The semitones: each note less what it and its neighbours are off by, which is the singer's own tuning."""
    turns = np.exp(2j * np.pi * np.array(sounded))
    out = []
    for k, pitch in enumerate(sounded):
        around = turns[max(0, k - _AROUND) : k + _AROUND + 1].sum()
        out.append(round(pitch - float(np.angle(around)) / (2 * np.pi)))
    return out


def phrases(notes: tuple[Note, ...]) -> tuple[Phrase, ...]:
    """Notes between pauses."""
    firsts = [0, *(k for k in range(1, len(notes)) if notes[k].start - notes[k - 1].end >= _PAUSE), len(notes)]
    return tuple(Phrase(notes[a].start, notes[b - 1].end, a, b - a) for a, b in pairwise(firsts))
