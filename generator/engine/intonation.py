"""The pitch of a sung phrase, frame by frame: slides, scoops, late vibrato, falls, and the contour of speech.

A singer's larynx follows a new note like a damped spring (Saitou, Unoki, Akagi 2005 measured 34.8 rad/s and a damping
of 0.54); slightly more damping keeps short notes in tune.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter

from .score import Note, Syllable
from .singers import Delivery, Habits, Voice
from .vocoder import FRAME_RATE

Line = npt.NDArray[np.float64]
"""One value a frame."""

HEAD = 0.6
"""Seconds of sound before the phrase's own second 0: room for first consonants and the breath before them."""
_DAMPING = 0.68
_LEAD_TIME = 0.05
"""Seconds before the vowel at which the voice sets out for its pitch, so that it arrives with it."""
_STEPS = 4
"""Integration steps a frame."""
_SCOOP_FROM = 0.3
_SCOOP_FRAMES = 6
_VIBRATO_FROM = 0.42
"""Seconds that a note must last to get any."""
_FALL = 2.5
"""Semitones, reached at the note's end."""
_FALL_TIME = 0.16
_FALL_FROM = 0.35
_CENTRE = 0.6
"""Where in a spoken note its contour crosses the pitch that is written."""
_SPOKEN_TO = 0.5
"""Seconds: longer notes are sung even where the delivery is speech."""
_WANDER = 21
"""Frames over which slow wandering is smoothed."""


class Part(NamedTuple):
    """One voice of several: its distance from the notes, how strongly it swings, how unsteady it is. In semitones."""

    offsets: tuple[float, ...] = ()
    """One a note, or none at all to sing the notes themselves."""
    detune: float = 0.0
    vibrato: float = 1.0
    """Factor on the singer's own."""
    drift: float = 0.0
    """Unsteadiness (standard deviation) beyond the singer's own."""
    consonants: float = 1.0
    """Share of all noise-like sound: parts that do not lead leave the consonants to the one that does."""


LEAD = Part()


def frame(time: float) -> float:
    """Seconds of the phrase's clock as a (fractional) frame of the sound."""
    return (HEAD + time) * FRAME_RATE


class Intonation(NamedTuple):
    """How a phrase's notes are approached and left, the same for all who sing it."""

    notes: Sequence[Note]
    habits: Habits
    delivery: Delivery
    scooped: tuple[bool, ...]
    """Which notes begin from below."""
    falls: bool
    """Whether the last one drops off."""

    def line(self, part: Part, count: int, chance: np.random.Generator) -> Line:
        """The MIDI pitch that a part sings in each of `count` frames."""
        line = _follow(self._wanted(part, count), self.habits.spring * self.delivery.glide)
        depth = self.habits.vibrato * self.delivery.vibrato * part.vibrato
        for k, note in enumerate(self.notes):
            until = self.notes[k + 1].on if k + 1 < len(self.notes) else note.off
            if until - note.on > _VIBRATO_FROM:
                own = slice(int(frame(note.on)), min(count, int(frame(until))))
                line[own] += depth * _vibrato(until - note.on, own.stop - own.start, self.habits, chance)
        if self.falls:
            line -= _FALL * closing(self.notes[-1].off, _FALL_TIME, count)
        wander = np.convolve(chance.standard_normal(count + _WANDER - 1), np.ones(_WANDER) / _WANDER**0.5, mode="valid")
        line += np.hypot(self.habits.drift, part.drift) * wander
        return line

    def _wanted(self, part: Part, count: int) -> Line:
        """The pitches that the larynx sets out for: steps, with scoops, and slopes where syllables are spoken."""
        offsets = part.offsets or (0.0,) * len(self.notes)
        aims = np.array([note.pitch + offset + part.detune for note, offset in zip(self.notes, offsets, strict=True)])
        starts = [int(frame(note.on - _LEAD_TIME)) for note in self.notes]
        wanted = aims[np.clip(np.searchsorted(starts, np.arange(count), side="right") - 1, 0, None)]
        for note, scooped, first, after in zip(self.notes, self.scooped, starts, [*starts[1:], count], strict=True):
            if scooped:
                wanted[first : first + _SCOOP_FRAMES] -= self.habits.scoop
            if self.delivery.speech and note.off - note.on < _SPOKEN_TO:
                wanted[first:after] += self.delivery.speech * (_CENTRE - np.linspace(0, 1, after - first))
        return wanted


def intonation(
    syllables: Sequence[Syllable], notes: Sequence[Note], voice: Voice, delivery: Delivery, chance: np.random.Generator
) -> Intonation:
    """How this singer takes these notes."""
    habits = voice.habits
    share = habits.scoops * delivery.scoops
    scooped = tuple(
        chance.random() < share and syllable.stress > 0 and note.off - note.on > _SCOOP_FROM
        for syllable, note in zip(syllables, notes, strict=True)
    )
    falls = chance.random() < habits.falls and notes[-1].off - notes[-1].on > _FALL_FROM
    return Intonation(notes, habits, delivery, scooped, falls)


def closing(end: float, time: float, count: int) -> Line:
    """0 until `time` seconds before `end`, then rising to 1, which it stays at."""
    line: Line = np.clip((np.arange(count) - frame(end - time)) / (time * FRAME_RATE), 0, 1)
    return line


def _follow(wanted: Line, spring: float) -> Line:
    """The spring's answer to the notes, by small steps of its equation of motion."""
    dt = 1 / FRAME_RATE / _STEPS
    pull, loss = (spring * dt) ** 2, 2 * _DAMPING * spring * dt
    aims = np.repeat(wanted - wanted[0], _STEPS)
    moved: Line = lfilter((0.0, pull), (1.0, loss + pull - 2, 1 - loss), aims)
    moved += wanted[0]
    return moved[_STEPS - 1 :: _STEPS]


def _vibrato(length: float, count: int, habits: Habits, chance: np.random.Generator) -> Line:
    """A swing of one to either side over a note of `length` seconds: begins late, grows, ends with the note."""
    time = np.arange(count) / FRAME_RATE
    rate = habits.vibrato_hz + 0.25 * chance.standard_normal() + 0.3 * np.clip(time - habits.vibrato_after, 0, 1)
    depth = np.clip((time - habits.vibrato_after) / 0.3, 0, 1) * np.clip((length - time) / 0.08, 0, 1)
    turns = np.cumsum(rate) / FRAME_RATE + chance.uniform(0, 0.08)
    swing: Line = depth * np.sin(2 * np.pi * turns)
    return swing
