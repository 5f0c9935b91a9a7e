"""What bassists play, part by part. Data, written as `strokes` says.

r root, f fifth above, d fifth below, o octave, t third, s minor seventh, x a dead note, n the next bar's root, l a step
that leads to it, k a semitone beside it. Walking is no figure: see `bassist`.
"""

from __future__ import annotations

from .idiom import BassPart, Family
from .score import Metre
from .strokes import Figure, Figures, run

_HELD = "0r15'"
FOUR: dict[BassPart, tuple[Figure, Figure]] = {
    "rooted": (
        Figure(_HELD, "0r6 6f2' 8r6", "0r6! 6f2' 8r6 14l2'", "0r4! 4r2' 6f2' 8r4! 12o2' 14l2'"),
        Figure(_HELD, "0r8 8r4 12f4'", "0r4! 4r4' 8r4 12f2' 14l2'"),
    ),
    "eighths": (
        Figure(
            "0r7.5' 8r7.5'",
            "0r6! 6r2' 8r6 14l2'",
            "0r2! 2r2 4r2 6r2 8r2! 10r2 12r2 14l2",
            "0r2! 2r2 4r2 6o2 8r2! 10r2 12o2 14l2",
        ),
        Figure("0r7.5' 8r7.5'", "0r3! 3r3 6r2' 8r4 12r2' 14l2'", "0r2! 2r2' 4o2 6r2 8r2! 10r2' 12o2 14l2"),
    ),
    "walking": (Figure("0r7.5! 8f7.5'", "", ""), Figure("0r7.5! 8d7.5'", "", "")),
    "offbeat": (
        Figure(
            _HELD,
            "2r1.6 6r1.6 10r1.6 14o1.6",
            "2r1.6! 3r1' 6o1.6 10r1.6! 11r1' 14o1.6 15r1'",
        ),
        Figure(_HELD, "2r2 6r2 10r2 14r2", "2r1.6! 5r1' 6r1.6! 10o1.6! 13r1' 14r1.6!"),
    ),
    "lazy": (
        Figure("0r12'", "0r6! 7f2' 8r5", "0r6! 7f2' 8r5 14l2'"),
        Figure("0r12'", "0r5! 6o1' 10r5", "0r3! 3o1' 6f2' 10r4 14l2'"),
    ),
    "octaves": (
        Figure("0r7.5' 8r7.5'", run("ro", 16, 2, 1.8), run("rror", 16, 1, 0.9)),
        Figure("0r7.5' 8r7.5'", run("rfof", 16, 2, 1.8), run("rrof", 16, 1, 0.9)),
    ),
    "bossa": (
        Figure("0r7 8f7'", "0r5! 6f2' 8f5 14f2'", "0r5! 6f2' 8f5 14l2'"),
        Figure("0r7 8d7'", "0r5! 6f6 14n2'", "0r5! 6f5 12o2' 14n2"),
    ),
    "syncopated": (
        Figure("0r8 8r7'", "0r3! 6r2' 10r2 14l2'", "0r3! 3o1' 6r2 7f1' 10r2 11s1' 12r2 14l2"),
        Figure("0r8 8r7'", "0r2! 3r1' 8r2 11r1' 14f2'", "0r2! 3r1 6o1' 7s1' 8r2! 11r1 12f1' 14l1 15k1'"),
    ),
    "slapped": (
        Figure(
            "0r2! 10r2'",
            "0r1! 3o0.6 6r1 7x0.5' 10r1! 14s1'",
            "0r1! 1x0.5' 3o0.6! 4x0.5' 6r0.8 7o0.6 8r1! 10s0.8 11o0.6! 13x0.5' 14l0.8 15k0.8'",
        ),
        Figure(
            "0r2! 6o1'",
            "0r1.5! 6o0.6 7s0.8' 8r1.5 14o0.6'",
            "0r1! 2o0.6! 3x0.5' 5r0.8' 6s0.8 8r1! 9x0.5' 10o0.6! 12f0.8 13x0.5' 14s0.8 15o0.6",
        ),
    ),
    "twobeat": (
        Figure("0r7", "0r4! 8d4", "0r4! 8d4 12l2' 14k2'"),
        Figure("0r7", "0r4! 8f4 14l2'", "0r4! 4r2' 8f4 12t2' 14l2'"),
    ),
    "booming": (
        Figure("0r12", "0r6! 10r4", "0r5.5! 6r3.5' 10r4 | 0r5.5! 6r3.5' 10r4 14o2'"),
        Figure("0r12", "0r7! 11r4'", "0r6! 7r3 10r5! | 0r6! 7r3 10r3 13s1' 14r2'"),
    ),
    "drone": (Figure("0r16'", "0r16'", "0r16"), Figure("0r16'", "0r16'", "0r16 8f8'")),
}
THREE: dict[Family, tuple[Figure, Figure]] = {
    "band": (
        Figure("0r11'", "0r6!", "0r4! 4f4' 8l4'"),
        Figure("0r11'", "0r4! 8d4'", "0r4! 4r2' 6f2' 8o2' 10l2'"),
    ),
    "soft": (Figure("0r11'", "0r11", "0r7! 8f4'"), Figure("0r11'", "0r8 8f4'", "0r5! 6f2' 8l4'")),
    "swing": (Figure("0r11", "", ""), Figure("0r8! 8f4'", "", "")),
    "machine": (
        Figure("0r11'", run("rfo", 12, 2, 1.8), run("rror", 12, 1, 0.9)),
        Figure("0r11'", "0r1.8! 4r1.8' 6o1.8' 8r1.8'", run("rof", 12, 1, 0.9)),
    ),
    "epic": (Figure("0r12'", "0r12", "0r3.5! 4r3.5' 8r3.5'"), Figure("0r12'", "0r12", "0r7! 8f2' 10r2'")),
}
SIX: dict[Family, tuple[Figure, Figure]] = {
    "band": (
        Figure("0r11'", "0r5! 6r5", "0r3! 4r2' 6r3! 10l2'"),
        Figure("0r11'", "0r5! 6r3 10l2'", "0r2! 4f2' 6o2 8f2' 10l2'"),
    ),
    "soft": (Figure("0r11'", "0r5! 6f5'", "0r4! 4f2' 6o4 10l2'"), Figure("0r11'", "0r11", "0r5! 6r3 10f2'")),
    "swing": (
        Figure("0r11'", "0r5! 6f5'", "0r3! 4t2' 6f3 10l2'"),
        Figure("0r11'", "0r5! 6d5'", "0r4! 4r2' 6f4 10k2'"),
    ),
    "machine": (
        Figure("0r11'", run("rro", 12, 2, 1.8), run("rrorro", 12, 1, 0.9)),
        Figure("0r11'", run("rof", 12, 2, 1.8), run("rrofoo", 12, 1, 0.9)),
    ),
    "epic": (Figure("0r12'", "0r12", run("rrr", 12, 2, 1.8)), Figure("0r12'", "0r6 6r6", "0r3.8! 4r2' 6r3.8! 10r2'")),
}


def bass_figures(part: BassPart, family: Family) -> Figures:
    """A part in every metre."""
    metres: tuple[Metre, ...] = ("4/4", "3/4", "6/8")
    return dict(zip(metres, (FOUR[part], THREE[family], SIX[family]), strict=True))
