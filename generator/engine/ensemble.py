"""Who plays, by a prompt's words: the instruments it names, and the players it leaves out."""

from __future__ import annotations

from collections.abc import Sequence

from .instruments import INSTRUMENTS
from .prompt import Prompt
from .score import Player
from .vocabulary import listed

NAMES: dict[str, str] = {
    "pianos": "piano",
    "grand piano": "piano",
    "rhodes": "electric piano",
    "wurlitzer": "electric piano",
    "clavinet": "electric piano",
    "hammond": "organ",
    "hammond organ": "organ",
    "accordion": "organ",
    "guitars": "guitar",
    "acoustic guitars": "acoustic guitar",
    "steel guitar": "acoustic guitar",
    "banjo": "acoustic guitar",
    "mandolin": "acoustic guitar",
    "ukulele": "nylon guitar",
    "uke": "nylon guitar",
    "lute": "nylon guitar",
    "classical guitar": "nylon guitar",
    "spanish guitar": "nylon guitar",
    "electric guitars": "electric guitar",
    "clean guitar": "electric guitar",
    "distorted guitars": "distorted guitar",
    "heavy guitar": "distorted guitar",
    "heavy guitars": "distorted guitar",
    "fuzzy guitars": "distorted guitar",
    "upright bass": "double bass",
    "contrabass": "double bass",
    "string": "strings",
    "orchestra": "strings",
    "cello": "strings",
    "cellos": "strings",
    "viola": "strings",
    "pads": "pad",
    "synth pad": "pad",
    "synth pads": "pad",
    "sax": "saxophone",
    "horns": "brass",
    "horn": "french horn",
    "flutes": "flute",
    "recorder": "flute",
    "panpipes": "flute",
    "vibes": "vibraphone",
    "marimba": "vibraphone",
    "glockenspiel": "vibraphone",
    "fiddle": "violin",
    "violins": "violin",
}
"""Other names of the instruments there are, and the nearest of them to some that there are not."""
EVERYBODY: frozenset[Player] = frozenset(("drums", "bass", "keys", "guitar", "pad", "strings", "lead"))
_NOUNS: dict[Player, str] = {
    "drums": "drums drum percussion drummer beat beats",
    "bass": "bass bassline",
    "keys": "piano pianos keys keyboard keyboards organ",
    "guitar": "guitar guitars",
    "strings": "strings violin violins orchestra cello",
    "pad": "pad pads synth synths choir",
}
PLAYERS: dict[str, frozenset[Player]] = {
    "band": EVERYBODY,
    "instruments": EVERYBODY,
    **{noun: frozenset((player,)) for player, nouns in _NOUNS.items() for noun in nouns.split()},
}
"""Whom "no ..." leaves out."""
TRIOS: dict[str, frozenset[Player]] = {
    "piano trio": frozenset(("keys", "bass", "drums", "lead")),
    "jazz trio": frozenset(("keys", "bass", "drums", "lead")),
    "power trio": frozenset(("guitar", "bass", "drums", "lead")),
    "string quartet": frozenset(("strings", "pad", "lead")),
}
"""Bands that have a name."""
RHYTHM = listed("drums bass percussion")
VOICE, VOCALS = listed("voice singer"), listed("voices vocal vocals singing")
"""A piano and a voice are two; "with piano and vocals" names two of a band."""
ARTICLES = listed("a an the one single lone human")
ALONE_BEFORE = listed("only just solo unaccompanied simply purely")
REACH = 3
"""How many words may stand between "just" and the instrument."""
CHORDS: frozenset[Player] = frozenset(("keys", "guitar", "pad"))
"""Without any of them a song has no ground to stand on."""


def instruments_of(prompt: Prompt) -> tuple[str, ...]:
    """The instruments that a prompt names, each once; the longer name counts where two fit."""
    found = dict.fromkeys(name for name, _ in _named(prompt))
    if "acapella" in prompt.said:
        found["choir"] = None
    return tuple(found)


def left_out(prompt: Prompt) -> tuple[frozenset[Player], tuple[str, ...]]:
    """The players who do not play, and what of that cannot be done as it is said.

    They are those that the prompt rules out, or all but those to whom it reduces the band.
    """
    if "acapella" in prompt.said:
        return EVERYBODY - {"pad"}, ()
    out = {player for at in prompt.denied if not _is_solo(prompt.words, at) for player in _players(prompt.words[at])}
    named = _named(prompt)
    for pair in zip(prompt.words, prompt.words[1:], strict=False):
        if " ".join(pair) in TRIOS:
            out |= EVERYBODY - TRIOS[" ".join(pair)]
    rhythm = [(word, at) for at, word in enumerate(prompt.words) if word in RHYTHM and at not in prompt.denied]
    if any(_alone(prompt.words, at, name) for name, at in named) or any(
        ALONE_BEFORE & _clause(prompt.words[max(0, at - REACH) : at]) for _, at in rhythm
    ):
        playing = {INSTRUMENTS[name].player for name, _ in named}
        playing |= {
            player for word in prompt.said if NAMES.get(word, word) not in INSTRUMENTS for player in _players(word)
        }
        out |= EVERYBODY - playing - {"lead"}
        if "strings" in playing:
            out -= {"pad"}
    unmet: tuple[str, ...] = ()
    if out >= CHORDS:
        out -= {"pad"}
        unmet = ("a soft pad carries the chords, since nobody else does",)
    return frozenset(out), unmet


def _players(word: str) -> frozenset[Player]:
    return PLAYERS.get(word, frozenset())


def _is_solo(words: Sequence[str], at: int) -> bool:
    """Whether "no guitar solo" is meant and not "no guitar"."""
    return words[at + 1 : at + 2] in (("solo",), ("solos",))


def _named(prompt: Prompt) -> list[tuple[str, int]]:
    """Instruments of the table in the prompt's order, with their places; those it rules out are left out."""
    found: list[tuple[str, int]] = []
    at = 0
    while at < len(prompt.words):
        for length in (2, 1):
            said = " ".join(prompt.words[at : at + length])
            name = NAMES.get(said, said)
            if name in INSTRUMENTS and at not in prompt.denied:
                found.append((name, at))
                at += length - 1
                break
        at += 1
    return found


def _alone(words: Sequence[str], at: int, name: str) -> bool:
    """Whether the instrument at a place is all there shall be: "just piano", "piano only", "piano and voice"."""
    end = at + (2 if at + 1 < len(words) and _is(words[at : at + 2], name) else 1)
    before, introduced = _clause(words[max(0, at - REACH) : at]), "with" in words[max(0, at - 4) : at]
    after = [word for word in words[end : end + 4] if word not in ARTICLES]
    if "solo" in before:
        return not introduced and not {"featuring", "and"}.intersection(words[max(0, at - 4) : at])
    if ALONE_BEFORE.intersection(before) or after[:1] in (["only"], ["alone"]) or after[:2] == [",", "only"]:
        return True
    behind = [word for word in words[max(0, at - 4) : at] if word not in ARTICLES]
    companions = VOICE if introduced else VOICE | VOCALS
    with_voice = after[:1] in (["and"], ["&"]) and companions.intersection(after[1:2])
    voice_with = behind[-1:] in (["and"], ["&"]) and companions.intersection(behind[-2:-1])
    return bool(with_voice or voice_with)


def _is(words: Sequence[str], name: str) -> bool:
    said = " ".join(words)
    return NAMES.get(said, said) == name


def _clause(words: Sequence[str]) -> set[str]:
    """Words after the last end of a clause."""
    out: set[str] = set()
    for word in words:
        out = set() if word in (".", ",") else out | {word}
    return out
