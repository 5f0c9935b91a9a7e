"""What the grooves of a family turn into where bars have three beats, or two of three eighths: twelve steps a bar."""

from __future__ import annotations

from .grooves import BASS_DRUM, CLAP, HAT, SHAKER, TAIKO, TAMBOURINE, Groove, Style
from .idiom import Family
from .score import Metre

REST = "............"
THREE_EIGHTHS = "x.x.x.x.x.x."
WALTZES: dict[Family, dict[Metre, tuple[Style, Style]]] = {
    "band": {
        "3/4": (
            Style(
                Groove("x...........", "....r...r...", "x...x...x..."),
                Groove("x.....g.....", "....s...s...", THREE_EIGHTHS),
                last=((TAMBOURINE, "....x...x..."),),
            ),
            Style(
                Groove("x...........", "........r...", THREE_EIGHTHS),
                Groove("x.....x.....", "........x...", "x.xxx.xxx.xo"),
                last=((TAMBOURINE, THREE_EIGHTHS),),
            ),
        ),
        "6/8": (
            Style(
                Groove("x...........", "......r.....", THREE_EIGHTHS),
                Groove("x.......x.x.", "......x.....", THREE_EIGHTHS),
                last=((TAMBOURINE, "......x....."),),
            ),
            Style(
                Groove("x.....x.....", "....r.....r.", "x.x.x.x.x.x."),
                Groove("x.....x...x.", "....s.s...s.", "x.x.x.x.x.xo"),
                last=((TAMBOURINE, "....x.....x."),),
            ),
        ),
    },
    "soft": {
        "3/4": (
            Style(
                Groove("g...........", "....g...g...", REST),
                Groove("x...........", "....g...g...", "x...x...x..."),
                fills="brush",
                crash=False,
            ),
            Style(
                Groove("g...........", "........r...", REST, ((SHAKER, "x...g...g..."),)),
                Groove("x.......g...", "....r...r...", REST, ((SHAKER, "x.g.g.g.g.g."),)),
                fills="brush",
                crash=False,
            ),
        ),
        "6/8": (
            Style(
                Groove("g...........", "......r.....", REST),
                Groove("x.......g...", "......r.....", THREE_EIGHTHS),
                fills="brush",
                crash=False,
            ),
            Style(
                Groove("g...........", REST, REST, ((SHAKER, "x.g.g.x.g.g."),)),
                Groove("x.....g.....", "......s.....", REST, ((SHAKER, "x.g.g.x.g.g."),)),
                fills="brush",
                crash=False,
            ),
        ),
    },
    "swing": {
        "3/4": (
            Style(
                Groove("x...........", "....g.......", "r...r.r.r..."),
                Groove("x.......g...", "....g.g...s.", "r...r.r.r.r."),
                fills="brush",
                crash=False,
            ),
            Style(
                Groove("x...........", "........g...", "r...r...r.r."),
                Groove("x.....g.....", "....s...g.g.", "r.r.r...r.r.", ((HAT, "....x......."),)),
                fills="brush",
                crash=False,
            ),
        ),
        "6/8": (
            Style(
                Groove("x...........", "......g.....", "r...r.r...r."),
                Groove("x.........g.", "......x...g.", "r.r.r.r.r.r."),
                fills="brush",
                crash=False,
            ),
            Style(
                Groove("x.....g.....", "......r.....", "r.....r...r."),
                Groove("x.....x.....", "....g.s...g.", "r...r.r...r."),
                fills="brush",
                crash=False,
            ),
        ),
    },
    "machine": {
        "3/4": (
            Style(
                Groove("x...........", "........x...", "..x...x...x."),
                Groove("x...x...x...", "....s...s...", "..o...o...o."),
                backbeat=CLAP,
                fills="snare",
            ),
            Style(
                Groove("x.....g.....", "....s...s...", THREE_EIGHTHS),
                Groove("x.....x..x..", "....s...s...", "xxxxxxxxxxxo"),
                backbeat=CLAP,
                fills="snare",
            ),
        ),
        "6/8": (
            Style(
                Groove("x...........", "......x.....", "x.x.x.x.x.x."),
                Groove("x.....x.....", "......x.....", "x.xxx.x.xxx."),
                backbeat=CLAP,
                fills="snare",
            ),
            Style(
                Groove("x.....x.....", "......s.....", "..x.x...x.x."),
                Groove("x...x.x...x.", "......x.....", "..o.x...o.x."),
                backbeat=CLAP,
                fills="snare",
            ),
        ),
    },
    "epic": {
        "3/4": (
            Style(
                Groove("x...........", REST, REST, ((TAIKO, "x...g...g..."),)),
                Groove("x.......g...", "....s...s...", REST, ((TAIKO, "x..gg..gg.gg"), (BASS_DRUM, "x..........."))),
            ),
            Style(
                Groove("x...........", "....g...g.g.", REST),
                Groove("x.....g.....", "x..gg.ggg.gg", REST, ((TAIKO, "x...g...x..."), (BASS_DRUM, "x..........."))),
                fills="snare",
            ),
        ),
        "6/8": (
            Style(
                Groove("x...........", REST, REST, ((TAIKO, "x.....g...g."),)),
                Groove("x.....x.....", "......s.....", REST, ((TAIKO, "x.g.g.x.g.g."), (BASS_DRUM, "x.....x....."))),
            ),
            Style(
                Groove("x...........", "x...g.g...g.", REST),
                Groove(
                    "x.....x...x.",
                    "x.ggg.x.ggg.",
                    REST,
                    ((TAIKO, "x.....x....."), (BASS_DRUM, "x...........")),
                ),
                fills="snare",
            ),
        ),
    },
}
