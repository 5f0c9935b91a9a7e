"""Written words to syllables: what is said aloud, by which phones, divided where English divides.

Pronunciations come from CMUdict (its first entry, but for the few in `lexicon.SUNG` that singers say otherwise), then
from it by way of endings, spelling variants and compounds, then from letter rules. Phones are CMUdict's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from .dictionary import entry, known
from .lexicon import BEGINNINGS, ENDINGS, ONSETS, SINGLE, SUNG, VOICELESS
from .reading import REMEMBERED, spoken
from .spelling import VOWELS, sound_out, spell


class Sound(NamedTuple):
    """One syllable of a word: consonants, vowel without its stress digit, stress 0, 1 or 2, consonants."""

    onset: tuple[str, ...]
    vowel: str
    stress: int
    coda: tuple[str, ...]


REPEATED = re.compile(r"([a-z])\1{2,}")
MOST_DRAWN = 4
"""Letters of one word that are drawn out and looked at each on its own."""


@lru_cache(REMEMBERED)
def pronounce(word: str) -> tuple[str, ...]:
    """The phones of one spoken word, vowels with their stress digit; at least one vowel. `word` is from `spoken`."""
    if word[-1] == "." or (len(word) == 1 and word not in SUNG):
        return spell(word[0])
    for variant in _variants(word):
        phones = entry(variant) or _derived(variant) or _compound(variant)
        if phones:
            return phones if any(phone[-1].isdigit() for phone in phones) else (*phones, "AH0")
    return sound_out(REPEATED.sub(r"\1\1", word.replace("'", "")))


def _variants(word: str) -> Iterator[str]:
    """A word as it stands, then as it may be meant: without quotes, without drawn-out letters, in American spelling."""
    bare = word.strip("'")
    if bare.endswith("in") and word.endswith("'") and bare not in SUNG and known(bare + "g"):
        yield f"{bare}'"
    forms = dict.fromkeys((word, bare, f"'{bare}", bare.replace("'", ""), *_undrawn(bare)))
    yield from (form for form in forms if known(form))
    american = bare
    for british, other in (("our", "or"), ("ise", "ize"), ("isi", "izi"), ("tre", "ter"), ("ll", "l"), ("ogue", "og")):
        american = american.replace(british, other)
    if american != bare and known(american):
        yield american
    yield from (form for form in forms if form)


def _undrawn(word: str) -> Iterator[str]:
    """What a word with drawn-out letters may be: each of them twice or once, as the dictionary has it."""
    drawn = REPEATED.findall(word)
    if not drawn or len(drawn) > MOST_DRAWN:
        return
    pieces = REPEATED.sub("\0", word).split("\0")
    choices = product(*((2 * letter, letter) for letter in drawn))
    ways = ("".join(map("".join, zip(pieces, (*choice, ""), strict=True))) for choice in choices)
    yield from sorted(ways, key=lambda way: way not in SINGLE)


def _derived(word: str) -> tuple[str, ...] | None:
    """A word by its ending or its beginning, if the dictionary has the rest."""
    if word.endswith(("in", "in'")):
        stem = entry(word.rstrip("'") + "g")
        if stem:
            return (*stem[:-1], "N")
    for ending, phones in ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            base = word[: -len(ending)]
            for stem_word in _stems(base, ending):
                stem = entry(stem_word)
                if stem:
                    return (*stem, *(phones or _inflection(ending, stem[-1])))
    for beginning, sounds in BEGINNINGS:
        if word.startswith(beginning) and len(word) > len(beginning) + 2:
            rest = entry(word[len(beginning) :])
            if rest:
                return (*sounds, *rest)
    return None


def _stems(base: str, ending: str) -> Iterator[str]:
    """What a word may be without its ending: as it stands, with its e back, with y for i, without a doubled letter."""
    yield base
    if ending[0] in "eiay":
        yield base + "e"
        if len(base) > 3 and base[-1] == base[-2]:
            yield base[:-1]
    if base.endswith("i"):
        yield base[:-1] + "y"


def _inflection(ending: str, last: str) -> tuple[str, ...]:
    """How s and ed, have and would sound after the stem's last phone."""
    if ending == "'ve":
        return ("V",) if last[:2] in VOWELS else ("AH0", "V")
    if ending == "'d":
        return ("AH0", "D") if last in ("T", "D", "V") else ("D",)
    if ending == "ed":
        return ("IH0", "D") if last in ("T", "D") else ("T",) if last in VOICELESS else ("D",)
    if last in ("S", "Z", "SH", "ZH", "CH", "JH"):
        return ("IH0", "Z")
    return ("S",) if last in VOICELESS else ("Z",)


def _compound(word: str) -> tuple[str, ...] | None:
    """Two known words written as one, each of three letters or more, as even in length as may be."""
    if not 6 <= len(word) <= 24:
        return None
    middle = len(word) / 2
    for cut in sorted(range(3, len(word) - 2), key=lambda cut: abs(cut - middle)):
        first = entry(word[:cut])
        second = entry(word[cut:]) if first else None
        if first and second:
            return (*first, *(phone.replace("1", "2") for phone in second))
    return None


@lru_cache(REMEMBERED)
def syllables(token: str) -> tuple[Sound, ...]:
    """The syllables sung for a written token; none if it holds nothing to say."""
    return tuple(sound for word in spoken(token) for sound in _divided(pronounce(word)))


def _divided(phones: tuple[str, ...]) -> Iterator[Sound]:
    """Phones divided into syllables: each takes the longest onset that English allows."""
    vowels = [i for i, phone in enumerate(phones) if phone[:2] in VOWELS]
    onset = phones[: vowels[0]]
    for i, following in zip(vowels, [*vowels[1:], None], strict=True):
        cluster = phones[i + 1 : following]
        cut = len(cluster)
        if following is not None:
            cut = next((k for k in range(len(cluster)) if "-".join(cluster[k:]) in ONSETS), len(cluster))
        stress = phones[i][2:]
        yield Sound(onset, phones[i][:2], int(stress or 0), cluster[:cut])
        onset = cluster[cut:]


def rhyme_key(token: str) -> tuple[str, ...]:
    """The phones of a token's last word from its last stressed vowel on: words rhyme where these are the same."""
    said = spoken(token)
    phones = pronounce(said[-1]) if said else ()
    stressed = [i for i, phone in enumerate(phones) if phone[-1] in "12"]
    weak = [i for i, phone in enumerate(phones) if phone[-1] == "0"]
    tail = [phone.rstrip("012") for phone in phones[(stressed or weak or [0])[-1] :]]
    if tail[:2] == ["IY", "R"]:
        tail[0] = "IH"  # the dictionary writes "near" and "here" differently; they rhyme
    return tuple(tail)
