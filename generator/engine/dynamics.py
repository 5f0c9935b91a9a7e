"""How a song's strength goes, by a prompt's words: its curve, its end, and where the drums' backbeat falls.

All functions take the prompt's text (`prompt.Prompt.text`, lower case).
"""

from __future__ import annotations

import re

from .score import Curve, Ending, Feel

_SOFT = "(?:calm|quiet|soft|gentle|mellow|peaceful|low|sparse|small)(?:ly)?"
_LOUD = "(?:big|huge|loud|massive|explosive|giant|grand|epic|strong|powerful|soaring|anthemic|triumphant|dramatic)"
_ALWAYS = "(?:throughout|all along|all the way|from start|the whole)"
_GRADUALLY = "(?:slow|gradual|long|steady)"
CURVES: tuple[tuple[Curve, tuple[str, ...]], ...] = (
    (
        "calm",
        (
            rf"{_SOFT} {_ALWAYS}",
            rf"(?:stays?|staying|keep it|kept|always|remains?) (?:very )?{_SOFT}",
            r"never (?:gets? )?loud",
            r"low[- ]key",
        ),
    ),
    (
        "build",
        (
            rf"{_GRADUALLY}(?:ly)?[- ](?:build|builds|building|grows?|growing|rises?|rising)",
            r"(?:build|builds|building|grows?|growing|rises?|rising)(?: up)? (?:slowly|gradually|to|towards?|into)",
            rf"(?:starts?|begins?|starting|beginning) (?:out )?(?:very )?{_SOFT}",
            r"build[- ]?up",
            r"crescendo",
        ),
    ),
    (
        "bursting",
        (
            rf"{_LOUD} (?:chorus|choruses|hook|hooks|drop|drops)",
            rf"{_SOFT} verses?",
            r"explo(?:de|des|ding|sion)",
        ),
    ),
    (
        "steady",
        (
            rf"(?:energetic|driving|intense|{_LOUD}) {_ALWAYS}",
            r"high[- ]energy",
            r"non[- ]?stop",
            r"full throttle",
            r"relentless",
        ),
    ),
)
_END = "(?:ending|end|outro|finish|close|finale)"
FADE = r"fad(?:e|es|ing)[- ]?(?:out|away)"
ENDINGS: tuple[tuple[Ending, tuple[str, ...]], ...] = (
    (
        "quiet",
        (
            rf"(?:{_SOFT}|slow|fading) {_END}",
            rf"ends? (?:very )?{_SOFT}",
            rf"{FADE}",
            r"dies? away",
        ),
    ),
    ("big", (rf"{_LOUD} {_END}", rf"ends? (?:very )?{_LOUD}(?:ly)?", r"ends? (?:on a high|with a bang)", r"finale")),
)
_CURVES = [(curve, re.compile("|".join(rf"\b{said}\b" for said in ways))) for curve, ways in CURVES]
_ENDINGS = [(ending, re.compile("|".join(rf"\b{said}\b" for said in ways))) for ending, ways in ENDINGS]
_FADE = re.compile(rf"\b{FADE}\b")
SAID = re.compile("|".join(rf"\b{said}\b" for _, ways in (*CURVES, *ENDINGS) for said in ways))
"""Everything here that a prompt can say: "quiet verses" make no quiet song."""


def curve_of(text: str) -> Curve | None:
    """The curve that is asked for, if one is."""
    return next((curve for curve, pattern in _CURVES if pattern.search(text)), None)


def ending_of(text: str) -> Ending:
    """The ending that is asked for; "rest" if none is."""
    return next((ending for ending, pattern in _ENDINGS if pattern.search(text)), "rest")


def feel_of(text: str) -> Feel:
    """Half-time or double-time, if one is asked for. `prompt` has joined how people write them."""
    return "half-time" if "half-time" in text else "double-time" if "double-time" in text else "straight"


def wants_fade(text: str) -> bool:
    """Whether the song shall fade out."""
    return bool(_FADE.search(text))
