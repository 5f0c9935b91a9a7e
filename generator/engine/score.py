"""What a song is before it sounds: the brief, the words, and the score that both takes are rendered from.

Times are seconds, pitches MIDI numbers (60 = middle C), pitch classes 0-11 (0 = C), energy 1.0 (barely there) to 5.0.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

SectionKind = Literal[
    "intro", "verse", "prechorus", "chorus", "interlude", "drop", "bridge", "breakdown", "instrumental", "outro"
]
Singer = Literal["female", "young", "alto", "breathy", "male", "deep"]
Player = Literal["drums", "bass", "keys", "guitar", "pad", "strings", "lead"]
Stem = Literal["drums", "bass", "mid", "pad", "lead"]
Sound = Literal["saw", "warm", "pluck", "sub", "analog", "kick", "clap", "snare", "rise", "boom", "crackle"]
Metre = Literal["4/4", "3/4", "6/8"]
Mood = Literal[
    "happy",
    "hopeful",
    "playful",
    "tender",
    "calm",
    "dreamy",
    "lullaby",
    "sad",
    "dark",
    "mysterious",
    "angry",
    "energetic",
]
Curve = Literal["song", "build", "calm", "steady", "bursting", "heard"]
"""How the strength of the sections goes: as songs do, rising from almost nothing to the end, never loud, strong all
along, thin verses against the fullest choruses, or as in the piece that the song is made after."""
Ending = Literal["rest", "quiet", "big"]
"""The last part comes to rest, dies away (few players, soft), or is as strong as a chorus up to a last blow."""
Feel = Literal["straight", "half-time", "double-time"]
"""Where the drums' backbeat falls: on two and four, on three only, or twice as often; the tempo stays what it is."""
EIGHTHS: dict[Metre, int] = {"4/4": 8, "3/4": 6, "6/8": 6}
"""How many eighths a bar of each metre has."""
MIDDLE: dict[Metre, int] = {"4/4": 4, "3/4": 4, "6/8": 3}
"""The eighth of the bar with which its second chord begins."""
SHORT = 45
"""Seconds: so long a song has no verse."""


class Sketch(NamedTuple):
    """A part of a piece that a song is made after: what it is there, how long, and how strong (energy)."""

    kind: SectionKind
    bars: int
    energy: float


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
    seconds: int = 120
    """How long the song shall be, 20 to 300. Given words are sung whole even if that takes longer."""
    timed: bool = False
    """The prompt says how long: then parts are sung again, if need be, to fill the time."""
    mood: frozenset[Mood]
    about: tuple[str, ...]
    """What the song is about: the prompt's content words, lower case, in their order; neighbours stay together."""
    name: str
    """The title that the prompt asks for, or nothing."""
    instruments: tuple[str, ...] = ()
    """Instruments the prompt asks for: keys of `instruments.INSTRUMENTS`."""
    without: frozenset[Player] = frozenset()
    """Who in the band does not play: those the prompt rules out ("no drums"), or all but those to whom it reduces the
    band ("solo piano", "just guitar and voice"). Then only "lead" stays too, on the sound of who is left: it is that
    player's own tune where nobody sings. "a cappella" leaves the pad alone, which hums as a choir."""
    curve: Curve = "song"
    form: tuple[Sketch, ...] = ()
    """The parts of the piece that the song is made after, in order; none where there is no such piece."""
    bright: float = 0.0
    """Octaves by which the song's sound shall lie above what its idiom has."""
    ending: Ending = "rest"
    feel: Feel = "straight"
    unmet: tuple[str, ...] = ()
    """What the prompt asks for and is not done, each with what is done instead, as a person reads it."""
    take: int
    """1 or 2: the takes differ in tune and groove, and in tempo, key, singer and form where the prompt leaves them
    open."""

    @property
    def length(self) -> Literal["short", "normal"]:
        """short: a hook between an intro and an outro; normal: verses and choruses."""
        return "short" if self.seconds <= SHORT else "normal"

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
    """Half a bar of harmony: pitch classes root first, and the bass's pitch class.

    The second half begins at `MIDDLE`: in 3/4 with the third beat.
    """

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
    """One sound made by calculation, not of samples. What `kind` sounds like, and what its other fields mean:

    | kind    | sound                                                     | pitches   | length                     |
    |---------|-----------------------------------------------------------|-----------|----------------------------|
    | saw     | chord of detuned saws across the stereo field             | any       | until it is released       |
    | warm    | pad: soft saws under a filter that opens and closes       | any       | until it is released       |
    | pluck   | short, bright, falling saw: arpeggios, sequences          | any       | at most; it decays itself  |
    | sub     | sine bass with a knock, as of an 808                      | one or two| until it is released       |
    | analog  | saw bass with a falling filter                            | any       | until it is released       |
    | kick    | electronic bass drum                                      | none      | ignored                    |
    | clap    | hands, several at once                                    | none      | ignored                    |
    | snare   | snare in a big room that is shut off                      | none      | until the room is shut off |
    | rise    | noise that grows and opens, loudest at its end            | none      | whole                      |
    | boom    | low blow with a splash                                    | none      | whole                      |
    | crackle | dust on a record                                          | none      | whole                      |

    `gain` 1 is a full, `gain` 0.5 a soft note. "sub" with two pitches glides from the first to the second. On the desk
    "sub" and "analog" go with the bass, "kick", "clap" and "snare" with the drums, all others with the harmony.
    """

    at: float
    length: float
    kind: Sound
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
    """What the lead instrument plays, in seconds from the section's start as it would be in an even beat."""
    pulse: tuple[float, ...] = ()
    """Where the song follows a given sound: the song's seconds of its beats and of its end. Else the beat is even."""

    def at(self, even: float, beat: float) -> float:
        """The song's second of what stands `even` seconds after the start in even beats of `beat` seconds."""
        return moved(even / beat, self.pulse) if self.pulse else self.start + even

    def even(self, second: float, beat: float) -> float:
        """The way back: seconds after the start, in even beats of `beat` seconds, of a second of the song."""
        return unmoved(second, self.pulse) * beat if self.pulse else second - self.start


def moved(index: float, times: Sequence[float]) -> float:
    """The time at a fractional index of rising `times`; beyond its ends their last step goes on."""
    if index < 0:
        return times[0] + index * (times[1] - times[0])
    last = len(times) - 1
    if index >= last:
        return times[last] + (index - last) * (times[last] - times[last - 1])
    before = int(index)
    return times[before] + (index - before) * (times[before + 1] - times[before])


def unmoved(time: float, times: Sequence[float]) -> float:
    """The fractional index of a time among rising `times`: the inverse of `moved`."""
    if time < times[0]:
        return (time - times[0]) / (times[1] - times[0])
    last = len(times) - 1
    if time >= times[last]:
        return last + (time - times[last]) / (times[last] - times[last - 1])
    before = bisect_right(times, time) - 1
    return before + (time - times[before]) / (times[before + 1] - times[before])


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
