"""Composes a take: form, chords, and a tune for every phrase, built from a few motifs so that it can be remembered."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from . import melody, rhythm
from .chance import dice
from .form import lay_out
from .harmony import transposed
from .idioms import IDIOMS
from .score import Brief, Chord, LyricSection, Note, Score, Section, SectionKind, SungPhrase, Syllable, Words

LEAD_IN = 0.45
"""Seconds on a phrase's clock before its bar line or its pickup: room for breath and consonants."""
BREATH = 0.16
"""Seconds of silence at least between two phrases."""
LONGEST_END = 5.0
"""Eighths that a phrase's last note lasts at most."""

Points = tuple[tuple[float, float], ...]
CONTOURS: dict[str, tuple[Points, ...]] = {
    "verse": (
        ((0, 0.2), (0.45, 0.8), (1, 0.25)),
        ((0, 0.7), (0.4, 0.4), (1, 0.15)),
        ((0, 0.15), (0.3, 0.7), (0.65, 0.35), (1, 0.4)),
        ((0, 0.5), (0.25, 0.2), (0.7, 0.75), (1, 0.4)),
        ((0, 0.35), (0.6, 0.4), (0.85, 0.75), (1, 0.5)),
    ),
    "prechorus": (
        ((0, 0.3), (1, 0.75)),
        ((0, 0.45), (0.5, 0.6), (1, 0.9)),
        ((0, 0.35), (0.4, 0.3), (1, 0.8)),
    ),
    "chorus": (
        ((0, 0.78), (0.35, 0.45), (0.65, 0.6), (1, 0.3)),
        ((0, 0.4), (0.45, 0.9), (1, 0.45)),
        ((0, 0.55), (0.25, 0.9), (0.6, 0.5), (1, 0.55)),
        ((0, 0.85), (0.5, 0.6), (1, 0.35)),
        ((0, 0.35), (0.7, 0.85), (1, 0.7)),
    ),
    "bridge": (
        ((0, 0.75), (1, 0.35)),
        ((0, 0.35), (1, 0.85)),
        ((0, 0.6), (0.5, 0.4), (1, 0.7)),
    ),
}
"""Contours of a phrase: where it is (0 to 1 of its length) and how high (0 to 1 of the part's range)."""
SPANS: dict[str, tuple[int, int]] = {"verse": (1, -5), "prechorus": (2, -3), "chorus": (3, -2), "bridge": (2, -3)}
"""What a part uses of the singer's range: semitones above its bottom and below its top."""
HOME, HALF = frozenset((0, 4)), frozenset((2, 7, 11))
MINOR_HOME, MINOR_HALF = frozenset((9, 0)), frozenset((11, 4, 2))
HEAD_BARS = 2
ANSWER = 7
"""Eighths of the hook that its answer keeps."""
LEAD_FROM = 69
"""MIDI: tunes whose middle lies lower are played an octave up."""
COLOURED = frozenset(("jazz", "bossa", "lofi", "soul"))
"""Idioms whose tunes rest on fourths and sevenths too."""
PLAYED_NOTES = 8
"""Notes of a phrase that no words give: the tune of an instrumental song."""


@dataclass(frozen=True, slots=True)
class Motif:
    """The first phrase of its kind: later ones are drawn to it."""

    onsets: tuple[float, ...]
    pitches: tuple[int, ...]
    root: int


def compose(brief: Brief, words: Words, seed: int) -> Score:
    """The whole take as notes and chords; the same for the same arguments."""
    composer = _Composer(brief, seed)
    sections = []
    for section, lyric in lay_out(brief, words, seed):
        if lyric and lyric.phrases:
            section.sung = composer.sing(section, lyric)
        sections.append(section)
    hook = composer.hook([section.chords for section in sections if section.kind == "chorus"])
    for section in sections:
        if section.riff:
            section.tune = composer.play(section, hook, sung=bool(words.sections))
    _leave_breath([phrase for section in sections for phrase in section.sung])
    return Score(brief, words.title, tuple(sections), hook, seed)


class _Composer:
    """Keeps the motifs of one take."""

    def __init__(self, brief: Brief, seed: int) -> None:
        self.brief, self.seed = brief, seed
        self.idiom = IDIOMS[brief.idiom]
        self.motifs: dict[tuple[str, int], Motif] = {}
        self.heads: dict[str, list[tuple[float, int]]] = {}
        """The first two bars of each family's tune."""

    def _dice(self, *about: str | int) -> np.random.Generator:
        return dice(self.seed, "tune", self.brief.take, *about)

    def sing(self, section: Section, lyric: LyricSection) -> list[SungPhrase]:
        """A section's phrases set to notes."""
        eighth = self.brief.eighth
        family = _family(section.kind)
        out: list[SungPhrase] = []
        head: list[tuple[float, int]] = []
        bar = 0
        parts = _parts([phrase.words for phrase in lyric.phrases])
        for i, phrase in enumerate(lyric.phrases):
            chords = [transposed(c, -section.lift) for c in section.chords[2 * bar : 2 * (bar + phrase.bars)]]
            cadence = self._cadence(i, len(lyric.phrases))
            onsets, tune = self._set(phrase.syllables, chords, (family, parts[i]), bars=phrase.bars, cadence=cadence)
            if bar < HEAD_BARS:
                head += [(at + 8 * bar, pitch) for at, pitch in zip(onsets, tune, strict=True)]
            clock = LEAD_IN + max(0.0, -onsets[0]) * eighth
            times = [clock + self._swung(at) * eighth for at in onsets]
            end = clock + min(8 * phrase.bars - 1.5, onsets[-1] + LONGEST_END) * eighth
            notes = tuple(
                Note(on, off, pitch + section.lift)
                for on, off, pitch in zip(times, [*times[1:], max(end, times[-1] + eighth)], tune, strict=True)
            )
            out.append(SungPhrase(phrase, section.start + 8 * bar * eighth - clock, notes))
            bar += phrase.bars
        self.heads.setdefault(family, head)
        return out

    def _swung(self, at: float) -> float:
        """An onset in eighths, as late as the idiom swings it."""
        return at + self.idiom.late(round(2 * at)) / 2

    def _span(self, family: str) -> tuple[int, int]:
        above, below = SPANS[family]
        return self.brief.low + above, self.brief.high + below

    def _cadence(self, place: int, count: int) -> frozenset[int]:
        """Where a phrase comes to rest: at home at the end, open in the middle."""
        minor = self.brief.minor
        if place == count - 1:
            return MINOR_HOME if minor else HOME
        if place % 4 == 1:
            return MINOR_HALF if minor else HALF
        return frozenset()

    def _set(
        self,
        syllables: Sequence[Syllable],
        chords: Sequence[Chord],
        motif: tuple[str, int],
        *,
        bars: int = 2,
        cadence: frozenset[int] = frozenset(),
    ) -> tuple[tuple[float, ...], tuple[int, ...]]:
        """Onsets and pitches of one phrase; the first of its family and part becomes the motif of the others."""
        family, part = motif
        known = self.motifs.get(motif)
        chance = self._dice(*motif)
        syncopation = self.idiom.syncopation * (0.6 if family == "verse" else 1.0)
        own = known.onsets if known else rhythm.motif(chance, syncopation)
        onsets = rhythm.place(syllables, bars=bars, own_motif=own, syncopation=syncopation, chance=chance)
        low, high = self._span(family)
        target: Callable[[float], float]
        if known:
            shift = ((chords[0].pitches[0] - known.root + 6) % 12 - 6) * 0.5 if cadence else 0.0
            target = _follow(known, shift)
            pull = 0.45
        else:
            contours = CONTOURS[family]
            points = contours[(int(self._dice(family, "contour").integers(len(contours))) + part) % len(contours)]
            target = _shape(points, low, high, 8 * bars - 4)
            pull = 0.15
        line = melody.Line(
            syllables=syllables,
            onsets=onsets,
            chords=chords,
            tonic=self.brief.tonic,
            low=low,
            high=high,
            target=target,
            pull=pull,
            cadence=cadence,
            peaks=family == "chorus",
            plain=self.brief.idiom not in COLOURED,
        )
        tune = melody.pitches(line, chance)
        if not known:
            self.motifs[motif] = Motif(onsets, tune, chords[0].pitches[0])
        return onsets, tune

    def hook(self, choruses: Sequence[tuple[Chord, ...]]) -> tuple[tuple[float, int], ...]:
        """The head of the chorus tune, else of the first tune there is, else one made up for instruments."""
        head = self.heads.get("chorus") or next(iter(self.heads.values()), None)
        if not head:
            syllables = [Syllable(k, (), "AA", 1 - k % 2, ()) for k in range(PLAYED_NOTES)]
            chords = list(choruses[0][:4]) if choruses else [Chord((self.brief.tonic,), self.brief.tonic)]
            onsets, tune = self._set(syllables, chords, ("chorus", 0))
            head = list(zip(onsets, tune, strict=True))
        return tuple(head)

    def play(self, section: Section, hook: Sequence[tuple[float, int]], *, sung: bool) -> tuple[Note, ...]:
        """What the lead instrument plays: the hook, answered by its first half; in songs without words whole tunes."""
        eighth = self.brief.eighth
        notes: list[Note] = []
        for turn in range(section.bars // 2):
            figure = list(hook) if sung else self._figure(section, turn, hook)
            if sung and turn % 2:
                figure = [(at, pitch) for at, pitch in figure if at <= ANSWER]
            octave = 12 if sum(pitch for _, pitch in figure) < LEAD_FROM * len(figure) else 0
            ends = [at for at, _ in figure[1:]] + [figure[-1][0] + LONGEST_END - 2]
            for (at, pitch), end in zip(figure, ends, strict=True):
                if at < 0 and turn == 0:
                    continue
                chord = section.chords[int(min(max(4 * turn + at // 4, 0), len(section.chords) - 1))]
                played = _fitted(pitch + section.lift, chord) if at % 4 == 0 else pitch + section.lift
                on, off = ((16 * turn + self._swung(x)) * eighth for x in (at, end))
                notes.append(Note(on, on + (off - on) * 0.95, played + octave))
        return tuple(notes)

    def _figure(self, section: Section, turn: int, hook: Sequence[tuple[float, int]]) -> list[tuple[float, int]]:
        """Two bars of tune for a song without words."""
        family = _family(section.kind)
        if family == "chorus" and turn % 2 == 0:
            return list(hook)
        count = PLAYED_NOTES - (turn % 2) * 2
        syllables = [Syllable(k, (), "AA", 1 - k % 2, ()) for k in range(count)]
        chords = [transposed(c, -section.lift) for c in section.chords[4 * turn : 4 * turn + 4]]
        cadence = self._cadence(turn, section.bars // 2)
        onsets, tune = self._set(syllables, chords, (family, turn % 4), cadence=cadence)
        return list(zip(onsets, tune, strict=True))


def _family(kind: SectionKind) -> str:
    """Which tune a part sings: its own, or that of its nearest relative."""
    if kind in CONTOURS:
        return kind
    return "chorus" if kind in ("drop", "instrumental", "interlude") else "verse"


def _parts(texts: Sequence[tuple[str, ...]]) -> list[int]:
    """The motif of each phrase of a part: a a' b a, or a b in pairs; the same words always have the same motif."""
    known: dict[tuple[str, ...], int] = {}
    repeated = len(set(texts)) < len(texts)
    pattern = (0, 1) if repeated or len(texts) <= 2 else (0, 0, 1, 0)
    return [known.setdefault(text, pattern[i % len(pattern)]) for i, text in enumerate(texts)]


def _follow(motif: Motif, shift: float) -> Callable[[float], float]:
    return lambda at: float(np.interp(at, motif.onsets, motif.pitches)) + shift


def _shape(points: Points, low: int, high: int, length: float) -> Callable[[float], float]:
    xs, ys = zip(*points, strict=True)
    return lambda at: low + (high - low) * float(np.interp(at / length, xs, ys))


def _fitted(pitch: int, chord: Chord) -> int:
    """The pitch, or the nearest one within a whole tone that belongs to the chord."""
    return next((pitch + step for step in (0, -1, 1, -2, 2) if (pitch + step) % 12 in chord.pitches), pitch)


def _leave_breath(phrases: Sequence[SungPhrase]) -> None:
    """Ends each phrase before the next one begins."""
    for phrase, following in itertools.pairwise(phrases):
        limit = following.start + following.notes[0].on - BREATH - phrase.start
        last = phrase.notes[-1]
        if last.off > limit:
            phrase.notes = (*phrase.notes[:-1], last._replace(off=max(limit, last.on + 0.08)))
