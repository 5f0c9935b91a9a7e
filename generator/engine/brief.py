"""Understands a prompt: which idiom, tempo, key, voice and length it asks for, and what the song is about.

What the prompt says outright holds for both takes. What it leaves open is drawn from the seed, differently for each.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

import numpy as np

from .chance import dice
from .idioms import IDIOMS
from .instruments import asked_for, left_out
from .score import Brief, Singer
from .vocabulary import (
    BREATHY,
    DEEP,
    FAST,
    FEMALE,
    HUSKY,
    MAJOR,
    MALE,
    MEN,
    MINOR,
    MOODS,
    NAMING,
    PLAIN,
    SHORT,
    SLOW,
    VOICES,
    WOMEN,
    YOUNG,
)

STYLES = NAMING | SLOW | FAST | MINOR | MAJOR | SHORT | VOICES
RANGES: dict[Singer, tuple[int, int]] = {
    "female": (56, 72),
    "young": (57, 74),
    "alto": (53, 70),
    "breathy": (55, 71),
    "male": (48, 65),
    "deep": (43, 60),
}
"""MIDI ranges in which each singer's words were understood best (measured on sung test lines)."""

WORD = re.compile(r"[a-z0-9&][a-z0-9&'’-]*", re.ASCII)
TEMPO = re.compile(r"\b(\d{2,3})\s{0,3}(?:bpm|beats per minute)\b|\b(?:tempo|bpm)[\s:=]{1,3}(\d{2,3})\b")
KEY = re.compile(
    r"\b(?:in|key of|key:)\s{0,3}(?:the key of\s)?(?P<letter>[A-Ga-g])"
    r"(?:(?P<sign>#|♯|♭|b|[ -]?sharp|[ -]?flat)(?![a-z]))?\s{0,3}"
    r"(?P<mode>[Mm]ajor|[Mm]inor|maj|min|m)?(?![A-Za-z#'])(?P<after>\s{0,3}\w)?"
)
NAME = re.compile(r"""\b(?:called|titled|named|title:)\s{0,3}["“'‘]([^"”\n]{2,60}?)["”'’](?!\w)""", re.IGNORECASE)
NATURALS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
OPEN = {"pop": 5, "rock": 2, "folk": 2, "soul": 2, "country": 1, "synthwave": 2, "ballad": 1, "hiphop": 1}
"""How often an idiom is taken where the prompt leaves it open."""
OPEN_SLOW = {"ballad": 6, "lofi": 2, "country": 0, "hiphop": 0}
"""What changes for a slow or sad song."""
NEAR = 5
"""How many words may stand between "no" and "vocals" before they are not read together."""


def read_brief(prompt: str, seed: int, take: int = 1) -> Brief:
    """What `prompt` asks of one take (1 or 2). Any text will do: what cannot be read is chosen from the seed."""
    text = prompt.lower()
    words = WORD.findall(text.replace("’", "'"))
    said = frozenset(words)
    idiom = _idiom(words, seed)
    profile = IDIOMS[idiom]
    tonic, minor = _key(prompt)
    if minor is None:
        minor = _mode(said, profile.minor_share, seed)
    singer = _singer(words, seed, take)
    low, high = RANGES[singer]
    if tonic is None:
        tonic = _comfortable_tonic(high, minor, seed, take)
    return Brief(
        idiom=idiom,
        bpm=_tempo(text) or _free_tempo(profile.bpm, said, seed, take),
        tonic=(tonic + 3) % 12 if minor else tonic,
        minor=minor,
        singer=singer,
        low=low,
        high=high,
        instrumental=_instrumental(words),
        seconds=25 if said & SHORT else 120,
        timed=bool(said & SHORT),
        mood=frozenset(mood for mood, of_it in MOODS.items() if said & of_it),
        about=_about(words),
        instruments=asked_for(words),
        without=left_out(words),
        name=_name(prompt),
        take=take,
    )


def _idiom(words: list[str], seed: int) -> str:
    """The idiom with the most words in the prompt; names of idioms weigh more, and so do early words, a little."""
    joined = {f"{a}-{b}" for a, b in itertools.pairwise(words)} | set(words)
    first = {word: place for place, word in reversed(list(enumerate(words)))}
    best, most = "", 0.0
    for name, idiom in IDIOMS.items():
        asked = [word for word in idiom.asks.split() if word in joined]
        weight = sum((4 if word in NAMING else 1) + 0.5 / (1 + first.get(word, 9)) for word in asked)
        if weight > most:
            best, most = name, weight
    if best:
        return best
    weights = OPEN | (OPEN_SLOW if set(words) & (SLOW | MINOR) else {})
    shares = np.array(list(weights.values()), float)
    return str(dice(seed, "idiom").choice(list(weights), p=shares / shares.sum()))


def _tempo(text: str) -> int | None:
    """Beats a minute if the prompt names them, kept within 50 to 200."""
    match = TEMPO.search(text)
    return min(200, max(50, int(match[1] or match[2]))) if match else None


def _free_tempo(span: tuple[int, int], said: frozenset[str], seed: int, take: int) -> int:
    """A tempo of the idiom: the takes come from its two halves, which of them is the faster one is left to chance."""
    low, high = span
    upper = (take == 2) == bool(dice(seed, "faster take").random() < 0.5)
    at = dice(seed, "tempo", take).random() * 0.4 + (0.6 if upper else 0.0)
    shift = 6 * (len(said & FAST) > 0) - 6 * (len(said & SLOW) > 0)
    return round(low + (high - low) * at) + shift


def _key(prompt: str) -> tuple[int | None, bool | None]:
    """The named tonic's pitch class and mode. A bare letter counts only with a sign, a mode or the word "key"."""
    for match in KEY.finditer(prompt):
        letter, sign, mode = match["letter"], (match["sign"] or "").strip(" -"), match["mode"]
        article = letter == "a" and not sign and match["after"]
        if not (sign or mode or "key" in match[0]) or article:
            continue
        shift = 1 if sign in ("#", "♯", "sharp") else -1 if sign else 0
        minor = None if mode is None else mode.lower() in ("minor", "min", "m")
        return (NATURALS[letter.lower()] + shift) % 12, minor
    return None, None


def _mode(said: frozenset[str], share: float, seed: int) -> bool:
    """Whether the song is in minor: by its mood words, else by the idiom's habit. One answer for both takes."""
    balance = len(said & MINOR) - len(said & MAJOR)
    return balance > 0 if balance else bool(dice(seed, "mode").random() < share)


def _singer(words: Sequence[str], seed: int, take: int) -> Singer:
    """The prompt's voice; else take 1 and take 2 get one high and one low singer, in an order of chance."""
    said = frozenset(words)
    female = bool(said & FEMALE) or _sings(words, WOMEN)
    male = bool(said & MALE) or _sings(words, MEN)
    chance = (take == 1) == bool(dice(seed, "singer").random() < 0.65)
    high = female if female != male else chance
    if not high:
        return "deep" if said & DEEP and male else "male"
    if said & BREATHY:
        return "breathy"
    if said & YOUNG and female:
        return "young"
    return "alto" if said & HUSKY else "female"


def _sings(words: Sequence[str], people: frozenset[str]) -> bool:
    """Whether one of `people` is the singer: "girl group", "sung by an old man", not "a song about a girl"."""
    for i, word in enumerate(words):
        if word in people:
            if i + 1 < len(words) and words[i + 1] in VOICES:
                return True
            before = words[max(0, i - 4) : i]
            if "by" in before and VOICES.intersection(before):
                return True
    return False


def _comfortable_tonic(high: int, minor: bool, seed: int, take: int) -> int:
    """A tonic whose fifth or sixth degree lies two semitones under the singer's top, where choruses want to peak."""
    under = 9 if (take == 2) == bool(dice(seed, "key order").random() < 0.5) else 7
    pitch = high - 2 - under + int(dice(seed, "key", take).integers(-1, 2))
    return (pitch + 9) % 12 if minor else pitch % 12


def _instrumental(words: Sequence[str]) -> bool:
    """Whether singing is ruled out."""
    if "instrumental" in words or "instrumentals" in words:
        return True
    deniers = [i for i, word in enumerate(words) if word in ("no", "without", "zero")]
    sung = {"vocals", "vocal", "singing", "voice", "voices", "lyrics", "words", "singer"}
    return any(sung.intersection(words[i + 1 : i + NEAR]) for i in deniers)


def _about(words: Sequence[str]) -> tuple[str, ...]:
    """Content words, each once; up to three that stand side by side stay together."""
    groups: list[list[str]] = [[]]
    for word in words:
        bare = word.strip("'-&").removesuffix("'s")
        if bare in PLAIN or bare in STYLES or len(bare) < 3 or bare[0].isdigit():
            groups.append([])
        elif all(bare not in group for group in groups):
            groups[-1].append(bare)
            if len(groups[-1]) == 3:
                groups.append([])
    return tuple(" ".join(group) for group in groups if group)[:12]


def _name(prompt: str) -> str:
    """The title that a prompt puts in quotation marks, or nothing."""
    match = NAME.search(prompt)
    return " ".join(match[1].split()) if match else ""
