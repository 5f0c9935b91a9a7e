"""A singer: a phrase set to notes becomes mono sound, as one part or as several that sing it together.

The spoken phrase is laid over the notes so that each vowel begins on its note: consonants keep their own length as far
as there is room, the middle of a vowel is held. The pitch line comes from the notes alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .chance import dice
from .dsp import Audio
from .intonation import HEAD, LEAD, Line, Part, closing, frame, intonation
from .phonation import Borders
from .score import Note, Phrase, Singer, Syllable
from .singers import PLAIN, SINGERS, Delivery
from .vocoder import FRAME_RATE, Source, mouth, sound, throat
from .voice import Spectra, voice

_TAIL = 0.5
"""Seconds after the last note."""


def sing(
    phrase: Phrase,
    notes: Sequence[Note],
    singer: Singer,
    parts: Sequence[Part] = (LEAD,),
    *,
    delivery: Delivery = PLAIN,
    strength: float = 0.0,
) -> list[Audio]:
    """The phrase as mono sound, one array a part; all begin HEAD seconds before the notes' own second 0.

    `strength`: -1 sings softly, 1 with full voice. The same arguments give the same sound: all chance comes from them.
    """
    timbre, habits = SINGERS[singer]
    spectra = voice().spectra(phrase, notes, timbre.formants)
    chance = dice(0, "sing", singer, " ".join(phrase.words), repr(tuple(notes)))
    count = int((HEAD + notes[-1].off + _TAIL) * FRAME_RATE)
    at, open_ = _lay(spectra, phrase.syllables, _shortened(phrase.syllables, notes, delivery), count)
    swell = _dynamics(phrase.syllables, notes, count)
    bright = _EFFORT * strength + _OPENING * swell + _wander(count, chance)
    voiced = spectra.voiced[np.round(at).astype(int)].astype(float)
    level = swell + np.log(np.maximum(open_, 1e-4)) + _CLEAR * (1 - np.convolve(voiced, np.ones(3) / 3, mode="same"))
    filters = throat(mouth(spectra, timbre), at, level, bright, chance)
    manner = intonation(phrase.syllables, notes, SINGERS[singer], delivery, chance)
    creak = habits.fry * closing(notes[-1].off, _FRY_TIME, count)
    out = []
    for part in parts:
        line = manner.line(part, count, chance)
        source = Source(440 * 2 ** ((line - 69) / 12), voiced, creak)
        out.append(sound(filters, source, timbre, chance, part.consonants))
    return out


_CLEAR = 0.2
"""Nepers by which voiceless consonants are louder than in speech."""
_EFFORT = 0.12
"""Nepers an octave between a usual and a full voice: loud voices are bright."""
_OPENING = 0.5
"""The same for each neper that a note swells."""
_UNREST = 0.03
"""Nepers an octave (standard deviation): no tone stays as it is."""
_UNREST_FRAMES = 24
_FRY_TIME = 0.14
"""Seconds before a phrase's end in which it creaks, with those who do."""


def _wander(count: int, chance: np.random.Generator) -> Line:
    """Slow unrest around 0, a value a frame."""
    window = np.hanning(_UNREST_FRAMES)
    window *= _UNREST / np.sqrt(np.square(window).sum())
    return np.convolve(chance.standard_normal(count + _UNREST_FRAMES - 1), window, mode="valid")


_LEGATO_FROM = 0.16
"""Seconds: shorter notes are not shortened further."""


def _shortened(syllables: Sequence[Syllable], notes: Sequence[Note], delivery: Delivery) -> list[Note]:
    """The notes as long as they are held: parted between words where the delivery asks for it."""
    out = []
    for k, note in enumerate(notes):
        ends = k + 1 < len(notes) and syllables[k + 1].word != syllables[k].word
        held = max(_LEGATO_FROM, delivery.legato * (note.off - note.on)) if ends else note.off - note.on
        out.append(note._replace(off=min(note.off, note.on + held)))
    return out


# How spoken time runs under the sung notes. All in frames of 12.5 ms.
_SETTLED = 2.0
"""So much after its border a vowel is placed: it is half as loud as it will be 25 ms before (measured on stems)."""
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
        vowel = frame(note.on) + _SETTLED
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
    end = frame(notes[k].off) + 0.6 * coda
    if k + 1 < len(notes):
        end = min(end, frame(notes[k + 1].on) + _SETTLED - _onset(borders, notes, k + 1))
        if syllables[k + 1].word != syllables[k].word:
            end = min(end, frame(notes[k].on + _LONGEST_VOWEL))
    return max(end, frame(notes[k].on) + 1.5)


def _dynamics(syllables: Sequence[Syllable], notes: Sequence[Note], count: int) -> Line:
    """Nepers a frame: stressed syllables a little louder, long notes swell and fade, the phrase arches."""
    knots, levels = [0.0], [0.0]
    last = notes[-1].off
    for syllable, note in zip(syllables, notes, strict=True):
        arch = 0.08 * np.sin(np.pi * note.on / last)
        base = arch + (0.07 if syllable.stress else -0.05)
        knots += [frame(note.on), frame(note.off) - 0.5]
        long = note.off - note.on > 0.7
        levels += [base - 0.05 * long, base - 0.15 * long]
        if long:
            knots.insert(-1, frame(note.on + 0.45 * (note.off - note.on)))
            levels.insert(-1, base + 0.08)
    return np.interp(np.arange(count), knots, levels)
