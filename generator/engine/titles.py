"""What a song is called."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from .chance import dice
from .lexicon import FUNCTION_WORDS
from .score import Brief
from .sheet import sung_tokens
from .vocabulary import in_order

LONGEST = 60
"""Characters."""
SMALL = frozenset(
    ("a", "an", "the", "and", "or", "but", "of", "to", "in", "on", "at", "for", "by", "with", "from", "as")
)
ENDS_CLAUSE = frozenset(',;:.!?—–…)"”')
SCENES = (
    "After the {}",
    "{} at Midnight",
    "Theme for the {}",
    "A Little {}",
    "{} in the Morning",
    "Towards the {}",
    "{} by the Window",
)
FIRST = in_order("Paper Copper Quiet Amber Hollow Silver Northern Slow Distant Velvet Winter Hidden Glass Cedar")
SECOND = in_order("Lanterns Harbour Meridian Arcade Orchard Signals Staircase Weather Satellites Garden Parade Avenue")
"""A song without words and without a subject is called by one of each."""


def title_case(words: Sequence[str]) -> str:
    """Words as a title: capitals but for small words inside it, signs at the edges of words left out."""
    shown = ["".join(c for c in word.replace("’", "'") if unicodedata.category(c) != "Cf") for word in words]
    bare = [re.sub(r"^[^\w']+|[^\w']+$", "", word).strip("'") or word for word in shown]
    if len(bare) > 1 and " ".join(bare).isupper():
        bare = [word.lower() for word in bare]
    last = len(bare) - 1
    cased = [word.lower() if 0 < i < last and word.lower() in SMALL else _capital(word) for i, word in enumerate(bare)]
    while len(cased) > 1 and len(" ".join(cased)) > LONGEST:
        cased.pop()
    return " ".join(cased)[:LONGEST]


def _capital(word: str) -> str:
    if word.isupper() and 1 < len(word) < 5:
        return word
    return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))


def title_from_hook(hook: str) -> str:
    """The whole hook as a title: ours are made for it."""
    return title_case(sung_tokens(hook))


def title_from_lines(chorus: Sequence[str], lines: Sequence[str]) -> str:
    """Two to five words out of the hook, which is the chorus line sung most often, else the first line."""
    counted = Counter(chorus or lines)
    if not counted:
        return ""
    hook = max(counted, key=lambda line: counted[line])
    ordered = [hook, *(line for line in dict.fromkeys((*chorus, *lines[:8])) if line != hook)]
    for line in ordered:
        for clause in reversed(_clauses(line)):
            if 2 <= len(clause) <= 5:
                return title_case(clause)
            if len(clause) > 5:
                return title_case(_core(clause))
    return title_case(sung_tokens(hook)[:5])


def _clauses(line: str) -> list[list[str]]:
    """A line's sung words, parted where the punctuation parts them."""
    clauses: list[list[str]] = [[]]
    for token in sung_tokens(line):
        clauses[-1].append(token)
        if token[-1] in ENDS_CLAUSE:
            clauses.append([])
    return [clause for clause in clauses if clause]


def _core(clause: Sequence[str]) -> Sequence[str]:
    """The end of a long clause, begun at a word that carries weight."""
    tail = list(clause[-5:])
    while len(tail) > 2 and tail[0].lower().strip(",.'\"") in FUNCTION_WORDS:
        tail.pop(0)
    return tail


def title_for_instrumental(brief: Brief, seed: int) -> str:
    """A name for a song without words: what the prompt speaks of, else two words drawn by the seed."""
    chance = dice(seed, "title")
    if brief.about:
        subject = brief.about[0].split()
        if len(subject) > 1:
            return title_case(subject[:4])
        return title_case(SCENES[int(chance.integers(len(SCENES)))].format(subject[0]).split())
    return f"{FIRST[int(chance.integers(len(FIRST)))]} {SECOND[int(chance.integers(len(SECOND)))]}"
