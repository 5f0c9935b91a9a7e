"""Who sings, by a prompt's words."""

from __future__ import annotations

from collections.abc import Sequence

from .chance import dice
from .prompt import Prompt
from .score import Singer
from .vocabulary import BREATHY, DEEP, DUET, FEMALE, HUSKY, MALE, MEN, VOICES, WOMEN, YOUNG

RANGES: dict[Singer, tuple[int, int]] = {
    "female": (56, 72),
    "young": (57, 74),
    "alto": (53, 70),
    "breathy": (55, 71),
    "male": (48, 65),
    "deep": (43, 60),
}
"""MIDI ranges in which each singer's words were understood best (measured on sung test lines)."""
SECOND: tuple[Singer, ...] = ("alto", "young")
"""Who sings take 2 where the prompt asks for a woman and says no more."""
SUNG_BY = 4
"""How many words may stand between "sung" and the singer."""
BASS = frozenset(("bass",))
NEAR = 2
"""How many words may stand between "deep" and the voice."""


def singer_of(prompt: Prompt, seed: int, take: int) -> Singer:
    """The prompt's voice; else take 1 and take 2 get one high and one low singer, in an order of chance."""
    said, words = prompt.said, prompt.words
    female = bool(said & FEMALE) or _sings(words, WOMEN)
    bass = _near(words, BASS, VOICES, 1)
    male = bool(said & MALE) or _sings(words, MEN) or bass
    whispers = _near(words, BREATHY, VOICES, 1)
    chance = (take == 1) == bool(dice(seed, "singer").random() < 0.65)
    high = female if female != male else chance or whispers
    if not high:
        return "deep" if male and (bass or _near(words, DEEP, VOICES | MALE | MEN)) else "male"
    if said & BREATHY:
        return "breathy"
    if female and _near(words, YOUNG, VOICES | FEMALE | WOMEN):
        return "young"
    if said & HUSKY or (female and _near(words, DEEP, VOICES | FEMALE | WOMEN)):
        return "alto"
    if female and not male and take == 2:
        return SECOND[int(dice(seed, "second singer").integers(len(SECOND)))]
    return "female"


def wants_duet(prompt: Prompt) -> bool:
    """Whether two people shall sing to each other."""
    both = bool(prompt.said & FEMALE) and bool(prompt.said & MALE)
    return bool(prompt.said & DUET) or both


def _sings(words: Sequence[str], people: frozenset[str]) -> bool:
    """Whether one of `people` is the singer: "girl group", "sung by an old man", not "a song about a girl"."""
    for i, word in enumerate(words):
        if word in people:
            if i + 1 < len(words) and words[i + 1] in VOICES:
                return True
            before = words[max(0, i - SUNG_BY) : i]
            if "by" in before and VOICES.intersection(before):
                return True
    return False


def _near(words: Sequence[str], kinds: frozenset[str], voices: frozenset[str], reach: int = NEAR) -> bool:
    """Whether a word of `kinds` stands right before one of `voices`, or is one itself."""
    return any(
        word in kinds and (word in voices or voices.intersection(words[i + 1 : i + 1 + reach]))
        for i, word in enumerate(words)
    )
