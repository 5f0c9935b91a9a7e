"""Drum patterns, as drummers write them: sixteen steps a bar, one or two bars, a calm and a strong form of each."""

from __future__ import annotations

from typing import NamedTuple

KICK, RIM, SNARE, CLAP = 36, 37, 38, 39
HAT, OPEN_HAT, RIDE, CRASH, SPLASH = 42, 46, 51, 49, 57
LOW_TOM, MID_TOM, HIGH_TOM, TOP_TOM = 43, 45, 48, 50
TAMBOURINE, SHAKER, CONGA, CABASA = 54, 82, 63, 69
TAIKO, BASS_DRUM = 41, 35


class Groove(NamedTuple):
    """Three lanes, and percussion. In the lanes: x full, g ghost note, r rim or ride, o open hat, . rest."""

    kick: str
    snare: str
    hat: str
    extra: tuple[tuple[int, str], ...] = ()
    """General MIDI drum and its lane."""


class Style(NamedTuple):
    """A groove's two forms, the drum that beats two and four, and how its fills sound."""

    calm: Groove
    strong: Groove
    backbeat: int = SNARE
    fills: str = "toms"
    """toms, snare, brush or none."""
    from_energy: float = 2.0
    """Below this the drummer waits."""


EIGHTHS = "x.x.x.x.x.x.x.x."
QUARTERS = "x...x...x...x..."
BACKBEAT = "....x.......x..."

GROOVES: dict[str, Style] = {
    "pop": Style(
        Groove("x.....x.x.......", "....x..g....x...", "x.x.x.x.x.x.x.xo"),
        Groove("x..x..x.x.x.....", "....x.......x..g", "x.xxx.x.x.xxx.xo", ((CLAP, BACKBEAT), (SHAKER, EIGHTHS))),
    ),
    "rock": Style(
        Groove("x.....x.x.......", BACKBEAT, EIGHTHS),
        Groove("x..x..x.x..x..x.", BACKBEAT, "o.o.o.o.o.o.o.o.", ((TAMBOURINE, QUARTERS),)),
    ),
    "ballad": Style(
        Groove("x.........x.....", "........r.......", "x...x...x...x..."),
        Groove("x.....x.x.......", "........x.......", EIGHTHS),
        from_energy=2.5,
    ),
    "house": Style(
        Groove(QUARTERS, "............x...", "..o...o...o...o."),
        Groove(QUARTERS, "....x.......x..x", "x.o.x.o.x.o.xxo.", ((SNARE, BACKBEAT), (SHAKER, "xxxxxxxxxxxxxxxx"))),
        backbeat=CLAP,
        fills="snare",
    ),
    "synthwave": Style(
        Groove("x.......x.......", BACKBEAT, EIGHTHS),
        Groove("x.....x.x.x.....", BACKBEAT, "x.xxx.xxx.xxx.xo", ((CLAP, BACKBEAT),)),
    ),
    "lofi": Style(
        Groove("x......x..x.....", "....x..g....x..g", "x.x.x.xxx.x.x.x."),
        Groove("x..x...x..x...x.", "....x..g.g..x...", "x.xxx.x.x.x.xxx."),
        fills="brush",
        from_energy=1.5,
    ),
    "swing": Style(
        Groove("g.......g.......", "....g.......g...", "r...r..rr...r..r"),
        Groove("x.....x.x.......", "....g..g....g..x", "r..rr..rr..rr..r"),
        fills="brush",
        from_energy=1.5,
    ),
    "trap": Style(
        Groove("x.....x...x.....", "........x.......", "x.x.x.x.x.x.xxxx"),
        Groove("x..x..x...x..x..", "........x.......", "x.xxx.x.xxxxx.xx", ((SNARE, "........x......."),)),
        backbeat=CLAP,
        fills="snare",
    ),
    "onedrop": Style(
        Groove("........x.......", "........r.......", "x.x.x.x.x.x.x.x."),
        Groove("........x.....g.", "........x.......", "x.xxx.x.x.xxx.xo", ((TAMBOURINE, "..x...x...x...x."),)),
    ),
    "bossa": Style(
        Groove("x.....gxx.....gx", "r.....r.....r.......r.....r.....", EIGHTHS),
        Groove("x.....gxx.....gx", "r.....r.....r.......r.....r...r.", EIGHTHS, ((CABASA, "x.xxx.xxx.xxx.xx"),)),
        fills="brush",
        from_energy=1.5,
    ),
    "soul": Style(
        Groove("x......x..x.....", "....x..g.g..x...", "x.x.x.x.x.x.x.x."),
        Groove(
            "x..x......x.x..x",
            "....x..g.g..x..g",
            "xxxxxxxxxxxxxxxo",
            ((TAMBOURINE, BACKBEAT), (CONGA, "..g..xg...g..xg.")),
        ),
    ),
    "funk": Style(
        Groove("x..x..g...x..x..", "....x..g.g..x..g", "xxxxxxxoxxxxxxxx"),
        Groove("x.x...x...x..x..", "....x..g.g.gx..g", "xxxxxxoxxxxxxxox", ((TAMBOURINE, BACKBEAT),)),
    ),
    "drift": Style(
        Groove("x...............", "................", "................"),
        Groove("x.........g.....", "................", "....x.......x..."),
        fills="none",
        from_energy=4.0,
    ),
    "folk": Style(
        Groove("x.......x.......", "....r.......r...", "..x...x...x...x."),
        Groove("x.....x.x.......", BACKBEAT, EIGHTHS, ((TAMBOURINE, "..x...x...x...x."),)),
    ),
    "train": Style(
        Groove("x.......x.......", "..g.x.gg..g.x.gg", "................"),
        Groove("x...x...x...x...", "ggggxgggggggxggg", "................", ((TAMBOURINE, BACKBEAT),)),
        fills="snare",
    ),
    "epic": Style(
        Groove("x...............", "................", "................", ((TAIKO, "x.......g..g..g."),)),
        Groove(
            "x.....x.x.....x.",
            BACKBEAT,
            "................",
            ((TAIKO, "x..gx..gx..gxx.x"), (BASS_DRUM, "x.......x.......")),
        ),
        from_energy=3.0,
    ),
}

FILLS: dict[str, tuple[tuple[tuple[int, int], ...], ...]] = {
    "toms": (
        ((12, TOP_TOM), (13, HIGH_TOM), (14, MID_TOM), (15, LOW_TOM)),
        ((10, SNARE), (11, SNARE), (12, TOP_TOM), (14, HIGH_TOM), (15, LOW_TOM)),
        ((8, SNARE), (10, SNARE), (12, SNARE), (13, SNARE), (14, SNARE), (15, SNARE)),
        ((12, SNARE), (13, SNARE), (14, LOW_TOM), (15, LOW_TOM)),
        (
            (8, TOP_TOM),
            (9, TOP_TOM),
            (10, HIGH_TOM),
            (11, HIGH_TOM),
            (12, MID_TOM),
            (13, MID_TOM),
            (14, SNARE),
            (15, SNARE),
        ),
    ),
    "snare": (
        ((12, SNARE), (14, SNARE), (15, SNARE)),
        ((8, SNARE), (10, SNARE), (12, SNARE), (13, SNARE), (14, SNARE), (15, SNARE)),
    ),
    "brush": (((13, SNARE), (14, SNARE), (15, SNARE)), ((14, RIM), (15, SNARE)), ((12, SNARE), (15, SNARE))),
    "none": (),
}
"""Fills of a bar's end: step and drum."""
