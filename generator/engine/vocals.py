"""Everything that is sung in a take: each phrase as a finished stereo stem with its doubles, harmonies and breath."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .chance import dice
from .dsp import Audio, Curve, equaliser, place, pressure, restore, samples, silence, transform
from .master import Energies, energies
from .score import Note, Score, Section, SungPhrase
from .sing import HEAD, LEAD, Part, sing

_CURVE: Curve = (
    (60, -40), (95, -14), (140, -3), (230, -4), (400, -2), (800, 0), (2200, 3.2), (3600, 5), (5500, 2), (7500, -0.5),
    (10000, 0), (14000, -2), (18000, -4),
)  # fmt: skip
_LEVEL = 0.16
"""Root mean square of the lead where it sings, before the compressor."""
_DRIVE, _THRESHOLD, _RATIO = 1.6, -18.0, 3.2
_PLAY_OUT = samples(0.05)
"""Room behind the latest double."""

_MAJOR = (0, 2, 4, 5, 7, 9, 11)
_HIGH_SINGER = 53
"""From this lowest note on harmonies go below the lead: above it they would be shrill and hide its words."""

_BREATH_LENGTH = 0.22
_BREATH_BEFORE = 0.36
"""Seconds from a breath's start to the first vowel."""
_BREATH_GAP = 0.5
"""Seconds of rest that a breath needs."""
_BREATH_LEVEL = 0.0035
_BREATH: Curve = ((100, -40), (500, -8), (1500, 0), (4000, -4), (9000, -12), (16000, -30))


class Place(NamedTuple):
    """Where a part stands: -1 left to 1 right, its share of the lead's level, and how late it comes, in samples."""

    pan: float
    gain: float
    late: int


_DOUBLES = (
    (Part(detune=0.06, vibrato=0.6, drift=0.06, consonants=0.2), Place(-0.75, 0.13, 330)),
    (Part(detune=-0.05, vibrato=0.6, drift=0.06, consonants=0.2), Place(0.75, 0.13, 540)),
)
_HARMONIES = (Place(-0.45, 0.19, 750), Place(0.5, 0.16, 960))


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
        self._kept: OrderedDict[object, tuple[Audio, float, Audio | None]] = OrderedDict()

    def stem(self, sung: SungPhrase, section: Section, rested: float) -> Stem:
        """The phrase as it is sung in its section, `rested` seconds after the one before."""
        parts = self._parts(sung, section)
        breathes = rested > _BREATH_GAP
        key = (sung.phrase, sung.notes, tuple(parts), breathes)
        if key not in self._kept:
            sound, backing = self._mix(sung, parts, breathes)
            self._kept[key] = sound, _sung_energy(energies(sound)), backing
            if len(self._kept) > self.KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return Stem(samples(sung.start - HEAD), *self._kept[key])

    def _parts(self, sung: SungPhrase, section: Section) -> list[tuple[Part, Place]]:
        """Who sings along with the lead: doubles and a third in choruses, one more line in the last."""
        if section.kind != "chorus":
            return []
        high = self._score.brief.low >= _HIGH_SINGER
        steps = ((-3, -4, -5), (-8, -9, -7)) if high else ((3, 4, 5), (-3, -4, -5))
        lines = steps if section.energy >= 5 else steps[:1]
        parts = list(_DOUBLES)
        for wanted, where in zip(lines, _HARMONIES, strict=False):
            offsets = tuple(float(self._harmony(note, sung, section, wanted)) for note in sung.notes)
            parts.append((Part(offsets=offsets, vibrato=0.5, drift=0.05, consonants=0.2), where))
        return parts

    def _harmony(self, note: Note, sung: SungPhrase, section: Section, wanted: Sequence[int]) -> int:
        """The first of the wanted distances that lands on the chord; else the first on the scale."""
        half = self._score.brief.bar / 2
        index = int((sung.start + note.on - section.start) / half)
        chord = section.chords[min(max(index, 0), len(section.chords) - 1)].pitches
        scale = {(self._score.brief.tonic + section.lift + degree) % 12 for degree in _MAJOR}
        for allowed in (set(chord) & scale, scale):
            for distance in wanted:
                if (note.pitch + distance) % 12 in allowed:
                    return distance
        return wanted[0]

    def _mix(self, sung: SungPhrase, parts: Sequence[tuple[Part, Place]], breathes: bool) -> tuple[Audio, Audio | None]:
        """All who sing, and those behind the lead."""
        singing = (LEAD, *(part for part, _ in parts))
        lead, *others = sing(sung.phrase, sung.notes, self._score.brief.singer, singing)
        level = _LEVEL / (_loud_level(lead) + 1e-9)
        late = max((where.late for _, where in parts), default=0)
        out = silence(len(lead) + late + _PLAY_OUT)
        for sound, (_, where) in zip(others, parts, strict=True):
            sides = np.array([[1 - max(0.0, where.pan)], [1 + min(0.0, where.pan)]], np.float32)
            place(out, sound * sides, where.late, where.gain * level)
        backing = out.copy() if self._apart else None
        place(out, np.stack([lead, lead]), 0, level)
        if breathes:
            breath = _breath(repr(sung.notes))
            place(out, np.stack([breath, breath]), samples(HEAD + sung.notes[0].on - _BREATH_BEFORE), _BREATH_LEVEL)
        out = _shaped(out)
        gain = pressure(out, _THRESHOLD, _RATIO)
        return out * gain, None if backing is None else _shaped(backing) * gain


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
