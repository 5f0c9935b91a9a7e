"""Written tokens to the words that are said: figures, signs, abbreviations, initials, chants, spelling with figures."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from .dictionary import known
from .lexicon import (
    CAPITAL_INITIALS,
    CHANTED,
    INITIALS,
    LATIN_EXTRA,
    LOOKALIKES,
    REBUS,
    WITH_STOP,
    WRITTEN_SHORT,
)
from .numerals import FIGURE, ROMAN, SIGNS, read_figure

REMEMBERED = 20_000
"""Tokens whose words are kept: more than any song has."""

_FIGURE = re.sub(r"[?]P<[a-z]+>", "?:", FIGURE.pattern)
SPOKEN = re.compile(
    r"(?P<short>w/o\b|w/(?!\w)|b/c\b)"
    r"|(?P<number>(?:\bno\.|#)(?=\d))"
    r"|(?P<letters>(?:[a-z]\.){2,}(?:[a-z]\b)?|(?<![a-z'])[a-z](?:-[a-z])+(?![a-z'-]))"
    r"|(?P<times>(?<!\w)x(?=\d\b))|(?P<by>(?<=\d)x(?=\d))"
    r"|(?P<code>(?<![a-z])[a-z](?=\d))"
    r"|(?P<stutter>(?<![a-z])[b-df-hj-np-tv-z](?=-))"
    r"|(?P<word>'?[a-z]+(?:'[a-z]+)*'?)"
    rf"|(?P<figure>{_FIGURE})"
    r"|(?P<dot>(?<=\w)\.(?=(?:com|net|org|io|fm|tv|co|uk|edu|gov|app)\b))"
    r"|(?P<sign>(?<![&@%+=$€£¥°])[&@%+=$€£¥°](?![&@%+=$€£¥°]))",
    re.IGNORECASE,
)
SIGN_NAMES = {**SIGNS, "$": "dollars", "€": "euros", "£": "pounds", "¥": "yen"}
SCHEME = re.compile(r"^[a-z]+://", re.IGNORECASE)
DOLLAR_S = re.compile(r"(?<=[a-z])\$(?=[a-z])", re.IGNORECASE)
STRETCHED = re.compile(r"([aeiouy])(?:-\1(?=-|$))+(?:-\1)?", re.IGNORECASE)
"""A vowel sung again and again: sta-a-ay, no-o-o."""
SPEAKABLE = re.compile("[^aeiou]?(?:[aeiou]{1,2}[^aeiou]{1,2})+[aeiou]{0,2}")
"""Capitals that make a word, not initials, if there are four of them or more."""


def plain(text: str) -> str:
    """Accents and invisible marks off, apostrophes straight."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKD", text.translate(LATIN_EXTRA)).translate(LATIN_EXTRA)
    kept = (c for c in text if c.isascii() or c in "€£¥¢°" or not unicodedata.category(c).startswith(("M", "Cf")))
    return "".join(str(unicodedata.decimal(c, c)) for c in kept)


def folded(text: str) -> str:
    """As `plain`, in lower case: the letters that words are looked up by."""
    return plain(text.lower()).lower()


@lru_cache(REMEMBERED)
def spoken(token: str) -> tuple[str, ...]:
    """The words one reads aloud where `token`, text without spaces, is written; none if it holds nothing to say.

    A letter that is said by its name carries a full stop.
    """
    text = STRETCHED.sub(r"\1", DOLLAR_S.sub("s", SCHEME.sub("", plain(token))))
    whole = _as_letters(text.strip("\"'()[]{}<>*_~.,;:!?…").lower())
    if whole:
        return tuple(whole)
    out: list[str] = []
    for match in SPOKEN.finditer(text):
        out += _read(match, out)
    return tuple(out)


def _as_letters(bare: str) -> list[str]:
    """The words of a token in which figures and signs stand for sounds or letters; none if it is no such token."""
    if bare in REBUS:
        return REBUS[bare].split()
    letters = sum("a" <= c <= "z" for c in bare)
    if letters < 2 or bare.isalpha() or 2 * letters < len(bare) or FIGURE.fullmatch(bare):
        return []
    meant = bare.translate(LOOKALIKES)
    return [meant] if meant.isascii() and meant.isalpha() and known(meant) and not _timed(bare) else []


def _timed(bare: str) -> bool:
    return re.fullmatch(r"\d+[ap]m", bare) is not None


def _read(match: re.Match[str], before: list[str]) -> list[str]:
    """The words of one match of `SPOKEN`; `before` has those before it, of which an o'clock may go.

    Groups that are not named here are called by the word they say.
    """
    kind, written = str(match.lastgroup), match[0]
    said = written.lower()
    if kind == "short":
        return WRITTEN_SHORT[said].split()
    if kind in ("letters", "code"):
        return _named(said)
    if kind == "figure":
        return read_figure(said)
    if kind == "sign":
        return [SIGN_NAMES[said]]
    if kind == "stutter":
        follows = match.string[match.end() + 1 : match.end() + 3].lower()
        return [f"{said}uh"] if len(follows) > 1 and follows[0] == said else [said]
    if kind == "word":
        behind = match.string[match.start() - 1 : match.start()]
        if said in ("am", "pm") and behind.isdigit():
            if before[-1:] == ["o'clock"]:
                before.pop()
            return _named(said)
        return _written(written, stopped=match.string[match.end() : match.end() + 1] == ".", coded=behind.isdigit())
    return [kind]


def _written(word: str, *, stopped: bool, coded: bool) -> list[str]:
    """A word as it is said. `stopped`: a full stop follows; `coded`: a figure stands before."""
    said, capitals = word.lower(), sum(letter.isupper() for letter in word)
    if word in ROMAN:
        return [ROMAN[word]]
    if said in INITIALS or word in CAPITAL_INITIALS or (coded and capitals == len(word) < 3):
        return _named(said)
    if said in WRITTEN_SHORT and capitals < 2:
        return WRITTEN_SHORT[said].split()
    if stopped and said in WITH_STOP and not known(f"{said}."):
        return [WITH_STOP[said]]
    if known(said):
        return [said]
    if capitals == len(word) > 1 and (len(word) < 4 or (len(word) < 6 and not SPEAKABLE.fullmatch(said))):
        return _named(said)
    return list(_chant(said)) or [said]


def _named(letters: str) -> list[str]:
    return [f"{letter}." for letter in letters if letter.isalpha()]


def _chant(word: str) -> Iterator[str]:
    """The parts of lalala or shalala; none if it is another word. Two neighbours at least are the same."""
    for size in (2, 3, 4):
        head, rest = word[:size], word[size:]
        if head in CHANTED:
            for step in (2, 3):
                parts = [head, *(rest[i : i + step] for i in range(0, len(rest), step))]
                same = any(first == second for first, second in pairwise(parts))
                if same and all(part in CHANTED for part in parts):
                    yield from parts
                    return
