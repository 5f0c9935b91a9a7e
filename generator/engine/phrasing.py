"""Written lines to phrases: what is sung in one breath, parted where the sense parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from .lexicon import FUNCTION_WORDS
from .reading import spoken
from .score import Metre, Phrase, Syllable
from .sheet import sung_tokens
from .vocabulary import listed
from .words import syllables

LINE_LIMITS = ((112, 9), (98, 10), (84, 12), (0, 14))
"""From this tempo on, the most syllables a phrase may have and still be understood (measured by recall).

The tempo is that of a 4/4 song whose two bars last as long as the phrase.
"""
BREAKS_BEFORE = listed(
    """and but or when while where with from for to in on at of as if then that who like into under over through because
    until so"""
)
"""Words before which a line may be parted."""
HALF = ((98, 4), (84, 5), (0, 6))
"""By the same tempo, the most syllables that half a phrase's room holds with a breath after them."""
INTERJECTION = 3
"""Two neighbouring phrases of so few syllables share the room of one even among long ones."""
SHORT_BAR = 1.6
"""Seconds: a phrase in 3/4 or 6/8 gets four bars where they are shorter, else two."""


def room_of(bpm: int, metre: Metre = "4/4") -> tuple[int, float]:
    """How many bars a phrase gets, and the tempo of a 4/4 song whose two bars last as long. `bpm` as in `Brief`."""
    beats = {"4/4": 4, "3/4": 3, "6/8": 2}[metre]
    bars = 4 if metre != "4/4" and beats * 60 / bpm < SHORT_BAR else 2
    return bars, 8 * bpm / (bars * beats)


def bars_for(lines: tuple[str, ...], bpm: int, metre: Metre = "4/4") -> int:
    """How many bars a part's lines take."""
    return sum(phrase.bars for phrase in phrases_of(lines, bpm, metre))


@lru_cache(512)
def phrases_of(lines: tuple[str, ...], bpm: int, metre: Metre = "4/4") -> tuple[Phrase, ...]:
    """The phrases of a part's lines at a tempo: a line each, long lines in pieces."""
    whole, tempo = room_of(bpm, metre)
    limit = next(limit for least, limit in LINE_LIMITS if tempo >= least)
    pieces = [(tokens, number) for number, line in enumerate(lines) for tokens in _pieces(sung_tokens(line), limit)]
    sung = [_syllables(tokens) for tokens, _ in pieces]
    lengths = [len(syllables) for syllables in sung]
    # Half of two bars is a bar: in 4/4 long enough to begin and to breathe in, in the shorter bars not.
    halves = metre == "4/4" or whole > 2
    bars = _bars(lengths, whole, tempo) if halves else [whole] * len(lengths)
    return tuple(
        Phrase(tokens, syllables, number, room)
        for (tokens, number), syllables, room in zip(pieces, sung, bars, strict=True)
    )


def _bars(lengths: Sequence[int], whole: int, tempo: float) -> list[int]:
    """How many bars phrases of so many syllables get, `whole` or half of it; their sum is a multiple of `whole`."""
    half = whole // 2
    room = next(most for least, most in HALF if tempo >= least)
    bars = [half if all(length <= room for length in lengths) else whole] * len(lengths)
    if sum(bars) % whole:
        bars[-1] = whole
    i = 0
    while i + 1 < len(lengths):
        if lengths[i] <= INTERJECTION and lengths[i + 1] <= INTERJECTION:
            bars[i] = bars[i + 1] = half
            i += 1
        i += 1
    return bars


def _pieces(tokens: tuple[str, ...], limit: int) -> Iterator[tuple[str, ...]]:
    """A line in pieces of at most `limit` syllables where its words allow, parted where the sense parts."""
    waiting = [tokens]
    while waiting:
        piece = waiting.pop()
        lengths = [len(syllables(token)) for token in piece]
        cut = _answer(piece, lengths)
        if not cut and (sum(lengths) <= limit or len(piece) < 2):
            yield piece
            continue
        cut = cut or _best_cut(piece, lengths)
        waiting += [piece[cut:], piece[:cut]]


def _answer(tokens: Sequence[str], lengths: Sequence[int]) -> int:
    """Where words in parentheses begin that answer those before them, or 0: they are sung in their place, on their own.

    Only where there is enough on both sides to make a phrase of.
    """
    for i in range(1, len(tokens)):
        if tokens[i][0] == "(" and min(sum(lengths[:i]), sum(lengths[i:])) >= INTERJECTION:
            return i
    return 0


def _best_cut(tokens: Sequence[str], lengths: Sequence[int]) -> int:
    """Where to part a line: near its middle, after a comma, before a conjunction, never after an article."""
    total, sung = sum(lengths), 0
    best, least = 1, float("inf")
    for i in range(1, len(tokens)):
        sung += lengths[i - 1]
        before, after = spoken(tokens[i - 1])[-1], spoken(tokens[i])[0]
        cost = abs(sung - total / 2) * 0.6
        cost -= 3.5 * (tokens[i - 1][-1] in ",;:.!?—–…)")
        cost -= 1.6 * (after in BREAKS_BEFORE)
        cost += 4.0 * (before in FUNCTION_WORDS)
        if cost < least:
            best, least = i, cost
    return best


def _syllables(tokens: Sequence[str]) -> tuple[Syllable, ...]:
    """The syllables of a phrase; small words lose their stress, but for the last one, which a line leans on."""
    out: list[Syllable] = []
    last = len(tokens) - 1
    for i, token in enumerate(tokens):
        weak = i < last and spoken(token)[-1] in FUNCTION_WORDS
        sounds = syllables(token)
        before_vowel = i < last and not syllables(tokens[i + 1])[0].onset
        for sound in sounds:
            vowel = "IY" if before_vowel and spoken(token) == ("the",) else sound.vowel
            stress = 0 if weak and len(sounds) == 1 else sound.stress
            out.append(Syllable(i, sound.onset, vowel, stress, sound.coda))
    return tuple(out)
