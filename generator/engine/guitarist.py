"""The guitarists: they strum, pick, play power chords or chop; where there are two, they sit far left and far right."""

from __future__ import annotations

from .guitarfigures import FIGURES
from .idiom import Channel, GuitarPart
from .page import Page
from .plan import Level
from .strokes import Stroke
from .voicing import bass_note, fretted

LEFT, RIGHT = Channel.GUITAR_LEFT, Channel.GUITAR_RIGHT
ONE_GUITAR = (((LEFT, RIGHT), 0.0),)
TWO_GUITARS = (((LEFT, LEFT), 0.0), ((RIGHT, RIGHT), 0.011))
"""Where the strings of each guitar are heard, in turn, and by how many seconds it comes later."""
DOUBLED: frozenset[GuitarPart] = frozenset(("strum", "picked", "power", "boom-chick"))
"""Parts that two guitarists play where the band is in full swing."""
STRINGS = "abcdef"
DOWNSTROKE, UPSTROKE, SHORT_STROKE = 0.012, 0.008, 0.006
"""Seconds from string to string."""
LOUD = {"D": 82, "U": 74, "T": 94, "X": 46, "P": 92}
"""Velocities of the strokes; of a single string `PICKED`, more on the low ones."""
PICKED = 70


def play_guitars(page: Page) -> None:
    """Writes one or two guitars into the mid stem."""
    part = page.idiom.playing.guitar
    if part == "none":
        return
    figure = FIGURES[part][page.brief.metre][page.variant("guitar")]
    alone = page.idiom.entry == ("guitar",)
    for bar in range(page.bars):
        level = page.level("guitar", bar)
        if not level:
            continue
        full = Level.CALM if part == "power" else Level.STRONG
        two = part in DOUBLED and level >= full and not alone
        last = Stroke(0, "P" if part == "power" else "D", page.final_steps, 1.0)
        for stroke in (last,) if page.final_bar(bar) else figure.bar(level, bar):
            for sides, late in TWO_GUITARS if two else ONE_GUITAR:
                _play(page, bar, stroke, sides, late + page.idiom.timing.lag)


def _play(page: Page, bar: int, stroke: Stroke, sides: tuple[Channel, Channel], late: float) -> None:
    """What one guitarist does; a guitar that plays alone is heard from `sides` in turn, string by string."""
    if stroke.what in STRINGS:
        _pick(page, sides, bar, stroke, late)
    elif stroke.what == "P":
        _power_chord(page, sides, bar, stroke, late)
    else:
        _stroke(page, sides, bar, stroke, late)


def _stroke(page: Page, sides: tuple[Channel, Channel], bar: int, stroke: Stroke, late: float) -> None:
    """A hand across the strings: upstrokes are quicker and take only the high ones, short ones too."""
    grip = fretted(page.chord(bar, stroke.step))
    down = stroke.what == "D"
    apart = DOWNSTROKE if down else UPSTROKE if stroke.what == "U" else SHORT_STROKE
    strings = grip if down else grip[::-1][:4] if stroke.what == "U" else grip[-4:]
    loud = LOUD[stroke.what] * stroke.weight + 3 * (page.energy - 3)
    for i, pitch in enumerate(strings):
        page.write(
            "mid",
            sides[i % 2],
            pitch,
            bar=bar,
            step=stroke.step,
            length=stroke.length * 0.95,
            velocity=(loud - 3 * i) * page.growth(bar),
            shift=late + i * apart,
            loose=0.003,
        )


def _pick(page: Page, sides: tuple[Channel, Channel], bar: int, stroke: Stroke, late: float) -> None:
    """One string, let ring."""
    grip = fretted(page.chord(bar, stroke.step))
    string = STRINGS.index(stroke.what)
    if string == 1 and grip[1] % 12 == grip[0] % 12:
        string = 2
    loud = (PICKED + 10 * (string < 2) + 3 * (page.energy - 2)) * stroke.weight
    page.write(
        "mid",
        sides[string % 2],
        grip[min(string, len(grip) - 1)],
        bar=bar,
        step=stroke.step,
        length=stroke.length,
        velocity=loud * page.growth(bar),
        shift=late,
    )


def _power_chord(page: Page, sides: tuple[Channel, Channel], bar: int, stroke: Stroke, late: float) -> None:
    """Root, fifth and octave."""
    root = bass_note(page.chord(bar, stroke.step).bass) + 12
    loud = (LOUD["P"] + 6 * (page.energy - 3)) * stroke.weight
    for i, pitch in enumerate((root, root + 7, root + 12)):
        page.write(
            "mid",
            sides[i % 2],
            pitch,
            bar=bar,
            step=stroke.step,
            length=stroke.length,
            velocity=loud * page.growth(bar),
            shift=late,
            loose=0.003,
        )
