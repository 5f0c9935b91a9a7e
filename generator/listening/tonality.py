"""The key of one line alone: by which tones it has, and by where they stand.

No chord tells a major key from the minor one of the same tones. What does is how long each tone is held: altogether,
in which bars of four, at the end of the tune, and among its lowest and its highest notes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .facts import Key, Melody

Values = npt.NDArray[np.float64]
LONGEST = 1.2
"""Seconds that count of a note."""
_GROUP = 4
"""Bars that belong together."""
_REST = 0.6
"""Bars of rest after which they are counted anew."""
_PICKUP, _EARLY = 0.5, 0.06
"""The share of a bar at whose end a first note leads to the next one, and by which others may come before their bar."""
_EDGE = 0.08
"""The share of notes that are the lowest, or the highest."""
_RATHER_MAJOR = 0.3
"""Three keys in five are major."""

_MAJOR = np.array(
    [
        [14.5, -5.5, 0.7, -5.3, 10.1, 3.5, -15.5, 8.8, -5.2, 3.8, -13.3, 3.4],
        [3.7, -4.7, 0.4, 0.9, 4.4, 0.4, -4.2, 2.6, -1.2, 2.5, -1.7, 0.6],
        [1.3, -3.5, 0.8, 0.6, 2.5, 1.1, -3.8, 1.4, 0.2, 1.2, 0.4, 2.0],
        [4.1, -2.3, 1.5, 0.4, 3.9, 2.9, -7.6, 2.9, -1.2, 3.3, -2.1, 1.7],
        [3.2, -2.7, 1.8, -1.9, 2.4, 1.3, -8.7, 2.5, -1.4, 1.5, -3.1, 2.5],
        [0.4, -0.2, 0.1, -0.6, 0.8, 0.0, 1.2, -0.3, -1.1, 0.0, -0.3, 0.2],
        [1.1, -2.6, 0.9, -0.4, 1.6, 1.0, -2.6, 1.7, -3.8, 0.7, 1.2, 1.1],
        [0.2, -0.8, -0.2, -0.4, -0.5, 0.5, -0.4, 0.1, 0.1, 1.0, -0.3, 0.8],
    ]
)
_MINOR = np.array(
    [
        [10.7, -16.1, 3.5, 11.4, -13.0, 3.3, -7.5, 12.2, 2.1, -10.1, 2.7, 0.6],
        [4.3, -6.5, -1.8, 4.3, -6.2, 0.1, -1.0, 3.9, 1.9, -4.0, 1.0, 0.1],
        [1.5, -5.3, 1.5, 2.3, -3.2, 0.2, -3.4, 2.4, 1.8, -3.8, 1.4, 0.4],
        [2.8, -7.4, 1.4, 3.5, -7.0, 1.4, -5.1, 3.2, 2.3, -4.4, 1.7, 0.3],
        [2.9, -5.5, 3.6, 3.5, -4.6, 2.7, -5.6, 3.6, 0.4, -3.4, 1.5, 3.5],
        [0.9, 0.7, 0.3, 0.0, 1.0, 0.1, -1.5, 0.0, -0.9, -0.8, -0.3, 0.4],
        [1.3, -1.4, 1.1, 0.9, -4.6, 0.8, -1.3, 1.6, 1.0, -1.4, 1.9, 0.1],
        [0.4, 0.3, 0.3, -0.2, 0.4, -0.7, -0.5, -0.5, 0.7, -0.6, 0.6, -0.2],
    ]
)
"""What each tone says for a key, from its tonic up; rows as in `_shares`. Fitted (conditional logit) to tunes that are
not those they are judged by: 4000 of the engine's, and every other one of the 2000 Irish tunes of O'Neill (1903)."""


def tonality(tune: Melody, lines: npt.ArrayLike = ()) -> Key:
    """The key of a tune of which the seconds of the bar lines are known, or none of them."""
    shares = _shares(tune, np.asarray(lines, np.float64))
    turned = np.array([np.roll(shares, -tonic, axis=1) for tonic in range(12)])
    said = np.array([np.tensordot(turned, _MAJOR, axes=2), np.tensordot(turned, _MINOR, axes=2) - _RATHER_MAJOR])
    beliefs = np.exp(said - said.max())
    minor, tonic = divmod(int(said.argmax()), 12)
    return Key(tonic, bool(minor), float(1 / beliefs.sum()))


def _shares(tune: Melody, lines: Values) -> Values:
    """(8, 12): the shares of the tones in the tune, in each bar of four, in its last note, and in its lowest and its
    highest notes. Rows of bars that are not known, or hold no note, are 0."""
    pitches = np.array([note.pitch for note in tune.notes])
    lengths = np.minimum([note.end - note.start for note in tune.notes], LONGEST)
    low, high = np.quantile(pitches, [_EDGE, 1 - _EDGE])
    bars, last = _bars(tune, lines), np.arange(len(pitches)) == len(pitches) - 1
    places = [np.full(len(pitches), True), *(bars == bar for bar in range(_GROUP)), last]
    places += [pitches <= low, pitches >= high]
    held = np.array([np.bincount(pitches[at] % 12, lengths[at], minlength=12) for at in places])
    return np.asarray(held / np.maximum(held.sum(axis=1, keepdims=True), 1e-9))


def _bars(tune: Melody, lines: Values) -> npt.NDArray[np.int64]:
    """Which bar of four each note is in, counted from the last rest; -1 where bars are not known."""
    if len(lines) < 2:
        return np.full(len(tune.notes), -1)
    around = np.concatenate([[2 * lines[0] - lines[1]], lines, [2 * lines[-1] - lines[-2]]])
    at = np.interp([[note.start, note.end] for note in tune.notes], around, np.arange(len(around)))
    anew = np.concatenate([[True], at[1:, 0] - at[:-1, 1] > _REST])
    first = np.floor(at[anew, 0] + _PICKUP)[np.cumsum(anew) - 1]
    return np.asarray((np.floor(at[:, 0] + _EARLY) - first).astype(np.int64) % _GROUP)
