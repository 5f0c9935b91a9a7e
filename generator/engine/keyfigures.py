"""What keyboard players play, part by part. Data, written as `strokes` says.

c the chord, h the chord and its lowest note an octave up, s the chord without its lowest note, r the lowest note an
octave down, o the same in octaves, f the fifth above r; i j k l the chord's notes from below, I J K L an octave higher.
Comping in jazz is no figure: see `comping`.
"""

from __future__ import annotations

from .idiom import Family, KeysPart
from .score import Metre
from .strokes import Figure, Figures, run

_HELD, _SLOW = "0c15'", "0c8' 8c8'"
_BROKEN = "0r3.6! 2j3.6' 4k3.6' 6l3.6' 8r3.6! 10j3.6' 12k3.6' 14l3.6'"
_WAVES = "0r3.6! 2k3.6' 4l3.6' 6k3.6' 8j3.6! 10k3.6' 12l3.6' 14k3.6'"
FOUR: dict[KeysPart, tuple[Figure, Figure]] = {
    "pushed": (
        Figure(_HELD, "0c8 8c6' 14c2'", "0h3! 3h3 6h4 10h3 13h3"),
        Figure(
            _SLOW,
            "0c4 4c4' 8c4 12c4'",
            "0h2! 2c2' 4h2 6c2' 8h2! 10c2' 12h2 14c2'",
            "0h2! 2h2 4h2 6h2 8h2! 10h2 12h2 14h2",
        ),
    ),
    "stabs": (
        Figure("0c8'", "3c1.5 10c2'", "3c1.5! 6c1.2 10c2! 14c1.5'"),
        Figure("0c8'", "0c6 6c1.2' 14c2'", "0c1.5! 3c1.2' 6c2 11c1.5! 14c1.2'"),
    ),
    "clav": (
        Figure("10c0.8'", "2c0.8 10c0.8 13c0.8'", "0i0.8! 2c0.6' 3c0.6 6c0.8! 9i0.6' 10c0.8 13c0.6' 14i0.8"),
        Figure("6c0.8'", "6c0.8 7c0.6' 14c0.8", "2c0.6 5c0.6! 6i0.6' 7c0.6' 10c0.8! 12i0.6' 13c0.6 15c0.6'"),
    ),
    "comp": (Figure("0s8'", "", ""), Figure("6s6'", "", "")),
    "rolled": (
        Figure("0c12'", "0c6 7c6'", "0c6 7c4' 12s2'"),
        Figure("0c12'", "0s7 10c5'", "0c3 3s3' 8c4 14s2'"),
    ),
    "broken": (
        Figure("0r8 0j8' 4k4' 8l8' 12k4'", _BROKEN, "0o8! 0h4 2j2' 4c4 6k2' 8o8! 8h4 10j2' 12c4 14k2'"),
        Figure("0r8 4c4' 8j8' 12k4'", _WAVES, "0o8! 0c4 2k2' 4h4 6l2' 8o8! 8c4 10k2' 12h4 14l2'"),
    ),
    "offbeat": (
        Figure("4c1.4'", "4c1.4 12c1.4", "2c1.2 6c1.2! 10c1.2 14c1.2!"),
        Figure("12c1.4'", "2c1 6c1 10c1 14c1", "2c1 3r1' 6c1! 7r1' 10c1 11r1' 14c1! 15r1'"),
    ),
    "sixteenths": (
        Figure(_HELD, run("IKJL", 16, 2, 1.4), run("IKJL", 16, 1, 1.3)),
        Figure(_HELD, run("LKI", 16, 2, 1.4), run("IJKLKJ", 16, 1, 1.3)),
    ),
    "bossa": (
        Figure("4s4'", "4s2 10s2' | 2s2 8s2'", "4s2 10s2' 14s2 | 2s2 8s2 11s2'"),
        Figure("6s4'", "0s2 6s2' 12s2 | 4s2 14s2'", "0s2 6s2' 12s2 | 4s2 8s2' 14s2"),
    ),
    "swell": (
        Figure("0c16'", "0c16' 6L4' | 0c16' 11K4'", "0h16 4K4' 10L4' | 0h16 6J4' 13K3'"),
        Figure("0c16'", "0c16' 9K6'", "0h16 3L4' 9K6' | 0h16 6L6'"),
    ),
    "solo": (
        Figure(
            "0r7' 4c4' 8f7' 12k4'",
            "0r4! 2f4' 4l4 6k2' 8r4! 10f4' 12c4 14j2'",
            "0o4! 0h4! 2f2' 4c2 6l2' 8o4! 8h4 10f2' 12c2 14k2'",
            "0o2! 0h4! 2f2' 4h2 6l2 8o2! 8h4! 10f2' 12h2 13k2' 14l2'",
        ),
        Figure(
            "0r7' 4k4' 8f7' 12c4'",
            "0r7! 4c3' 6k2' 8f7 12c3' 14l2'",
            "0o3! 4h3 6c2' 8o3! 12h3 14c2'",
            "0o3! 2c2' 4h3! 6c2 8o3! 10c2' 12h3! 14c2",
        ),
    ),
}
_WALTZ = Figure("0r11' 4c7'", "0r3.5! 4c3' 8c3'", "0o4! 4h3 8h3 10c2'", "0o4! 2c2' 4h3 6c2' 8h3 10h2")
_ROCKING = Figure("0r11' 0c11'", "0r4! 2j4' 4k4' 6l4' 8k4' 10j2'", "0o4! 0h4 2j2' 4c4' 6k2' 8c4' 10k2'")
_CIRCLES = Figure("0r11' 4c7'", "0r4! 2k4' 4l4' 6j4' 8l4' 10k2'", "0o4! 0c4 2k2' 4h4' 6l2' 8c4' 10l2'")
THREE: dict[Family, tuple[Figure, Figure]] = {
    "band": (_WALTZ, _ROCKING),
    "soft": (_ROCKING, _CIRCLES),
    "swing": (
        Figure("0s8'", "4s2! 10s2' | 2s2 8s2'", "0s2! 4s2' 10s3 | 6s2! 8s2'"),
        Figure("0s8'", "0s3! 6s2' | 4s2 8s2'", "0s3! 6s2' 10s2 | 2s2! 4s2' 8s3"),
    ),
    "machine": (
        Figure("0c11'", run("IKJ", 12, 2, 1.4), run("IKJL", 12, 1, 1.3)),
        Figure("0c11'", run("LKJIJK", 12, 2, 1.4), run("IJLKJK", 12, 1, 1.3)),
    ),
    "epic": (_ROCKING, _CIRCLES),
}
_LILT = Figure("0r11' 0c11'", "0r6! 2j4' 4k4' 6l4 8k4' 10j2'", "0o6! 0h2 2j2' 4c2' 6h2! 8j2' 10c2'")
_CRADLE = Figure("0r11' 6c5'", "0r6! 2k4' 4l4' 6j4 8l4' 10k2'", "0o6! 0c2 2k2' 4h2' 6c2! 8k2' 10h2'")
SIX: dict[Family, tuple[Figure, Figure]] = {
    "band": (
        Figure("0c11'", "0c6 6c6'", "0h4! 4c2' 6h4 10c2'"),
        Figure("0c11'", "0r6! 2c2' 4c2' 6c2 8c2' 10c2'", "0o6! 0h2 2c2' 4c2' 6h2! 8c2' 10c2'"),
    ),
    "soft": (_LILT, _CRADLE),
    "swing": (
        Figure("0s8'", "4s2 10s2' | 2s2 6s3'", "2s2 4s2' 6s2! 10s2'"),
        Figure("0s8'", "0s4 8s2'", "0s2! 4s2' 8s2 10s2'"),
    ),
    "machine": (
        Figure("0c11'", run("IKJ", 12, 2, 1.4), run("IKJ", 12, 1, 1.3)),
        Figure("0c11'", run("LJK", 12, 2, 1.4), run("IJKLKJ", 12, 1, 1.3)),
    ),
    "epic": (_LILT, _CRADLE),
}
SOLO_THREE = (
    Figure("0r11' 4c4' 8k4'", "0r4! 4c3' 6l2' 8c3' 10k2'", "0o4! 4h3 6l2' 8h3 10k2'", "0o4! 2f2' 4h3 6l2 8h3 10h2"),
    Figure("0r11' 4k4' 8c4'", "0r6! 2f4' 4k4 6l2' 8c3' 10j2'", "0o4! 0h4 2f2' 4c3 6l2' 8h3 10k2'"),
)
SOLO_SIX = (
    Figure("0r6' 4c2' 6f6' 10k2'", "0r6! 2c2' 4l2' 6f6 8c2' 10k2'", "0o6! 2h2 4l2' 6o6! 8h2 10k2'"),
    Figure("0r11' 6c5'", "0r6! 2f4' 4k2' 6l4 8k2' 10j2'", "0o6! 0h2 2c2' 4l2' 6h2! 8c2' 10k2'"),
)


def key_figures(part: KeysPart, family: Family) -> Figures:
    """A part in every metre."""
    metres: tuple[Metre, ...] = ("4/4", "3/4", "6/8")
    in_three = (SOLO_THREE, SOLO_SIX) if part == "solo" else (THREE[family], SIX[family])
    return dict(zip(metres, (FOUR[part], *in_three), strict=True))
