"""Statistics of a composed take: what kind of tune it is, beside what is published of pop and folk tunes.

A tune is a list of phrases; a phrase is a list of notes. Intervals are counted within phrases. The key lift of last
choruses is taken out first, since it is the same tune.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from math import log2
from statistics import mean

from generator.engine.score import Note, Score, Section

Phrases = list[list[Note]]


def phrases(section: Section) -> Phrases:
    """What is sung in a section, else what the lead plays, without its lift; times from the section's start."""
    lines = [
        [
            Note(note.on + sung.start - section.start, note.off + sung.start - section.start, note.pitch)
            for note in sung.notes
        ]
        for sung in section.sung
    ]
    played = [list(section.tune)] if section.tune and not lines else []
    return [[note._replace(pitch=note.pitch - section.lift) for note in line] for line in lines or played]


def tune(score: Score) -> Phrases:
    """The phrases that carry the song: the sung ones, in a song without words the played ones."""
    sung = [line for section in score.sections if section.sung for line in phrases(section)]
    return sung or [line for section in score.sections for line in phrases(section)]


def intervals(lines: Phrases) -> list[int]:
    """Semitones from note to note."""
    return [b.pitch - a.pitch for line in lines for a, b in itertools.pairwise(line)]


def statistics(score: Score) -> dict[str, float | None]:
    """Shares of unisons, steps (1-2 semitones), thirds (3-4) and leaps (5 and more), mean interval, range in semitones,
    pitch-class entropy in bits, choruses over verses in semitones, and the rhythm that neighbouring phrases share."""
    lines = tune(score)
    if not any(lines):
        return {}
    steps = [abs(step) for step in intervals(lines)] or [0]
    pitches = [note.pitch for line in lines for note in line]
    return {
        "unison": sum(step == 0 for step in steps) / len(steps),
        "step": sum(step in (1, 2) for step in steps) / len(steps),
        "third": sum(step in (3, 4) for step in steps) / len(steps),
        "leap": sum(step > 4 for step in steps) / len(steps),
        "interval": mean(steps),
        "span": max(pitches) - min(pitches),
        "entropy": entropy(pitch % 12 for pitch in pitches),
        "lift": lift(score),
        "reuse": reuse(score),
    }


def entropy(values: Iterable[int]) -> float:
    """Bits of a distribution."""
    counts = Counter(values)
    whole = sum(counts.values())
    return -sum(count / whole * log2(count / whole) for count in counts.values())


def lift(score: Score) -> float | None:
    """How much higher choruses lie than verses, mean pitch in semitones."""
    chorus, verse = (
        [note.pitch for section in score.sections if section.kind == kind for line in phrases(section) for note in line]
        for kind in ("chorus", "verse")
    )
    return mean(chorus) - mean(verse) if chorus and verse else None


def reuse(score: Score) -> float | None:
    """Jaccard index of the onsets of neighbouring phrases in a section, in eighths of a bar: the mean of all pairs."""
    found = []
    eighth, bar = score.brief.eighth, score.brief.eighths
    for section in score.sections:
        rhythms = []
        for line in phrases(section) if section.sung else ():
            first = round(line[0].on / eighth / bar) * bar
            rhythms.append({round(note.on / eighth - first) for note in line})
        found += [len(a & b) / len(a | b) for a, b in itertools.pairwise(rhythms)]
    return mean(found) if found else None


def edit_distance(first: Score, second: Score) -> float:
    """Levenshtein distance of both takes' intervals, as a share of the longer one: 0 the same tune, 1 nothing alike."""
    a, b = intervals(tune(first)), intervals(tune(second))
    return _edits(a, b) / max(len(a), len(b), 1)


def _edits(a: Sequence[int], b: Sequence[int]) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        new = [i]
        for j, y in enumerate(b, 1):
            new.append(min(row[j] + 1, new[-1] + 1, row[j - 1] + (x != y)))
        row = new
    return row[-1]
