"""What can be known of a sound, as plain values; nothing that listens is loaded for them."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Literal, NamedTuple

NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
Name = Literal["silence", "noise", "applause", "speech", "drums", "voice", "music"]
"""voice: one line alone, sung, hummed, whistled or played. Everything that is none of the others is music."""


Metre = Literal["4/4", "3/4", "6/8"]


class Key(NamedTuple):
    """`tonic`: pitch class, 0 = C. `certainty`: 0 to 1, the belief in it among all keys."""

    tonic: int
    minor: bool
    certainty: float

    @property
    def scale(self) -> int:
        """Pitch class of the major scale with the same notes."""
        return (self.tonic + 3 * self.minor) % 12

    def __str__(self) -> str:
        return f"{NAMES[self.tonic]} {'minor' if self.minor else 'major'}"


class Triad(NamedTuple):
    """`root`: pitch class, 0 = C."""

    root: int
    minor: bool

    def __str__(self) -> str:
        return NAMES[self.root] + ("m" if self.minor else "")


class Part(NamedTuple):
    """`start`, `end`: seconds. `bar`, `bars`: its first bar, counted from 0, and how many it has. `letter`: parts with
    the same one are the same music again."""

    start: float
    end: float
    bar: int
    bars: int
    letter: str


@dataclass(frozen=True, slots=True)
class Levels:
    """One value a second each. `loudness`: decibels of its mean square, full scale 0, at least -80. `brightness`: Hz,
    the middle of its spectrum (half of the amplitude lies below), 0 where it is silent."""

    loudness: tuple[float, ...]
    brightness: tuple[float, ...]

    @property
    def bright(self) -> float:
        """Hz: the median of the seconds that are not silent, 0 if there are none."""
        heard = [hertz for hertz in self.brightness if hertz > 0]
        return float(median(heard)) if heard else 0.0


@dataclass(frozen=True, slots=True)
class Bar:
    """`start`, `end`: seconds. `chords`: of its first and second half; the second of 3/4 is the third beat."""

    start: float
    end: float
    chords: tuple[Triad, Triad]


@dataclass(frozen=True, slots=True)
class Music:
    """A piece of music. Seconds count from the sound's beginning, certainties go from 0 to 1."""

    bpm: float
    """Beats a minute: quarters, in 6/8 dotted quarters."""
    metre: Metre
    beats: tuple[float, ...]
    """Seconds of every beat, from the first to the last in the sound."""
    downbeat: int
    """Index in `beats` of the first that begins a bar."""
    even: bool
    """The beats are a grid without drift, as machines play."""
    tempo_certainty: float
    downbeat_certainty: float
    regularity: float
    """Above 0.2 one can tap to it."""
    key: Key
    tuning: float
    """Cents above A = 440 Hz, -50 to 50."""
    bars: tuple[Bar, ...]
    """Every whole bar in the sound."""
    parts: tuple[Part, ...]
    levels: Levels

    def at(self, second: float) -> Bar | None:
        """The bar in which a second lies."""
        return next((bar for bar in self.bars if bar.start <= second < bar.end), None)


class Note(NamedTuple):
    """`start`, `end`: seconds. `sounded`: MIDI pitch as it was, with fractions. `pitch`: the semitone that was meant,
    after the singer's own tuning and drift."""

    start: float
    end: float
    sounded: float
    pitch: int


class Phrase(NamedTuple):
    """`start`, `end`: seconds. `first`: index of its first note, `size`: how many it has."""

    start: float
    end: float
    first: int
    size: int


@dataclass(frozen=True, slots=True)
class Melody:
    """A tune, its notes in order and never at once. `clear`: 0 to 1, how much of what is loud has one clear pitch;
    below 0.5 this is hardly one voice."""

    notes: tuple[Note, ...]
    phrases: tuple[Phrase, ...]
    clear: float
