"""Sound that somebody gives with a song: which part it takes in it, the file, and what was heard in it.

`generator.listening.hear` listens, `corrected` puts what a person knows better in its place; `facts` and `heard_from`
carry it as JSON through databases, pipes and children. Nothing that listens is loaded here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, get_args

from generator.listening.chorus import chorus_at
from generator.listening.facts import Bar, Key, Levels, Melody, Metre, Music, Name, Note, Part, Phrase, Triad

Role = Literal["reference", "instrumental", "vocal", "melody"]
ROLES: tuple[Role, ...] = get_args(Role)
"""The v6 parameters are called the same with "_url" behind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a sound is. Seconds count from the beginning of the kept file."""

    kind: Name
    seconds: float
    music: Music | None
    """None where no steady beat is heard."""
    melody: Melody | None
    """None where no tune is heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A sound as the engine takes it. `path`: a decoded copy of ours, FLAC, 44.1 kHz, one or two channels, 16 bits."""

    role: Role
    path: Path
    heard: Heard


BEATS: dict[Metre, int] = {"4/4": 4, "3/4": 3, "6/8": 2}
"""Beats of a bar: in 6/8 they are dotted."""
TOGETHER: frozenset[frozenset[Role]] = frozenset(
    frozenset(roles) for roles in (("melody", "reference"), ("vocal", "reference"), ("instrumental", "melody"))
)
"""Roles that two sounds can have in one song."""
SHORTEST_GROUND = 10.0
"""Seconds of a track that is sung over, or of a voice that is played to."""
FEWEST_NOTES = 3
"""Notes of a tune."""


class Unfit(Exception):  # noqa: N818  a sentence for people
    """A sound cannot have its role. `role`: which; the text is a sentence for people."""

    def __init__(self, role: Role, sentence: str) -> None:
        super().__init__(sentence)
        self.role = role


def check_together(roles: Collection[Role]) -> None:
    """Whether sounds can have these roles in one song. Raises `Unfit`."""
    if len(roles) < 2 or frozenset(roles) in TOGETHER:
        return
    first, last = sorted(roles, key=ROLES.index)[:2]
    if {first, last} == {"instrumental", "vocal"}:
        raise Unfit("vocal", "A track and a voice are a whole song already: give one of them, and the other is made.")
    if len(roles) > 2:
        raise Unfit(last, "Give two recordings at most.")
    raise Unfit(
        last, f"A {last} does not go together with {'an' if first[0] == 'i' else 'a'} {first}: give one of them."
    )


def check_fit(given: Given) -> None:
    """Whether a sound can have the role it was given, by what was heard in it. Raises `Unfit`."""
    role, heard = given.role, given.heard
    if heard.kind == "silence":
        raise Unfit(role, "The audio is silent.")
    if role == "melody" and heard.melody is None:
        raise Unfit(role, f"{_heard_as(heard.kind)} and no tune. Hum, sing, whistle or play one alone.")
    if role == "melody" and heard.melody and len(heard.melody.notes) < FEWEST_NOTES:
        raise Unfit(role, f"Too short for a tune: give {FEWEST_NOTES} notes or more, one after the other.")
    if role == "reference" and heard.music is None:
        raise Unfit(role, f"{_heard_as(heard.kind)} without a steady beat. Give a piece of music.")
    if role in ("instrumental", "vocal") and heard.seconds < SHORTEST_GROUND:
        raise Unfit(role, f"The audio is shorter than {SHORTEST_GROUND:.0f} seconds; a song needs more to stand on.")
    if role == "instrumental" and heard.music is None:
        raise Unfit(role, f"{_heard_as(heard.kind)} without a steady beat. A track to sing over needs one.")
    if role == "vocal" and heard.melody is None:
        raise Unfit(role, f"{_heard_as(heard.kind)} and no sung notes. Give a voice that sings, alone.")


def _heard_as(kind: Name) -> str:
    return {
        "silence": "There is silence in the audio",
        "noise": "There is noise in the audio",
        "applause": "There is applause in the audio",
        "speech": "There is speech in the audio",
        "drums": "There are drums in the audio",
        "voice": "There is one voice in the audio",
        "music": "There is music in the audio",
    }[kind]


def corrected(heard: Heard, *, tempo: float = 1.0, key: Key | None = None, downbeat: int = 0) -> Heard:
    """`heard` as a person knows better: beats twice as fast (`tempo` 2) or half (0.5), another key, bars that begin so
    many beats later. Without a beat there is nothing to correct but the key."""
    going = heard.music
    if going is None:
        return heard
    beats, first = going.beats, going.downbeat
    if tempo == 2.0:
        beats = tuple(time for a, b in pairwise(beats) for time in (a, (a + b) / 2)) + beats[-1:]
        first *= 2
    elif tempo == 0.5:
        beats, first = beats[first % 2 :: 2], first // 2
    each = BEATS[going.metre]
    first = (first + downbeat) % each
    lines = beats[first::each]
    if len(lines) < 2:
        return heard
    old = going.bars
    bars = tuple(Bar(a, b, (_chord(old, a, b, 0.25), _chord(old, a, b, 0.75))) for a, b in pairwise(lines))
    music = replace(
        going,
        bpm=going.bpm * tempo,
        beats=beats,
        downbeat=first,
        bars=bars,
        key=key or going.key,
        parts=_moved(going, lines),
    )
    return replace(heard, music=music)


def _chord(bars: tuple[Bar, ...], start: float, end: float, share: float) -> Triad:
    """What sounds at a share of the way between two seconds."""
    second = start + share * (end - start)
    bar = next((bar for bar in bars if second < bar.end), bars[-1])
    return bar.chords[second > (bar.start + bar.end) / 2]


def _moved(going: Music, lines: tuple[float, ...]) -> tuple[Part, ...]:
    """The parts, from the nearest of other bar lines on."""
    borders = [min(range(len(lines)), key=lambda k: abs(lines[k] - part.start)) for part in going.parts]
    borders = [0, *borders[1:], len(lines) - 1]
    return tuple(
        Part(lines[a], lines[b], a, b - a, part.letter)
        for part, (a, b) in zip(going.parts, pairwise(borders), strict=True)
        if b > a
    )


def told(heard: Heard) -> dict[str, Any]:
    """What people are told of a sound: `kind`, `seconds`, `bpm`, `key` and `metre` (0 and empty without a steady beat),
    `chorus` (the second from which it sounds, None where no part comes again)."""
    music = heard.music
    chorus = chorus_at(music) if music else None
    return {
        "kind": heard.kind,
        "seconds": round(heard.seconds),
        "bpm": round(music.bpm) if music else 0,
        "key": str(music.key) if music else "",
        "metre": music.metre if music else "",
        "chorus": None if chorus is None else int(chorus),
    }


def facts(heard: Heard) -> dict[str, Any]:
    """`heard` in JSON's types."""
    return asdict(heard)


def heard_from(found: dict[str, Any]) -> Heard:
    """What `facts` made. Raises KeyError, TypeError or ValueError for anything else."""
    going, tune = found["music"], found["melody"]
    return Heard(
        kind=found["kind"],
        seconds=float(found["seconds"]),
        music=_music(going) if going else None,
        melody=_melody(tune) if tune else None,
    )


def _music(found: dict[str, Any]) -> Music:
    bars = tuple(
        Bar(bar["start"], bar["end"], (Triad(*bar["chords"][0]), Triad(*bar["chords"][1]))) for bar in found["bars"]
    )
    return Music(
        **{
            **found,
            "beats": tuple(found["beats"]),
            "key": Key(*found["key"]),
            "bars": bars,
            "parts": tuple(Part(*part) for part in found["parts"]),
            "levels": Levels(tuple(found["levels"]["loudness"]), tuple(found["levels"]["brightness"])),
        }
    )


def _melody(found: dict[str, Any]) -> Melody:
    return Melody(
        tuple(Note(*note) for note in found["notes"]),
        tuple(Phrase(*phrase) for phrase in found["phrases"]),
        found["clear"],
    )
