"""Drum patterns, as drummers write them: a step a sixteenth, one or two bars, a calm and a strong form of each.

A bar of four has sixteen steps, bars of three and of six eighths have twelve: see `waltzes`.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

KICK, RIM, SNARE, CLAP = 36, 37, 38, 39
HAT, OPEN_HAT, RIDE, CRASH, SPLASH = 42, 46, 51, 49, 57
LOW_TOM, MID_TOM, HIGH_TOM, TOP_TOM = 43, 45, 48, 50
TAMBOURINE, COWBELL, SHAKER, CONGA, CABASA = 54, 56, 82, 63, 69
TAIKO, BASS_DRUM = 41, 35

Fills = Literal["toms", "snare", "brush", "none"]


class Groove(NamedTuple):
    """Three lanes, and percussion.

    In the lanes: x full, g ghost note, s soft, r rim or ride, o open hat, t two thirty-seconds, . rest.
    """

    kick: str
    snare: str
    hat: str
    extra: tuple[tuple[int, str], ...] = ()
    """General MIDI drum and its lane."""


class Style(NamedTuple):
    """A groove's two forms, the drum that beats two and four, how its fills sound, whether it has cymbal crashes."""

    calm: Groove
    strong: Groove
    backbeat: int = SNARE
    fills: Fills = "toms"
    crash: bool = True
    last: tuple[tuple[int, str], ...] = ()
    """What the last chorus adds."""


NOTHING = "................"
EIGHTHS = "x.x.x.x.x.x.x.x."
QUARTERS = "x...x...x...x..."
SIXTEENTHS = "xgxgxgxgxgxgxgxg"
BACKBEAT = "....x.......x..."
OFFBEATS = "..x...x...x...x."
TAMBOURINES = ((TAMBOURINE, EIGHTHS),)

GROOVES: dict[str, Style] = {
    "pop": Style(
        Groove("x.....x.x.......", "....x..g....x...", "x.x.x.x.x.x.x.xo"),
        Groove("x..x..x.x.x.....", "....x.......x..g", "x.xxx.x.x.xxx.xo", ((CLAP, BACKBEAT), (SHAKER, EIGHTHS))),
        last=TAMBOURINES,
    ),
    "pop four": Style(
        Groove(QUARTERS, "....r.......r...", "..x...x...x...x."),
        Groove(QUARTERS, "....x.......x...", "x.o.x.o.x.o.x.o.", ((CLAP, BACKBEAT),)),
        last=((TAMBOURINE, SIXTEENTHS),),
    ),
    "rock": Style(
        Groove("x.....x.x.......", BACKBEAT, EIGHTHS),
        Groove("x..x..x.x..x..x.", BACKBEAT, "o.o.o.o.o.o.o.o."),
        last=((TAMBOURINE, EIGHTHS), (CRASH, "x.......x.......")),
    ),
    "rock drive": Style(
        Groove("x.x.....x.x.....", BACKBEAT, "x.x.x.x.x.x.x.x."),
        Groove("x.x...x.x.x...x.", BACKBEAT, "r.r.r.r.r.r.r.r.", ((SNARE, "......g.......gg"),)),
        last=((TAMBOURINE, BACKBEAT), (CRASH, QUARTERS)),
    ),
    "ballad": Style(
        Groove("x.........x.....", "........r.......", "x...x...x...x..."),
        Groove("x.....x.x.......", "........x.......", EIGHTHS),
        last=((TAMBOURINE, "........x......."),),
    ),
    "ballad beat": Style(
        Groove("x.......x.......", "....r.......r...", EIGHTHS),
        Groove("x..x....x..x....", BACKBEAT, "x.x.x.x.x.x.x.xo"),
        last=TAMBOURINES,
    ),
    "house": Style(
        Groove(QUARTERS, "............x...", "..o...o...o...o."),
        Groove(QUARTERS, "....x.......x..x", "x.o.x.o.x.o.xxo.", ((SNARE, BACKBEAT), (SHAKER, SIXTEENTHS))),
        backbeat=CLAP,
        fills="snare",
        last=((TAMBOURINE, OFFBEATS),),
    ),
    "house shuffle": Style(
        Groove(QUARTERS, "....x.......x...", "..x..gx...x..gx."),
        Groove(QUARTERS, "....x..g....x.g.", "..ox..o...ox..ox", ((SHAKER, SIXTEENTHS), (CONGA, "...x..x...x..x.x"))),
        backbeat=CLAP,
        fills="snare",
        last=((COWBELL, "x..x..x...x.x..."),),
    ),
    "synthwave": Style(
        Groove("x.......x.......", BACKBEAT, EIGHTHS),
        Groove("x.....x.x.x.....", BACKBEAT, "x.xxx.xxx.xxx.xo", ((CLAP, BACKBEAT),)),
        last=((TAMBOURINE, SIXTEENTHS),),
    ),
    "synthwave run": Style(
        Groove(QUARTERS, "....x.......x...", OFFBEATS),
        Groove(
            QUARTERS,
            "....x.......x...",
            "xxxxxxxxxxxxxxxx",
            ((MID_TOM, "..............x."), (LOW_TOM, "...............x")),
        ),
        last=((OPEN_HAT, OFFBEATS),),
    ),
    "lofi": Style(
        Groove("x......x..x.....", "....x..g....x..g", "x.x.x.xxx.x.x.x."),
        Groove("x..x...x..x...x.", "....x..g.g..x...", "x.xxx.x.x.x.xxx."),
        fills="brush",
        crash=False,
    ),
    "lofi lean": Style(
        Groove("x.........x..x..", "....r.......r...", "x.x.x.x.x.x.x.x."),
        Groove("x..........x.x..", "....x..g....x.g.", "x.x.x.x.x.xgx.o.", ((SHAKER, EIGHTHS),)),
        fills="brush",
        crash=False,
    ),
    "swing": Style(
        Groove("g.......g.......", "....g.......g...", "r...r.r.r...r.r."),
        Groove("x.....x.x.......", "....g.g.....g.x.", "r...r.r.r...r.r."),
        fills="brush",
        crash=False,
        last=((HAT, BACKBEAT), (RIDE, "..........r.....")),
    ),
    "two feel": Style(
        Groove("x.......x.......", "....g.......g...", "....r.......r..."),
        Groove("g.......g.....x.", "....s...g...s.g.", "r.r.r.r.r...r.r.", ((HAT, BACKBEAT),)),
        fills="brush",
        crash=False,
    ),
    "trap": Style(
        Groove("x.........x.....", "........x.......", "x.x.x.x.x.x.x.xx"),
        Groove("x..x......x..x..", "........x.......", "x.xxx.xtx.xxxtxt", ((SNARE, "........x......."),)),
        backbeat=CLAP,
        fills="snare",
        crash=False,
        last=((OPEN_HAT, "..............x."),),
    ),
    "boom bap": Style(
        Groove("x......x..x.....", "....x.......x...", EIGHTHS),
        Groove("x..x...x.gx.....", "....x..g....x..g", "x.x.x.x.x.xgx.x.", ((SHAKER, SIXTEENTHS),)),
        fills="snare",
        crash=False,
        last=((TAMBOURINE, BACKBEAT),),
    ),
    "onedrop": Style(
        Groove("........x.......", "........r.......", "x.x.x.x.x.x.x.x."),
        Groove("........x.....g.", "........x.......", "x.xxx.x.x.xxx.xo"),
        last=((TAMBOURINE, OFFBEATS),),
    ),
    "steppers": Style(
        Groove("x.......x.......", "........r.......", "..x...x...x...x."),
        Groove(QUARTERS, "........x.....g.", "x.xgx.xgx.xgx.xo"),
        last=((CONGA, "..g..xg...g..xg."),),
    ),
    "bossa": Style(
        Groove("x.....gxx.....gx", "r.....r.....r.......r.....r.....", EIGHTHS),
        Groove("x.....gxx.....gx", "r.....r.....r.......r.....r...r.", EIGHTHS, ((CABASA, "x.xxx.xxx.xxx.xx"),)),
        fills="brush",
        crash=False,
    ),
    "samba": Style(
        Groove("g...x...g...x...", "..r...r..r..r...", "x.xxx.xxx.xxx.xx"),
        Groove("g..gx..gg..gx..g", "r..r..r..r.r..r.", "xxxxxxxxxxxxxxxx", ((CONGA, "..x...xx..x...xx"),)),
        fills="brush",
        crash=False,
    ),
    "soul": Style(
        Groove("x......x..x.....", "....x..g.g..x...", "x.x.x.x.x.x.x.x."),
        Groove("x..x......x.x..x", "....x..g.g..x..g", "x.xxx.xxx.xxx.xo", ((TAMBOURINE, BACKBEAT),)),
        last=((CONGA, "..g..xg...g..xg."),),
    ),
    "motown": Style(
        Groove("x.....x.x.....x.", "s...s...s...s...", "x.x.x.x.x.x.x.x."),
        Groove("x..x..x.x..x..x.", "x...x...x...x..g", "x.x.x.x.x.x.x.xo", ((TAMBOURINE, EIGHTHS),)),
        last=((TAMBOURINE, SIXTEENTHS),),
    ),
    "funk": Style(
        Groove("x..x..g...x..x..", "....x..g.g..x..g", "xxxxxxxoxxxxxxxx"),
        Groove("x.x...x...x..x..", "....x..g.g.gx..g", "xxxxxxoxxxxxxxox", ((TAMBOURINE, BACKBEAT),)),
        last=((COWBELL, QUARTERS),),
    ),
    "funk break": Style(
        Groove("x.x.......xx....", "....x..g.g..x...", "x.x.x.x.x.x.x.x."),
        Groove("x.x....x..xx...x", "....x..g.gg.x.gg", "x.xxx.xxxoxxx.xx", ((CONGA, "..gx..g...gx.xg."),)),
        last=((TAMBOURINE, SIXTEENTHS),),
    ),
    "drift": Style(
        Groove("g...............", NOTHING, NOTHING),
        Groove("x.........g.....", NOTHING, "....g.......g..."),
        fills="none",
        crash=False,
    ),
    "pulse": Style(
        Groove(NOTHING, NOTHING, NOTHING, ((SHAKER, "g...g...g...g..."),)),
        Groove("g.......g.......", "............r...", NOTHING, ((SHAKER, "g.g.g.g.g.g.g.g."),)),
        fills="none",
        crash=False,
    ),
    "folk": Style(
        Groove("x.......x.......", "....r.......r...", NOTHING, ((SHAKER, OFFBEATS),)),
        Groove("x.....x.x.......", "....s.......s...", EIGHTHS, ((TAMBOURINE, OFFBEATS),)),
        crash=False,
    ),
    "stomp": Style(
        Groove("x.......x.......", NOTHING, NOTHING, ((TAMBOURINE, BACKBEAT),)),
        Groove(QUARTERS, "....x.......x...", NOTHING, ((CLAP, BACKBEAT), (TAMBOURINE, OFFBEATS))),
        crash=False,
        last=((SHAKER, SIXTEENTHS),),
    ),
    "train": Style(
        Groove("x.......x.......", "..g.s.gg..g.s.gg", NOTHING),
        Groove("x...x...x...x...", "ggggxgggggggxggg", NOTHING, ((TAMBOURINE, BACKBEAT),)),
        fills="snare",
        last=((SHAKER, EIGHTHS),),
    ),
    "two-step": Style(
        Groove("x.......x.......", "....r.......r...", "x.x.x.x.x.x.x.x."),
        Groove("x.....x.x.....x.", BACKBEAT, "x.x.x.x.x.x.x.xo"),
        last=((TAMBOURINE, OFFBEATS),),
    ),
    "epic": Style(
        Groove("x...............", NOTHING, NOTHING, ((TAIKO, "x.......g..g..g."),)),
        Groove("s.....g.s.....g.", BACKBEAT, NOTHING, ((TAIKO, "x..gx..gx..gxx.x"), (BASS_DRUM, "x.......x......."))),
        last=((LOW_TOM, "..x...x...x...xx"), (CRASH, "x...............")),
    ),
    "march": Style(
        Groove(
            "x...............",
            "x.......g.gg....",
            NOTHING,
            ((TAIKO, "x..............."),),
        ),
        Groove("x.......x.......", "x..gx.ggx..gx.gg", NOTHING, ((TAIKO, "x...x...x...x.xx"), (BASS_DRUM, QUARTERS))),
        fills="snare",
        last=((CRASH, "x...............x..............."),),
    ),
}

FILLS: dict[Fills, tuple[tuple[tuple[int, int], ...], ...]] = {
    "toms": (
        ((12, TOP_TOM), (13, HIGH_TOM), (14, MID_TOM), (15, LOW_TOM)),
        ((10, SNARE), (11, SNARE), (12, TOP_TOM), (14, HIGH_TOM), (15, LOW_TOM)),
        ((8, SNARE), (10, SNARE), (12, SNARE), (13, SNARE), (14, SNARE), (15, SNARE)),
        ((12, SNARE), (13, SNARE), (14, LOW_TOM), (15, LOW_TOM)),
        ((8, TOP_TOM), (9, TOP_TOM), (10, HIGH_TOM), (12, MID_TOM), (13, MID_TOM), (14, SNARE), (15, SNARE)),
    ),
    "snare": (
        ((12, SNARE), (14, SNARE), (15, SNARE)),
        ((13, SNARE), (14, SNARE), (15, CLAP)),
        ((8, SNARE), (10, SNARE), (12, SNARE), (13, SNARE), (14, SNARE), (15, SNARE)),
    ),
    "brush": (((13, SNARE), (14, SNARE), (15, SNARE)), ((14, RIM), (15, SNARE)), ((12, SNARE), (15, SNARE))),
    "none": (),
}  # fmt: skip
"""Fills of a bar's end: step, in sixteens, and drum. Shorter bars have the end of them."""
