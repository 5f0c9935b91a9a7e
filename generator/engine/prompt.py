"""A prompt taken apart: how the song shall be, what it is about, its name, and what the prompt rules out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from .dynamics import SAID
from .vocabulary import FOREIGN, JOINED, THINGS, listed

NAME = re.compile(r"""\b(?:called|titled|named|title:)\s{0,3}["“'‘]([^"”\n]{2,60}?)["”'’](?!\w)""", re.IGNORECASE)
WORD = re.compile(r"[a-z0-9&][a-z0-9&'-]*|[,;:.!?()/+|\n]", re.ASCII)
JOINTS = re.compile("|".join(rf"\b{re.escape(apart)}\b" for apart in JOINED))
TOPIC = re.compile(
    r"\babout\s(?!\d|(?:one|two|three|four|five|half|a) (?:and a half )?(?:minute|second|a minute))"
    r"[^.,;:!?\n()]{1,120}?"
    r"(?=[.,;:!?\n()]|$|\s(?:with|sung|featuring|feat|played|using|lasting|at \d|in [a-g]\b|in the style|in waltz)\b"
    rf"|\s(?:no|without) (?:any )?(?:{'|'.join(sorted(THINGS))})\b)"
)
"""What a song is about ends with the clause, or where the prompt goes on to how it shall sound."""
SIGNS = str.maketrans({"’": "'", "‘": "'", "♭": " flat", "♯": " sharp", "¾": "3/4"})
DENIERS = listed("no not without never zero avoid minus")
HARMLESS = listed("one one's more longer matter doubt other only just nonsense")
"""After "no" and "not" these deny nothing."""
ENDS_DENIAL = listed(". with but just only instead please in for about on at because where when like make keep then")
ITEM = 4
"""How many words one denied thing has at most, with its adjectives; the name of a thing ends it."""
LIST = 8
"""Within so many words after a comma an "or" shows that the denial goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A prompt in lower case, without accents, taken apart."""

    text: str
    """What it says of how the song shall be, without the song's name and what it is about."""
    words: tuple[str, ...]
    """The words of `text` but for those that tell how its strength goes; commas and ends of clauses are "," and "."."""
    denied: frozenset[int]
    """Places in `words` that the prompt rules out."""
    said: frozenset[str]
    """The words for how the song shall be, but for those at such places."""
    ruled_out: frozenset[str]
    """The words at such places."""
    topic: tuple[str, ...]
    """The words of what the song is about, as `words`."""
    name: str
    """What the song is called, as written, or nothing."""


def read(prompt: str) -> Prompt:
    """Takes any text apart, in a time that grows with its length only."""
    named = NAME.search(prompt)
    name = " ".join(named[1].split()).strip("'’ ") if named else ""
    text = _plain(NAME.sub(" . ", prompt))
    topics = TOPIC.findall(text)
    style = TOPIC.sub(" . ", text)
    words = _words(SAID.sub(" . ", style))
    topic = tuple(word for each in topics for word in (".", *_words(each)[1:]))
    denied = _denied(words)
    return Prompt(
        text=style,
        words=words,
        denied=denied,
        said=frozenset(word for at, word in enumerate(words) if at not in denied),
        ruled_out=frozenset(words[at] for at in denied),
        topic=topic,
        name=name,
    )


def _plain(text: str) -> str:
    """Lower case, without accents and curly quotes; what is said in two words and means one thing is joined."""
    apart = unicodedata.normalize("NFKD", text.translate(SIGNS))
    plain = "".join(character for character in apart if not unicodedata.combining(character)).lower()
    return JOINTS.sub(lambda match: JOINED[match[0]], plain)


def _words(text: str) -> tuple[str, ...]:
    """Words and the signs between them. The commonest words of other languages for music come out in English."""
    found = [
        word if word[0].isalnum() or word == "&" else "," if word in ",/+|" else "." for word in WORD.findall(text)
    ]
    return tuple(FOREIGN.get(word, word) for word in found)


def _denied(words: tuple[str, ...]) -> frozenset[int]:
    """The places of what stands after "no", "without", "not": one thing, or a list of them."""
    out: set[int] = set()
    at = 0
    while at < len(words):
        following = words[at + 1] if at + 1 < len(words) else "."
        if words[at] in DENIERS and following not in HARMLESS:
            at = _deny(words, at + 1, out)
        else:
            at += 1
    return frozenset(out)


def _deny(words: tuple[str, ...], at: int, out: set[int]) -> int:
    """Marks the denied things that begin at a place; where they end."""
    size = 0
    while at < len(words) and words[at] not in ENDS_DENIAL and words[at] not in DENIERS:
        if words[at] in ("or", "nor", "and", "&"):
            size = 0
        elif words[at] == ",":
            if not _goes_on(words, at + 1):
                break
            size = 0
        elif size == ITEM:
            break
        else:
            out.add(at)
            solo = words[at + 1 : at + 2] in (("solo",), ("solos",))
            size = ITEM if words[at] in THINGS and not solo else size + 1
        at += 1
    return max(at, 1)


def _goes_on(words: tuple[str, ...], at: int) -> bool:
    """Whether a list of denied things goes on after a comma: its last one has "or" before it."""
    for word in words[at : at + LIST]:
        if word in ("or", "nor"):
            return True
        if word in ENDS_DENIAL or word in DENIERS or word in ("and", "&"):
            return False
    return False
