"""Keys, pads and strings: who plays the chords, each in the idiom's manner, voices led from chord to chord."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .harmony import in_scale
from .idioms import Channel, KeysPart
from .page import STEPS, Page
from .voicing import mean, voiced

CENTRE = 61.0
"""Where chords lie, MIDI."""


class Bar:
    """One bar of chords under the hands: its two voicings, and a pen."""

    def __init__(self, page: Page, number: int, centre: float) -> None:
        self.page, self.number = page, number
        self.first = voiced(page.chord(number), centre)
        self.second = voiced(page.chord(number, 8), mean(self.first))

    @property
    def centre(self) -> float:
        """Where the next bar's voicing should lie: near this one, drawn back to the middle."""
        return 0.8 * mean(self.second) + 0.2 * CENTRE

    def at(self, step: float) -> list[int]:
        """The voicing at a step."""
        return self.first if step < STEPS // 2 else self.second

    def keys(
        self, step: float, length: float, velocity: float, pitches: Sequence[int] = (), *, roll: float = 0.0
    ) -> None:
        """A chord on the keys, the voicing at the step unless other pitches are given."""
        self.page.write_chord(
            "mid",
            Channel.KEYS,
            pitches or self.at(step),
            bar=self.number,
            step=step,
            length=length * 0.96,
            velocity=velocity * self.page.growth(self.number),
            roll=roll,
        )


def play_keys(page: Page) -> None:
    """Writes keys into the mid stem, pads and strings into the pad stem."""
    centre = CENTRE
    for number in range(page.bars):
        bar = Bar(page, number, centre)
        centre = bar.centre
        if page.final_bar(number):
            bar.keys(0, 15, 78, [bar.first[0] - 12, *bar.first], roll=0.012)
        else:
            KEYS[page.idiom.keys_part](bar)
        _pad(bar)
        if page.idiom.strings and page.hot:
            _high_strings(bar)
        if page.idiom.ostinato and page.energy >= 3 and not page.final_bar(number):
            _ostinato(bar)


def _pushed(bar: Bar) -> None:
    """Chords that push into the beat when it is strong, and rest on it when it is calm."""
    energy = bar.page.energy
    loud = 60 + 7 * energy
    if bar.page.hot:
        for step, length in ((0, 3), (3, 3), (6, 4), (10, 3), (13, 3)):
            bar.keys(step, length, loud, [*bar.at(step), bar.at(step)[0] + 12])
    else:
        for step, length in ((0, 8), (8, 8)) if energy < 3 else ((0, 6), (6, 2), (8, 8)):
            bar.keys(step, length, loud)


def _stabs(bar: Bar) -> None:
    energy = bar.page.energy
    for step, length in ((3, 1.5), (6, 1.2), (10, 2), (14, 1.5)) if energy >= 3 else ((0, 6), (10, 5)):
        bar.keys(step, length, 58 + 6 * energy)


def _comp(bar: Bar) -> None:
    """Sparse off-beat chords without their root, never the same way for long."""
    rhythms = ((3, 10), (6, 11), (0, 7), (2, 8, 14), (6,))
    for step in rhythms[int(bar.page.chance.integers(len(rhythms)))]:
        chord = bar.at(step)
        bar.keys(step, 2.2, 56 + 4 * bar.page.energy, [*chord[1:], chord[0] + 14])


def _rolled(bar: Bar) -> None:
    bar.keys(0, 6, 64, roll=0.014)
    bar.keys(7 if bar.page.chance.random() < 0.7 else 8, 6, 60, bar.second, roll=0.016)


def _broken(bar: Bar) -> None:
    """Flowing eighths; in strong parts with octaves below."""
    if bar.page.idiom.ostinato and bar.page.hot:
        return
    energy = bar.page.energy
    low, high = ([c[0] - 12, c[1], c[2], c[0] + 12] for c in (bar.first, bar.second))
    shape = [*low, *high] if energy < 3 else [*low, low[2], *high[1:]]
    for i, pitch in enumerate(shape):
        bar.keys(2 * i, 3.6, 52 + 7 * energy + 8 * (i % 4 == 0), [pitch])
    if bar.page.hot:
        for step, chord in ((0, bar.first), (8, bar.second)):
            bar.keys(step, 8, 80, [chord[0] - 12, chord[0]])


def _offbeats(bar: Bar) -> None:
    for step in (4, 12) if bar.page.energy < 3 else (2, 6, 10, 14):
        bar.keys(step, 1.4, 60 + 6 * bar.page.energy)


def _sixteenths(bar: Bar) -> None:
    """An arpeggio that runs, twice as fast in strong parts."""
    if bar.page.energy < 1.5 and bar.number < bar.page.bars // 2:
        return
    every = 1 if bar.page.hot else 2
    for step in range(0, STEPS, every):
        notes = [*bar.at(step), bar.at(step)[0] + 12]
        bar.keys(step, 1.4, 60, [notes[step // every * 3 % len(notes)] + 12])


def _bossa(bar: Bar) -> None:
    for step in (2, 8) if bar.number % 2 else (4, 10, 14):
        if bar.page.energy >= 2.5 or step != 14:
            bar.keys(step, 2, 54 + 4 * bar.page.energy, bar.at(step)[1:])


def _silent(bar: Bar) -> None:
    """This idiom has no keys."""


KEYS: dict[KeysPart, Callable[[Bar], None]] = {
    "pushed": _pushed,
    "stabs": _stabs,
    "comp": _comp,
    "rolled": _rolled,
    "broken": _broken,
    "offbeat": _offbeats,
    "sixteenths": _sixteenths,
    "bossa": _bossa,
    "none": _silent,
}


def _pad(bar: Bar) -> None:
    """Held chords."""
    page = bar.page
    if page.energy < page.idiom.pad_from or page.thin(bar.number):
        return
    halves = ((0, bar.first), (8, bar.second)) if bar.first != bar.second else ((0, bar.first),)
    length = STEPS / len(halves) * 0.99
    loud = (44 + 8 * page.energy) * page.growth(bar.number)
    for step, chord in halves:
        page.write_chord("pad", Channel.PAD, chord, bar=bar.number, step=step, length=length, velocity=loud)


def _high_strings(bar: Bar) -> None:
    """A slow line over the strong parts: the chord's top, then its neighbour."""
    page = bar.page
    top = bar.first[-1] + 12
    turn = top + (-1, -2, 2, 1)[bar.number % 4]
    other = turn if in_scale(turn, page.brief.tonic + page.section.lift) else top
    for step, pitch in ((0, top), (8, other)):
        loud = 56 + 4 * page.energy
        page.write("pad", Channel.HIGH_STRINGS, pitch, bar=bar.number, step=step, length=7.9, velocity=loud)


def _ostinato(bar: Bar) -> None:
    """Low strings that drive in eighths."""
    for step in range(0, STEPS, 2):
        pitch = bar.at(step)[step // 2 % 3] - 12
        loud = 84 + 14 * (step % 4 == 0)
        bar.page.write("mid", Channel.OSTINATO, pitch, bar=bar.number, step=step, length=1.6, velocity=loud)
