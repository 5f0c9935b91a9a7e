"""The bassist: roots in the idiom's rhythm, with steps that lead into the next chord."""

from __future__ import annotations

from .bassfigures import bass_figures
from .idiom import Channel
from .page import Page
from .plan import Level
from .score import Tone
from .strokes import Figure, Stroke
from .voicing import bass_note

LOWEST, HIGHEST = 28, 62
LOUD = 88
LIGHTER = 0.9
"""Held notes under a thin texture are softer, or there would be nothing but bass."""
DEAD = 44
"""Velocity of a dead note."""
BEHIND = 0.6
"""How much of the band's lag the bass has."""
SUB_HIGHEST = 45
"""MIDI: where a sub bass still shakes the floor."""


class Bar:
    """One bar for the bass: its roots, where it goes, and a pen."""

    def __init__(self, page: Page, number: int) -> None:
        self.page, self.number = page, number
        self.first = bass_note(page.chord(number).bass)
        self.second = bass_note(page.chord(number, page.middle).bass)
        self.next = bass_note(page.next_chord(number).bass)

    def root(self, step: int) -> int:
        """The root at a step."""
        return self.first if step < self.page.middle else self.second

    def third(self, step: int) -> int:
        """The chord's third above its root."""
        chord = self.page.chord(self.number, step)
        return self.root(step) + (chord.pitches[1] - chord.bass) % 12

    def fifth(self, step: int) -> int:
        """The chord's fifth above its root; the root's octave where the bass is the fifth already."""
        chord = self.page.chord(self.number, step)
        return self.root(step) + ((chord.pitches[2] - chord.bass) % 12 or 12)

    def leading(self) -> int:
        """A note beside the next root, a step away in the direction from which it is reached."""
        return self.next + (-1 if self.next > self.second else 2 if self.next < self.second else -5)

    def pitch(self, stroke: Stroke) -> int:
        """What a letter of the bass alphabet stands for."""
        root = self.root(stroke.step)
        match stroke.what:
            case "f":
                return self.fifth(stroke.step)
            case "d":
                return self.fifth(stroke.step) - 12
            case "o":
                return root + 12
            case "t":
                return self.third(stroke.step)
            case "s":
                return root + 10
            case "n":
                return self.next
            case "l":
                return self.leading()
            case "k":
                return self.next + (1 if self.next < self.second else -1)
            case _:
                return root

    def note(self, step: float, length: float, pitch: int, velocity: float = LOUD) -> None:
        """One note; what lies outside the instrument is played an octave from there."""
        page = self.page
        pitch += 12 if pitch < LOWEST else -12 if pitch > HIGHEST else 0
        grown = velocity * page.growth(self.number)
        sounds = page.idiom.drawn & {"sub", "analog"}
        if sounds:
            pitch -= 12 if "sub" in sounds and pitch > SUB_HIGHEST else 0
            self._drawn("sub" in sounds, step, length, pitch, grown)
        else:
            page.write(
                "bass",
                Channel.BASS,
                pitch,
                bar=self.number,
                step=step,
                length=length * 0.93,
                velocity=grown,
                loose=0.003,
                shift=BEHIND * page.idiom.timing.lag,
            )

    def _drawn(self, sub: bool, step: float, length: float, pitch: int, velocity: float) -> None:
        """A calculated note: an 808 or a synthesizer's bass."""
        page = self.page
        if page.stops and page.last_bar(self.number):
            length = min(length, page.steps - 4 - step)
        if length > 0:
            seconds = length * 0.93 * page.brief.eighth / 2
            at = max(0.0, page.time(self.number, step) + BEHIND * page.idiom.timing.lag)
            page.calculate("bass", Tone(at, seconds, "sub" if sub else "analog", (pitch,), velocity / 110))


def play_bass(page: Page) -> None:
    """Writes the bass stem of a page."""
    figure = bass_figures(page.idiom.playing.bass, page.idiom.family)[page.brief.metre][page.variant("bass")]
    for number in range(page.bars):
        level = page.level("bass", number)
        if level:
            bar = Bar(page, number)
            if page.final_bar(number):
                bar.note(0, page.final_steps, bar.first, 90)
            elif page.idiom.playing.bass == "walking" and level > Level.LIGHT and page.brief.metre != "6/8":
                _walk(bar)
            else:
                _figure(bar, figure, level)


def _figure(bar: Bar, figure: Figure, level: Level) -> None:
    for stroke in figure.bar(level, bar.number):
        if stroke.what == "x":
            bar.note(stroke.step, stroke.length, bar.root(stroke.step), DEAD)
        elif not (stroke.what == "l" and bar.next == bar.second and bar.number % 2 == 0):
            loud = (LOUD + 3 * level - 6) * stroke.weight * (LIGHTER if level == Level.LIGHT else 1.0)
            bar.note(stroke.step, stroke.length, bar.pitch(stroke), loud)


def _walk(bar: Bar) -> None:
    """Quarters: the root, chord tones or a passing tone, then the semitone beside the next root."""
    chance, last = bar.page.chance, bar.page.steps - 4
    heading = 1 if bar.next >= bar.first else -1
    approach = bar.next - heading * (1 if chance.random() < 0.7 else -1)
    turns = (bar.third(4), bar.fifth(4), bar.first + heading * 2)
    line = [bar.first, turns[int(chance.choice(3, p=(0.5, 0.25, 0.25)))]]
    if last == 12:
        line.append(bar.second if bar.second != bar.first else bar.fifth(8))
    for k, pitch in enumerate((*line, approach)):
        bar.note(4 * k, 4, pitch, 94 if k % 2 == 0 else 84)
    if bar.page.hot and chance.random() < 0.4:
        bar.note(last - 1, 1, bar.first, 60)
