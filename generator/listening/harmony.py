"""Chords, two a bar, and the key they stand in.

A chord is the triad whose tones sound and whose root is in the bass; sevenths are heard as colour, not as a triad of
their own. A key is weighed by profiles of its tones (Krumhansl and Kessler 1982; Albrecht and Shanahan 2013) and by
which chords are its own and stand where pieces and bars begin and end.
"""

from __future__ import annotations

from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt

from .facts import Key, Triad
from .tones import FRAME_RATE, Tones

Values = npt.NDArray[np.float64]
_MAJOR, _MINOR = (0, 4, 7), (0, 3, 7)
_SEVENTH, _COLOUR = 0.7, 0.03
"""How loud a seventh is beside its triad, and what a chord with one has to be better by."""
_BASS = 0.25
_SOFT = 0.6
"""Power that strengths are raised to: the loudest tone is not the only one."""
_STAY, _OWN = 0.1, 0.06
"""What a change costs, and what the key's own chords get, in units of a whole chord."""
_EDGE = 0.05
"""Seconds after a chord's begin from which it is heard."""


class Span(NamedTuple):
    """Seconds in which one harmony is looked for; `opens`: it begins a bar."""

    start: float
    end: float
    opens: bool


def chords(tones: Tones, spans: list[Span], key: Key | None = None) -> list[Triad]:
    """The chord of each span; those of `key` are preferred a little."""
    middle, bass = _heard(tones, spans)
    path = _path(_likeness(middle, bass) + (_OWN * _own(_index(key)) if key else 0.0))
    return [Triad(int(k) % 12, bool(k >= 12)) for k in path]


def find_key(tones: Tones, spans: list[Span]) -> Key:
    """The key of what sounds in these spans, which need not be bars but follow each other; at least one."""
    middle, bass = _heard(tones, spans)
    path = _path(_likeness(middle, bass))
    opens = np.array([span.opens for span in spans])
    weighed = _properties(tones, spans, path, opens) @ WEIGHTS
    belief = np.exp(weighed - weighed.max())
    best = int(np.argmax(belief))
    return Key(best % 12, best >= 12, float(belief[best] / belief.sum()))


def _index(key: Key) -> int:
    return key.tonic + 12 * key.minor


def _heard(tones: Tones, spans: list[Span]) -> tuple[Values, Values]:
    """(spans, 12) of what sounds in the middle and in the bass."""
    out = []
    for lowest, highest in ((45, 90), (26, 50)):
        table = tones.chroma(lowest, highest)
        total = np.vstack([np.zeros((1, 12)), np.cumsum(table, axis=0, dtype=np.float64)])
        begin = np.array([int((span.start + _EDGE) * FRAME_RATE) for span in spans])
        begin = np.clip(begin, 0, len(table) - 1)
        end = np.array([int(span.end * FRAME_RATE) for span in spans])
        end = np.clip(end, begin + 1, len(table))
        out.append((total[end] - total[begin]) / (end - begin)[:, None])
    return out[0], out[1]


def _templates() -> tuple[Values, ...]:
    """(24, 12) each: triads, with a minor seventh, major ones with a major seventh."""
    plain = np.zeros((24, 12))
    for root in range(12):
        plain[root, [(root + step) % 12 for step in _MAJOR]] = 1
        plain[12 + root, [(root + step) % 12 for step in _MINOR]] = 1
    small, large = plain.copy(), plain.copy()
    for kind in range(24):
        small[kind, (kind + 10) % 12] = _SEVENTH
        large[kind, (kind + 11) % 12] += _SEVENTH * (kind < 12)
    return tuple(table / np.linalg.norm(table, axis=1, keepdims=True) for table in (plain, small, large))


_PLAIN, _SMALL, _LARGE = _templates()


def _likeness(middle: Values, bass: Values) -> Values:
    """(spans, 24): how well each triad explains each span, major ones first."""
    soft = middle**_SOFT
    soft = soft / (np.linalg.norm(soft, axis=1, keepdims=True) + 1e-9)
    low = bass / (bass.max(axis=1, keepdims=True) + 1e-9)
    coloured = np.maximum(soft @ _SMALL.T, soft @ _LARGE.T) - _COLOUR
    return cast(Values, np.maximum(soft @ _PLAIN.T, coloured) + _BASS * np.hstack([low, low]))


def _path(likeness: Values) -> npt.NDArray[np.int64]:
    """The chain of chords that is likeliest where changes cost."""
    back = np.zeros(likeness.shape, np.int64)
    score = likeness[0].copy()
    for k in range(1, len(likeness)):
        top = int(np.argmax(score))
        stays = score >= score[top] - _STAY
        back[k] = np.where(stays, np.arange(24), top)
        score = np.where(stays, score, score[top] - _STAY) + likeness[k]
    path = [int(np.argmax(score))]
    for k in range(len(likeness) - 1, 0, -1):
        path.append(int(back[k, path[-1]]))
    return np.array(path[::-1])


def _own(key: int) -> Values:
    """(24,): 1 for the triads of a key's scale, natural in minor."""
    home = key % 12 + (3 if key >= 12 else 0)
    own = np.zeros(24)
    own[[(home + step) % 12 for step in (0, 5, 7)]] = 1
    own[[12 + (home + step) % 12 for step in (2, 4, 9)]] = 1
    return own


def _properties(tones: Tones, spans: list[Span], path: npt.NDArray[np.int64], opens: npt.NDArray[np.bool_]) -> Values:
    """(24, 12): what speaks for each key, major ones first, columns as in WEIGHTS."""
    frames = slice(int(spans[0].start * FRAME_RATE), int(spans[-1].end * FRAME_RATE) + 1)
    middle, bass = (_usual(tones.chroma(*span)[frames]) for span in ((45, 90), (26, 50)))
    share = np.bincount(path, minlength=24) / len(path)
    first = np.bincount(path[opens], minlength=24) / max(1, int(opens.sum()))
    rows = []
    for key in range(24):
        tonic, minor = key % 12, key >= 12
        fifth = (tonic + 7) % 12
        rows.append(
            [
                _KRUMHANSL[key] @ middle / 12,
                _ALBRECHT[key] @ middle / 12,
                _KRUMHANSL[key] @ bass / 12,
                share[key],
                share[fifth] if minor else 0.0,
                share[fifth + 12] if minor else 0.0,
                0.0 if minor else share[fifth],
                share[(tonic + 5) % 12 + 12 * minor],
                float((path[-2:] == key).mean()),
                float((path[:2] == key).mean()),
                float(share @ _own(key)),
                first[key],
            ]
        )
    return np.array(rows)


def _usual(table: npt.NDArray[np.float32]) -> Values:
    """(12,): how much of each tone there is on the average, mean 0 and deviation 1."""
    mean = np.sqrt((table / (np.linalg.norm(table, axis=1, keepdims=True) + 1e-3)).mean(axis=0, dtype=np.float64))
    return cast(Values, (mean - mean.mean()) / (mean.std() + 1e-9))


def _turned(major: tuple[float, ...], minor: tuple[float, ...]) -> Values:
    """(24, 12): a profile over every tonic, mean 0 and deviation 1."""
    scaled = [(np.array(profile) - np.mean(profile)) / np.std(profile) for profile in (major, minor)]
    return np.array([np.roll(profile, tonic) for profile in scaled for tonic in range(12)])


_KRUMHANSL = _turned(
    (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
)
_ALBRECHT = _turned(
    (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081),
    (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052),
)
WEIGHTS = np.array([2.62, 1.67, 2.81, 1.39, 0.6, -0.07, -0.53, -0.45, 2.22, 1.46, 2.9, 1.44])
"""Fitted (conditional logit) to songs other than those they are judged by."""
