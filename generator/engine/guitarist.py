"""The guitarists: they strum, pick, play power chords or chop; where there are two, they sit far left and far right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .idioms import Channel, GuitarPart
from .page import STEPS, Page
from .voicing import bass_note, fretted

BOTH = (Channel.GUITAR_LEFT, Channel.GUITAR_RIGHT)
STROKES_FULL = (
    (0, True, 92), (4, True, 78), (6, False, 62), (8, True, 84), (10, False, 64), (12, True, 80), (14, False, 62),
)  # fmt: skip
STROKES_CALM = ((0, True, 84), (6, False, 58), (8, True, 76), (14, False, 56))
"""Step, whether the hand goes down, velocity."""
PICKING = ((0, 0), (2, 3), (4, 2), (6, 4), (8, 1), (10, 3), (12, 2), (14, 5))
"""Step and string of the grip, from the lowest."""
SECOND_GUITAR = 0.011
"""Seconds by which the right guitar comes later than the left."""
DOWNSTROKE, UPSTROKE = 0.012, 0.008
"""Seconds from string to string."""


def play_guitars(page: Page) -> None:
    """Writes one or two guitars into the mid stem."""
    part = page.idiom.guitar_part
    for bar in range(page.bars):
        if not page.final_bar(bar):
            GUITARS[part](page, bar)
        elif part == "power":
            _power_chord(page, bar, 0, length=15)
        elif part != "none":
            _stroke(page, Channel.GUITAR_LEFT, bar=bar, step=0, down=True, velocity=80, length=15)


def _stroke(
    page: Page, channel: Channel, *, bar: int, step: int, down: bool, velocity: float, length: float = 0.0
) -> None:
    """A hand across the strings: upstrokes are quicker, shorter and take only the high ones."""
    grip = fretted(page.chord(bar, step))
    late = SECOND_GUITAR if channel == Channel.GUITAR_RIGHT else 0.0
    for i, pitch in enumerate(grip if down else grip[::-1][:4]):
        page.write(
            "mid",
            channel,
            pitch,
            bar=bar,
            step=step,
            length=length or (3.6 if down else 1.8),
            velocity=velocity - 3 * i,
            shift=late + i * (DOWNSTROKE if down else UPSTROKE),
            loose=0.003,
        )


def _strum(page: Page, bar: int) -> None:
    """Two players; calm parts leave most strokes out, the pop verse all of them."""
    accompanied = "keys" not in page.brief.without
    if page.energy < 2.5 and page.brief.idiom == "pop" and page.section.kind != "intro" and accompanied:
        return
    for channel in BOTH:
        for step, down, velocity in STROKES_FULL if page.energy >= 3 else STROKES_CALM:
            loud = velocity + 4 * (page.energy - 3)
            _stroke(page, channel, bar=bar, step=step, down=down, velocity=loud)


def _picked(page: Page, bar: int) -> None:
    """Fingers, one string after the other; strummed in the strong parts of folk, silent in quiet ballads."""
    ballad = page.brief.idiom == "ballad"
    if not ballad and page.energy >= 3:
        _strum(page, bar)
    elif not (ballad and page.energy < 2.5 and "keys" not in page.brief.without):
        for step, string in PICKING:
            grip = fretted(page.chord(bar, step))
            pitch = grip[min(string, len(grip) - 1)] + 12 * ballad
            loud = 74 if string < 2 else 62
            page.write("mid", Channel.GUITAR_LEFT, pitch, bar=bar, step=step, length=4.8, velocity=loud)


def _power(page: Page, bar: int) -> None:
    """Root, fifth and octave on both sides: held when calm, muted eighths in verses, open in choruses."""
    every = 2 if page.energy >= 2 else 8
    length = 1.9 if page.hot else 1.0 if every == 2 else 7.6
    for step in range(0, STEPS, every):
        _power_chord(page, bar, step, length)


def _power_chord(page: Page, bar: int, step: int, length: float) -> None:
    root = bass_note(page.chord(bar, step).bass) + 12
    loud = 72 + 7 * page.energy - (8 if step % 4 else 0)
    for channel in BOTH[:1] if page.thin(bar) else BOTH:
        page.write_chord("mid", channel, (root, root + 7, root + 12), bar=bar, step=step, length=length, velocity=loud)


def _chank(page: Page, bar: int) -> None:
    """Short chords on the high strings: the sixteenths of funk, the lilt of bossa nova."""
    bossa = page.idiom.bass_part == "bossa"
    steps: Sequence[int] = (2, 4, 7, 10, 12, 15) if page.energy >= 3 else (4, 12)
    if bossa:
        steps = (4, 10) if bar % 2 else (0, 6, 12)
    for step in steps:
        page.write_chord(
            "mid",
            Channel.GUITAR_LEFT,
            fretted(page.chord(bar, step))[-4:],
            bar=bar,
            step=step,
            length=3.0 if bossa else 0.8,
            velocity=66 + 4 * page.energy - (10 if step % 4 else 0),
            roll=0.006,
        )


def _silent(page: Page, bar: int) -> None:
    """This idiom has no guitar."""


GUITARS: dict[GuitarPart, Callable[[Page, int], None]] = {
    "strum": _strum,
    "picked": _picked,
    "power": _power,
    "chank": _chank,
    "none": _silent,
}
