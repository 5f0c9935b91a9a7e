"""A singer: a phrase set to notes becomes mono sound, as one part or as several that sing it together.

The spoken phrase is laid over the notes so that each vowel begins on its note: consonants keep their own length as far
as there is room, the middle of a vowel is held. The pitch line comes from the notes alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .chance import dice
from .dsp import Audio
from .phonation import Borders
from .score import Note, Phrase, Singer, Syllable
from .vocoder import FRAME_RATE, Timbre, sound, throat
from .voice import Spectra, voice

HEAD = 0.6
"""Seconds of sound before the phrase's own second 0: room for first consonants and the breath before them."""
_TAIL = 0.5
"""Seconds after the last note."""

TIMBRES: dict[Singer, Timbre] = {
    "female": Timbre(),
    "young": Timbre(formants=1.06, breath=0.25),
    "alto": Timbre(formants=0.95, breath=0.1),
    "breathy": Timbre(breath=0.7, tilt=-0.12),
    "male": Timbre(formants=0.86, tilt=0.15),
    "deep": Timbre(formants=0.82, tilt=0.15),
}

Line = npt.NDArray[np.float64]
"""One value a frame."""


class Part(NamedTuple):
    """One voice of several: its distance from the notes, how strongly it swings, how unsteady it is. In semitones."""

    offsets: tuple[float, ...] = ()
    """One a note, or none at all to sing the notes themselves."""
    detune: float = 0.0
    vibrato: float = 1.0
    drift: float = 0.025
    """Semitones (standard deviation)."""
    consonants: float = 1.0
    """Share of all noise-like sound: parts that do not lead leave the consonants to the one that does."""


LEAD = Part()


def sing(phrase: Phrase, notes: Sequence[Note], singer: Singer, parts: Sequence[Part] = (LEAD,)) -> list[Audio]:
    """The phrase as mono sound, one array a part; all begin HEAD seconds before the notes' own second 0.

    The same arguments give the same sound: all chance comes from them.
    """
    timbre = TIMBRES[singer]
    spectra = voice().spectra(phrase, notes, timbre.formants)
    chance = dice(0, "sing", singer, " ".join(phrase.words), repr(tuple(notes)))
    count = int((HEAD + notes[-1].off + _TAIL) * FRAME_RATE)
    at, open_ = _lay(spectra, phrase.syllables, notes, count)
    level = _dynamics(phrase.syllables, notes, count) + np.log(np.maximum(open_, 1e-4))
    filters = throat(spectra, at, level[:, None].astype(np.float32), timbre, chance)
    voiced = spectra.voiced[np.round(at).astype(int)]
    lines = [_pitch(phrase.syllables, notes, part, count, chance) for part in parts]
    return [
        sound(filters, 440 * 2 ** ((line - 69) / 12), voiced, part.consonants)
        for line, part in zip(lines, parts, strict=True)
    ]


def _frame(time: float) -> float:
    """Seconds of the phrase's clock as a (fractional) frame of the sound."""
    return (HEAD + time) * FRAME_RATE


# How spoken time runs under the sung notes. All in frames of 12.5 ms.
_LONGEST_FIRST_ONSET = 18.0
_SHORTEST_ONSET = 2.4
_ONSET_SHARE = 0.38
"""How much of the time between two notes the consonants before the second may take."""
_CODA_SHARE = 0.42
_LONGEST_VOWEL = 1.6
"""Seconds: a longer note at a word's end rests instead of droning on."""
_ATTACK = 6.0
"""Frames after a vowel's start, and before its end, that run at their own speed."""


def _lay(spectra: Spectra, syllables: Sequence[Syllable], notes: Sequence[Note], count: int) -> tuple[Line, Line]:
    """For each frame of sound, the (fractional) frame of the spectra it shows, and how far the mouth is open."""
    shown, heard = [0.0], [0.0]
    open_ = np.zeros(count)
    for k, (note, borders) in enumerate(zip(notes, spectra.borders, strict=True)):
        vowel = _frame(note.on)
        onset = _onset(spectra.borders, notes, k)
        begin = vowel - onset if k == 0 else max(vowel - onset, heard[-1] + 0.4)
        end = _end(spectra.borders, syllables, notes, k)
        coda = min(float(borders.end - borders.coda), _CODA_SHARE * (end - vowel))
        release = end - coda
        own = borders.coda - borders.vowel
        attack = min(_ATTACK, own * 0.35, max(release - vowel, 0.5) * 0.35)
        shown += [
            borders.onset,
            borders.vowel,
            borders.vowel + attack,
            borders.coda - 0.8 * attack,
            borders.coda,
            borders.end,
        ]
        held = max(vowel + attack + 0.2, release - 0.8 * attack)
        heard += [begin, vowel, vowel + attack, held, release + 0.01, end]
        open_[max(0, int(begin)) : min(count, int(end) + 1)] = 1
    order = np.maximum.accumulate(np.array(heard) + np.arange(len(heard)) * 1e-4)
    at = np.interp(np.arange(count), order, np.maximum.accumulate(np.array(shown)))
    soft = np.convolve(open_, np.hanning(7)[1:-1] / 3, mode="same")
    return np.clip(at, 0, len(spectra.voiced) - 1.001), np.clip(soft, 0, 1)


def _onset(borders: Sequence[Borders], notes: Sequence[Note], k: int) -> float:
    """How long the consonants before note k may be."""
    own = float(borders[k].vowel - borders[k].onset)
    if k == 0:
        return min(own, _LONGEST_FIRST_ONSET)
    return min(own, max(_SHORTEST_ONSET, _ONSET_SHARE * (notes[k].on - notes[k - 1].on) * FRAME_RATE))


def _end(borders: Sequence[Borders], syllables: Sequence[Syllable], notes: Sequence[Note], k: int) -> float:
    """Where the syllable on note k ends: a coda may outlast its note, but not reach into the next onset."""
    coda = borders[k].end - borders[k].coda
    end = _frame(notes[k].off) + 0.6 * coda
    if k + 1 < len(notes):
        end = min(end, _frame(notes[k + 1].on) - _onset(borders, notes, k + 1))
        if syllables[k + 1].word != syllables[k].word:
            end = min(end, _frame(notes[k].on + _LONGEST_VOWEL))
    return max(end, _frame(notes[k].on) + 1.5)


def _dynamics(syllables: Sequence[Syllable], notes: Sequence[Note], count: int) -> Line:
    """Nepers a frame: stressed syllables a little louder, long notes swell and fade, the phrase arches."""
    knots, levels = [0.0], [0.0]
    last = notes[-1].off
    for syllable, note in zip(syllables, notes, strict=True):
        arch = 0.08 * np.sin(np.pi * note.on / last)
        base = arch + (0.07 if syllable.stress else -0.05)
        knots += [_frame(note.on), _frame(note.off) - 0.5]
        long = note.off - note.on > 0.7
        levels += [base - 0.05 * long, base - 0.15 * long]
        if long:
            knots.insert(-1, _frame(note.on + 0.45 * (note.off - note.on)))
            levels.insert(-1, base + 0.08)
    return np.interp(np.arange(count), knots, levels)


# The pitch line. A singer's larynx follows a new note like a damped spring (Saitou, Unoki, Akagi 2005 measured 34.8
# rad/s and a damping of 0.54); slightly more damping keeps short notes in tune.
_SPRING = 34.8
_DAMPING = 0.68
_LEAD_TIME = 0.05
"""Seconds before the vowel at which the voice sets out for its pitch, so that it arrives with it."""
_STEPS = 4
"""Integration steps a frame."""
_VIBRATO_HZ = 5.4
_VIBRATO = 0.32
"""Semitones to either side."""
_VIBRATO_AFTER = 0.22
_VIBRATO_FROM = 0.42
"""Seconds that a note must last to get any."""


def _pitch(
    syllables: Sequence[Syllable], notes: Sequence[Note], part: Part, count: int, chance: np.random.Generator
) -> Line:
    """MIDI pitch a frame."""
    offsets = part.offsets or (0.0,) * len(notes)
    aims = [note.pitch + offset + part.detune for note, offset in zip(notes, offsets, strict=True)]
    frames = np.arange(count)
    starts = np.array([_frame(note.on - _LEAD_TIME) for note in notes])
    wanted = np.array(aims)[np.clip(np.searchsorted(starts, frames, side="right") - 1, 0, None)]
    for k, (syllable, note) in enumerate(zip(syllables, notes, strict=True)):
        first = int(starts[k])
        if syllable.stress and note.off - note.on > 0.3 and chance.random() < 0.35:
            wanted[first : first + 6] -= 0.8
    line = _follow(wanted)
    for k, note in enumerate(notes):
        until = notes[k + 1].on if k + 1 < len(notes) else note.off
        if until - note.on > _VIBRATO_FROM:
            begin, end = int(_frame(note.on)), min(count, int(_frame(until)))
            line[begin:end] += part.vibrato * _vibrato(until - note.on, end - begin, chance)
    width = 21
    wander = np.convolve(chance.standard_normal(count + width - 1), np.ones(width) / np.sqrt(width), mode="valid")
    return line + part.drift * wander


def _follow(wanted: Line) -> Line:
    """The spring's answer to the notes, by small steps of its equation of motion."""
    dt = 1 / FRAME_RATE / _STEPS
    at, speed = float(wanted[0]), 0.0
    out = np.empty(len(wanted))
    for k, aim in enumerate(wanted.tolist()):
        for _ in range(_STEPS):
            speed += (_SPRING * _SPRING * (aim - at) - 2 * _DAMPING * _SPRING * speed) * dt
            at += speed * dt
        out[k] = at
    return out


def _vibrato(length: float, count: int, chance: np.random.Generator) -> Line:
    """Semitones a frame over a note of `length` seconds: begins late, grows, ends with the note."""
    time = np.arange(count) / FRAME_RATE
    rate = _VIBRATO_HZ + 0.3 * chance.standard_normal()
    depth = np.clip((time - _VIBRATO_AFTER) / 0.25, 0, 1) * np.clip((length - time) / 0.08, 0, 1)
    swing: Line = _VIBRATO * depth * np.sin(2 * np.pi * rate * time + chance.uniform(0, 0.5))
    return swing
