"""The bassist: roots in the idiom's rhythm, with steps that lead into the next chord."""

from __future__ import annotations

from collections.abc import Callable

from .idioms import BassPart, Channel
from .page import Page
from .voicing import bass_note

LOWEST = 28


class Bar:
    """One bar for the bass: its roots, where it goes, and a pen."""

    def __init__(self, page: Page, number: int) -> None:
        self.page, self.number = page, number
        self.first = bass_note(page.chord(number).bass)
        self.second = bass_note(page.chord(number, 8).bass)
        self.next = bass_note(page.next_chord(number).bass)
        self.third = (page.chord(number).pitches[1] - page.chord(number).pitches[0]) % 12

    def root(self, step: int) -> int:
        """The root at a step."""
        return self.first if step < 8 else self.second

    def leading(self) -> int:
        """A note beside the next root, a step away in the direction from which it is reached."""
        return self.next + (-1 if self.next > self.second else 2 if self.next < self.second else -5)

    def note(self, step: float, length: float, pitch: int, velocity: float = 92) -> None:
        """One note; below the lowest string it is played an octave up."""
        page = self.page
        pitch += 12 if pitch < LOWEST else 0
        grown = velocity * page.growth(self.number)
        page.write(
            "bass", Channel.BASS, pitch, bar=self.number, step=step, length=length * 0.93, velocity=grown, loose=0.003
        )


def play_bass(page: Page) -> None:
    """Writes the bass stem of a page."""
    calm = page.energy < 2 and page.brief.idiom not in ("lofi", "jazz", "bossa")
    for number in range(page.bars):
        bar = Bar(page, number)
        if page.final_bar(number):
            bar.note(0, 15, bar.first, 90)
        elif calm:
            if page.section.kind != "intro" or number >= page.bars // 2:
                _held(bar)
        elif _rests(page, number):
            _held(bar)
        else:
            PARTS[page.idiom.bass_part](bar)


def _rests(page: Page, number: int) -> bool:
    """Whether the bass only holds its roots: early in the first verse, in breakdowns, before a drop."""
    if page.thin(number):
        return page.idiom.bass_part not in ("walking", "bossa", "lazy")
    return page.section.kind == "breakdown" or (page.idiom.pump and page.section.kind == "prechorus")


def _held(bar: Bar) -> None:
    if bar.first == bar.second:
        bar.note(0, 15, bar.first, 78)
    else:
        bar.note(0, 7.5, bar.first, 78)
        bar.note(8, 7.5, bar.second, 76)


def _rooted(bar: Bar) -> None:
    bar.note(0, 6, bar.first)
    bar.note(6, 2, bar.first + (7 if bar.first == bar.second else 0), 70)
    bar.note(8, 6, bar.second, 86)
    if bar.page.energy >= 3:
        bar.note(14, 2, bar.leading(), 72)


def _eighths(bar: Bar) -> None:
    if not bar.page.hot and bar.page.brief.idiom == "pop":
        _rooted(bar)
        return
    moves = bar.next != bar.second
    for step in range(0, 14 if moves else 16, 2):
        octave = 12 if step in (6, 14) and bar.page.brief.idiom == "pop" else 0
        bar.note(step, 2, bar.root(step) + octave, 100 if step % 4 == 0 else 84)
    if moves:
        bar.note(14, 2, bar.leading(), 88)


def _walking(bar: Bar) -> None:
    fifth = bar.second if bar.second != bar.first else bar.first + 7
    approach = bar.next + (1 if bar.page.chance.random() < 0.5 else -1)
    turn = bar.first + bar.third if bar.page.chance.random() < 0.7 else bar.first + 7
    for step, pitch, velocity in ((0, bar.first, 96), (4, turn, 86), (8, fifth, 92), (12, approach, 84)):
        bar.note(step, 4, pitch, velocity)
    if bar.page.hot and bar.page.chance.random() < 0.4:
        bar.note(11, 1, bar.first, 60)


def _offbeat(bar: Bar) -> None:
    steps = (2, 3, 6, 7, 10, 11, 14, 15) if bar.page.hot else (2, 6, 10, 14)
    for step in steps:
        bar.note(step, 1.6, bar.root(step) + (12 if step % 8 == 6 else 0), 100)


def _lazy(bar: Bar) -> None:
    bar.note(0, 6, bar.first, 96)
    bar.note(7, 2, bar.first + 7, 66)
    bar.note(8, 5, bar.second, 88)
    if bar.page.energy >= 2:
        bar.note(14, 2, bar.leading(), 68)


def _octaves(bar: Bar) -> None:
    for step in range(0, 16, 2 if bar.page.energy < 3 else 1):
        high = 12 if step % 4 == 2 else 0
        bar.note(step, 0.9 if bar.page.energy >= 3 else 1.8, bar.root(step) + high, 98 if step % 4 == 0 else 80)


def _bossa(bar: Bar) -> None:
    bar.note(0, 5, bar.first, 94)
    bar.note(6, 2, bar.first + 7, 76)
    bar.note(8, 5, bar.second + (7 if bar.second == bar.first else 0), 88)
    bar.note(14, 2, bar.next if bar.page.chance.random() < 0.5 else bar.leading(), 74)


def _syncopated(bar: Bar) -> None:
    bar.note(0, 3, bar.first, 102)
    bar.note(3, 1, bar.first + 12, 70)
    bar.note(6, 2, bar.first, 84)
    if bar.page.energy >= 3:
        bar.note(7, 1, bar.first + 7, 62)
    bar.note(10, 2, bar.second, 92)
    bar.note(11, 1, bar.second + 10, 58)
    bar.note(12, 2, bar.second + 12 if bar.page.hot else bar.second, 80)
    bar.note(14, 2, bar.leading(), 82)


def _twobeat(bar: Bar) -> None:
    bar.note(0, 4, bar.first, 100)
    bar.note(8, 4, bar.second + (7 if bar.second == bar.first else 0) - (12 if bar.second > 33 else 0), 92)
    if bar.page.energy >= 3:
        bar.note(12, 2, bar.next + (2 if bar.next < bar.second else -3), 74)
        bar.note(14, 2, bar.leading(), 78)


def _booming(bar: Bar) -> None:
    """Long low notes that fall with the kick, and a slide up at the end of every second bar."""
    bar.note(0, 5.5, bar.first, 104)
    bar.note(6, 3.5, bar.first, 84)
    bar.note(10, 4, bar.second, 96)
    if bar.number % 2 and bar.page.energy >= 2.5:
        bar.note(14, 2, bar.second + 12, 78)


PARTS: dict[BassPart, Callable[[Bar], None]] = {
    "rooted": _rooted,
    "eighths": _eighths,
    "walking": _walking,
    "offbeat": _offbeat,
    "lazy": _lazy,
    "octaves": _octaves,
    "bossa": _bossa,
    "syncopated": _syncopated,
    "twobeat": _twobeat,
    "booming": _booming,
}
