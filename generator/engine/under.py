"""A band under a given voice: what the singer does says where bars, parts and chords are, and who plays when.

The voice begins after an intro of whole bars and is never moved against itself. Its pauses part the song; what comes
again, or lies highest, is the chorus. Given words are laid along its notes, so that they can be read in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ..given import Given
from ..listening.facts import Melody
from ..listening.facts import Phrase as Breath
from ..protocol.errors import Rejected
from .energies import Place, energies
from .form import LONG_BAR, Stretch, chords_of
from .ground import BEATS, Ground, Room, even_section, ground_of, laid_on, lined_up, with_frame
from .harmonise import harmonised
from .lyrics import set_words
from .over import SHORT, steady
from .score import Brief, Chord, Note, Score, Section, SungPhrase, Words, unmoved
from .spread import spread, wordless
from .titles import title_for_instrumental

PICKUP = 0.4
"""The share of a bar at whose end a note leads to the next one."""
RINGS = 0.15
"""Bars into which a last note may ring without needing them."""
PAUSE = 2
"""Whole bars without a note that are played."""
QUIET_END = -50.0
"""Decibels under which a second after the last note holds nothing."""
FRAMES = (4, 2)
"""Bars of an intro; the second value where bars are long or the song is short."""
LENGTHS = {8: 0.0, 4: 0.45, 16: 1.3, 12: 1.1, 6: 0.8, 10: 1.0}
"""What a part of so many bars costs; others cost more."""
LONGEST_PART = 20
_ELSEWHERE, _OF_PAUSE = 0.8, 0.4
"""What it costs to begin a part within a phrase, and what a bar of rest before it is worth."""
ALIKE = 0.5
"""Parts are the same whose notes agree on so much of their time."""
AGAIN = 2.5
"""Semitones that a part seems higher if it comes again: then it is a chorus rather."""


class Frame(NamedTuple):
    """The ground of the whole song, and the song's second at which the voice's second 0 lies."""

    ground: Ground
    late: float


def words_under(brief: Brief, lyrics: str | None, seed: int, prompt: str) -> Words:
    """The given words, each part once, or none: a name alone. Raises `Rejected` if they cannot be read."""
    if lyrics and lyrics.strip():
        words = set_words(replace(brief, seconds=SHORT), lyrics, seed, prompt)
        sections = tuple(section for section in words.sections if section.phrases and not section.generated)
        return Words(words.title, sections)
    return Words(brief.name or title_for_instrumental(brief, seed), ())


def tune_of(given: Given) -> Melody:
    """What is sung. Raises `Rejected` where nothing is."""
    if given.heard.melody is None or not given.heard.melody.notes:
        raise Rejected(
            "No notes can be heard in the voice, so no chords can be put under it. Give a recording of singing.",
            "rejected_input",
            "vocal_url",
        )
    return given.heard.melody


@lru_cache(4)
def frame_of(given: Given) -> Frame:
    """The bars that are sung, with an intro before them and an ending after."""
    music, notes = steady(given), tune_of(given).notes
    whole = ground_of(music, given.heard.seconds)
    each = BEATS[whole.metre]
    loud = [k + 1.0 for k, level in enumerate(music.levels.loudness) if level > QUIET_END]
    end = max(notes[-1].end, min(max(loud, default=0.0), given.heard.seconds) - 1)
    first = int(unmoved(notes[0].start, whole.beats) / each + PICKUP)
    last = int(np.ceil(unmoved(end, whole.beats) / each - RINGS))
    first = min(first, whole.bars - 1)
    last = min(whole.bars, max(first + 1, last))
    bar = (whole.line(last) - whole.line(first)) / (last - first)
    bars = FRAMES[bar > LONG_BAR or given.heard.seconds < 2 * SHORT]
    return Frame(*with_frame(whole, first, last, bars, bars))


def lay_under(brief: Brief, words: Words, given: Given, seed: int) -> Score:
    """The whole take: what is sung as it was sung, over chords and in a form for the band."""
    frame, tune = frame_of(given), tune_of(given)
    late = frame.late
    sung = [_as_sung(tune, breath, late) for breath in tune.phrases]
    rooms = _rooms(frame.ground, sung)
    hook = next((_head(room, frame.ground, sung) for room in rooms if room.kind == "chorus"), [])
    notes = [(phrase.start + note.on, phrase.start + note.off, note.pitch) for phrase in sung for note in phrase.notes]
    if brief.take == 2 and hook:
        notes = [*_moved_to(hook, frame.ground), *notes]
    ground = replace(frame.ground, chords=_chords(brief, frame.ground, rooms, notes, seed))
    led = brief.take == 2 and bool(hook) and rooms[0].kind == "intro"
    strengths = energies(brief, [Place(room.kind, room.bars, led and not k) for k, room in enumerate(rooms)])
    sections = [even_section(brief, ground, room, energy, None) for room, energy in zip(rooms, strengths, strict=True)]
    if led:
        sections[0].tune = _played(hook, brief)
        sections[0].riff = True
    score = Score(brief, words.title, tuple(sections), tuple((2 * at, pitch) for at, _, pitch in hook), seed)
    laid_on(score, ground)
    if words.sections:
        spread(words, sung, sections)
    else:
        for phrase in sung:
            _section_at(sections, phrase.start + phrase.notes[0].on).sung.append(phrase)
    return score


def _section_at(sections: Sequence[Section], second: float) -> Section:
    return next((section for section in sections if second < section.end), sections[-1])


def _as_sung(tune: Melody, breath: Breath, late: float) -> SungPhrase:
    """A phrase of the voice, in the song's seconds."""
    notes = tune.notes[breath.first : breath.first + breath.size]
    start = breath.start + late
    return SungPhrase(
        wordless(len(notes)), start, tuple(Note(n.start + late - start, n.end + late - start, n.pitch) for n in notes)
    )


def _rooms(ground: Ground, sung: Sequence[SungPhrase]) -> list[Room]:
    """The parts of the song: runs of bars that are sung, divided where phrases begin, and what is played between."""
    begins = [_bar(ground, phrase.start + phrase.notes[0].on) for phrase in sung]
    busy = np.zeros(ground.bars, bool)
    for phrase, begin in zip(sung, begins, strict=True):
        last = unmoved(phrase.start + phrase.notes[-1].off, ground.beats) / BEATS[ground.metre] - RINGS
        busy[begin : max(begin, int(last)) + 1] = True
    runs: list[list[int]] = []
    for bar in np.flatnonzero(busy):
        if runs and bar - runs[-1][1] < PAUSE:
            runs[-1][1] = int(bar) + 1
        else:
            runs.append([int(bar), int(bar) + 1])
    found = [Room("verse", *room) for run in runs for room in _divided(run[0], run[1], set(begins), busy)]
    return lined_up(_named(found, ground, sung), ground, PAUSE)


def _bar(ground: Ground, second: float) -> int:
    """The bar that a note begins, or leads to."""
    return min(ground.bars - 1, max(0, int(unmoved(second, ground.beats) / BEATS[ground.metre] + PICKUP)))


def _divided(first: int, end: int, begins: set[int], busy: np.ndarray) -> list[tuple[int, int]]:
    """(bar, bars) of the parts of a run, at the least cost."""
    best = {first: (0.0, first)}
    for at in range(first + 1, end + 1):
        options = []
        for length in range(1, min(LONGEST_PART, at - first) + 1):
            begin = at - length
            cost = best[begin][0] + LENGTHS.get(length, 1.2 + 0.15 * abs(length - 8))
            if begin > first:
                cost += 0.0 if begin in begins else _ELSEWHERE
                cost -= _OF_PAUSE * (not busy[begin - 1])
            options.append((cost, begin))
        best[at] = min(options)
    out: list[tuple[int, int]] = []
    at = end
    while at > first:
        begin = best[at][1]
        out.append((begin, at - begin))
        at = begin
    return out[::-1]


def _named(found: Sequence[Room], ground: Ground, sung: Sequence[SungPhrase]) -> list[Room]:
    """Which parts are choruses: those of the tune that lies highest, sooner if it comes again."""
    lines = [_line(room, ground, sung) for room in found]
    letters: list[int] = []
    for k, line in enumerate(lines):
        same = next((letters[j] for j in range(k) if _alike(lines[j], line)), k)
        letters.append(same)
    if len(set(letters)) == 1:
        return [room._replace(kind="chorus" if k % 2 or len(found) == 1 else "verse") for k, room in enumerate(found)]
    heights = {
        letter: float(np.mean([np.nanmean(lines[k]) for k, other in enumerate(letters) if other == letter]))
        + AGAIN * (letters.count(letter) > 1)
        for letter in letters
    }
    chorus = max(heights, key=lambda letter: (heights[letter], letter))
    return [
        room._replace(kind="chorus" if letter == chorus else "verse")
        for room, letter in zip(found, letters, strict=True)
    ]


def _line(room: Room, ground: Ground, sung: Sequence[SungPhrase]) -> np.ndarray:
    """The pitch on every quarter of a beat of a part, NaN where there is a rest."""
    each = 4 * BEATS[ground.metre]
    line = np.full(room.bars * each, np.nan)
    for phrase in sung:
        for note in phrase.notes:
            begin, end = (
                4 * unmoved(phrase.start + time, ground.beats) - room.bar * each for time in (note.on, note.off)
            )
            line[max(0, round(begin)) : max(0, round(end))] = note.pitch
    return line if np.isfinite(line).any() else np.zeros_like(line)


def _alike(one: np.ndarray, other: np.ndarray) -> bool:
    length = min(len(one), len(other))
    if 2 * length < max(len(one), len(other)):
        return False
    both = np.isfinite(one[:length]) & np.isfinite(other[:length])
    return bool(both.sum() > length / 4 and (one[:length][both] == other[:length][both]).mean() > ALIKE)


Figure = list[tuple[float, float, int]]
"""Beginning and end in beats, and pitch."""


def _head(room: Room, ground: Ground, sung: Sequence[SungPhrase]) -> Figure:
    """What begins a part: its notes of the first two bars, in beats from its first bar line."""
    begin = room.bar * BEATS[ground.metre]
    out = []
    for phrase in sung:
        for note in phrase.notes:
            on, off = (unmoved(phrase.start + time, ground.beats) - begin for time in (note.on, note.off))
            if -PICKUP < on < 2 * BEATS[ground.metre] - 0.5:
                at = max(0.0, round(2 * on) / 2)
                out.append((at, max(at + 0.5, round(2 * off) / 2), note.pitch))
    return [note for k, note in enumerate(out) if k == 0 or note[0] > out[k - 1][0]]


def _moved_to(hook: Figure, ground: Ground) -> list[tuple[float, float, int]]:
    """The hook in the song's seconds, at its beginning: the intro is harmonised for it."""
    return [(ground.beats[int(on)], ground.beats[min(int(off) + 1, len(ground.beats) - 1)], p) for on, off, p in hook]


def _played(hook: Figure, brief: Brief) -> tuple[Note, ...]:
    """The hook on the lead instrument, an octave up where it lies low."""
    octave = 12 if sum(pitch for _, _, pitch in hook) < 69 * len(hook) else 0
    ends = [on for on, _, _ in hook[1:]] + [hook[-1][1]]
    return tuple(
        Note(on * brief.beat, min(off, end) * brief.beat, pitch + octave)
        for (on, off, pitch), end in zip(hook, ends, strict=True)
    )


def _chords(
    brief: Brief, ground: Ground, rooms: Sequence[Room], notes: Sequence[tuple[float, float, int]], seed: int
) -> tuple[Chord, ...]:
    """Two chords a bar under what is sung; where nothing is, as the idiom has them."""
    likes = [
        chord
        for k, room in enumerate(rooms)
        for chord in chords_of(brief, Stretch(room.kind, room.bars), seed, 0, last=k == len(rooms) - 1)
    ]
    middle = 2 / 3 if ground.metre == "3/4" else 0.5
    edges = []
    for bar in range(ground.bars):
        start, end = ground.line(bar), ground.line(bar + 1)
        edges += [start, start + middle * (end - start)]
    edges.append(ground.line(ground.bars))
    held = np.zeros((len(edges) - 1, 12))
    for on, off, pitch in notes:
        for k in range(max(0, int(np.searchsorted(edges, on)) - 1), len(held)):
            begin, end = edges[k], edges[k + 1]
            if begin >= off:
                break
            shared = max(0.0, min(off, end) - max(on, begin))
            early = max(0.0, min(off, begin + 0.25 * (end - begin)) - max(on, begin))
            held[k, pitch % 12] += (shared + early) / (end - begin)
    ends = frozenset(2 * room.end - 1 for room in rooms if room.kind in ("verse", "chorus", "bridge"))
    return harmonised(held, likes, brief.tonic, minor=brief.minor, ends=ends)
