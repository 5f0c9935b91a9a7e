"""Everything that is sung in a take: each phrase as a finished stereo stem with its doubles, harmonies and breath."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .chance import dice
from .choir import Companion, Held, companions, held_vowels
from .dsp import Audio, Curve, equaliser, place, pressure, restore, samples, silence, transform
from .intonation import HEAD, LEAD, Part
from .master import Energies, energies
from .score import Note, Phrase, Score, Section, SungPhrase
from .sing import sing
from .singers import DELIVERIES, PLAIN

_CURVE: Curve = (
    (60, -40), (95, -14), (140, -3), (230, -4), (400, -2), (800, 0), (2200, 3.2), (3600, 5), (5500, 2), (7500, -0.5),
    (10000, 0), (14000, -2), (18000, -4),
)  # fmt: skip
_LEVEL = 0.16
"""Root mean square of the lead where it sings, before the compressor."""
_DRIVE, _THRESHOLD, _RATIO = 1.6, -18.0, 3.2
_USUAL_ENERGY = 3.0
"""At which the singer has a usual voice: softer below, fuller above."""
_SOFT = -0.5
"""The strength of held vowels."""
_PLAY_OUT = samples(0.05)
"""Room behind the latest double."""

_BREATH_LENGTH = 0.22
_BREATH_BEFORE = 0.36
"""Seconds from a breath's start to the first vowel."""
_BREATH_GAP = 0.5
"""Seconds of rest that a breath needs."""
_BREATH_LEVEL = 0.0035
_BREATH: Curve = ((100, -40), (500, -8), (1500, 0), (4000, -4), (9000, -12), (16000, -30))


class Stem(NamedTuple):
    """A sung phrase, ready for the mix. `at`: the song's sample (from its second 0) at which the sound begins."""

    at: int
    sound: Audio
    energy: float
    """Mean K-weighted square where it is sung."""
    backing: Audio | None = None
    """What of `sound` is doubles and harmonies, if that was asked for."""

    @property
    def end(self) -> int:
        """The song's sample after the last one."""
        return self.at + int(self.sound.shape[1])


class Vocals:
    """Sings a score's phrases when they are asked for, equal ones once."""

    KEPT = 16

    def __init__(self, score: Score, *, apart: bool = False) -> None:
        """`apart`: tell what the backing singers sing, too."""
        self._score, self._apart = score, apart
        self._delivery = DELIVERIES.get(score.brief.idiom, PLAIN)
        self._kept: OrderedDict[object, tuple[Audio, float, Audio | None]] = OrderedDict()

    def stem(self, sung: SungPhrase, section: Section, rested: float) -> Stem:
        """The phrase as it is sung in its section, `rested` seconds after the one before."""
        others = companions(self._score.brief, sung, section)
        held = held_vowels(self._score.brief, sung, section)
        breathes = rested > _BREATH_GAP
        key = (sung.phrase, sung.notes, tuple(others), held, section.energy, breathes)
        if key not in self._kept:
            sound, backing = self._mix(sung, section, others, held, breathes)
            self._kept[key] = sound, _sung_energy(energies(sound)), backing
            if len(self._kept) > self.KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return Stem(samples(sung.start - HEAD), *self._kept[key])

    def _mix(
        self, sung: SungPhrase, section: Section, others: Sequence[Companion], held: Held | None, breathes: bool
    ) -> tuple[Audio, Audio | None]:
        """All who sing, and those behind the lead."""
        strength = float(np.clip((section.energy - _USUAL_ENERGY) / 2, -1, 1))
        lead, *along = self._sing(sung.phrase, sung.notes, [LEAD, *(one.part for one in others)], strength)
        level = _LEVEL / (_loud_level(lead) + 1e-9)
        voices = [(sound, one.place, 1.0) for sound, one in zip(along, others, strict=True)]
        if held:
            oohs = self._sing(held.phrase, held.notes, [one.part for one in held.companions], _SOFT)
            quiet = _loud_level(lead) / (_loud_level(oohs[0]) + 1e-9)
            voices += [(sound, one.place, quiet) for sound, one in zip(oohs, held.companions, strict=True)]
        late = max((where.late for _, where, _ in voices), default=0)
        out = silence(len(lead) + late + _PLAY_OUT)
        for sound, where, loud in voices:
            sides = np.array([[1 - max(0.0, where.pan)], [1 + min(0.0, where.pan)]], np.float32)
            place(out, sound * sides, where.late, where.gain * level * loud)
        backing = out.copy() if self._apart else None
        place(out, np.stack([lead, lead]), 0, level)
        if breathes:
            breath = _breath(repr(sung.notes))
            place(out, np.stack([breath, breath]), samples(HEAD + sung.notes[0].on - _BREATH_BEFORE), _BREATH_LEVEL)
        out = _shaped(out)
        gain = pressure(out, _THRESHOLD, _RATIO)
        return out * gain, None if backing is None else _shaped(backing) * gain

    def _sing(self, phrase: Phrase, notes: Sequence[Note], parts: Sequence[Part], strength: float) -> list[Audio]:
        return sing(phrase, notes, self._score.brief.singer, parts, delivery=self._delivery, strength=strength)


def _shaped(sound: Audio) -> Audio:
    spectrum, size = transform(sound, 4096)
    spectrum *= equaliser(_CURVE, size)
    return restore(spectrum, size, sound.shape[1]) * np.float32(_DRIVE)


def _loud_level(sound: Audio) -> float:
    """Root mean square of what is not quiet."""
    size = np.abs(sound)
    return float(np.sqrt(np.square(size[size > 0.1 * size.max()]).mean()))


def _sung_energy(values: Energies) -> float:
    """The mean of what is not quiet."""
    return float(values[values > 0.05 * values.max()].mean())


def _breath(about: str) -> npt.NDArray[np.float32]:
    """Air drawn in before a phrase; level about one."""
    noise = dice(0, "breath", about).standard_normal(samples(_BREATH_LENGTH), dtype=np.float32)
    spectrum, size = transform(noise, 2048)
    spectrum *= equaliser(_BREATH, size)
    air = restore(spectrum, size, len(noise))
    swell = np.sin(np.pi * np.arange(len(noise)) / len(noise)) ** 2
    shaped: npt.NDArray[np.float32] = (air / air.std() * swell).astype(np.float32)
    return shaped


def share_sung(section: Section) -> float:
    """How much of a section's time is sung, 0 to 1."""
    time = sum(sung.notes[-1].off - sung.notes[0].on for sung in section.sung)
    return min(1.0, time / (section.end - section.start))
