"""Keys, pads and strings: who plays the chords, each in the idiom's manner, voices led from chord to chord."""

from __future__ import annotations

from collections.abc import Sequence

from .idiom import Channel
from .keyfigures import key_figures
from .page import Page
from .plan import Level
from .score import Metre, Tone
from .strokes import Figure, Stroke
from .voicing import mean, voiced

CENTRE = 61.0
"""Where chords lie, MIDI."""
LOUD = 74
SYNTH_PADS = 80
"""General MIDI programs from here on are synthesizers, whose held chords come louder than strings do."""
PLUCK_SHORTEST = 0.12
"""Seconds."""
COMPING: dict[Metre, tuple[tuple[int, ...], ...]] = {
    "4/4": ((3, 10), (6, 11), (0, 7), (2, 8, 14), (6,), (0, 6, 14), (4, 14)),
    "3/4": ((4, 10), (2, 8), (6,), (0, 6), (4, 8)),
    "6/8": ((4, 10), (2, 8), (6,), (0, 8)),
}
"""Where a jazz pianist's chords fall; a bar has one of these, and the takes prefer different ones."""


class Bar:
    """One bar of chords under the hands: its two voicings, and a pen."""

    def __init__(self, page: Page, number: int, centre: float) -> None:
        self.page, self.number = page, number
        self.first = voiced(page.chord(number), centre)
        self.second = voiced(page.chord(number, page.middle), mean(self.first))

    @property
    def centre(self) -> float:
        """Where the next bar's voicing should lie: near this one, drawn back to the middle."""
        return 0.8 * mean(self.second) + 0.2 * CENTRE

    def at(self, step: float) -> list[int]:
        """The voicing at a step."""
        return self.first if step < self.page.middle else self.second

    def pitches(self, stroke: Stroke) -> list[int]:
        """What a letter of the keys' alphabet stands for."""
        chord = self.at(stroke.step)
        low = self.low(stroke.step)
        match stroke.what:
            case "c":
                return chord
            case "h":
                return [*chord, chord[0] + 12]
            case "s":
                return chord[1:]
            case "r":
                return [low]
            case "o":
                return [low - 12, low] if low >= 40 else [low, low + 12]
            case "f":
                return [low + 7]
            case letter:
                rising = [*chord, chord[0] + 12]
                return [rising["ijkl".index(letter.lower())] + 12 * letter.isupper()]

    def low(self, step: float) -> int:
        """The chord's bass note under the left hand."""
        return 36 + self.page.chord(self.number, int(step)).bass

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
    part = page.idiom.playing.keys
    figure = key_figures(part, page.idiom.family)[page.brief.metre][page.variant("keys")] if part != "none" else None
    centre = CENTRE
    for number in range(page.bars):
        bar = Bar(page, number, centre)
        centre = bar.centre
        level = page.level("keys", number)
        if figure and level:
            _keys(bar, figure, level)
        _pad(bar)
        _strings(bar)


def _keys(bar: Bar, figure: Figure, level: Level) -> None:
    page = bar.page
    if page.final_bar(bar.number):
        roll = 0.012 if page.idiom.last == "ring" else 0.0
        bar.keys(0, page.final_steps, 78, [bar.low(0), *bar.first], roll=roll)
    elif page.idiom.playing.keys == "comp" and level > Level.LIGHT:
        _comp(bar, level)
    else:
        roll = 0.014 if page.idiom.playing.keys == "rolled" else 0.0
        for stroke in figure.bar(level, bar.number):
            loud = (LOUD + 5 * (page.energy - 2)) * (1.0 if level == Level.LIGHT else stroke.weight)
            if stroke.what.isupper() and "pluck" in page.idiom.drawn:
                _pluck(bar, stroke, loud)
            else:
                bar.keys(stroke.step, stroke.length, loud, bar.pitches(stroke), roll=roll)


def _pluck(bar: Bar, stroke: Stroke, velocity: float) -> None:
    page = bar.page
    if page.stops and page.last_bar(bar.number) and stroke.step >= page.steps - 4:
        return
    seconds = max(PLUCK_SHORTEST, stroke.length * page.brief.eighth / 2)
    at = page.time(bar.number, stroke.step)
    page.calculate("keys", Tone(at, seconds, "pluck", tuple(bar.pitches(stroke)), velocity / 120))


def _comp(bar: Bar, level: Level) -> None:
    """Sparse off-beat chords without their root, never the same way for long."""
    page = bar.page
    rhythms = COMPING[page.brief.metre]
    half = len(rhythms) // 2
    liked = rhythms[half:] if page.variant("keys") else rhythms[: half + 1]
    steps = liked[int(page.chance.integers(len(liked)))]
    if level < Level.STRONG:
        steps = steps[:2]
    for step in steps:
        chord = bar.at(step)
        bar.keys(step, 2.2, 76 + 5 * page.energy, [*chord[1:], chord[0] + 14])


def _pad(bar: Bar) -> None:
    """Held chords, softer where they come in first."""
    page = bar.page
    level = page.level("pad", bar.number)
    if not level:
        return
    loud = (48 + 9 * max(page.energy, 1.5)) * page.growth(bar.number)
    if page.idiom.sounds.pad >= SYNTH_PADS:
        loud *= 0.72
    for step, length, chord in _held(bar):
        if "warm" in page.idiom.drawn:
            at = page.time(bar.number, step)
            seconds = length * page.brief.eighth / 2
            page.calculate("pad", Tone(at, seconds, "warm", tuple(chord), loud / 110))
        else:
            page.write_chord("pad", Channel.PAD, chord, bar=bar.number, step=step, length=length, velocity=loud)


def _held(bar: Bar) -> list[tuple[int, float, list[int]]]:
    """The bar's chords as held ones: step, length in steps, pitches."""
    page = bar.page
    if page.final_bar(bar.number):
        return [(0, float(max(4, page.final_steps)), bar.first)]
    if bar.first == bar.second:
        return [(0, page.steps * 0.99, bar.first)]
    return [(0, page.middle * 0.99, bar.first), (page.middle, (page.steps - page.middle) * 0.99, bar.second)]


def _strings(bar: Bar) -> None:
    """High strings: alone they have the chords; else two soft held notes, a line of their own in strong parts."""
    page = bar.page
    level = page.level("strings", bar.number)
    if not level:
        return
    alone = not {"keys", "guitar", "pad"} & set(page.idiom.entry)
    if alone or level < Level.STRONG or page.final_bar(bar.number):
        loud = (52 + 7 * page.energy) * page.growth(bar.number)
        for step, length, chord in _held(bar):
            up = 12 if chord[-1] < 66 else 0
            pitches = chord if alone else [pitch + up for pitch in chord[-2:]]
            page.write_chord(
                "pad", Channel.HIGH_STRINGS, pitches, bar=bar.number, step=step, length=length, velocity=loud
            )
    if page.idiom.ostinato and level >= Level.CALM and not page.final_bar(bar.number):
        _ostinato(bar, level)


def _ostinato(bar: Bar, level: Level) -> None:
    """Low strings that drive in eighths, in groups as the metre and the take want them."""
    page = bar.page
    turn = (0, 1, 2, 1) if page.variant("strings") else (0, 0, 1, 2)
    beat = 6 if page.brief.metre == "6/8" else 4
    for step in range(0, page.steps, 2 if level >= Level.STRONG else 4):
        pitch = bar.at(step)[turn[step // 2 % len(turn)]] - 12
        loud = 84 + 16 * (step % beat == 0) + 4 * (level - Level.CALM)
        page.write("mid", Channel.OSTINATO, pitch, bar=bar.number, step=step, length=1.6, velocity=loud)
