"""Composes a take: form, chords, and a tune for every phrase, built from a few themes so that it can be remembered."""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Sequence
from functools import partial
from statistics import mean
from typing import NamedTuple

import numpy as np

from . import melody, rhythm, themes
from .chance import dice
from .form import lay_out
from .harmony import in_scale, sounding, transposed
from .hummed import Hummed
from .instruments import performed
from .phrasing import room_of
from .score import (
    MIDDLE,
    Brief,
    Chord,
    LyricSection,
    Metre,
    Note,
    Score,
    Section,
    SectionKind,
    SungPhrase,
    Syllable,
    Words,
)
from .themes import ROLES, Points, Role

Onsets = tuple[float, ...]
Tune = tuple[int, ...]

LEAD_IN = 0.45
"""Seconds on a phrase's clock before its bar line or its pickup: room for breath and consonants."""
BREATH = 0.16
"""Seconds of silence at least between two phrases."""
FIRM_FROM = 0.42
"""Seconds from which on a note is long."""
LONGEST_END = 5.0
"""Eighths that a phrase's last note lasts at most."""

SPANS: dict[str, tuple[int, int]] = {"verse": (1, -6), "prechorus": (2, -4), "chorus": (5, -1), "bridge": (3, -3)}
"""What a part uses of the singer's range: semitones above its bottom and below its top."""
RISE = {"verse": 0.0, "prechorus": 1.5, "chorus": 4.2, "bridge": 2.0}
"""Semitones by which a part's theme lies above that of the verse."""
HOME, HALF = frozenset((0, 4)), frozenset((2, 7, 11))
MINOR_HOME, MINOR_HALF = frozenset((9, 0)), frozenset((11, 4, 2))
DISPLACED: dict[Metre, int] = {"4/4": 1, "3/4": 2, "6/8": 1}
"""Eighths by which a contrasting phrase moves the theme's rhythm."""
STRAIGHTER = 0.5
"""By how much one of the takes is less syncopated than its idiom."""
ANSWER = 0.45
"""Share of the hook that its answer keeps."""
LEAD_FROM = 69
"""MIDI: tunes whose middle lies lower are played an octave up."""
COLOURED = frozenset(("jazz", "bossa", "lofi", "soul"))
"""Idioms whose tunes rest on fourths and sevenths and pass through notes between those of the scale."""
SPOKEN = frozenset(("hiphop",))
"""Idioms whose verses are spoken in rhythm, on few pitches somewhat under the middle of the range."""
SPOKEN_SPAN = 3
"""Semitones to both sides of that middle."""
PLAYED_NOTES = (7, 6, 8, 5)
"""Notes of a phrase that no words give, by its place in a song without words."""
SPARSE = {"ambient": 3, "ballad": 1, "cinematic": 1, "lofi": 1}
"""How many fewer they are in idioms of long notes."""


Layout = Sequence[tuple[Section, LyricSection | None]]
"""Sections without their tunes, each with its words if it is sung."""


def compose(brief: Brief, words: Words, seed: int, layout: Layout | None = None, given: Hummed | None = None) -> Score:
    """The whole take as notes and chords; the same for the same arguments.

    `layout`: where the form and its chords are given. `given`: a tune, which the choruses sing.
    """
    composer = _Composer(brief, seed, firm=layout is not None, given=given)
    sections = []
    for section, lyric in layout or lay_out(brief, words, seed):
        if given and layout is None and section.kind in ("chorus", "drop"):
            likes = [transposed(chord, -section.lift) for chord in section.chords]
            section.chords = tuple(transposed(c, section.lift) for c in given.harmonised(likes, brief))
        if lyric and lyric.phrases:
            section.sung = composer.sing(section, lyric)
        sections.append(section)
    hook = composer.hook([section for section in sections if section.kind == "chorus"])
    played: set[SectionKind] = set()
    for section in sections:
        if section.riff:
            section.tune = composer.play(section, hook, sung=bool(words.sections), again=section.kind in played)
            played.add(section.kind)
    _leave_breath([phrase for section in sections for phrase in section.sung])
    return Score(brief, words.title, tuple(sections), hook, seed)


class _Part(NamedTuple):
    """Where a phrase stands."""

    family: str
    role: Role
    bars: int
    cadence: frozenset[int]


class _Composer:
    """Keeps the themes of one take."""

    def __init__(self, brief: Brief, seed: int, *, firm: bool = False, given: Hummed | None = None) -> None:
        """`firm`: long notes keep to the chords, which are somebody else's. `given`: what the choruses sing."""
        self.brief, self.seed, self.given = brief, seed, given
        self.firm = FIRM_FROM / brief.eighth if firm else np.inf
        self.idiom = performed(brief)
        ways = (self.idiom.syncopation, self.idiom.syncopation * STRAIGHTER)
        self.ways = ways if dice(seed, "straighter").random() < 0.5 else ways[::-1]
        """How syncopated each take is."""
        self.whole, _ = room_of(brief.bpm, brief.metre)
        self.half = self.whole * brief.eighths // 2
        """Eighths of half a phrase."""
        self.themes: dict[tuple[str, bool], Points] = {}
        """What was sung first of each family: its theme, and (True) what contrasts with it."""
        self.tunes: dict[Hashable, tuple[Onsets, Tune]] = {}
        """Phrases as they were sung: the same words over the same chords come again as they were."""
        self.sung: dict[str, list[int]] = {}
        """All pitches of a family so far."""
        self.heads: dict[str, list[tuple[float, int]]] = {}
        """The first phrase or two of each family's tune, as long as a whole phrase."""

    def _dice(self, *about: str | int) -> np.random.Generator:
        return dice(self.seed, "tune", self.brief.take, *about)

    def sing(self, section: Section, lyric: LyricSection) -> list[SungPhrase]:
        """A section's phrases set to notes."""
        eighth, eighths = self.brief.eighth, self.brief.eighths
        family = _family(section.kind)
        out: list[SungPhrase] = []
        head: list[tuple[float, int]] = []
        bar = 0
        roles = self._roles(family, [phrase.words for phrase in lyric.phrases])
        for i, written in enumerate(lyric.phrases):
            phrase = written
            part = _Part(family, roles[i], phrase.bars, self._cadence(i, len(lyric.phrases)))
            known = self.given.sung(phrase, bar) if self.given and family == "chorus" else None
            if known:
                phrase, onsets, tune = known
                self.themes.setdefault((family, False), tuple(zip(onsets, tune, strict=True)))
                self.sung.setdefault(family, []).extend(tune)
            else:
                onsets, tune = self._set(phrase.syllables, self._chords(section, bar, phrase.bars), part, phrase.words)
            if bar < self.whole:
                head += [(at + eighths * bar, pitch) for at, pitch in zip(onsets, tune, strict=True)]
            clock = LEAD_IN + max(0.0, -onsets[0]) * eighth
            times = [clock + self._swung(at) * eighth for at in onsets]
            end = clock + min(eighths * phrase.bars - 1.5, onsets[-1] + LONGEST_END) * eighth
            notes = tuple(
                Note(on, off, pitch + section.lift)
                for on, off, pitch in zip(times, [*times[1:], max(end, times[-1] + eighth)], tune, strict=True)
            )
            out.append(SungPhrase(phrase, section.start + eighths * bar * eighth - clock, notes))
            bar += phrase.bars
        self.heads.setdefault(family, head)
        return out

    def _chords(self, section: Section, bar: int, bars: int) -> tuple[Chord, ...]:
        """The chords of some of a section's bars, as they are without its lift."""
        return tuple(transposed(chord, -section.lift) for chord in section.chords[2 * bar : 2 * (bar + bars)])

    def _swung(self, at: float) -> float:
        """An onset in eighths, as late as the idiom swings it."""
        return at + self.idiom.late(round(2 * at)) / 2

    def _roles(self, family: str, texts: Sequence[tuple[str, ...]]) -> list[Role]:
        """What each phrase is to the theme. The same words always are the same."""
        plans = ROLES[min(len(texts), 4)]
        plan = plans[int(self._dice(family, "roles").integers(len(plans)))]
        known: dict[tuple[str, ...], Role] = {}
        return [known.setdefault(text, plan[i % len(plan)]) for i, text in enumerate(texts)]

    def _cadence(self, place: int, count: int) -> frozenset[int]:
        """Where a phrase comes to rest: at home at the end, open in the middle."""
        minor = self.brief.minor
        if place == count - 1:
            return MINOR_HOME if minor else HOME
        if place % 2 == 1:
            return MINOR_HALF if minor else HALF
        return frozenset()

    def _span(self, part: _Part) -> tuple[int, int]:
        """The lowest and the highest pitch of a part."""
        low, high = self.brief.low, self.brief.high
        if self._spoken(part):
            middle = (low + high) // 2 - 3
            return middle - SPOKEN_SPAN, middle + SPOKEN_SPAN
        above, below = SPANS[part.family]
        return low + above, high + below

    def _scale(self, low: int, high: int) -> list[int]:
        return [pitch for pitch in range(low, high + 1) if in_scale(pitch, self.brief.tonic)]

    def _spoken(self, part: _Part) -> bool:
        return self.brief.idiom in SPOKEN and part.family in ("verse", "bridge")

    def _set(
        self, syllables: Sequence[Syllable], chords: tuple[Chord, ...], part: _Part, words: Hashable
    ) -> tuple[Onsets, Tune]:
        """Onsets and pitches of one phrase; the first of its family becomes the theme of the others."""
        key = (part, words, chords)
        if key in self.tunes:
            return self.tunes[key]
        points, shared = self._points(part, chords)
        chance = self._dice(part.family, part.role)
        frame = rhythm.Frame(
            metre=self.brief.metre,
            bars=part.bars,
            theme=shared,
            syncopation=self.ways[self.brief.take - 1] * (0.6 if part.family == "verse" else 1.0),
            spoken=self._spoken(part),
        )
        onsets = rhythm.place(syllables, frame, chance)
        low, high = self._span(part)
        line = melody.Line(
            syllables=syllables,
            onsets=onsets,
            chords=chords,
            metre=self.brief.metre,
            tonic=self.brief.tonic,
            low=low,
            high=high,
            points=points,
            cadence=part.cadence,
            peaks=part.family == "chorus",
            plain=self.brief.idiom not in COLOURED,
            spoken=frame.spoken,
            firm=self.firm,
        )
        tune = melody.pitches(line, chance)
        if part.role in ("theme", "contrast"):
            self.themes.setdefault((part.family, part.role == "contrast"), tuple(zip(onsets, tune, strict=True)))
        self.sung.setdefault(part.family, []).extend(tune)
        self.tunes[key] = onsets, tune
        return onsets, tune

    def _points(self, part: _Part, chords: tuple[Chord, ...]) -> tuple[Points, Onsets]:
        """What a phrase keeps to, its theme as first sung or what its role makes of it; and the theme's onsets."""
        low, high = self._span(part)
        scale = self._scale(low, high)
        over = partial(sounding, chords, self.brief.metre)
        length = part.bars * self.brief.eighths
        known = self.themes.get((part.family, part.role == "contrast"))
        if not known:
            known = self._theme(part, over, scale, length)
        shared = tuple(at for at, _ in known)
        if part.role == "sequence":
            known = themes.sequence(known, over, scale)
        elif part.role == "answer":
            known = themes.answer(known, scale, self.half)
        return tuple(point for point in known if point[0] < length) or known[:1], shared

    def _theme(self, part: _Part, over: themes.Chords, scale: Sequence[int], length: int) -> Points:
        """A new theme, or one that contrasts with it, as high above the verse as its part should lie."""
        contrast = part.role == "contrast"
        one = themes.cell(self.brief, part.family, self.half, self.ways, self.seed)
        if contrast:
            one = one.turned().shifted(DISPLACED[self.brief.metre] * (1 if one.onsets[0] <= 0 else -1))
        contours = themes.CONTOURS[part.family]
        first = int(self._dice(part.family, "contour").integers(len(contours)))
        contour = themes.heights(contours[(first + contrast) % len(contours)], scale, length)
        bases = [mean(pitches) - RISE[family] for family, pitches in self.sung.items()]
        if bases:
            raised = mean(bases) + RISE[part.family] - mean(height for _, height in contour)
            contour = tuple((at, height + raised) for at, height in contour)
        turned = bool(self._dice(part.family, "turn").random() < 0.6) != contrast
        return themes.stated(one, contour, over, scale, half=self.half, length=length, turned=turned)

    def hook(self, choruses: Sequence[Section]) -> tuple[tuple[float, int], ...]:
        """The head of the chorus tune, else of the first tune there is, else one made up for instruments."""
        head = self.heads.get("chorus") or (self.given and self.given.points(0, self.whole))
        head = head or next(iter(self.heads.values()), None)
        if not head:
            home = (Chord((self.brief.tonic,), self.brief.tonic),)
            chords = self._chords(choruses[0], 0, self.whole) if choruses else home
            head = self._invented(_Part("chorus", "theme", self.whole, frozenset()), chords, 0)
        return tuple(head)

    def _invented(self, part: _Part, chords: tuple[Chord, ...], turn: int) -> list[tuple[float, int]]:
        """A phrase without words."""
        count = PLAYED_NOTES[turn % len(PLAYED_NOTES)] - SPARSE.get(self.brief.idiom, 0)
        syllables = [Syllable(k, (), "AA", 1 - k % 2, ()) for k in range(count)]
        onsets, tune = self._set(syllables, chords, part, count)
        return list(zip(onsets, tune, strict=True))

    def play(self, section: Section, hook: Sequence[tuple[float, int]], *, sung: bool, again: bool) -> tuple[Note, ...]:
        """What the lead instrument plays: the hook and its answers; in songs without words whole tunes.

        `again`: such a part was heard before, so its tune comes with ornaments.
        """
        brief = self.brief
        length = self.whole * brief.eighths
        octave = 12 if sum(pitch for _, pitch in hook) < LEAD_FROM * len(hook) else 0
        notes: list[Note] = []
        for turn in range(-(-section.bars // self.whole)):
            figure = list(hook) if sung else self._figure(section, turn, hook)
            if sung and turn % 2:
                figure = [(at, pitch) for at, pitch in figure if at <= ANSWER * length]
            elif again and not sung:
                figure = themes.adorned(figure, self._scale(brief.low, brief.high))
            ends = [at for at, _ in figure[1:]] + [figure[-1][0] + LONGEST_END - 2]
            for (at, pitch), end in zip(figure, ends, strict=True):
                begin = at + turn * length
                if not 0 <= begin < section.bars * brief.eighths:
                    continue
                strong = at % MIDDLE[brief.metre] == 0
                chord = sounding(section.chords, brief.metre, begin)
                heard = _fitted(pitch + section.lift, chord) if strong else pitch + section.lift
                on, off = (self._swung(x) * brief.eighth for x in (begin, end + turn * length))
                notes.append(Note(on, on + (off - on) * 0.95, heard + octave))
        return tuple(notes)

    def _figure(self, section: Section, turn: int, hook: Sequence[tuple[float, int]]) -> list[tuple[float, int]]:
        """A phrase of the tune of a song without words."""
        family = _family(section.kind)
        turns = max(1, section.bars // self.whole)
        if self.given and family == "chorus" and (known := self.given.points(turn * self.whole, self.whole)):
            return known
        roles = self._roles(family, [(str(k),) for k in range(turns)])
        role: Role = roles[turn] if turn < turns else "answer"
        if family == "chorus" and role == "theme":
            return list(hook)
        part = _Part(family, role, self.whole, self._cadence(turn, turns))
        chords = self._chords(section, turn * self.whole, self.whole)
        return self._invented(part, chords, turn)


def _family(kind: SectionKind) -> str:
    """Which tune a part sings: its own, or that of its nearest relative."""
    if kind in SPANS:
        return kind
    return "chorus" if kind in ("drop", "instrumental", "interlude") else "verse"


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
