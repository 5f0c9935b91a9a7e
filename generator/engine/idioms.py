"""The idioms Duplet plays, as a table: which words in a prompt ask for one, how it moves, what it is played on.

Programs are General MIDI numbers. Synth channels are the same in all idioms, see `Channel`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from .progressions import (
    BALLAD,
    BOSSA,
    CINEMATIC,
    COUNTRY,
    FOLK,
    HIPHOP,
    HOUSE,
    JAZZ,
    LOFI,
    MINOR_EPIC,
    MINOR_FOLK,
    MINOR_HIPHOP,
    MINOR_JAZZ,
    MINOR_POP,
    MINOR_REGGAE,
    MINOR_ROCK,
    MINOR_SOFT,
    MINOR_SOUL,
    POP,
    REGGAE,
    ROCK,
    SOUL,
    SYNTHWAVE,
    Harmony,
)


class Channel(IntEnum):
    """Who plays on which synth channel."""

    KEYS = 0
    BASS = 1
    GUITAR_LEFT = 2
    PAD = 3
    LEAD = 4
    GUITAR_RIGHT = 5
    OSTINATO = 6
    HIGH_STRINGS = 7
    DRUMS = 9


KeysPart = Literal["pushed", "stabs", "comp", "rolled", "broken", "offbeat", "sixteenths", "bossa", "none"]
GuitarPart = Literal["strum", "picked", "power", "chank", "none"]
BassPart = Literal[
    "rooted", "eighths", "walking", "offbeat", "lazy", "octaves", "bossa", "syncopated", "twobeat", "booming"
]


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
    groove: str
    """Key of `grooves.GROOVES`."""
    guitar: int
    """This and the next four are General MIDI programs; 0 is a grand piano, 32 a double bass, 48 strings."""
    lead: int
    keys: int = 0
    bass: int = 32
    pad: int = 48
    kit: int = 0
    keys_part: KeysPart = "none"
    guitar_part: GuitarPart = "none"
    bass_part: BassPart = "rooted"
    pad_from: float = 3.0
    """The energy from which on the pad plays."""
    strings: bool = False
    """A high string line in the strong sections."""
    ostinato: bool = False
    """Driving low strings under the strong sections."""
    saws: bool = False
    """Supersaw chords, calculated."""
    pump: bool = False
    """Everything but drums and voice breathes with the kick."""
    swing: float = 0.0
    """How late the off-beats fall, in sixteenths, 0 to 1."""
    swung: Literal["eighths", "sixteenths"] = "sixteenths"
    syncopation: float = 0.5
    """How much the tune anticipates the beat, 0 to 1."""
    lift: int = 0
    """Semitones the last chorus goes up."""
    room: float = 1.2
    """Seconds of reverberation."""

    def late(self, sixteenth: int) -> float:
        """By how many sixteenths this one comes late, since the idiom swings."""
        if self.swung == "eighths":
            return self.swing if sixteenth % 4 in (2, 3) else 0.0
        return self.swing if sixteenth % 2 else 0.0

    def harmony(self, *, minor: bool) -> Harmony:
        """The progressions of a mode."""
        return self.minor if minor else self.major

    @property
    def programs(self) -> dict[int, int]:
        """The General MIDI program of every melodic channel."""
        return {
            Channel.KEYS: self.keys,
            Channel.BASS: self.bass,
            Channel.GUITAR_LEFT: self.guitar,
            Channel.PAD: self.pad,
            Channel.LEAD: self.lead,
            Channel.GUITAR_RIGHT: self.guitar,
            Channel.OSTINATO: 48,
            Channel.HIGH_STRINGS: 49,
        }


IDIOMS: dict[str, Idiom] = {
    "pop": Idiom(
        genre="Pop",
        asks="pop cheerful happy upbeat catchy summer bright sunny joyful feelgood radio bubbly bouncy",
        bpm=(102, 118),
        major=POP,
        minor=MINOR_POP,
        minor_share=0.15,
        groove="pop",
        keys=4,
        guitar=25,
        bass=33,
        lead=80,
        keys_part="pushed",
        guitar_part="strum",
        bass_part="eighths",
        strings=True,
        syncopation=0.8,
        lift=2,
    ),
    "rock": Idiom(
        genre="Rock",
        asks="rock punk guitar anthem loud metal grunge indie driving restless garage riff energetic angry stadium",
        bpm=(122, 142),
        major=ROCK,
        minor=MINOR_ROCK,
        minor_share=0.35,
        groove="rock",
        keys=16,
        guitar=29,
        bass=34,
        lead=30,
        guitar_part="power",
        bass_part="eighths",
        syncopation=0.6,
        lift=2,
        room=1.1,
    ),
    "ballad": Idiom(
        genre="Ballad",
        asks="ballad slow emotional piano love sad heartbreak heartbroken tender romantic lullaby homesick wedding "
        "gentle goodbye intimate",
        bpm=(68, 80),
        major=BALLAD,
        minor=MINOR_SOFT,
        minor_share=0.3,
        groove="ballad",
        guitar=24,
        lead=73,
        keys_part="broken",
        guitar_part="picked",
        strings=True,
        pad_from=1.8,
        syncopation=0.2,
        lift=1,
        room=1.8,
    ),
    "house": Idiom(
        genre="House",
        asks="house edm electronic dance techno club trance party rave festival electro dancefloor danceable banger "
        "eurodance",
        bpm=(120, 128),
        major=HOUSE,
        minor=MINOR_POP,
        minor_share=0.6,
        groove="house",
        keys=90,
        guitar=81,
        bass=38,
        pad=89,
        lead=81,
        keys_part="sixteenths",
        bass_part="offbeat",
        pad_from=1.0,
        saws=True,
        pump=True,
        syncopation=0.9,
    ),
    "synthwave": Idiom(
        genre="Synthwave",
        asks="synthwave synthpop retrowave retro eighties 80s neon synth outrun vaporwave synths new-wave newwave",
        bpm=(96, 112),
        major=SYNTHWAVE,
        minor=MINOR_POP,
        minor_share=0.7,
        groove="synthwave",
        keys=81,
        guitar=27,
        bass=38,
        pad=89,
        lead=80,
        keys_part="sixteenths",
        bass_part="octaves",
        pad_from=1.0,
        saws=True,
        syncopation=0.6,
        room=1.7,
    ),
    "lofi": Idiom(
        genre="Lo-fi",
        asks="lofi lo-fi chill study relax relaxing drizzle rain rainy night mellow beats chillhop "
        "cozy sleepy lazy focus",
        bpm=(74, 86),
        major=LOFI,
        minor=MINOR_JAZZ,
        minor_share=0.4,
        groove="lofi",
        keys=4,
        guitar=26,
        pad=89,
        lead=11,
        keys_part="rolled",
        bass_part="lazy",
        pad_from=1.0,
        swing=0.32,
        syncopation=0.7,
        room=1.3,
    ),
    "jazz": Idiom(
        genre="Jazz",
        asks="jazz swing blues lounge sax saxophone brushes bebop smoky crooner bigband cabaret jazzy trumpet",
        bpm=(116, 136),
        major=JAZZ,
        minor=MINOR_JAZZ,
        minor_share=0.3,
        groove="swing",
        guitar=26,
        pad=49,
        lead=66,
        kit=40,
        keys_part="comp",
        bass_part="walking",
        pad_from=4.0,
        swing=0.62,
        swung="eighths",
        syncopation=0.9,
        room=1.3,
    ),
    "bossa": Idiom(
        genre="Bossa nova",
        asks="bossa bossanova bossa-nova samba latin brazilian nylon beach cafe tropical rumba cuban",
        bpm=(116, 134),
        major=BOSSA,
        minor=MINOR_JAZZ,
        minor_share=0.35,
        groove="bossa",
        keys=4,
        guitar=24,
        pad=49,
        lead=73,
        kit=40,
        keys_part="bossa",
        guitar_part="chank",
        bass_part="bossa",
        pad_from=4.0,
        syncopation=1.0,
        room=1.3,
    ),
    "soul": Idiom(
        genre="Soul",
        asks="soul motown rnb r&b gospel brass horns neo-soul soulful",
        bpm=(94, 110),
        major=SOUL,
        minor=MINOR_SOUL,
        minor_share=0.4,
        groove="soul",
        keys=4,
        guitar=27,
        bass=33,
        lead=61,
        keys_part="stabs",
        guitar_part="chank",
        bass_part="syncopated",
        pad_from=4.0,
        strings=True,
        swing=0.14,
        syncopation=0.9,
        lift=1,
    ),
    "funk": Idiom(
        genre="Funk",
        asks="funk funky groove groovy disco slap clavinet wah boogie strut p-funk",
        bpm=(100, 114),
        major=SOUL,
        minor=MINOR_SOUL,
        minor_share=0.6,
        groove="funk",
        keys=16,
        guitar=27,
        bass=33,
        lead=61,
        keys_part="stabs",
        guitar_part="chank",
        bass_part="syncopated",
        pad_from=5.5,
        swing=0.08,
        syncopation=1.0,
        room=0.9,
    ),
    "ambient": Idiom(
        genre="Ambient",
        asks="ambient drone meditation meditative atmospheric ethereal soundscape floating weightless hypnotic spacey "
        "yoga newage new-age spa",
        bpm=(56, 70),
        major=CINEMATIC,
        minor=MINOR_EPIC,
        minor_share=0.45,
        groove="drift",
        keys=11,
        guitar=27,
        bass=38,
        pad=89,
        lead=73,
        keys_part="broken",
        pad_from=0.0,
        syncopation=0.2,
        room=3.6,
    ),
    "folk": Idiom(
        genre="Folk",
        asks="folk acoustic campfire singer-songwriter americana fingerpicked fingerpicking woodland unplugged celtic "
        "traveller ballad-of storytelling",
        bpm=(92, 106),
        major=FOLK,
        minor=MINOR_FOLK,
        minor_share=0.25,
        groove="folk",
        guitar=25,
        lead=73,
        guitar_part="picked",
        strings=True,
        syncopation=0.2,
    ),
    "country": Idiom(
        genre="Country",
        asks="country nashville cowboy western honky-tonk bluegrass banjo rodeo truck twang twangy prairie southern",
        bpm=(104, 122),
        major=COUNTRY,
        minor=MINOR_ROCK,
        minor_share=0.1,
        groove="train",
        guitar=25,
        lead=27,
        guitar_part="strum",
        bass_part="twobeat",
        pad_from=4.0,
        syncopation=0.35,
        lift=2,
    ),
    "hiphop": Idiom(
        genre="Hip-hop",
        asks="hiphop hip-hop rap trap drill 808 boombap boom-bap gangsta freestyle mumble",
        bpm=(132, 148),
        major=HIPHOP,
        minor=MINOR_HIPHOP,
        minor_share=0.85,
        groove="trap",
        guitar=27,
        bass=38,
        pad=89,
        lead=11,
        kit=25,
        keys_part="rolled",
        bass_part="booming",
        pad_from=2.0,
        syncopation=0.8,
    ),
    "reggae": Idiom(
        genre="Reggae",
        asks="reggae dub ska dancehall jamaica jamaican rasta caribbean island roots",
        bpm=(72, 84),
        major=REGGAE,
        minor=MINOR_REGGAE,
        minor_share=0.35,
        groove="onedrop",
        keys=16,
        guitar=27,
        bass=33,
        lead=61,
        keys_part="offbeat",
        guitar_part="chank",
        bass_part="lazy",
        pad_from=4.0,
        swing=0.2,
        syncopation=0.7,
        room=1.6,
    ),
    "cinematic": Idiom(
        genre="Cinematic",
        asks="cinematic epic orchestral orchestra film trailer mysterious soundtrack heroic fantasy score "
        "symphonic majestic movie battle choir",
        bpm=(84, 96),
        major=CINEMATIC,
        minor=MINOR_EPIC,
        minor_share=0.75,
        groove="epic",
        keys=46,
        guitar=24,
        bass=43,
        lead=60,
        keys_part="broken",
        pad_from=1.0,
        strings=True,
        ostinato=True,
        syncopation=0.2,
        lift=2,
        room=2.2,
    ),
}
