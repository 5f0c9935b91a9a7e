"""What guitarists play, part by part. Data, written as `strokes` says.

D and U are strokes down and up, T the high strings struck short, X the same with the strings damped, P a power chord;
a b c d e f are single strings of the grip from the lowest.
"""

from __future__ import annotations

from .idiom import GuitarPart
from .strokes import Figure, Figures

_STRUM = Figure(
    "0D8'",
    "0D4! 6U2' 8D4 14U2'",
    "0D4! 4D2 6U2' 8D4 10U2' 12D4 14U2'",
    "0D2! 2D2' 4D2! 6U2 7U1' 8D2! 10U2 12D2! 14U2 15U1'",
)
_ISLAND = Figure("0D8'", "0D4! 4D2' 6U2' 10U2' 12D2", "0D2! 2D2' 4D2! 6U2 8T1' 10U2 12D2! 14U2 15U1'")
_STRUM_THREE = (
    Figure("0D10'", "0a4! 4D3' 8D3'", "0D4! 4D2 6U2' 8D2 10U2'"),
    Figure("0D10'", "0D6! 8D2' 10U2'", "0D3! 2U2' 4D2 6U2' 8D2 10U2'"),
)
_STRUM_SIX = (
    Figure("0D10'", "0D4! 4U2' 6D4 10U2'", "0D2! 2U2' 4D2' 6D2! 8U2' 10D2'"),
    Figure("0D10'", "0D4! 6D4 8U2'", "0D3! 4D2' 6D3! 8U2' 10U2'"),
)
_SHORT_THREE = (
    Figure("8T0.8'", "4T0.8 8T0.8'", "4T0.8! 7T0.6' 8T0.8 10T0.6'"),
    Figure("4T0.8'", "4T0.8 10T0.8'", "2T0.6' 4T0.8! 6T0.6' 8T0.8 11T0.6'"),
)
_SHORT_SIX = (
    Figure("6T0.8'", "6T0.8! 10T0.6'", "4T0.6' 6T0.8! 9T0.6' 10T0.6"),
    Figure("6T0.8'", "4T0.6' 6T0.8!", "2T0.6' 4T0.6 6T0.8! 8T0.6' 10T0.6"),
)
FIGURES: dict[GuitarPart, Figures] = {
    "strum": {"4/4": (_STRUM, _ISLAND), "3/4": _STRUM_THREE, "6/8": _STRUM_SIX},
    "picked": {
        "4/4": (
            Figure(
                "0a6' 4c4' 8b6' 12c4'",
                "0a4.8! 2d4.8' 4c4.8' 6e4.8' 8b4.8! 10d4.8' 12c4.8' 14f4.8'",
                _STRUM.strong,
                _STRUM.extra,
            ),
            Figure(
                "0a8' 4d4' 12d4'",
                "0a4! 4c4' 6e2' 8b4! 10d4' 12c4' 14e2'",
                "0a4! 0f4 2d2' 4c4! 6e4' 8b4! 10d4 12c4! 14f2' 15e1'",
                _ISLAND.strong,
            ),
        ),
        "3/4": (
            Figure("0a10' 4d8' 8e4'", "0a8! 2c6' 4d6' 6e4' 8d4' 10c2'", "0D4! 4D2 6U2' 8D2 10U2'"),
            Figure("0a10' 8d4'", "0a8! 4d4' 6f4' 8e4' 10d2'", "0a8! 0f4 2d4' 4e4 6c4' 8f4 10d2'"),
        ),
        "6/8": (
            Figure("0a10' 6d4'", "0a6! 2c4' 4d4' 6e6 8d4' 10c2'", "0D2! 2U2' 4D2' 6D2! 8U2' 10D2'"),
            Figure("0a10' 4d4'", "0a6! 2d4' 4e4' 6b6 8d4' 10f2'", "0a6! 0f4 2d4' 4e4' 6b6! 8e4' 10f2'"),
        ),
    },
    "power": {
        "4/4": (
            Figure(
                "0P15'",
                "0P1! 2P1' 4P1' 6P1' 8P1! 10P1' 12P1' 14P1'",
                "0P1.9! 2P1.9' 4P1.9 6P1.9' 8P1.9! 10P1.9' 12P1.9 14P1.9'",
            ),
            Figure("0P7.5' 8P7.5'", "0P3! 6P1' 8P3 14P1'", "0P5.5! 6P1.9 8P3.8! 12P1.9' 14P1.9"),
        ),
        "3/4": (
            Figure("0P11'", "0P3! 4P1' 8P1'", "0P3.8! 4P1.8' 6P1.8' 8P1.8 10P1.8'"),
            Figure("0P11'", "0P7! 8P2'", "0P5.8! 6P1.8' 8P3.8"),
        ),
        "6/8": (
            Figure("0P11'", "0P3! 4P1' 6P3 10P1'", "0P3.8! 4P1.8' 6P3.8! 10P1.8'"),
            Figure("0P11'", "0P1! 2P1' 4P1' 6P1! 8P1' 10P1'", "0P1.9! 2P1.9' 4P1.9' 6P1.9! 8P1.9' 10P1.9'"),
        ),
    },
    "chank": {
        "4/4": (
            Figure("4T0.8' 12T0.8'", "4T0.8! 7T0.6' 12T0.8! 15T0.6'", "2T0.8' 4T0.8! 7T0.6 10T0.8' 12T0.8! 15T0.6'"),
            Figure(
                "12T0.8'",
                "4T0.8! 6X0.4' 7T0.6' 12T0.8! 14X0.4'",
                "0T0.8! 2X0.4' 3T0.8 4X0.4' 6T0.8! 8X0.4' 10T0.8! 11X0.4' 12T0.8 14X0.4' 15T0.6'",
            ),
        ),
        "3/4": _SHORT_THREE,
        "6/8": _SHORT_SIX,
    },
    "skank": {
        "4/4": (
            Figure("12T1'", "4T1 12T1", "2T0.8' 6T0.8! 10T0.8' 14T0.8!"),
            Figure("4T1'", "4T1 5X0.4' 12T1 13X0.4'", "2T0.8! 6T0.8! 7X0.4' 10T0.8! 14T0.8! 15X0.4'"),
        ),
        "3/4": _SHORT_THREE,
        "6/8": _SHORT_SIX,
    },
    "boom-chick": {
        "4/4": (
            Figure("0a6 8b6'", "0a3! 4D2 8b3! 12D2 14U2'", "0a3! 4D2! 6U2' 8b3! 10D2' 12D2! 14U2'"),
            Figure("0a6 4D3' 8b6'", "0a3! 4D2 6U2' 8b3! 12D2", "0a3! 2D2' 4D2! 6U2' 8b3! 12D2! 14U2' 15U1'"),
        ),
        "3/4": _STRUM_THREE,
        "6/8": _STRUM_SIX,
    },
    "bossa": {
        "4/4": (
            Figure(
                "0a6 4T3' 8b6' 12T3'",
                "0a6! 0T2 4T2' 8b6 10T2' | 0a6 2T2 8b6 8T2 12T2'",
                "0a6! 0T2 4T2' 7T2 8b6 10T2' 14T2 | 0a6 2T2 6T2' 8b6 8T2 12T2'",
            ),
            Figure(
                "0a6 8b6 8T4'",
                "0a6! 2T2 6T2' 8b6 12T2' | 0a6 0T2 4T2 8b6 10T2'",
                "0a6! 2T2 6T2' 8b6 12T2' 14T2' | 0a6 0T2 4T2 7T2' 8b6 10T2' 14T2",
            ),
        ),
        "3/4": (
            Figure("0a10 4T4'", "0a6! 4T3 8T3'", "0a6! 2T2' 4T2 8T2 10T2'"),
            Figure("0a10 8T4'", "0a6! 4T2' 6T2 10T2'", "0a6! 0T2 4T2' 6T2 8b4 10T2'"),
        ),
        "6/8": (
            Figure("0a10 6T4'", "0a6! 4T2' 6b6 8T2'", "0a6! 2T2' 4T2 6b6 8T2' 10T2"),
            Figure("0a10 4T4'", "0a6! 2T2' 6b6 10T2'", "0a6! 0T2 4T2' 6b6 8T2 10T2'"),
        ),
    },
    "swell": {
        "4/4": (
            Figure("0a16'", "0a16' 6e10' | 0a16' 10d6'", "0a16 4d12' 8e8' 12f4'"),
            Figure("0a16'", "0a16' 8d8'", "0a16 3c12' 6d10' 11f5'"),
        ),
        "3/4": (Figure("0a12'", "0a12' 6e6'", "0a12 4d8' 8f4'"), Figure("0a12'", "0a12' 8d4'", "0a12 2c8' 6e6'")),
        "6/8": (Figure("0a12'", "0a12' 6e6'", "0a12 4d8' 8f4'"), Figure("0a12'", "0a12' 8d4'", "0a12 2c8' 6e6'")),
    },
}
