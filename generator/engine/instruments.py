"""Instruments that prompts name, and what becomes of an idiom when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from .idiom import GuitarPart, Idiom, KeysPart, Playing, Sounds
from .idioms import IDIOMS
from .score import Brief, Player, Sound


class Instrument(NamedTuple):
    """Who takes it up, its General MIDI program, and how it is played in an idiom that has no part for that player."""

    player: Player
    program: int
    keys_part: KeysPart = "none"
    guitar_part: GuitarPart = "none"


INSTRUMENTS: dict[str, Instrument] = {
    "piano": Instrument("keys", 0, keys_part="broken"),
    "electric piano": Instrument("keys", 4, keys_part="rolled"),
    "organ": Instrument("keys", 16, keys_part="pushed"),
    "harp": Instrument("keys", 46, keys_part="broken"),
    "guitar": Instrument("guitar", 25, guitar_part="picked"),
    "acoustic guitar": Instrument("guitar", 25, guitar_part="strum"),
    "nylon guitar": Instrument("guitar", 24, guitar_part="picked"),
    "electric guitar": Instrument("guitar", 27, guitar_part="strum"),
    "distorted guitar": Instrument("guitar", 29, guitar_part="power"),
    "double bass": Instrument("bass", 32),
    "synth bass": Instrument("bass", 38),
    "strings": Instrument("strings", 48),
    "choir": Instrument("pad", 52),
    "pad": Instrument("pad", 89),
    "saxophone": Instrument("lead", 66),
    "trumpet": Instrument("lead", 56),
    "brass": Instrument("lead", 61),
    "french horn": Instrument("lead", 60),
    "flute": Instrument("lead", 73),
    "vibraphone": Instrument("lead", 11),
    "violin": Instrument("lead", 48),
}
CHORDS: frozenset[Player] = frozenset(("keys", "guitar", "pad", "strings"))
"""Where none of them plays, a pad carries the chords."""
SEATS: dict[Player, str] = {"strings": "pad"}
"""The players whose sound is kept under another's name."""
SAMPLED_THEN: dict[Player, frozenset[Sound]] = {
    "keys": frozenset(("pluck",)),
    "bass": frozenset(("sub", "analog")),
    "strings": frozenset(("warm",)),
    "pad": frozenset(("warm",)),
}
"""What is no longer calculated once a player's instrument is asked for by name."""
SWING_TEMPI, SWING_SHARES = (80, 120, 160, 220), (1.1, 1.0, 0.72, 0.3)
"""Beats a minute, and how much of its swing an idiom of swung eighths keeps there: 2 : 1 at 120, nearly even at 220."""


def performed(brief: Brief) -> Idiom:
    """The brief's idiom as this take plays it: its sounds, the instruments asked for, its swing at this tempo."""
    idiom = IDIOMS[brief.idiom]
    asked = [INSTRUMENTS[name] for name in brief.instruments]
    entry = tuple(player for player in _entering(idiom.entry, asked) if player not in brief.without)
    if not CHORDS.intersection(entry) and "pad" not in brief.without:
        entry = ("pad", *entry)
    sounds = idiom.sounds
    if brief.take == 2:
        sounds = sounds._replace(keys=sounds.other_keys, lead=sounds.other_lead)
    playing, drawn = idiom.playing, idiom.drawn
    for instrument in asked:
        sounds = sounds._replace(**{SEATS.get(instrument.player, instrument.player): instrument.program})
        playing = _taking_up(playing, instrument, few=bool(brief.without))
        drawn -= SAMPLED_THEN.get(instrument.player, frozenset())
    if {"drums", "bass"} <= brief.without:
        sounds = sounds._replace(lead=_alone_on(entry, sounds))
        playing = _alone_playing(entry, playing)
        drawn -= {"saw", "pluck", "crackle"}
    rocked = "lullaby" in brief.mood
    return replace(
        idiom,
        family="soft" if rocked else idiom.family,
        entry=tuple(sorted(entry, key="drums".__eq__)) if rocked else entry,
        sounds=sounds,
        playing=playing,
        drawn=drawn,
        timing=idiom.timing._replace(swing=_swing(idiom, brief)),
        pump=idiom.pump and "drums" not in brief.without,
        ostinato=idiom.ostinato and "strings" in entry,
    )


def _taking_up(playing: Playing, instrument: Instrument, *, few: bool) -> Playing:
    """The parts when an instrument is asked for: the idiom's own if it has one, keys among few players a full one."""
    if instrument.player == "keys" and (playing.keys == "none" or few):
        return playing._replace(keys=instrument.keys_part)
    if instrument.player == "guitar" and playing.guitar == "none":
        return playing._replace(guitar=instrument.guitar_part)
    return playing


def _entering(entry: Sequence[Player], asked: Sequence[Instrument]) -> tuple[Player, ...]:
    """The order of entrance with those who were asked for in front, a bass where it was."""
    players = [instrument.player for instrument in asked if instrument.player != "lead"]
    front = [player for player in players if player != "bass"]
    return tuple(dict.fromkeys((*front, *entry, *players)))


def _alone_on(entry: tuple[Player, ...], sounds: Sounds) -> int:
    """The sound of the tune where hardly anybody plays: that of who does."""
    if "keys" in entry:
        return sounds.keys
    return sounds.guitar if "guitar" in entry else sounds.pad if entry else sounds.lead


def _alone_playing(entry: tuple[Player, ...], playing: Playing) -> Playing:
    """Parts that carry a song alone: two hands on the keys, thumb and fingers on the guitar."""
    if "keys" in entry and "guitar" not in entry:
        return playing._replace(keys="solo" if playing.keys != "swell" else "swell")
    if "guitar" in entry and "keys" not in entry and playing.guitar in ("chank", "skank", "none"):
        return playing._replace(guitar="strum")
    return playing


def _swing(idiom: Idiom, brief: Brief) -> float:
    """How late off-beats are: swung eighths even out as the tempo rises, and six eighths are a triplet already."""
    swing = idiom.timing.swing
    if brief.metre == "6/8" or idiom.timing.swung == "sixteenths":
        return 0.0 if brief.metre == "6/8" else swing
    return float(np.interp(brief.bpm, SWING_TEMPI, SWING_SHARES)) * swing
