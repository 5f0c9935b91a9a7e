"""A page of the band's music: one section, its place in the song, and the pen that writes notes into it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .chance import dice
from .idiom import Channel
from .instruments import performed
from .plan import Level, Scene, halves
from .score import MIDDLE, Chord, Hit, Parts, Player, Score, Stem, Tone

TOUCH = 3.5
"""Standard deviation of a note's velocity."""
STOP_SHARE = 0.6
"""How often an idiom that may stop before a chorus does."""
TWISTS = (3, 7, 11, 13, 14)
MANY_WORDS = 2.6
"""Syllables a second from which a bar counts as full of words."""
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
    """What every player of the band reads, and where all of them write. Steps are sixteenths of a bar, from 0."""

    def __init__(self, score: Score, index: int, chance: np.random.Generator) -> None:
        self.section = score.sections[index]
        self.before = score.sections[index - 1] if index else None
        self.after = score.sections[index + 1] if index + 1 < len(score.sections) else None
        self.brief, self.idiom, self.chance = score.brief, performed(score.brief), chance
        self.steps = score.brief.steps
        self.energy, self.bars = self.section.energy, self.section.bars
        self.stops = self.into_chorus and self.idiom.stops and bool(chance.random() < STOP_SHARE)
        self.twist = TWISTS[int(dice(score.seed, "groove", score.brief.take).integers(len(TWISTS)))] % self.steps
        """A step on which this take's groove has something of its own."""
        self.parts = Parts()
        self._seed = score.seed
        self._halves = halves(self.idiom.entry, self._scene(score, index))
        self._words = self._count_words()
        self._deviations: list[float] = []

    def _scene(self, score: Score, index: int) -> Scene:
        sung = any(section.sung for section in score.sections)
        earlier = any(section.kind == "verse" for section in score.sections[:index])
        first = self.section.kind == "verse" and not earlier and sung and self.brief.length == "normal"
        return Scene(self.section.kind, self.energy, first and self.bars > 1, self.into_chorus)

    def _count_words(self) -> list[int]:
        """How many syllables begin in each bar."""
        counts = [0] * self.bars
        for phrase in self.section.sung:
            for note in phrase.notes:
                bar = int(self.section.even(phrase.start + note.on, self.brief.beat) / self.brief.bar)
                counts[min(max(bar, 0), self.bars - 1)] += 1
        return counts

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

    @property
    def final_steps(self) -> int:
        """How long the song's last chord is."""
        return 2 if self.idiom.last == "stab" else self.steps - 1

    @property
    def middle(self) -> int:
        """The step on which a bar's second chord begins."""
        return 2 * MIDDLE[self.brief.metre]

    def last_bar(self, bar: int) -> bool:
        """Whether this is the page's last bar."""
        return bar == self.bars - 1

    def final_bar(self, bar: int) -> bool:
        """Whether this is the song's last bar: one blow."""
        return self.ending and self.last_bar(bar)

    def level(self, player: Player, bar: int) -> Level:
        """How much a player plays in a bar; whoever began the last part strikes the song's last chord too.

        Chords step back where words come thick and the idiom leaves them room, but not in the last chorus.
        """
        late = 2 * bar >= self.bars and not self.final_bar(bar)
        level = self._halves[late].get(player, Level.SILENT)
        crowded = self._words[bar] / self.brief.bar > MANY_WORDS
        if self.idiom.spacious and crowded and level < Level.EXTRA and player in ("keys", "guitar", "strings"):
            return min(level, Level.CALM)
        return level

    def variant(self, player: Player) -> int:
        """Which of two ways of playing, 0 or 1, is this take's; the other take has the other one."""
        return (self.brief.take + int(dice(self._seed, "way", player).integers(2))) % 2

    def growth(self, bar: int) -> float:
        """How much louder notes grow towards a stronger part, 1 to 1.15, and fade in an outro."""
        if self.rising:
            return 1 + 0.15 * bar / self.bars
        return 1.0 - 0.2 * (bar / self.bars) if self.section.kind == "outro" else 1.0

    def chord(self, bar: int, step: int = 0) -> Chord:
        """The chord at a step."""
        return self.section.chords[min(2 * bar + (step >= self.middle), len(self.section.chords) - 1)]

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
            length = min(length, self.steps - 4 - step)
            if length <= 0:
                return
        timing = self.idiom.timing
        at = max(0.0, self.time(bar, step) + shift + timing.loose * loose * self._deviation())
        loud = min(127, max(1, round(velocity + TOUCH * timing.loose * self._deviation())))
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
        """All notes of a chord, `roll` seconds apart, as far behind the beat as the idiom sits."""
        lag = self.idiom.timing.lag
        for i, pitch in enumerate(pitches):
            self.write(
                stem,
                channel,
                pitch,
                bar=bar,
                step=step,
                length=length,
                velocity=velocity,
                shift=lag + i * roll,
                loose=0.003,
            )

    def _deviation(self) -> float:
        """How far a human hand is off, in standard deviations. Drawn in lots, since every note wants two."""
        if not self._deviations:
            self._deviations = self.chance.standard_normal(512).clip(-2, 2).tolist()
        return self._deviations.pop()

    def calculate(self, player: Player, tone: Tone) -> None:
        """One calculated sound of a player's; none where that player is left out."""
        if player not in self.brief.without:
            self.parts.tones.append(tone)
