"""What makes an idiom: its tempo and harmony, who plays and who comes in when, on which sounds, with what timing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, NamedTuple

from .progressions import Harmony
from .score import Player, Sound


class Channel(IntEnum):
    """Who plays on which synth channel; the same in all idioms."""

    KEYS = 0
    BASS = 1
    GUITAR_LEFT = 2
    PAD = 3
    LEAD = 4
    GUITAR_RIGHT = 5
    OSTINATO = 6
    HIGH_STRINGS = 7
    DRUMS = 9


KeysPart = Literal[
    "pushed", "stabs", "clav", "comp", "rolled", "broken", "offbeat", "sixteenths", "bossa", "swell", "solo", "none"
]
GuitarPart = Literal["strum", "picked", "power", "chank", "skank", "boom-chick", "bossa", "swell", "none"]
BassPart = Literal[
    "rooted", "eighths", "walking", "offbeat", "lazy", "octaves", "bossa", "syncopated", "slapped", "twobeat",
    "booming", "drone",
]  # fmt: skip
Family = Literal["band", "soft", "swing", "machine", "epic"]
"""What an idiom turns into in three: a band's waltz, a soft one, a jazz waltz, a machine's, an orchestra's."""


class Sounds(NamedTuple):
    """General MIDI programs; 0 is a grand piano, 32 a double bass, 48 strings. `kit` is a drum kit."""

    keys: int
    guitar: int
    bass: int
    lead: int
    other_lead: int
    """What the second take's tunes are played on."""
    other_keys: int
    """The second take's keys."""
    pad: int = 48
    kit: int = 0


class Playing(NamedTuple):
    """How each player plays, see `keyfigures`, `guitarfigures` and `bassfigures`."""

    keys: KeysPart = "none"
    guitar: GuitarPart = "none"
    bass: BassPart = "rooted"


class Timing(NamedTuple):
    """How the hands move."""

    lag: float = 0.0
    """Seconds by which the band plays behind the kick drum; below 0 it pushes ahead."""
    loose: float = 1.0
    """How human: 0 is a machine, 1 a good studio band, more an old friends' evening."""
    swing: float = 0.0
    """How late the off-beats fall, in sixteenths, 0 to 1."""
    swung: Literal["eighths", "sixteenths"] = "sixteenths"


@dataclass(frozen=True, slots=True, kw_only=True)
class Idiom:
    """One manner of music."""

    genre: str
    """Its name for people."""
    asks: str
    """Words of a prompt that ask for it; those in `vocabulary.NAMING` weigh more."""
    bpm: tuple[int, int]
    major: Harmony
    minor: Harmony
    minor_share: float
    """How often a song is in minor when the prompt leaves it open, 0 to 1."""
    grooves: tuple[str, str]
    """Keys of `grooves.GROOVES`, one a take: what the drummer plays in four."""
    family: Family = "band"
    entry: tuple[Player, ...]
    """Who plays, in the order in which they come in as the song grows."""
    sounds: Sounds
    playing: Playing
    timing: Timing
    top_line: Literal["strings", "lead", "stabs", "none"] = "lead"
    """Who has a line of their own above the choruses; stabs are a horn section's short chords."""
    answers: bool = True
    """Whether the lead instrument answers the singer."""
    ostinato: bool = False
    """Driving low strings under the strong sections."""
    drawn: frozenset[Sound] = frozenset()
    """What is calculated here: in place of samples (bass, plucks, pads) or beside them (drums, saws, dust)."""
    pump: bool = False
    """Everything but drums and voice breathes with the kick."""
    stops: bool = False
    """The band may hold its breath on the beat before a chorus."""
    spacious: bool = False
    """Chords make room under quick words."""
    last: Literal["ring", "stab"] = "ring"
    """The last bar: a chord that rings, or one short blow."""
    syncopation: float = 0.5
    """How much the tune anticipates the beat, 0 to 1."""
    lift: int = 0
    """Semitones the last chorus goes up."""
    room: float = 1.2
    """Seconds of reverberation."""

    def late(self, sixteenth: int) -> float:
        """By how many sixteenths this one comes late, since the idiom swings."""
        if self.timing.swung == "eighths":
            return self.timing.swing if sixteenth % 4 in (2, 3) else 0.0
        return self.timing.swing if sixteenth % 2 else 0.0

    def harmony(self, *, minor: bool) -> Harmony:
        """The progressions of a mode."""
        return self.minor if minor else self.major

    @property
    def kit(self) -> int:
        """The General MIDI drum kit."""
        return self.sounds.kit

    @property
    def programs(self) -> dict[int, int]:
        """The General MIDI program of every melodic channel."""
        return {
            Channel.KEYS: self.sounds.keys,
            Channel.BASS: self.sounds.bass,
            Channel.GUITAR_LEFT: self.sounds.guitar,
            Channel.PAD: self.sounds.pad,
            Channel.LEAD: self.sounds.lead,
            Channel.GUITAR_RIGHT: self.sounds.guitar,
            Channel.OSTINATO: 48,
            Channel.HIGH_STRINGS: 49,
        }
