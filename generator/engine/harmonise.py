"""Chords under a given tune: the cheapest way through the triads of its key, found by the Viterbi algorithm.

A chord wants the notes that are held over it, on its beginning most of all; it changes with the bar, seldom within it;
roots move as they do in songs; and where the tune leaves it open it goes as the idiom likes to go.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .score import Chord

Values = npt.NDArray[np.float64]

_DEGREES: tuple[tuple[int, bool], ...] = ((0, False), (2, True), (4, True), (5, False), (7, False), (9, True))
"""Semitones over the major tonic, and whether the triad is minor."""
_DOMINANT = (4, False)
"""In minor the major triad on its fifth as well."""
_THIRD, _RARE = 2, 0.35
"""Among them that on the third degree, and what it costs wherever the idiom does not have it."""
_OUTSIDE = 2.4
"""What a half bar costs that is filled by notes which are not in its chord; a chord's own notes earn a little."""
_INSIDE = 0.5
_WITHIN = 1.1
"""A change in the middle of a bar."""
_STAYS = 0.35
"""The same chord in a further bar."""
_MOVES = {0: 0.0, 5: 0.0, 7: 0.1, 2: 0.1, 10: 0.35, 9: 0.15, 3: 0.3, 4: 0.45, 8: 0.3}
"""By semitones upward, what the motion of a root costs."""
_OTHER_WAY = 0.25
"""What it costs not to go as the idiom goes, where the tune sounds; where nothing does it is `_FREE`."""
_FREE = 2.0
_HOME = 1.2
"""What it costs not to end at home."""


def harmonised(
    held: Values, likes: Sequence[Chord], tonic: int, *, minor: bool, ends: frozenset[int] = frozenset()
) -> tuple[Chord, ...]:
    """A chord for each half bar of `held`, (half bars, 12): the share of its time that each pitch class is sung, notes
    on its beginning counted twice. `likes`: what the idiom would play there. `tonic`: of the major scale.

    `ends`: half bars with which something ends: there it comes home, or to the dominant.
    """
    options = _options(tonic, minor=minor)
    count = len(held)
    local = np.array([_local(one, like, options) for one, like in zip(held, likes, strict=True)])
    home = [(chord.bass - tonic) % 12 == (9 if minor else 0) for chord in options]
    fifth = [(chord.bass - tonic) % 12 == (4 if minor else 7) for chord in options]
    for k in ends:
        local[k] += np.where(home, 0.0, np.where(fifth, 0.15, 0.45))
    local[-2:] += np.where(home, 0.0, _HOME)
    moves = _transitions(options)
    same = np.eye(len(options), dtype=bool)
    best, came = local[0], np.zeros(local.shape, np.intp)
    for k in range(1, count):
        step = np.where(same, 0.0, moves + _WITHIN) if k % 2 else np.where(same, _STAYS, moves)
        costs = best[:, None] + step
        came[k] = costs.argmin(0)
        best = costs.min(0) + local[k]
    path = [int(best.argmin())]
    for k in range(count - 1, 0, -1):
        path.append(int(came[k, path[-1]]))
    return tuple(_coloured(options[k], like, one) for k, like, one in zip(reversed(path), likes, held, strict=True))


def _options(tonic: int, *, minor: bool) -> list[Chord]:
    degrees = (*_DEGREES, _DOMINANT) if minor else _DEGREES
    out = []
    for degree, is_minor in degrees:
        root = (tonic + degree) % 12
        out.append(Chord((root, (root + 4 - is_minor) % 12, (root + 7) % 12), root))
    return out


def _local(one: Values, like: Chord, options: Sequence[Chord]) -> Values:
    """What each chord costs in a half bar."""
    out = np.zeros(len(options))
    sung = float(one.sum())
    for k, chord in enumerate(options):
        inside = float(one[list(chord.pitches)].sum())
        other = set(chord.pitches) != set(like.pitches[:3])
        out[k] = _OUTSIDE * (sung - inside) - _INSIDE * inside + other * (_OTHER_WAY if sung > 0.1 else _FREE)
        out[k] += _RARE * (other and chord.bass == options[_THIRD].bass)
    return out


def _transitions(options: Sequence[Chord]) -> Values:
    return np.array([[_MOVES.get((b.bass - a.bass) % 12, 0.6) for b in options] for a in options])


def _coloured(chord: Chord, like: Chord, one: Values) -> Chord:
    """The chord with the colours and the bass that the idiom gives it, where they do not rub against what is sung."""
    if set(like.pitches[:3]) != set(chord.pitches):
        return chord
    sung = {pitch for pitch in range(12) if one[pitch] > 0.1}
    rubs = any((pitch + side) % 12 in sung for pitch in like.pitches[3:] for side in (-1, 1))
    return chord if rubs else like
