"""What a song is before it sounds: the brief, the words, and the score that both takes are rendered from.

Times are seconds, pitches MIDI numbers (60 = middle C), pitch classes 0-11 (0 = C), energy 1.0 (barely there) to 5.0.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

SectionKind = Literal[
    "intro", "verse", "prechorus", "chorus", "interlude", "drop", "bridge", "breakdown", "instrumental", "outro"
]
Singer = Literal["female", "young", "alto", "breathy", "male", "deep"]
Player = Literal["drums", "bass", "keys", "guitar", "pad", "strings", "lead"]
Stem = Literal["drums", "bass", "mid", "pad"]
Metre = Literal["4/4", "3/4", "6/8"]
EIGHTHS: dict[Metre, int] = {"4/4": 8, "3/4": 6, "6/8": 6}
"""How many eighths a bar of each metre has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What the prompt was understood to ask for, for one take. `idiom` is a key of `idioms.IDIOMS`."""

    idiom: str
    bpm: int
    """Beats a minute: quarters, in 6/8 dotted quarters."""
    metre: Metre = "4/4"
    tonic: int
    """Pitch class of the major scale the harmony is spelled in; a minor song's own tonic lies a third below."""
    minor: bool
    singer: Singer
    low: int
    """The singer's range, MIDI, inclusive."""
    high: int
    instrumental: bool
    length: Literal["short", "normal"]
    """short: about 20-30 s; normal: as long as the words need, about two minutes."""
    mood: frozenset[str]
    about: tuple[str, ...]
    """What the song is about: the prompt's content words, lower case, in their order; neighbours stay together."""
    name: str
    """The title that the prompt asks for, or nothing."""
    instruments: tuple[str, ...] = ()
    """Instruments the prompt asks for: keys of `instruments.INSTRUMENTS`."""
    without: frozenset[Player] = frozenset()
    """Who in the band does not play, since the prompt says so."""
    take: int
    """1 or 2: the takes differ in tempo, key, singer and tune."""

    @property
    def beat(self) -> float:
        """Seconds a beat: a quarter, in 6/8 a dotted quarter."""
        return 60 / self.bpm

    @property
    def eighth(self) -> float:
        """Seconds an eighth."""
        return self.beat / (3 if self.metre == "6/8" else 2)

    @property
    def eighths(self) -> int:
        """Eighths of a bar."""
        return EIGHTHS[self.metre]

    @property
    def steps(self) -> int:
        """Sixteenths of a bar, which are the steps of the band's patterns."""
        return 2 * self.eighths

    @property
    def bar(self) -> float:
        """Seconds a bar."""
        return self.eighths * self.eighth

    @property
    def key(self) -> int:
        """Pitch class people would name: the sixth degree of `tonic` in minor."""
        return (self.tonic + 9) % 12 if self.minor else self.tonic


class Syllable(NamedTuple):
    """One syllable in CMUdict phones: onset and coda consonants, the vowel without its digit, stress 0, 1 or 2."""

    word: int
    """Index of its word in the phrase."""
    onset: tuple[str, ...]
    vowel: str
    stress: int
    coda: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is sung in one breath: a written line or a piece of a long one."""

    words: tuple[str, ...]
    """As written, punctuation and all; every word has at least one syllable."""
    syllables: tuple[Syllable, ...]
    line: int
    """Index of the written line in its section."""
    bars: int = 2
    """How much room it has in the music."""


@dataclass(frozen=True, slots=True)
class LyricSection:
    """A part of the words. `lines` are as written, by the person or (`generated`) by us; `phrases` cover them."""

    kind: SectionKind
    lines: tuple[str, ...]
    phrases: tuple[Phrase, ...]
    """Empty where the part is played, not sung."""
    generated: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """All words of a song in singing order, and its name. A song without any phrase is an instrumental one."""

    title: str
    sections: tuple[LyricSection, ...]


class Note(NamedTuple):
    """One sung syllable: on and off in seconds from the phrase's own start."""

    on: float
    off: float
    pitch: int


@dataclass(slots=True)
class SungPhrase:
    """A phrase set to notes, one a syllable. `start` is the song's second at which the phrase's own clock begins.

    The first note comes 0.45 s or later on that clock, which leaves room for breath and the first consonants. A phrase
    may begin with a pickup of up to three eighths, so it can start, and even sound, a little before its section does.
    """

    phrase: Phrase
    start: float
    notes: tuple[Note, ...]


class Chord(NamedTuple):
    """Half a bar of harmony: pitch classes root first, and the bass's pitch class."""

    pitches: tuple[int, ...]
    bass: int


class Hit(NamedTuple):
    """One played note: seconds from the section's start, length, synth channel (9 = drums), pitch, velocity 1-127."""

    at: float
    length: float
    channel: int
    pitch: int
    velocity: int


class Tone(NamedTuple):
    """One sound made by calculation, not of samples: a saw chord, a riser before a chorus, a boom on its first beat."""

    at: float
    length: float
    kind: Literal["saw", "rise", "boom"]
    pitches: tuple[int, ...]
    gain: float


@dataclass(slots=True)
class Section:
    """A stretch of the score. `start` and `end` are seconds of the song; `bar` counts from its beginning."""

    kind: SectionKind
    bar: int
    bars: int
    energy: float
    chords: tuple[Chord, ...]
    """Two a bar, in the key that is heard: `lift` is already in them."""
    lift: int
    """Semitones above the song's key."""
    riff: bool
    """The lead instrument has the tune here."""
    start: float
    end: float
    lines: tuple[str, ...] = ()
    generated: bool = False
    sung: list[SungPhrase] = field(default_factory=list)
    tune: tuple[Note, ...] = ()
    """What the lead instrument plays, in seconds from the section's start."""


@dataclass(frozen=True, slots=True)
class Score:
    """One take, composed: `hook` is (onset in eighths, pitch) of the head of the chorus tune."""

    brief: Brief
    title: str
    sections: tuple[Section, ...]
    hook: tuple[tuple[float, int], ...]
    seed: int

    @property
    def duration(self) -> float:
        """Seconds, without the last reverb."""
        return self.sections[-1].end


@dataclass(slots=True)
class Parts:
    """What the band plays in one section."""

    stems: dict[Stem, list[Hit]] = field(default_factory=dict)
    tones: list[Tone] = field(default_factory=list)
