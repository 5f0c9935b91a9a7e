"""What prompts say in figures and fixed terms: tempo, key, metre and length.

All functions take the prompt's text (`prompt.Prompt.text`, lower case) but `key_of`, which needs it as written. They
give None where the prompt says nothing.
"""

from __future__ import annotations

import re

from .score import Metre

SLOWEST, FASTEST = 50, 200
"""Beats a minute between which songs are made."""
LEAST_SECONDS, MOST_SECONDS = 20, 300

_BPM = r"\s{0,3}-?(?:bpm|b\.p\.m|beats (?:per|a) minute)\b"
TEMPO = re.compile(
    r"(?<![\d.,])(?P<low>\d{2,3})(?:[.,]\d{1,2})?(?:\s{0,2}(?:-|–|to|and)\s{0,2}(?P<high>\d{2,3}))?"
    + _BPM
    + r"|\b(?:tempo|bpm)(?: of| is| around| about|[\s:=~]){0,3}\s{0,3}(?P<after>\d{2,3})\b(?!\s?%)"
)
TERMS: dict[str, tuple[int, int]] = {
    "largo": (50, 58),
    "lento": (52, 62),
    "adagio": (64, 74),
    "andante": (78, 92),
    "moderato": (98, 110),
    "allegretto": (108, 118),
    "allegro": (122, 140),
    "vivace": (142, 156),
    "presto": (164, 182),
}
"""Beats a minute of the Italian terms, after the usual metronome markings."""

_LETTER = r"(?P<letter>[A-Ga-g])"
_SIGN = r"(?P<sign>#|♯|♭|b|[ -]?sharp|[ -]?flat)"
_MODE = r"(?P<mode>[Mm]ajor|MAJOR|[Mm]inor|MINOR|maj|min|m|[Dd]orian|[Pp]hrygian|[Ll]ydian|[Mm]ixolydian|[Aa]eolian)"
KEY = re.compile(
    rf"\b(?:in|key of|key:)\s{{0,3}}(?:the key of\s)?{_LETTER}(?:{_SIGN}(?![a-z]))?\s{{0,3}}-?"
    rf"{_MODE}?(?![A-Za-z#'’])(?P<after>\s{{0,3}}\w)?",
)
BARE_KEY = re.compile(
    rf"(?<![\w'’#-])(?P<letter>[A-G])(?:(?P<sign>#|♯|♭|b|[ -]sharp|[ -]flat)\s{{0,2}}-?{_MODE}?"
    rf"|\s{{1,2}}(?P<mode2>[Mm]ajor|[Mm]inor)(?P<after>\s\w)?|(?P<mode3>m))(?![A-Za-z#'’])"
)
"""A key without "in": it needs a sign or a mode, and a capital letter."""
LOWER_KEY = re.compile(
    rf"(?<![\w'’#-])(?P<letter>[b-g])(?P<sign>#|b|[ -]sharp|[ -]flat)?\s{{0,2}}{_MODE}(?![A-Za-z#'’])"
)
"""Small letters name a key only with its mode; "a minor" is an article, and "am" and "em" are words."""
NATURALS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
MINOR_MODES = frozenset(("minor", "min", "m", "dorian", "phrygian", "aeolian"))
MODE = re.compile(
    r"\bin (?:an? )?(?:major|minor)(?: key| mode| scale)?(?=[,.;:!?\n)]|$| and | with )"
    r"|\b(?:major|minor) (?:key|mode|scale)\b"
)

METRES: tuple[tuple[Metre, re.Pattern[str]], ...] = (
    (
        "6/8",
        re.compile(
            r"(?<![\d/])(?:6|12)/8(?![\d/])|\bsix[ -]eight\b|\btwelve[ -]eight\b|\bin (?:six|6)(?=[,.;!?\n)]|$| time)"
        ),
    ),
    (
        "3/4",
        re.compile(
            r"(?<![\d/])3/(?:4|8)(?![\d/])|\bthree[ -](?:four|quarter) (?:time|metre|meter)|\bin three[ -]four\b"
            r"|\bin (?:three|3)(?=[,.;!?\n)]|$| time)|\btriple (?:time|metre|meter)\b"
        ),
    ),
    (
        "4/4",
        re.compile(
            r"(?<![\d/])(?:4/4|2/4|2/2)(?![\d/])|\bfour[ -]four\b|\bcommon time\b|\bin (?:four|4)(?=[,.;!?\n)]|$| time)"
        ),
    ),
)
ODD = re.compile(r"(?<![\d/])(?:[579]|1[013])/(?:4|8|16)(?![\d/])")
"""Metres that the band does not play."""

NUMBERS: dict[str, float] = {
    "half a": 0.5,
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "a couple of": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "ten": 10,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "forty five": 45,
    "forty-five": 45,
    "fifty": 50,
    "sixty": 60,
    "ninety": 90,
}
_NUMBER = r"\d{1,3}(?:[.,]\d{1,2})?|" + "|".join(sorted(NUMBERS, key=len, reverse=True))
MINUTES = re.compile(
    rf"(?<![\w.,:/])(?P<number>{_NUMBER})(?P<half>[ -]and[ -]a[ -]half)?[\s-]{{0,2}}min(?:ute)?s?\b"
    r"(?P<half2>[ -]and[ -]a[ -]half)?"
    r"(?:,? (?:and )?(?P<more>\d{1,2}|thirty|fifteen|twenty|ten|forty) ?s(?:ec(?:ond)?s?)?\b)?"
)
SECONDS = re.compile(rf"(?<![\w.,:/])(?P<number>{_NUMBER})(?:[\s-]{{0,2}}sec(?:ond)?s?|\ss)\b(?!')")
CLOCK = re.compile(
    r"(?:(?:^|[,.;(~\n]|\b(?:about|around|of|length|duration|lasts?|lasting|exactly|roughly|for|is|be|song|track|long))"
    r":?\s{0,2}(?P<minutes>[0-5]):(?P<seconds>[0-5]\d)(?![\d:]|\s?(?:am|pm|a\.m|p\.m|o'?clock|in the))"
    r"|(?<![\d:])(?P<minutes2>[0-5]):(?P<seconds2>[0-5]\d)\s{0,2}(?:min|long|song|track|version|length))"
)
"""Minutes and seconds; the time of day and chapter and verse are not meant."""
IS_LENGTH = re.compile(r"^[\s-]{0,2}(?:long|song|track|tune|piece|jingle|version|instrumental|loop|of music)\b")


def tempo_of(text: str) -> tuple[int, int] | None:
    """The tempo that is asked for as a span of beats a minute, both ends the same if it is one figure."""
    match = TEMPO.search(text)
    if match:
        low = int(match["low"] or match["after"])
        high = int(match["high"] or low)
        return min(low, high), max(low, high)
    return next((span for term, span in TERMS.items() if re.search(rf"\b{term}\b", text)), None)


def playable(bpm: float) -> int:
    """A tempo that was heard, twice or half as fast where songs do not go so slow or so fast."""
    while bpm < SLOWEST:
        bpm *= 2
    while bpm > FASTEST:
        bpm /= 2
    return round(bpm)


def key_of(prompt: str) -> tuple[int | None, bool | None]:
    """The named tonic's pitch class, and whether the mode is minor; either can be missing. `prompt` as written."""
    for match in (*KEY.finditer(prompt), *BARE_KEY.finditer(prompt), *LOWER_KEY.finditer(prompt)):
        if _names_key(match):
            sign, mode = _parts(match)
            shift = 1 if sign in ("#", "♯", "sharp") else -1 if sign else 0
            minor = None if mode is None else mode.lower() in MINOR_MODES
            return (NATURALS[match["letter"].lower()] + shift) % 12, minor
    mode_only = MODE.search(prompt.lower())
    return None, None if mode_only is None else "minor" in mode_only[0]


def _parts(match: re.Match[str]) -> tuple[str, str | None]:
    """The sign and the mode of what looks like a key; either can be missing."""
    found = match.groupdict()
    return (found["sign"] or "").strip(" -"), found["mode"] or found.get("mode2") or found.get("mode3")


def _names_key(match: re.Match[str]) -> bool:
    """Whether what looks like a key is one: "a" is an article too, "am" and "em" are words."""
    sign, mode = _parts(match)
    if sign:
        return True
    after, letter = match.groupdict().get("after"), match["letter"]
    if match.re is KEY:
        article = letter == "a" and after
        return not article and not (mode == "m" and letter.islower()) and bool(mode or "key" in match[0])
    if match.re is BARE_KEY:
        return not (letter == "A" and (mode == "m" or after))
    return mode != "m"


def metre_of(text: str) -> Metre | None:
    """The metre that is asked for by its figures or as "in three"; dances are known to `brief`."""
    return next((metre for metre, pattern in METRES if pattern.search(text)), None)


def odd_metre(text: str) -> str:
    """A metre that is asked for and not played here, or nothing."""
    match = ODD.search(text)
    return match[0] if match else ""


def seconds_of(text: str) -> int | None:
    """The length that is asked for, in seconds, as said."""
    clock = CLOCK.search(text)
    if clock:
        minutes, seconds = (
            (clock["minutes"], clock["seconds"]) if clock["minutes"] else (clock["minutes2"], clock["seconds2"])
        )
        return int(minutes) * 60 + int(seconds)
    for match in MINUTES.finditer(text):
        if match["number"] in ("a", "an") and not (
            match["half"] or match["half2"] or match["more"] or IS_LENGTH.match(text[match.end() :][:20])
        ):
            continue
        more = _number(match["more"]) if match["more"] else 0
        half = 0.5 if match["half"] or match["half2"] else 0
        return round((_number(match["number"]) + half) * 60 + more)
    for match in SECONDS.finditer(text):
        if match["number"] not in ("a", "an", "one", "half a"):
            return round(_number(match["number"]))
    return None


def _number(said: str) -> float:
    return NUMBERS[said] if said in NUMBERS else float(said.replace(",", "."))
