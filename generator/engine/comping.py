"""Who plays the chords: keys, guitars, pads and strings, each in the idiom's manner."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .harmony import in_scale
from .idioms import Channel, GuitarPart, KeysPart
from .page import STEPS, Page
from .voicing import bass_note, fretted, mean, voiced

STROKES_FULL = (
    (0, True, 92),
    (4, True, 78),
    (6, False, 62),
    (8, True, 84),
    (10, False, 64),
    (12, True, 80),
    (14, False, 62),
)
STROKES_CALM = ((0, True, 84), (6, False, 58), (8, True, 76), (14, False, 56))
"""Step, whether the hand goes down, velocity."""
PICKING = ((0, 0), (2, 3), (4, 2), (6, 4), (8, 1), (10, 3), (12, 2), (14, 5))
"""Step and string of the grip, from the lowest."""
SECOND_GUITAR = 0.011
"""Seconds by which the right guitar comes later than the left."""


def play_keys(page: Page) -> None:
    """Writes the keyboard into the mid stem, voices led from chord to chord."""
    centre = 61.0
    for bar in range(page.bars):
        first = voiced(page.chord(bar), centre)
        second = voiced(page.chord(bar, 8), mean(first))
        centre = 0.8 * mean(second) + 0.2 * 61
        if page.final_bar(bar):
            _keys(page, bar, 0, 15, [first[0] - 12, *first], 78, roll=0.012)
        else:
            KEYS[page.idiom.keys_part](page, bar, first, second)
        _pads(page, bar, first, second)


def _keys(
    page: Page, bar: int, step: float, length: float, pitches: Sequence[int], velocity: float, roll: float = 0.0
) -> None:
    page.write_chord(
        "mid",
        Channel.KEYS,
        pitches,
        bar=bar,
        step=step,
        length=length * 0.96,
        velocity=velocity * page.growth(bar),
        roll=roll,
    )


def _pushed(page: Page, bar: int, first: list[int], second: list[int]) -> None:
    loud = 60 + 7 * page.energy
    if page.hot:
        for step, length in ((0, 3), (3, 3), (6, 4), (10, 3), (13, 3)):
            chord = first if step < 8 else second
            _keys(page, bar, step, length, [*chord, chord[0] + 12], loud)
    elif page.energy < 3:
        _keys(page, bar, 0, 8, first, loud)
        _keys(page, bar, 8, 8, second, loud)
    else:
        for step, length in ((0, 6), (6, 2), (8, 8)):
            _keys(page, bar, step, length, first if step < 8 else second, loud)


def _stabs(page: Page, bar: int, first: list[int], second: list[int]) -> None:
    loud = 58 + 6 * page.energy
    steps = ((3, 1.5), (6, 1.2), (10, 2), (14, 1.5)) if page.energy >= 3 else ((0, 6), (10, 5))
    for step, length in steps:
        _keys(page, bar, step, length, first if step < 8 else second, loud)


def _comp(page: Page, bar: int, first: list[int], second: list[int]) -> None:
    rhythms = ((3, 10), (6, 11), (0, 7), (2, 8, 14), (6,))
    for step in rhythms[int(page.chance.integers(len(rhythms)))]:
        chord = first if step < 8 else second
        _keys(page, bar, step, 2.2, [*chord[1:], chord[0] + 14], 56 + 4 * page.energy)


def _rolled(page: Page, bar: int, first: list[int], second: list[int]) -> None:
    _keys(page, bar, 0, 6, first, 64, roll=0.014)
    _keys(page, bar, 7 if page.chance.random() < 0.7 else 8, 6, second, 60, roll=0.016)


def _broken(page: Page, bar: int, first: list[int], second: list[int]) -> None:
    """Flowing eighths; in strong parts with octaves below."""
    if page.idiom.ostinato and page.hot:
        return
    low, high = ([c[0] - 12, c[1], c[2], c[0] + 12] for c in (first, second))
    shape = [*low, *high] if page.energy < 3 else [*low, low[2], *high[1:]]
    for i, pitch in enumerate(shape):
        _keys(page, bar, 2 * i, 3.6, [pitch], 52 + 7 * page.energy + 8 * (i % 4 == 0))
    if page.hot:
        for step, chord in ((0, first), (8, second)):
            _keys(page, bar, step, 8, [chord[0] - 12, chord[0]], 80)


def _offbeats(page: Page, bar: int, first: list[int], second: list[int]) -> None:
    for step in (4, 12) if page.energy < 3 else (2, 6, 10, 14):
        _keys(page, bar, step, 1.4, first if step < 8 else second, 60 + 6 * page.energy)


def _sixteenths(page: Page, bar: int, first: list[int], second: list[int]) -> None:
    """An arpeggio that runs, twice as fast in strong parts."""
    if page.energy < 1.5:
        return
    for step in range(0, STEPS, 1 if page.hot else 2):
        chord = first if step < 8 else second
        notes = [*chord, chord[0] + 12]
        _keys(page, bar, step, 1.4, [notes[(step // (1 if page.hot else 2) * 3) % len(notes)] + 12], 60)


def _bossa_keys(page: Page, bar: int, first: list[int], second: list[int]) -> None:
    for step in (2, 8) if bar % 2 else (4, 10, 14):
        chord = first if step < 8 else second
        if page.energy >= 2.5 or step != 14:
            _keys(page, bar, step, 2, chord[1:], 54 + 4 * page.energy)


def _silent(page: Page, bar: int, first: list[int], second: list[int]) -> None:
    """This idiom has no keys."""


KEYS: dict[KeysPart, Callable[[Page, int, list[int], list[int]], None]] = {
    "pushed": _pushed,
    "stabs": _stabs,
    "comp": _comp,
    "rolled": _rolled,
    "broken": _broken,
    "offbeat": _offbeats,
    "sixteenths": _sixteenths,
    "bossa": _bossa_keys,
    "none": _silent,
}


def _pads(page: Page, bar: int, first: list[int], second: list[int]) -> None:
    """Held chords, a high line over strong parts, driving low strings under them."""
    halves = ((0, first), (8, second)) if first != second else ((0, first),)
    length = 16 / len(halves)
    if page.energy >= page.idiom.pad_from and not page.thin(bar):
        for step, chord in halves:
            loud = (44 + 8 * page.energy) * page.growth(bar)
            page.write_chord("pad", Channel.PAD, chord, bar=bar, step=step, length=length * 0.99, velocity=loud)
    if page.idiom.strings and page.hot:
        top = first[-1] + 12
        turn = top + (-1, -2, 2, 1)[bar % 4]
        line = ((0, top), (8, turn if in_scale(turn, page.brief.tonic + page.section.lift) else top))
        for step, pitch in line:
            page.write(
                "pad", Channel.HIGH_STRINGS, pitch, bar=bar, step=step, length=7.9, velocity=56 + 4 * page.energy
            )
    if page.idiom.ostinato and page.energy >= 3 and not page.final_bar(bar):
        for step in range(0, STEPS, 2):
            chord = first if step < 8 else second
            pitch = chord[step // 2 % 3] - 12
            accent = 84 + 14 * (step % 4 == 0)
            page.write("mid", Channel.OSTINATO, pitch, bar=bar, step=step, length=1.6, velocity=accent)


def play_guitars(page: Page) -> None:
    """Writes one or two guitars into the mid stem."""
    part = page.idiom.guitar_part
    for bar in range(page.bars):
        if page.final_bar(bar):
            if part != "none":
                _stroke(page, Channel.GUITAR_LEFT, bar, 0, True, 80, length=15)
        else:
            GUITARS[part](page, bar)


def _strum(page: Page, bar: int) -> None:
    """Two players, far left and far right; calm parts leave most strokes out."""
    if page.energy < 2.5 and page.brief.idiom == "pop" and page.section.kind != "intro":
        return
    strokes = STROKES_FULL if page.energy >= 3 else STROKES_CALM
    for channel in (Channel.GUITAR_LEFT, Channel.GUITAR_RIGHT):
        for step, down, velocity in strokes:
            _stroke(page, channel, bar, step, down, velocity + 4 * (page.energy - 3))


def _stroke(
    page: Page, channel: Channel, bar: int, step: int, down: bool, velocity: float, length: float = 0.0
) -> None:
    """A hand across the strings: upstrokes are quicker, shorter and take only the high ones."""
    grip = fretted(page.chord(bar, step))
    strings = grip if down else grip[::-1][:4]
    late = SECOND_GUITAR if channel == Channel.GUITAR_RIGHT else 0.0
    for i, pitch in enumerate(strings):
        page.write(
            "mid",
            channel,
            pitch,
            bar=bar,
            step=step,
            length=length or (3.6 if down else 1.8),
            velocity=velocity - 3 * i,
            shift=late + i * (0.012 if down else 0.008),
            loose=0.003,
        )


def _picked(page: Page, bar: int) -> None:
    """Fingers, one string after the other; strummed in the strong parts of folk."""
    if page.brief.idiom == "folk" and page.energy >= 3:
        _strum(page, bar)
        return
    if page.brief.idiom == "ballad" and page.energy < 2.5:
        return
    octave = 12 if page.brief.idiom == "ballad" else 0
    for step, string in PICKING:
        grip = fretted(page.chord(bar, step))
        pitch = grip[min(string, len(grip) - 1)] + octave
        page.write("mid", Channel.GUITAR_LEFT, pitch, bar=bar, step=step, length=4.8, velocity=74 if string < 2 else 62)


def _power(page: Page, bar: int) -> None:
    """Root, fifth and octave on both sides: held when calm, muted eighths in verses, open in choruses."""
    if page.energy >= 3 or page.section.kind == "intro" or page.energy >= 2:
        every = 2 if page.energy >= 2 else 8
        ring = 1.9 if page.hot else 1.0 if every == 2 else 7.6
        for channel in (Channel.GUITAR_LEFT, Channel.GUITAR_RIGHT):
            for step in range(0, STEPS, every):
                if page.thin(bar) and channel == Channel.GUITAR_RIGHT:
                    continue
                root = bass_note(page.chord(bar, step).bass) + 12
                page.write_chord(
                    "mid",
                    channel,
                    (root, root + 7, root + 12),
                    bar=bar,
                    step=step,
                    length=ring,
                    velocity=72 + 7 * page.energy - (8 if step % 4 else 0),
                )


def _chank(page: Page, bar: int) -> None:
    """Short chords on the high strings: the sixteenths of funk, the lilt of bossa nova."""
    bossa = page.idiom.bass_part == "bossa"
    if bossa:
        steps: Sequence[int] = (0, 6, 12) if bar % 2 == 0 else (4, 10)
    else:
        steps = (2, 4, 7, 10, 12, 15) if page.energy >= 3 else (4, 12)
    for step in steps:
        grip = fretted(page.chord(bar, step))[-4:]
        length = 3.0 if bossa else 0.8
        page.write_chord(
            "mid",
            Channel.GUITAR_LEFT,
            grip,
            bar=bar,
            step=step,
            length=length,
            velocity=66 + 4 * page.energy - (10 if step % 4 else 0),
            roll=0.006,
        )


def _no_guitar(page: Page, bar: int) -> None:
    """This idiom has no guitar."""


GUITARS: dict[GuitarPart, Callable[[Page, int], None]] = {
    "strum": _strum,
    "picked": _picked,
    "power": _power,
    "chank": _chank,
    "none": _no_guitar,
}
