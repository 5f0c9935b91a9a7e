"""Written words to syllables: what is said aloud, by which phones, divided where English divides.

Pronunciations come from CMUdict (its first entry, but for the few in `lexicon.SUNG` that singers say otherwise), then
from it by way of endings, spelling variants and compounds, then from letter rules. Phones are CMUdict's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from .lexicon import (
    BEGINNINGS,
    ENDINGS,
    LATIN_EXTRA,
    ONSETS,
    SUNG,
    VOICELESS,
    WRITTEN_SHORT,
)
from .numerals import FIGURE, SIGNS, read_figure
from .spelling import VOWELS, sound_out, spell

DICTIONARY = Path(__file__).parent / "assets" / "cmudict.txt"
REMEMBERED = 20_000
"""Words whose sounds are kept: more than any song has."""


class Sound(NamedTuple):
    """One syllable of a word: consonants, vowel without its stress digit, stress 0, 1 or 2, consonants."""

    onset: tuple[str, ...]
    vowel: str
    stress: int
    coda: tuple[str, ...]


SPOKEN = re.compile(
    r"(?P<short>w/o\b|w/|b/c\b)"
    r"|(?P<letters>(?:[a-z]\.){2,}(?:[a-z]\b)?)"
    r"|(?P<word>'?[a-z]+(?:'[a-z]+)*'?)"
    rf"|(?P<money>[$€£])?(?P<figure>{re.sub('[?]P<[a-z]+>', '', FIGURE.pattern)})"
    r"|(?P<sign>(?<![&@%+=$€£°])[&@%+=$€£°](?![&@%+=$€£°]))"
)
VOWEL_LETTER = re.compile("[aeiouy]")
REPEATED = re.compile(r"([a-z])\1{2,}")


def folded(text: str) -> str:
    """Lower case, accents and invisible marks off, apostrophes straight: the letters that words are looked up by."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text.lower().translate(LATIN_EXTRA)).translate(LATIN_EXTRA)
    kept = (c for c in text if c.isascii() or c in "€£°" or not unicodedata.category(c).startswith(("M", "Cf")))
    return "".join(str(unicodedata.decimal(c, c)) for c in kept)


@lru_cache(REMEMBERED)
def spoken(token: str) -> tuple[str, ...]:
    """The words one reads aloud where `token`, text without spaces, is written; none if it holds nothing to say.

    A letter that is said by its name carries a full stop.
    """
    text = folded(token)
    out: list[str] = []
    for match in SPOKEN.finditer(text):
        if match["short"]:
            out += WRITTEN_SHORT[match["short"]].split()
        elif match["letters"]:
            out += _named(match["letters"])
        elif match["figure"]:
            out += read_figure(match["figure"]) + ([SIGNS[match["money"]]] if match["money"] else [])
        elif match["sign"]:
            out.append(SIGNS[match["sign"]])
        elif match["word"] in ("am", "pm") and text[match.start() - 1].isdigit():
            out += _named(match["word"])
        else:
            out += _written(match["word"], capitals=sum(letter.isupper() for letter in token))
    return tuple(out)


def _written(word: str, capitals: int) -> list[str]:
    """A written word in full: abbreviations spelled out, initials read as letters."""
    if word in WRITTEN_SHORT and capitals < 2:
        return WRITTEN_SHORT[word].split()
    if capitals == len(word) > 1 and not _known(word) and (len(word) < 5 or not VOWEL_LETTER.search(word)):
        return _named(word)
    return [word]


def _named(letters: str) -> list[str]:
    return [f"{letter}." for letter in letters if letter.isalpha()]


@cache
def _dictionary() -> tuple[str, dict[str, tuple[int, int]]]:
    """CMUdict as one text, and where the words that begin with the same two characters lie in it. 25 ms, once."""
    text = DICTIONARY.read_text("ascii")
    blocks: dict[str, tuple[int, int]] = {}
    last, start = "", 0
    for match in re.finditer(r"\n(..)", text):
        if match[1] != last:
            blocks[last] = (start, match.start() + 1)
            last, start = match[1], match.start()
    blocks[last] = (start, len(text))
    return text, blocks


def warm() -> None:
    """Loads the dictionary."""
    _dictionary()


def _entry(word: str) -> tuple[str, ...] | None:
    """What the dictionary, or `SUNG`, says of a word."""
    if word in SUNG:
        return tuple(SUNG[word].split())
    text, blocks = _dictionary()
    start, end = blocks.get(f"{word} "[:2], (0, 0))
    at = text.find(f"\n{word} ", start, end)
    return tuple(text[at + len(word) + 2 : text.index("\n", at + 1)].split()) if at >= 0 else None


def _known(word: str) -> bool:
    return _entry(word) is not None


@lru_cache(REMEMBERED)
def pronounce(word: str) -> tuple[str, ...]:
    """The phones of one spoken word, vowels with their stress digit; at least one vowel. `word` is from `spoken`."""
    if word[-1] == "." or (len(word) == 1 and word not in SUNG):
        return spell(word[0])
    for variant in _variants(word):
        entry = _entry(variant) or _derived(variant) or _compound(variant)
        if entry:
            return entry if any(phone[-1].isdigit() for phone in entry) else (*entry, "AH0")
    return sound_out(REPEATED.sub(r"\1\1", word.replace("'", "")))


def _variants(word: str) -> Iterator[str]:
    """A word as it stands, then as it may be meant: without quotes, without drawn-out letters, in American spelling."""
    bare = word.strip("'")
    forms = dict.fromkeys((word, bare, f"'{bare}", bare.replace("'", "")))
    if REPEATED.search(bare):
        forms = dict.fromkeys((*forms, REPEATED.sub(r"\1\1", bare), REPEATED.sub(r"\1", bare)))
    yield from (form for form in forms if _known(form))
    if bare.endswith("in") and word.endswith("'") and _known(bare + "g"):
        return
    american = bare
    for british, other in (("our", "or"), ("ise", "ize"), ("isi", "izi"), ("tre", "ter"), ("ll", "l"), ("ogue", "og")):
        american = american.replace(british, other)
    if american != bare and _known(american):
        yield american
    yield from (form for form in forms if form)


def _derived(word: str) -> tuple[str, ...] | None:
    """A word by its ending or its beginning, if the dictionary has the rest."""
    if word.endswith("in"):
        stem = _entry(word + "g")
        if stem:
            return (*stem[:-1], "N")
    for ending, phones in ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            base = word[: -len(ending)]
            for stem_word in _stems(base, ending):
                stem = _entry(stem_word)
                if stem:
                    return (*stem, *(phones or _inflection(ending, stem[-1])))
    for beginning, sounds in BEGINNINGS:
        if word.startswith(beginning) and len(word) > len(beginning) + 2:
            rest = _entry(word[len(beginning) :])
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
    """How s and ed sound after the stem's last phone."""
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
        first = _entry(word[:cut])
        second = _entry(word[cut:]) if first else None
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
