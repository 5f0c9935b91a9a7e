"""A page of the band's music: one section, its place in the song, and the pen that writes notes into it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .chance import dice
from .idioms import Channel
from .instruments import performed
from .score import Chord, Hit, Parts, Player, Score, Stem, Tone

STEPS = 16
"""Steps of a bar: sixteenths."""
STOP = 12
"""Where everybody stops in the last bar before a chorus."""
STOPPING = frozenset(("pop", "rock", "house", "synthwave", "soul", "country"))
"""Idioms in which the band may hold its breath on the beat before a chorus."""
TOUCH = 3.5
"""Standard deviation of a note's velocity."""
TWISTS = (3, 7, 11, 13, 14)
STOP_SHARE = 0.6
"""How often it does."""


PLAYERS: dict[Channel, Player] = {
    Channel.KEYS: "keys",
    Channel.BASS: "bass",
    Channel.GUITAR_LEFT: "guitar",
    Channel.GUITAR_RIGHT: "guitar",
    Channel.PAD: "pad",
    Channel.LEAD: "lead",
    Channel.OSTINATO: "strings",
    Channel.HIGH_STRINGS: "strings",
    Channel.DRUMS: "drums",
}


class Page:
    """What every player of the band reads, and where all of them write. Steps are sixteenths of a bar, 0 to 15."""

    def __init__(self, score: Score, index: int, chance: np.random.Generator) -> None:
        self.section = score.sections[index]
        self.before = score.sections[index - 1] if index else None
        self.after = score.sections[index + 1] if index + 1 < len(score.sections) else None
        self.brief, self.idiom, self.chance = score.brief, performed(score.brief), chance
        self.sung_song = any(section.sung for section in score.sections)
        self.energy, self.bars = self.section.energy, self.section.bars
        self.first_verse = self.section.kind == "verse" and all(s.kind != "verse" for s in score.sections[:index])
        self.stops = self.into_chorus and self.brief.idiom in STOPPING and bool(chance.random() < STOP_SHARE)
        self.twist = TWISTS[int(dice(score.seed, "groove", score.brief.take).integers(len(TWISTS)))]
        """A step on which this take's groove has something of its own."""
        self.parts = Parts()
        self._deviations: list[float] = []

    @property
    def hot(self) -> bool:
        """A chorus, a drop: everybody plays."""
        return self.energy >= 4

    @property
    def rising(self) -> bool:
        """What follows is clearly stronger."""
        return self.after is not None and self.after.energy > self.energy + 0.6

    @property
    def into_chorus(self) -> bool:
        """The next thing is the hook, so this part leads up to it."""
        return self.rising and self.after is not None and self.after.kind in ("chorus", "drop")

    @property
    def ending(self) -> bool:
        """The song ends with this page."""
        return self.after is None

    def last_bar(self, bar: int) -> bool:
        """Whether this is the page's last bar."""
        return bar == self.bars - 1

    def final_bar(self, bar: int) -> bool:
        """Whether this is the song's last bar: one blow, and it rings."""
        return self.ending and self.last_bar(bar)

    def thin(self, bar: int) -> bool:
        """The first half of the first verse: few play, so that something can be added."""
        return self.first_verse and self.sung_song and bar < self.bars // 2 and self.brief.length == "normal"

    def growth(self, bar: int) -> float:
        """How much louder notes grow towards a stronger part, 1 to 1.15."""
        return 1 + (0.15 * bar / self.bars if self.rising else 0.0)

    def chord(self, bar: int, step: int = 0) -> Chord:
        """The chord at a step."""
        return self.section.chords[min(2 * bar + (step >= STEPS // 2), len(self.section.chords) - 1)]

    def next_chord(self, bar: int) -> Chord:
        """The chord after this bar; after the last bar the section's first one again."""
        if not self.last_bar(bar):
            return self.chord(bar + 1)
        return self.after.chords[0] if self.after else self.section.chords[0]

    def time(self, bar: int, step: float) -> float:
        """Seconds from the section's start at which a step is played in this idiom's swing."""
        late = self.idiom.late(int(step))
        return bar * self.brief.bar + (step + late) * self.brief.eighth / 2

    def write(
        self,
        stem: Stem,
        channel: Channel,
        pitch: int,
        *,
        bar: int,
        step: float,
        length: float,
        velocity: float,
        loose: float = 0.004,
        shift: float = 0.0,
    ) -> None:
        """One note, `length` steps long. Players are human: `loose` seconds of spread, a few steps of velocity."""
        if PLAYERS[channel] in self.brief.without:
            return
        if self.stops and self.last_bar(bar):
            length = min(length, STOP - step)
            if length <= 0:
                return
        at = max(0.0, self.time(bar, step) + shift + loose * self._deviation())
        loud = min(127, max(1, round(velocity + TOUCH * self._deviation())))
        seconds = max(0.03, length * self.brief.eighth / 2)
        self.parts.stems.setdefault(stem, []).append(Hit(at, seconds, int(channel), int(pitch), loud))

    def write_chord(
        self,
        stem: Stem,
        channel: Channel,
        pitches: Sequence[int],
        *,
        bar: int,
        step: float,
        length: float,
        velocity: float,
        roll: float = 0.0,
    ) -> None:
        """All notes of a chord, `roll` seconds apart."""
        for i, pitch in enumerate(pitches):
            self.write(
                stem, channel, pitch, bar=bar, step=step, length=length, velocity=velocity, shift=i * roll, loose=0.003
            )

    def _deviation(self) -> float:
        """How far a human hand is off, in standard deviations. Drawn in lots, since every note wants two."""
        if not self._deviations:
            self._deviations = self.chance.standard_normal(512).clip(-2, 2).tolist()
        return self._deviations.pop()

    def calculate(self, tone: Tone) -> None:
        """One calculated sound; there is none in a band without drums."""
        if "drums" not in self.brief.without:
            self.parts.tones.append(tone)
