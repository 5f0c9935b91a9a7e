"""The guitarists: they strum, pick, play power chords or chop; where there are two, they sit far left and far right."""

from __future__ import annotations

from .guitarfigures import FIGURES
from .idiom import Channel
from .page import Page
from .plan import Level
from .strokes import Stroke
from .voicing import bass_note, fretted

BOTH = (Channel.GUITAR_LEFT, Channel.GUITAR_RIGHT)
STRINGS = "abcdef"
SECOND_GUITAR = 0.011
"""Seconds by which the right guitar comes later than the left."""
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
    for bar in range(page.bars):
        level = page.level("guitar", bar)
        if not level:
            continue
        channels = BOTH if level >= Level.STRONG and part in ("strum", "picked", "power", "boom-chick") else BOTH[:1]
        if part == "power" and level > Level.LIGHT:
            channels = BOTH
        if page.final_bar(bar):
            last = "P" if part == "power" else "D"
            _strokes(page, bar, (Stroke(0, last, page.final_steps, 1.0),), channels)
        else:
            _strokes(page, bar, figure.bar(level, bar), channels)


def _strokes(page: Page, bar: int, strokes: tuple[Stroke, ...], channels: tuple[Channel, ...]) -> None:
    for stroke in strokes:
        for channel in channels:
            if stroke.what in STRINGS:
                _pick(page, channel, bar, stroke)
            elif stroke.what == "P":
                _power_chord(page, channel, bar, stroke)
            else:
                _stroke(page, channel, bar, stroke)


def _late(page: Page, channel: Channel) -> float:
    return page.idiom.timing.lag + (SECOND_GUITAR if channel == Channel.GUITAR_RIGHT else 0.0)


def _stroke(page: Page, channel: Channel, bar: int, stroke: Stroke) -> None:
    """A hand across the strings: upstrokes are quicker and take only the high ones, short ones too."""
    grip = fretted(page.chord(bar, stroke.step))
    down = stroke.what == "D"
    apart = DOWNSTROKE if down else UPSTROKE if stroke.what == "U" else SHORT_STROKE
    strings = grip if down else grip[::-1][:4] if stroke.what == "U" else grip[-4:]
    loud = LOUD[stroke.what] * stroke.weight + 3 * (page.energy - 3)
    for i, pitch in enumerate(strings):
        page.write(
            "mid",
            channel,
            pitch,
            bar=bar,
            step=stroke.step,
            length=stroke.length * 0.95,
            velocity=(loud - 3 * i) * page.growth(bar),
            shift=_late(page, channel) + i * apart,
            loose=0.003,
        )


def _pick(page: Page, channel: Channel, bar: int, stroke: Stroke) -> None:
    """One string, let ring."""
    grip = fretted(page.chord(bar, stroke.step))
    string = STRINGS.index(stroke.what)
    if string == 1 and grip[1] % 12 == grip[0] % 12:
        string = 2
    loud = (PICKED + 10 * (string < 2) + 3 * (page.energy - 2)) * stroke.weight
    page.write(
        "mid",
        channel,
        grip[min(string, len(grip) - 1)],
        bar=bar,
        step=stroke.step,
        length=stroke.length,
        velocity=loud * page.growth(bar),
        shift=_late(page, channel),
    )


def _power_chord(page: Page, channel: Channel, bar: int, stroke: Stroke) -> None:
    """Root, fifth and octave."""
    root = bass_note(page.chord(bar, stroke.step).bass) + 12
    loud = (LOUD["P"] + 6 * (page.energy - 3)) * stroke.weight
    for pitch in (root, root + 7, root + 12):
        page.write(
            "mid",
            channel,
            pitch,
            bar=bar,
            step=stroke.step,
            length=stroke.length,
            velocity=loud * page.growth(bar),
            shift=_late(page, channel),
            loose=0.003,
        )
