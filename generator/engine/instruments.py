"""Instruments that prompts name, and what becomes of an idiom when they are asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from .idiom import GuitarPart, Idiom, KeysPart, Playing, Sounds
from .idioms import IDIOMS
from .score import Brief, Player


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
SWING_TEMPI, SWING_SHARES = (80, 120, 160, 220), (1.1, 1.0, 0.72, 0.3)
"""Beats a minute, and how much of its swing an idiom of swung eighths keeps there: 2 : 1 at 120, nearly even at 220."""


def performed(brief: Brief) -> Idiom:
    """The brief's idiom as this take plays it: its sounds, the instruments asked for, its swing at this tempo."""
    idiom = IDIOMS[brief.idiom]
    sounds = idiom.sounds
    if brief.take == 2:
        sounds = sounds._replace(keys=sounds.other_keys, lead=sounds.other_lead)
    playing, entry, drawn = idiom.playing, idiom.entry, idiom.drawn
    for instrument in map(INSTRUMENTS.__getitem__, brief.instruments):
        if instrument.player == "keys":
            sounds = sounds._replace(keys=instrument.program)
            if playing.keys == "none" or brief.without:
                playing = playing._replace(keys=instrument.keys_part)
            drawn -= {"pluck"}
        elif instrument.player == "guitar":
            sounds = sounds._replace(guitar=instrument.program)
            if playing.guitar == "none":
                playing = playing._replace(guitar=instrument.guitar_part)
        elif instrument.player == "bass":
            sounds = sounds._replace(bass=instrument.program)
            drawn -= {"sub", "analog"}
        elif instrument.player in ("strings", "pad"):
            sounds = sounds._replace(pad=instrument.program)
            drawn -= {"warm"}
        else:
            sounds = sounds._replace(lead=instrument.program)
    asked = tuple(dict.fromkeys(INSTRUMENTS[name].player for name in brief.instruments))
    entry = tuple(player for player in _entering(entry, asked) if player not in brief.without)
    if not CHORDS.intersection(entry) and "pad" not in brief.without:
        entry = ("pad", *entry)
    if {"drums", "bass"} <= brief.without:
        sounds = sounds._replace(lead=_alone_on(entry, sounds))
        playing = _alone_playing(entry, playing)
        drawn -= {"saw", "pluck", "crackle"}
    timing = idiom.timing._replace(swing=_swing(idiom, brief))
    quiet = "drums" in brief.without
    return replace(
        idiom,
        sounds=sounds,
        playing=playing,
        entry=entry,
        drawn=drawn,
        timing=timing,
        pump=idiom.pump and not quiet,
        ostinato=idiom.ostinato and "strings" in entry,
    )


def _entering(entry: tuple[Player, ...], asked: tuple[Player, ...]) -> tuple[Player, ...]:
    """The order of entrance with those who were asked for in front, drums and bass where they were."""
    front = tuple(player for player in asked if player not in ("lead", "drums", "bass"))
    return tuple(dict.fromkeys((*front, *entry, *(player for player in asked if player != "lead"))))


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
