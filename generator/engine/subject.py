"""What a prompt says its song is about, as words that can stand in a line: "my grandmother's blue bicycle".

Read from "about …", "ode to …", "for my …" and the like, so that what follows is known to be a name for something.
Where that is not sure there is no subject, and the words are only on its theme.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .scansion import length
from .vocabulary import listed
from .words import syllables

LEADS = re.compile(
    r"\b(?:(?i:about|ode to|tribute to)|for(?=\s+(?:my|our|[A-Z][a-z])))\s+(?P<rest>[^,.;:!?()\n\"“”]{2,120})"
)
DETERMINERS = listed("a an the my our his her their your")
PRONOUNS = listed(
    """i me you he him she it we us they them this that these those what how why when where who whom being nothing
    something someone everything anything there love's"""
)
"""What begins with them is no name that fits our lines."""
STOPS = listed(
    """who whom whose that which where when while with without in on at from to by as is are was were has have had can
    will would could should for but or into over under after before through during between against than because if so
    and sung played featuring using going coming about 's not feat featuring set like"""
)
"""Words that end a name; a phrase that begins with an -ing form goes on after a preposition."""
ONWARD = listed("in on at from to into over under through with")
AFTERWARDS = listed("home up down out back away")
"""A phrase that begins with an -ing form goes on with them: "growing up in a small town"."""
NEVER_LAST = ONWARD | DETERMINERS | STOPS | listed("mr mrs ms dr st")
TIMES = listed("minute minutes second seconds beat beats bpm")
MOST_WORDS = 6
LONGEST = 9
"""Syllables that a line can hold."""
WORD = re.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’-]*")


class Subject(NamedTuple):
    """What a song is about: ways to name it, the fullest first; there is one at least."""

    names: tuple[str, ...]
    doing: bool
    """It is something one does ("leaving home"), not a thing or a person."""


def read_subject(prompt: str) -> Subject | None:
    """What `prompt` says the song is about, if it says so in words that can be sung as they stand."""
    for match in LEADS.finditer(prompt):
        words = _name(match["rest"].replace("’", "'").split())
        names = _shorter(words) if words else []
        if names:
            return Subject(tuple(names), _is_doing(words))
    return None


def _name(words: list[str]) -> list[str]:
    """The words of a name at the beginning of `words`; none if they do not begin with one."""
    begin = 1 if words and words[0].lower() in DETERMINERS else 0
    if len(words) <= begin or words[begin].lower() in PRONOUNS | STOPS | DETERMINERS | TIMES:
        return []
    doing = _is_doing(words)
    out = words[:begin]
    for place, word in enumerate(words[begin:], begin):
        if not WORD.fullmatch(word) or not syllables(word) or len(out) - begin >= MOST_WORDS:
            break
        small = word.lower()
        joins = small == "and" and place + 1 < len(words) and words[place + 1].lower() not in STOPS | PRONOUNS
        goes_on = doing and place > 0 and small in ONWARD | AFTERWARDS | DETERMINERS
        if small in STOPS | DETERMINERS and not joins and not goes_on and not (out and out[-1].lower() == "and"):
            break
        out.append(word)
    while out and out[-1].lower() in NEVER_LAST:
        out.pop()
    if len(out) <= begin:
        return []
    # A name at the beginning of a prompt's sentence is no reason for a capital; elsewhere capitals are kept.
    article = ["the"] if begin and out[0].lower() in ("a", "an") else [word.lower() for word in out[:begin]]
    return [*article, *out[begin:]]


def _is_doing(words: list[str]) -> bool:
    return words[0].lower().endswith("ing") and length(words[0]) > 1


def _shorter(words: list[str]) -> list[str]:
    """A name, and the same with fewer of the words that go before its last one, as long as a line can hold them."""
    begin = 1 if words[0] in DETERMINERS else 0
    names = [" ".join(words)]
    if "and" not in words and not _is_doing(words):
        for cut in range(begin + 1, len(words)):
            # "my sister's dog" without the sister is no longer mine.
            article = ["the"] if begin and any(word.endswith("'s") for word in words[begin:cut]) else words[:begin]
            names.append(" ".join([*article, *words[cut:]]))
    return [name for name in names if length(name) <= LONGEST]
