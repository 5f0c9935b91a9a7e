"""Given words along the notes of a given voice, so that they can be read while it sings.

Nobody listens for words: every line gets as many notes as its syllables are of all, and begins with a breath where one
is near.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .score import Note, Phrase, Section, SungPhrase, Syllable, Words

NEAR = 0.45
"""How far a breath may be from where a line should begin, as a share of the line."""
SHORTEST = 0.03
"""Seconds of a syllable."""


def wordless(count: int) -> Phrase:
    """A phrase of so many notes of which no words are known."""
    return Phrase((), tuple(Syllable(0, (), "AA", 1, ()) for _ in range(count)), 0)


def spread(words: Words, sung: Sequence[SungPhrase], sections: Sequence[Section]) -> None:
    """Put the words, all of them in order, into the sections in which the voice sings them."""
    notes = [(phrase.start + note.on, phrase.start + note.off, note.pitch) for phrase in sung for note in phrase.notes]
    breaths, count = [], 0
    for breath in sung:
        breaths.append(count)
        count += len(breath.notes)
    lines = [
        (part.lines[line], [phrase for phrase in part.phrases if phrase.line == line])
        for part in words.sections
        for line in dict.fromkeys(phrase.line for phrase in part.phrases)
    ]
    sizes = [sum(len(phrase.syllables) for phrase in phrases) for _, phrases in lines]
    for (text, phrases), begin, end in zip(lines, *_bounds(sizes, breaths, count), strict=True):
        size, done = sum(len(phrase.syllables) for phrase in phrases), 0
        section = next((one for one in sections if _time(notes, begin) < one.end), sections[-1])
        section.lines = (*section.lines, text)
        for phrase in phrases:
            at = [begin + (end - begin) * (done + k) / size for k in range(len(phrase.syllables) + 1)]
            section.sung.append(_laid(phrase, notes, at, len(section.lines) - 1))
            done += len(phrase.syllables)


def _bounds(sizes: Sequence[int], breaths: Sequence[int], count: int) -> tuple[list[float], list[float]]:
    """Between which notes, counted from 0 and with fractions, each line lies."""
    each = count / sum(sizes)
    begins, done = [0.0], 0
    for size, following in pairwise(sizes):
        done += size
        wish, reach = done * each, NEAR * min(size, following) * each
        near = [breath for breath in breaths if abs(breath - wish) <= reach and breath > begins[-1]]
        begins.append(float(min(near, key=lambda breath: abs(breath - wish))) if near else max(wish, begins[-1]))
    return begins, [*begins[1:], float(count)]


def _time(notes: Sequence[tuple[float, float, int]], at: float, *, ends: bool = False) -> float:
    """The second of a place among the notes; `ends`: of what ends there."""
    index = min(len(notes) - 1, int(at) - (ends and at == int(at) and at > 0))
    on, off, _ = notes[index]
    return on + min(1.0, at - index) * (off - on)


def _laid(phrase: Phrase, notes: Sequence[tuple[float, float, int]], at: Sequence[float], line: int) -> SungPhrase:
    """A written phrase on the notes between the places in `at`, one more than it has syllables."""
    start = _time(notes, at[0])
    out = []
    for begin, end in pairwise(at):
        on = _time(notes, begin) - start
        out.append(
            Note(
                on, max(on + SHORTEST, _time(notes, end, ends=True) - start), notes[min(int(begin), len(notes) - 1)][2]
            )
        )
    return SungPhrase(Phrase(phrase.words, phrase.syllables, line, phrase.bars), start, tuple(out))
