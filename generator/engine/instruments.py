"""Instruments that prompts name: who plays them, and which players a prompt leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from .idioms import IDIOMS, GuitarPart, Idiom, KeysPart
from .score import Brief, Player
from .vocabulary import listed


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
    "saxophone": Instrument("lead", 66),
    "trumpet": Instrument("lead", 56),
    "brass": Instrument("lead", 61),
    "french horn": Instrument("lead", 60),
    "flute": Instrument("lead", 73),
    "vibraphone": Instrument("lead", 11),
    "violin": Instrument("lead", 48),
}
NAMES: dict[str, str] = {
    "pianos": "piano",
    "grand piano": "piano",
    "rhodes": "electric piano",
    "wurlitzer": "electric piano",
    "hammond": "organ",
    "guitars": "guitar",
    "acoustic guitars": "acoustic guitar",
    "ukulele": "nylon guitar",
    "classical guitar": "nylon guitar",
    "spanish guitar": "nylon guitar",
    "electric guitars": "electric guitar",
    "distorted guitars": "distorted guitar",
    "heavy guitars": "distorted guitar",
    "upright bass": "double bass",
    "contrabass": "double bass",
    "orchestra": "strings",
    "sax": "saxophone",
    "horns": "brass",
    "flutes": "flute",
    "vibes": "vibraphone",
    "fiddle": "violin",
    "violins": "violin",
}
"""Other names of the instruments in the table."""
PLAYERS: dict[str, Player] = {
    "drums": "drums",
    "drum": "drums",
    "percussion": "drums",
    "bass": "bass",
    "piano": "keys",
    "keys": "keys",
    "guitar": "guitar",
    "guitars": "guitar",
    "strings": "strings",
    "pads": "pad",
}
"""What "no ..." in a prompt leaves out."""
EVERYBODY: frozenset[Player] = frozenset(("drums", "bass", "keys", "guitar", "pad", "strings", "lead"))
VOICE = listed("voice vocal vocals singer singing")
REACH = 3
"""How many words may stand between "no" or "only" and the instrument."""


def asked_for(words: Sequence[str]) -> tuple[str, ...]:
    """The instruments that a prompt's words name, each once; the longer name counts where two fit."""
    found: dict[str, None] = {}
    i = 0
    while i < len(words):
        for length in (2, 1):
            name = " ".join(words[i : i + length])
            name = NAMES.get(name, name)
            if name in INSTRUMENTS and not _denied(words, i):
                found[name] = None
                i += length - 1
                break
        i += 1
    return tuple(found)


def left_out(words: Sequence[str]) -> frozenset[Player]:
    """The players who do not play: those that the prompt rules out, or all but those to whom it reduces the band."""
    out = {PLAYERS[word] for i, word in enumerate(words) if word in PLAYERS and _denied(words, i)}
    named = [i for i, word in enumerate(words) if NAMES.get(word, word) in INSTRUMENTS]
    if any(_alone(words, i) for i in named):
        playing = {INSTRUMENTS[name].player for name in asked_for(words)}
        out |= EVERYBODY - playing - {"lead"}
    return frozenset(out)


def _denied(words: Sequence[str], at: int) -> bool:
    """Whether "no" stands before the word at a place, or before one that "or" joins it to."""
    for back in range(at - 1, max(-1, at - 1 - REACH), -1):
        if words[back] in ("no", "without"):
            return True
        if words[back] in ("or", "nor"):
            return back > 0 and _denied(words, back - 1)
        if words[back] in PLAYERS or words[back] == "and":
            return False
    return False


def _alone(words: Sequence[str], at: int) -> bool:
    """Whether the instrument at a place is all there shall be: "just piano", "piano only", "piano and voice"."""
    before, after = words[max(0, at - REACH) : at], words[at + 1 : at + 3]
    if {"only", "just"}.intersection(before) or before[-1:] == ["solo"] or after[:1] == ["only"]:
        return True
    with_voice = after[:1] == ["and"] and VOICE.intersection(after[1:])
    voice_with = before[-1:] == ["and"] and VOICE.intersection(before)
    return bool(with_voice or voice_with)


def performed(brief: Brief) -> Idiom:
    """The brief's idiom with the instruments that were asked for."""
    idiom = IDIOMS[brief.idiom]
    for name in brief.instruments:
        instrument = INSTRUMENTS[name]
        if instrument.player == "keys":
            part = instrument.keys_part if idiom.keys_part == "none" or brief.without else idiom.keys_part
            idiom = replace(idiom, keys=instrument.program, keys_part=part)
        elif instrument.player == "guitar":
            grip = idiom.guitar_part if idiom.guitar_part != "none" else instrument.guitar_part
            idiom = replace(idiom, guitar=instrument.program, guitar_part=grip)
        elif instrument.player == "bass":
            idiom = replace(idiom, bass=instrument.program)
        elif instrument.player == "strings":
            idiom = replace(idiom, pad=instrument.program, strings=True, pad_from=min(idiom.pad_from, 2.0))
        elif instrument.player == "pad":
            idiom = replace(idiom, pad=instrument.program, pad_from=1.0)
        else:
            idiom = replace(idiom, lead=instrument.program)
    if "strings" in brief.without:
        idiom = replace(idiom, strings=False, ostinato=False)
    if {"drums", "bass"} <= brief.without:
        solo = idiom.guitar if "keys" in brief.without else idiom.keys
        idiom = replace(idiom, lead=solo, pump=False, saws=False)
    return idiom
