"""The form of a song: where its parts begin and which of them are the same again, judged bar by bar."""

from __future__ import annotations

import itertools
from typing import cast

import numpy as np
import numpy.typing as npt

from .facts import Part
from .onsets import FRAME_RATE as ONSET_RATE
from .onsets import Onsets
from .tones import FRAME_RATE as TONE_RATE
from .tones import Tones

Values = npt.NDArray[np.float64]
_KERNEL = 4
"""Bars on each side that a border is judged by."""
_SHORTEST = 3
"""Bars between borders."""
_ALIKE = 0.5
"""Parts are the same where the likeness of their bars, one by one, is above this share of what one bar is to itself."""
_CLEAR = 0.35
_COST = 0.1
"""Of each border, as a share of the clearest one's novelty."""
_EVEN_BONUS = 0.12
"""What a border gains by being two bars or a multiple from the one before."""


def parts(heard: Onsets, tones: Tones, bars: Values) -> list[Part]:
    """The parts of a song with `bars`, (n + 1,) the seconds of its bar lines; one where they are fewer than 8."""
    count = len(bars) - 1
    alike, loud = _likeness(heard, tones, bars)
    borders = [0, *_borders(alike, loud), count] if count >= 2 * _KERNEL else [0, count]
    letters = _letters(alike, borders)
    return [
        Part(float(bars[a]), float(bars[b]), a, b - a, letter)
        for (a, b), letter in zip(itertools.pairwise(borders), letters, strict=True)
    ]


def _likeness(heard: Onsets, tones: Tones, bars: Values) -> tuple[Values, Values]:
    """(n, n) likeness of bars, -1 to 1 and 1 to themselves; and (n,) their loudness, deviation 1."""
    colour = _means(heard.bands, bars, ONSET_RATE)
    loud = colour.mean(axis=1)
    shape = colour - loud[:, None]
    halves = np.sort(np.concatenate([bars[:-1], (bars[:-1] + bars[1:]) / 2, bars[-1:]]))
    notes = np.hstack([_means(tones.chroma(*span), halves, TONE_RATE) for span in ((45, 90), (26, 50))])
    notes = np.sqrt(notes).reshape(len(loud), -1)
    loud = _scaled(loud[:, None])
    features = np.hstack([_unit(_scaled(shape)) * 0.9, _unit(_scaled(notes)), 0.5 * np.clip(loud, -2, 2)])
    features = _unit(features)
    return features @ features.T, loud[:, 0]


def _means(table: npt.NDArray[np.float32], edges: Values, rate: float) -> Values:
    """(n, features): means between edges, seconds."""
    total = np.vstack([np.zeros((1, table.shape[1])), np.cumsum(table, axis=0, dtype=np.float64)])
    at = np.clip(np.round(edges * rate).astype(int), 0, len(table))
    return cast(Values, (total[at[1:]] - total[at[:-1]]) / np.maximum(np.diff(at), 1)[:, None])


def _scaled(table: Values) -> Values:
    return cast(Values, (table - table.mean(axis=0)) / (table.std(axis=0) + 1e-6))


def _unit(table: Values) -> Values:
    return cast(Values, table / (np.linalg.norm(table, axis=1, keepdims=True) + 1e-9))


def _borders(alike: Values, loud: Values) -> list[int]:
    """Bars with which something else begins: peaks of novelty on the diagonal, helped by steps of loudness."""
    count = len(alike)
    novelty = np.zeros(count)
    for bar in range(2, count - 1):
        reach = min(_KERNEL, bar, count - bar)
        before, after = slice(bar - reach, bar), slice(bar, bar + reach)
        own = (alike[before, before].mean() + alike[after, after].mean()) / 2
        step = abs(loud[before].mean() - loud[after].mean())
        novelty[bar] = (own - alike[before, after].mean() + 0.2 * step) * reach / _KERNEL
    clear = _CLEAR * float(np.quantile(novelty, 0.95))
    return _best(np.maximum(novelty - clear, 0), float(novelty.max()))


def _best(gain: Values, top: float) -> list[int]:
    """The set of borders with the greatest gain, no two too close, distances of even bars preferred."""
    count = len(gain)
    score = np.full(count + 1, -np.inf)
    back = np.zeros(count + 1, int)
    score[0] = 0.0
    for bar in [*np.flatnonzero(gain > 0).tolist(), count]:
        last = bar == count
        before = np.arange(bar if last else max(1, bar - _SHORTEST + 1))
        apart = bar - before
        even = 0.0 if last else top * _EVEN_BONUS * ((apart % 2 == 0) + (apart % 4 == 0))
        values = score[before] + even
        back[bar] = int(np.argmax(values))
        score[bar] = values[back[bar]] + (0.0 if last else gain[bar] - top * _COST)
    borders = []
    at = int(back[count])
    while at > 0:
        borders.append(at)
        at = int(back[at])
    return borders[::-1]


def _letters(alike: Values, borders: list[int]) -> list[str]:
    """A letter a part: that of the earlier part it is most like, if it is like any, else the next."""
    out: list[str] = []
    known: list[tuple[int, int, str]] = []
    for begin, end in itertools.pairwise(borders):
        ranked = [(_same(alike, begin, end, a, b), letter) for a, b, letter in known]
        best = max(ranked, default=(0.0, ""))
        letter = best[1] if best[0] > _ALIKE else chr(ord("A") + min(25, len(set(out))))
        known.append((begin, end, letter))
        out.append(letter)
    return out


def _same(alike: Values, begin: int, end: int, a: int, b: int) -> float:
    """How like two parts are, bar by bar, at the best shift of at most two bars; parts of very different length are
    not."""
    first, second = end - begin, b - a
    length = min(first, second)
    if length < 2 or length < 0.45 * max(first, second):
        return 0.0
    best = 0.0
    for shift in range(0, max(first, second) - length + 1):
        one = np.arange(length) + begin + (shift if first > second else 0)
        other = np.arange(length) + a + (shift if second >= first else 0)
        best = max(best, float(alike[one, other].mean()))
    return best
