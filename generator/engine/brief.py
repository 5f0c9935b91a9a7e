"""Understands a prompt: which idiom, metre, tempo, key, voice, band and length it asks for, and what the song is about.

What the prompt says outright holds for both takes. What it leaves open is drawn from the seed, differently for each.
"""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass

import numpy as np

from .casting import RANGES, singer_of, wants_duet
from .chance import dice
from .dynamics import curve_of, ending_of, feel_of, wants_fade
from .ensemble import NAMES, RHYTHM, instruments_of, left_out
from .figures import (
    FASTEST,
    LEAST_SECONDS,
    MOST_SECONDS,
    SLOWEST,
    TERMS,
    key_of,
    metre_of,
    odd_metre,
    seconds_of,
    tempo_of,
)
from .idioms import IDIOMS
from .instruments import INSTRUMENTS
from .prompt import Prompt, read
from .score import Brief, Curve, Metre, Mood, Player
from .vocabulary import (
    AMBIGUOUS,
    BREATHY,
    DANCES,
    FAST,
    FUNCTION,
    HUSKY,
    LEANINGS,
    MAJOR,
    MINOR,
    MOODS,
    NAMING,
    PACES,
    PLAIN,
    SHORT,
    SLOW,
    THINGS,
    TINY_AFTER,
    VOICES,
)

STYLES = NAMING.union(
    SLOW, FAST, MINOR, MAJOR, SHORT, VOICES, DANCES, LEANINGS, PACES, TERMS, THINGS, *MOODS.values()
).union(BREATHY, HUSKY, *(name.split() for name in (*NAMES, *INSTRUMENTS)))
"""Words for how a song sounds. They are not what it is about."""
OPEN = {"pop": 5, "rock": 2, "folk": 2, "soul": 2, "country": 1, "synthwave": 2, "ballad": 1, "hiphop": 1, "funk": 1}
"""How often an idiom is taken where the prompt leaves it open."""
OPEN_SLOW = {"ballad": 6, "lofi": 2, "country": 0, "hiphop": 0, "funk": 0}
"""What changes for a slow or sad song."""
BAND_ONLY = frozenset(("guitar", "beats", "synths", "synth"))
"""Instruments that speak for an idiom only when a whole band plays them."""
NORMAL_SECONDS, SHORT_SECONDS, LONG_SECONDS = 120, 25, 200
LONG = re.compile(
    r"\blong(?:er|ish)? (?:song|track|piece|version|tune|ballad|jam)\b|\bextended\b|\b(?:quite|very) long\b"
)
WITHOUT_DRUMS = frozenset(("ballad", "folk", "ambient"))
"""Idioms in which nobody drums to a lullaby, unless the prompt names drums."""
LULLABY_PACE: dict[Metre, tuple[int, int]] = {"4/4": (62, 72), "3/4": (76, 90), "6/8": (50, 58)}
DANCE_PACE: dict[str, tuple[int, int]] = {
    "jig": (108, 120),
    "shanty": (76, 88),
    "march": (104, 116),
    "polka": (112, 126),
}
METRE_PACE: dict[Metre, float] = {"4/4": 1.0, "3/4": 1.15, "6/8": 2 / 3}
"""How an idiom's beats a minute change with the metre: three are danced faster than four, and six eighths have two."""
SLOWER, FASTER = 0.86, 1.14
CALM: frozenset[Mood] = frozenset(("calm",))
OUTRIGHT_SLOW, OUTRIGHT_FAST = frozenset(("slow", "slowly")), frozenset(("fast", "uptempo", "frantic", "racing"))
"""Other words for calm and lively music move its tempo less."""
BALLAD_SHARE = 0.68
"""How fast a ballad in another idiom is: a rock ballad beside rock."""
SLOW_ALREADY = 90
"""Idioms that never go faster than this are slow by nature: "slow" makes them half as much slower."""
APART = 1.075
"""How many times faster the faster take is at least, where the tempo is free: 6 % and something for rounding."""
EIGHTHS_FROM = 140
"""Beats a minute: who asks for more in 6/8 counts eighths."""


@dataclass(frozen=True, slots=True)
class Style:
    """What both takes have in common."""

    idiom: str
    metre: Metre
    minor: bool
    mood: frozenset[Mood]
    without: frozenset[Player]


def read_brief(prompt: str, seed: int, take: int = 1) -> Brief:
    """What `prompt` asks of one take (1 or 2). Any text will do: what cannot be read is chosen from the seed."""
    asked = read(prompt)
    said = asked.said
    without, unmet = left_out(asked)
    curve = curve_of(asked.text)
    mood = _mood(said, asked.topic) | (CALM if curve == "calm" else frozenset())
    tonic, minor = key_of(prompt)
    idiom = _idiom(asked, without, mood, seed)
    if "lullaby" in mood and idiom in WITHOUT_DRUMS and not RHYTHM & said:
        without |= {"drums"}
    style = Style(
        idiom=idiom,
        metre=_metre(asked, mood, seed),
        minor=_mode(said, asked.topic, IDIOMS[idiom].minor_share, seed) if minor is None else minor,
        mood=mood,
        without=without,
    )
    singer = singer_of(asked, seed, take)
    low, high = RANGES[singer]
    bpm, counted = _tempo(asked, style, seed, take)
    seconds = _seconds(asked)
    if tonic is None:
        tonic = _comfortable_tonic(asked, style.minor, seed, take)
    return Brief(
        idiom=idiom,
        bpm=bpm,
        metre=style.metre,
        tonic=(tonic + 3) % 12 if style.minor else tonic,
        minor=style.minor,
        singer=singer,
        low=low,
        high=high,
        instrumental=_instrumental(asked),
        seconds=min(MOST_SECONDS, max(LEAST_SECONDS, seconds or NORMAL_SECONDS)),
        timed=seconds is not None,
        mood=mood,
        about=_about(asked),
        name=asked.name,
        instruments=(*instruments_of(asked), *(("pad",) if unmet else ())),
        without=without,
        curve=curve or _free_curve(mood, idiom),
        ending=ending_of(asked.text),
        feel=feel_of(asked.text),
        unmet=(*unmet, *counted, *_unmet(asked, seconds)),
        take=take,
    )


def _mood(said: frozenset[str], topic: tuple[str, ...]) -> frozenset[Mood]:
    """The moods that the prompt names; what it says the song is about counts where it names none."""
    named = frozenset(mood for mood, words in MOODS.items() if said & words)
    return named or frozenset(mood for mood, words in MOODS.items() if words.intersection(topic))


def _idiom(prompt: Prompt, without: frozenset[Player], mood: frozenset[Mood], seed: int) -> str:
    """The idiom with the most words in the prompt; names of idioms weigh more, and so do early words, a little."""
    sparse = {"drums", "bass"} <= without
    words = [
        "." if at in prompt.denied or (sparse and word in BAND_ONLY) else word for at, word in enumerate(prompt.words)
    ]
    found = _most_asked(words)
    if NAMING.intersection(words):
        return found
    leaning = next((LEANINGS[word] for word in words if word in LEANINGS), ())
    if not leaning and not found and sparse:
        leaning = (
            ("folk",) if "guitar" not in without else ("cinematic", "ballad") if "keys" in without else ("ballad",)
        )
    if leaning and found not in leaning:
        return leaning[int(dice(seed, "leaning").integers(len(leaning)))]
    if found:
        return found
    found = _most_asked([word for word in prompt.topic if word not in AMBIGUOUS])
    if found:
        return found
    slow = bool(prompt.said & SLOW) or bool(mood & {"sad", "calm", "tender", "lullaby"})
    weights = OPEN | (OPEN_SLOW if slow else {})
    shares = np.array(list(weights.values()), float)
    return str(dice(seed, "idiom").choice(list(weights), p=shares / shares.sum()))


def _most_asked(words: list[str] | tuple[str, ...]) -> str:
    """The idiom that the words speak for most, or nothing."""
    joined = {f"{a}-{b}" for a, b in itertools.pairwise(words)} | set(words)
    first = {word: place for place, word in reversed(list(enumerate(words)))}
    best, most = "", 0.0
    for name, idiom in IDIOMS.items():
        asked = [word for word in dict.fromkeys(idiom.asks.split()) if word in joined]
        weight = sum((4 if word in NAMING else 1) + 0.5 / (1 + first.get(word, 9)) for word in asked)
        if weight > most:
            best, most = name, weight
    return best


def _metre(prompt: Prompt, mood: frozenset[Mood], seed: int) -> Metre:
    """The metre by its figures, else by a dance; lullabies rock in three or in six. One for both takes."""
    named = metre_of(prompt.text)
    if named:
        return named
    dance = next((DANCES[word] for word in prompt.words if word in DANCES and word in prompt.said), None)
    if dance:
        return dance
    if "lullaby" in mood and "lullaby" in prompt.said:
        return "6/8" if dice(seed, "lullaby").random() < 0.6 else "3/4"
    return "4/4"


def _tempo(prompt: Prompt, style: Style, seed: int, take: int) -> tuple[int, tuple[str, ...]]:
    """Beats a minute of a take, and what had to be read otherwise than it is said."""
    asked = tempo_of(prompt.text)
    upper = (take == 2) == bool(dice(seed, "faster take").random() < 0.5)
    if asked is None:
        return _free_tempo(_pace(prompt, style), seed, upper=upper), ()
    low, high = (min(FASTEST, max(SLOWEST, bpm)) for bpm in asked)
    if style.metre == "6/8" and high > EIGHTHS_FROM:
        return max(SLOWEST, round((high if upper else low) / 3)), (f"{high} bpm are counted in eighths",)
    bpm = round(low + (high - low) * (0.75 if upper else 0.25))
    return bpm, () if (low, high) == asked else (f"{bpm} bpm in place of {asked[1] if asked[1] > bpm else asked[0]}",)


def _pace(prompt: Prompt, style: Style) -> tuple[float, float]:
    """The span of beats a minute that suits the idiom, the metre and the mood."""
    said = prompt.said
    dance = next((DANCE_PACE[word] for word in DANCE_PACE if word in said and style.metre == DANCES[word]), None)
    if "lullaby" in style.mood and "lullaby" in said:
        span: tuple[float, float] = LULLABY_PACE[style.metre]
    elif dance:
        span = dance
    else:
        span = next((PACES[word] for word in prompt.words if word in PACES and word in said), IDIOMS[style.idiom].bpm)
        span = span[0] * METRE_PACE[style.metre], span[1] * METRE_PACE[style.metre]
    if "ballad" in said and style.idiom != "ballad" and span[1] > SLOW_ALREADY:
        span = span[0] * BALLAD_SHARE, span[1] * BALLAD_SHARE
    if PACES.keys() & said:
        return span
    shift = SLOWER if said & OUTRIGHT_SLOW else SLOWER**0.5 if said & SLOW else 1.0
    shift *= FASTER if said & OUTRIGHT_FAST else FASTER**0.4 if said & FAST else 1.0
    if shift < 1 and IDIOMS[style.idiom].bpm[1] <= SLOW_ALREADY:
        shift = (1 + shift) / 2
    return span[0] * shift, span[1] * shift


def _free_tempo(span: tuple[float, float], seed: int, *, upper: bool) -> int:
    """A tempo of the span: the takes lie in its two halves, and always clearly apart."""
    low, high = span
    middle = (low + high) / 2
    part = (high - low) * 0.3
    slow = min(low + part * float(dice(seed, "tempo", "slower").random()), middle / math.sqrt(APART))
    fast = max(high - part * float(dice(seed, "tempo", "faster").random()), slow * APART)
    if slow < SLOWEST:
        slow, fast = SLOWEST, max(fast, SLOWEST * APART)
    return min(FASTEST, round(fast if upper else slow))


def _mode(said: frozenset[str], topic: tuple[str, ...], share: float, seed: int) -> bool:
    """Whether the song is in minor: by its mood words, else by the idiom's habit. One answer for both takes."""
    balance = (
        2 * (len(said & MINOR) - len(said & MAJOR)) + len(MINOR.intersection(topic)) - len(MAJOR.intersection(topic))
    )
    return balance > 0 if balance else bool(dice(seed, "mode").random() < share)


def _comfortable_tonic(prompt: Prompt, minor: bool, seed: int, take: int) -> int:
    """A tonic whose fifth or sixth degree lies two semitones under the singer's top, where choruses want to peak.

    The takes never share it.
    """
    tonics = []
    for number in (1, 2):
        high = RANGES[singer_of(prompt, seed, number)][1]
        under = 9 if (number == 2) == bool(dice(seed, "key order").random() < 0.5) else 7
        pitch = high - 2 - under + int(dice(seed, "key", number).integers(-1, 2))
        tonics.append((pitch + 9) % 12 if minor else pitch % 12)
    if take == 2 and tonics[0] == tonics[1]:
        return (tonics[1] - 2) % 12
    return tonics[take - 1]


def _seconds(prompt: Prompt) -> int | None:
    """The length that is asked for, by its figures or as "short" or "long"."""
    named = seconds_of(prompt.text)
    if named is not None:
        return named
    for at, word in enumerate(prompt.words):
        if (
            word in SHORT
            and at not in prompt.denied
            and prompt.words[at + 1 : at + 2] not in [(w,) for w in TINY_AFTER]
        ):
            return SHORT_SECONDS
    return LONG_SECONDS if LONG.search(prompt.text) else None


def _instrumental(prompt: Prompt) -> bool:
    """Whether singing is ruled out."""
    if prompt.said & {"instrumental", "instrumentals"}:
        return True
    sung = {"vocals", "vocal", "singing", "voice", "voices", "lyrics", "words", "singer", "singers"}
    return bool(sung & prompt.ruled_out)


def _free_curve(mood: frozenset[Mood], idiom: str) -> Curve:
    """How the song rises where the prompt does not say: not at all where all of it is calm."""
    soft = idiom == "ambient" or bool(mood & {"calm", "lullaby"})
    return "calm" if soft and not mood & {"energetic", "angry"} else "song"


def _unmet(prompt: Prompt, seconds: int | None) -> tuple[str, ...]:
    """What else cannot be done as it is said."""
    out = []
    odd = odd_metre(prompt.text)
    if odd and not metre_of(prompt.text):
        out.append(f"4/4 in place of {odd}")
    if wants_duet(prompt):
        out.append("one voice in each take in place of a duet")
    if seconds is not None and not LEAST_SECONDS <= seconds <= MOST_SECONDS:
        out.append("songs last from 20 seconds to 5 minutes")
    if wants_fade(prompt.text):
        out.append("a soft last chord in place of a fade")
    return tuple(out)


def _about(prompt: Prompt) -> tuple[str, ...]:
    """Content words, each once; up to three that stand side by side stay together. The subject comes first."""
    out: list[str] = []
    seen: set[str] = set()
    for words, common in ((prompt.topic, FUNCTION), (prompt.words, PLAIN | STYLES)):
        group: list[str] = []
        for word in (*words, "."):
            bare = word.strip("'-&").removesuffix("'s")
            plain = bare in common or bare in seen or len(bare) < 3 or bare[0].isdigit()
            if not plain:
                seen.add(bare)
                group.append(bare)
            if group and (plain or len(group) == 3):
                out.append(" ".join(group))
                group = []
        if len(out) >= 12:
            break
    return tuple(out[:12])
