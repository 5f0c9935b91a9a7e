"""A given tune as the chorus of a song: on its grid of eighths, in the song's key and in the singer's range.

Its rhythm is what makes it known again: each note keeps its eighth or sixteenth, and the words come to the notes. A
syllable is drawn over notes that have none of their own; a long note is struck again where there are more syllables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, floor, log2

import numpy as np

from ..given import BEATS, FEWEST_NOTES, Given
from ..listening.facts import Melody, Music
from ..listening.tonality import tonality
from ..protocol.errors import Rejected
from .figures import key_of, metre_of, playable, tempo_of
from .harmonise import harmonised
from .phrasing import room_of
from .prompt import read
from .score import EIGHTHS, MIDDLE, Brief, Chord, Metre, Phrase, Syllable, unmoved

PICKUP = 0.4
"""The share of a bar at whose end a breath's first notes lead to the next one."""
LONGEST = 16
"""Bars of a tune that are kept."""
SPAN = (3, -1)
"""What a tune may use of the singer's range: semitones above its bottom and under its top."""
STRETCH = 4
"""Semitones by which a tune may leave that range altogether, rather than break."""
OFF_BEAT = 0.3
"""Eighths from which on a note belongs to the sixteenth beside it."""
EASY = range(60, 145)
"""Beats a minute among which a tune's own are looked for where its pace is not known."""
STEADY = {"AY": "AA", "AW": "AA", "EY": "EH", "OY": "AO", "OW": "AO"}
"""What a diphthong is drawn on before it closes."""

# What it costs to sing a syllable on a run of notes.
_FURTHER, _OVER_REST, _MISPLACED, _UNHELD = 0.5, 1.5, 0.6, 0.3


@dataclass(frozen=True, slots=True)
class Held:
    """A note on the grid: `on` and `off` in eighths from the tune's first bar line, `bar`: to which it belongs or
    leads, `pitch` MIDI."""

    on: float
    off: float
    bar: int
    pitch: int


@dataclass(frozen=True, slots=True)
class Hummed:
    """A tune of whole bars, which begins anew after its last. Its first notes may lie before its first bar line."""

    metre: Metre
    notes: tuple[Held, ...]
    bars: int

    def window(self, bar: int, bars: int) -> list[Held]:
        """The notes of some bars, counted on and on; in eighths from the first of them. None may be in them."""
        each, out = EIGHTHS[self.metre], []
        for k in range(bars):
            moved = (k - (bar + k) % self.bars) * each
            same = [note for note in self.notes if note.bar == (bar + k) % self.bars]
            out += [replace(note, on=note.on + moved, off=note.off + moved) for note in same]
        return [note for k, note in enumerate(out) if not k or note.on > out[k - 1].on]

    def points(self, bar: int, bars: int) -> list[tuple[float, int]]:
        """The same as onsets and pitches."""
        return [(note.on, note.pitch) for note in self.window(bar, bars)]

    def sung(self, phrase: Phrase, bar: int) -> tuple[Phrase, tuple[float, ...], tuple[int, ...]] | None:
        """A phrase from a bar on: with a syllable for each note, their onsets in eighths, and their pitches.

        None where the tune rests, or has no room for so many words.
        """
        notes = self.window(bar, phrase.bars)
        count = len(phrase.syllables)
        if len(notes) < 2 or count > 3 * len(notes):
            return None
        if len(notes) < count:
            notes = _struck_again(notes, count, phrase.bars * EIGHTHS[self.metre] - 1)
        if len(notes) < count:
            return None
        syllables = _drawn(phrase.syllables, _runs(phrase.syllables, notes, self.metre), len(notes))
        laid = Phrase(phrase.words, syllables, phrase.line, phrase.bars)
        return laid, tuple(note.on for note in notes), tuple(note.pitch for note in notes)

    def harmonised(self, likes: Sequence[Chord], brief: Brief) -> tuple[Chord, ...]:
        """Chords for the tune from its first bar on, two a bar; `likes`: what the idiom has there."""
        each, bars = EIGHTHS[self.metre], len(likes) // 2
        edges = [bar * each + part for bar in range(bars) for part in (0, MIDDLE[self.metre])] + [bars * each]
        held = np.zeros((len(likes), 12))
        for note in self.window(0, bars):
            for k, (begin, end) in enumerate(pairwise(edges)):
                shared = max(0.0, min(note.off, end) - max(note.on, begin))
                early = max(0.0, min(note.off, begin + 0.25 * (end - begin)) - max(note.on, begin))
                held[k, note.pitch % 12] += (shared + early) / (end - begin)
        ends = frozenset((2 * bars - 1,))
        return harmonised(held, likes, brief.tonic, minor=brief.minor, ends=ends)


def brief_with(brief: Brief, prompt: str, given: Given) -> Brief:
    """`brief` in the tempo, metre and key of the tune, as far as the prompt leaves them open and somebody can sing it.

    Raises `Rejected` where there is no tune.
    """
    melody, music = _heard(given), given.heard.music
    text = read(prompt).text
    changed = brief
    if metre_of(text) is None and music:
        changed = replace(changed, metre=music.metre)
    if tempo_of(text) is None:
        changed = replace(changed, bpm=playable(music.bpm if music else _bpm(melody)))
    if key_of(prompt)[0] is not None:
        return changed
    scale, minor = _key(melody, music)
    pitches = [note.pitch for note in melody.notes]
    shift = min(range(-6, 6), key=lambda step: (_outside(pitches, step, *_range(brief)) + 0.3 * abs(step), step))
    return replace(changed, tonic=(scale + shift) % 12, minor=minor)


def tune_in(brief: Brief, given: Given) -> Hummed:
    """The tune on the grid of a song, in its key and in its singer's range."""
    melody, music = _heard(given), given.heard.music
    scale, _ = _key(melody, music)
    pitches = [note.pitch for note in melody.notes]
    step = (brief.tonic - scale) % 12
    step += _octave(pitches, step, *_range(brief))
    places = _eighths(melody, music, brief)
    each = brief.eighths
    first = floor(places[0][0] / each + PICKUP)
    bar_of = _bars_of(melody, [on - first * each for on, _ in places], each)
    notes: list[Held] = []
    for (on, off), bar, pitch in zip(places, bar_of, pitches, strict=True):
        at = _on_grid(on - first * each)
        if notes and at <= notes[-1].on:
            at = notes[-1].on + 0.5
        if bar >= LONGEST:
            break
        height = _within(pitch + step, brief.low - STRETCH, brief.high + STRETCH)
        notes.append(Held(at, max(at + 0.5, off - first * each), bar, height))
    whole, _ = room_of(brief.bpm, brief.metre)
    return Hummed(brief.metre, tuple(notes), whole * ceil((notes[-1].bar + 1) / whole))


def _heard(given: Given) -> Melody:
    melody = given.heard.melody
    if melody is None or len(melody.notes) < FEWEST_NOTES:
        raise Rejected("No tune can be heard. Hum, sing, whistle or play one alone.", "rejected_input", "melody_url")
    return melody


def _range(brief: Brief) -> tuple[int, int]:
    return brief.low + SPAN[0], brief.high + SPAN[1]


def _octave(pitches: Sequence[int], step: int, low: int, high: int) -> int:
    """Semitones, a multiple of 12, that bring a tune nearest to the middle of a range."""
    middle = (min(pitches) + max(pitches)) / 2 + step
    return 12 * round(((low + high) / 2 - middle) / 12)


def _outside(pitches: Sequence[int], step: int, low: int, high: int) -> float:
    """Semitones by which a tune leaves a range, in its best octave."""
    moved = step + _octave(pitches, step, low, high)
    return max(0.0, low - min(pitches) - moved) + max(0.0, max(pitches) + moved - high)


def _within(pitch: int, low: int, high: int) -> int:
    """The pitch in the octave that can be sung."""
    while pitch < low:
        pitch += 12
    while pitch > high:
        pitch -= 12
    return pitch


def _key(melody: Melody, music: Music | None) -> tuple[int, bool]:
    """The tonic of the major scale, and whether it is minor: as corrected or heard, else by the notes alone."""
    key = music.key if music else tonality(melody)
    return key.scale, key.minor


def _eighths(melody: Melody, music: Music | None, brief: Brief) -> list[tuple[float, float]]:
    """Where each note begins and ends, in eighths from a bar line; rhythms keep about their speed in another tempo."""
    bpm = music.bpm if music else _bpm(melody)

    def at(second: float) -> float:
        """Beats from a bar line."""
        if music:
            return unmoved(second, music.beats) - music.downbeat
        return (second - melody.notes[0].start) * bpm / 60

    part = EIGHTHS[brief.metre] // BEATS[brief.metre] * 2.0 ** round(log2(brief.bpm / bpm))
    return [(part * at(note.start), part * at(note.end)) for note in melody.notes]


def _bpm(melody: Melody) -> float:
    """The beats a minute on whose eighths the notes begin most nearly; the slower of two that fit as well."""
    times = np.array([note.start for note in melody.notes]) - melody.notes[0].start

    def cost(bpm: int) -> float:
        at = times * bpm / 30
        return float(np.abs(at - np.round(at)).mean()) + 0.0005 * abs(bpm - 96)

    return float(min(EASY, key=cost))


def _bars_of(melody: Melody, begins: Sequence[float], each: int) -> list[int]:
    """The bar of each note; a breath that begins late in one leads to the next."""
    out = [max(0, floor((at + OFF_BEAT) / each)) for at in begins]
    for breath in melody.phrases:
        first = begins[breath.first] / each
        line = ceil(first - 1e-6)
        if line - first <= PICKUP:
            for k in range(breath.first, breath.first + breath.size):
                if begins[k] < line * each:
                    out[k] = max(0, line)
    return out


def _on_grid(at: float) -> float:
    near = round(at)
    return float(near) if abs(at - near) <= OFF_BEAT else round(2 * at) / 2


def _struck_again(notes: list[Held], count: int, end: float) -> list[Held]:
    """So many notes, the longest of them divided in two; fewer where all are short."""
    out = list(notes)
    while len(out) < count:
        nexts = [note.on for note in out[1:]] + [max(end, out[-1].on + 1)]
        k = max(range(len(out)), key=lambda k: (nexts[k] - out[k].on, -k))
        length = nexts[k] - out[k].on
        if length < 1:
            break
        half = round(length) / 2
        at = out[k].on + (floor(half) if half >= 1 else half)
        out[k : k + 1] = [replace(out[k], off=at), replace(out[k], on=at)]
    return out


def _runs(syllables: Sequence[Syllable], notes: Sequence[Held], metre: Metre) -> list[int]:
    """The note with which each syllable begins, at the least cost: stressed ones on what is strong or long."""
    count, size = len(syllables), len(notes)
    best = np.full((count + 1, size + 1), np.inf)
    came = np.zeros((count + 1, size + 1), np.intp)
    best[0, 0] = 0.0
    for s, syllable in enumerate(syllables):
        for end in range(s + 1, size - (count - s - 1) + 1):
            for begin in range(s, end):
                cost = best[s, begin] + _cost(syllable, notes[begin:end], metre)
                if cost < best[s + 1, end]:
                    best[s + 1, end], came[s + 1, end] = cost, begin
    starts, end = [], size
    for s in range(count, 0, -1):
        end = int(came[s, end])
        starts.append(end)
    return starts[::-1]


def _cost(syllable: Syllable, run: Sequence[Held], metre: Metre) -> float:
    first = run[0]
    strong = first.on % MIDDLE[metre] == 0
    rests = sum(b.on - a.off > 1 for a, b in pairwise(run))
    held = run[-1].off - first.on >= 2
    stressed = syllable.stress > 0
    return float(
        _FURTHER * (len(run) - 1) ** 1.2
        + _OVER_REST * rests
        + _MISPLACED * (stressed != strong)
        + _UNHELD * (held and not stressed)
    )


def _drawn(syllables: Sequence[Syllable], starts: Sequence[int], count: int) -> tuple[Syllable, ...]:
    """A syllable for each of `count` notes: its vowel goes on over those that are not its first."""
    out: list[Syllable] = []
    for one, begin, end in zip(syllables, starts, [*starts[1:], count], strict=True):
        if end - begin == 1:
            out.append(one)
            continue
        steady = STEADY.get(one.vowel, one.vowel)
        out.append(one._replace(vowel=steady, coda=()))
        out += [one._replace(onset=(), vowel=steady, stress=0, coda=())] * (end - begin - 2)
        out.append(one._replace(onset=(), stress=0))
    return tuple(out)
