"""Who sings along with the lead: doubles, octaves, a second voice in the idiom's interval, held vowels.

A second voice is the cheapest path through the scale beside the tune: near the idiom's distance from it, on the chord
where notes are long, moving little, never through the lead. Only the last chorus has everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from .harmony import MAJOR_SCALE
from .intonation import Part
from .score import MIDDLE, Brief, Note, Phrase, Section, SungPhrase, Syllable

HIGH_SINGER = 53
"""From this lowest note on second voices go below the lead: above it they would be shrill and hide its words."""
LAST = 5.0
"""The energy from which on everybody sings."""


class Place(NamedTuple):
    """Where a part stands: -1 left to 1 right, its share of the lead's level, and how late it comes, in samples."""

    pan: float
    gain: float
    late: int


class Companion(NamedTuple):
    """One who sings along, and where."""

    part: Part
    place: Place


class Company(NamedTuple):
    """How an idiom's choruses are filled. Distances are semitones from the lead, for a low and for a high singer."""

    second: tuple[int, int] | None = (4, -4)
    third: tuple[int, int] | None = (-4, -8)
    """Joins in the last chorus."""
    octave: bool = False
    held: bool = False
    """Held vowels under the last chorus."""
    doubles: float = 0.15
    """Level of the two doubles."""


THIRDS = Company()
SIXTHS = Company(second=(-8, -9), third=(4, -4))
OPEN = Company(second=(-5, -5), third=(7, -12), doubles=0.17)
COMPANIES: dict[str, Company] = {
    "pop": Company(octave=True),
    "country": THIRDS,
    "folk": Company(second=(-5, -8), third=None, doubles=0.08),
    "reggae": THIRDS,
    "soul": SIXTHS._replace(held=True),
    "jazz": Company(second=None, third=(-8, -9), doubles=0.06),
    "bossa": Company(second=None, third=(-8, -9), doubles=0.06),
    "lofi": Company(second=None, third=(-9, -8), doubles=0.12),
    "ballad": SIXTHS._replace(held=True, doubles=0.08),
    "cinematic": OPEN._replace(held=True),
    "ambient": OPEN._replace(held=True, doubles=0.1),
    "rock": OPEN,
    "synthwave": OPEN._replace(octave=True),
    "house": Company(second=None, third=(4, -5), octave=True, doubles=0.17),
    "funk": Company(second=(-5, -5), third=None, octave=True),
    "hiphop": Company(second=None, third=None, octave=True, doubles=0.2),
}
_SEATS = (Place(-0.45, 0.18, 750), Place(0.5, 0.16, 960))
_OCTAVE = Place(0.12, 0.15, 600)
_HELD = (Place(-0.65, 0.12, 420), Place(0.65, 0.12, 1100))
_DETUNE = (0.06, -0.05)
_DOUBLES = ((-0.75, 330), (0.75, 540))
_SHARE = 0.2
"""Consonants of those who do not lead."""

# What a second voice costs. In the unit of one semitone away from the idiom's distance.
_OFF_CHORD = 3.0
"""On a note of half a second; less on shorter ones."""
_STEP = 0.35
"""A semitone of its own motion."""
_REACH = 5
"""Semitones on either side of the wished distance that are looked at."""
_NEAREST = 3
"""It keeps so many semitones from the tune."""


def companions(brief: Brief, sung: SungPhrase, section: Section) -> list[Companion]:
    """Those who sing the phrase's words along with the lead: nobody outside choruses."""
    if section.kind != "chorus":
        return []
    company = COMPANIES.get(brief.idiom, THIRDS)
    out = [
        Companion(Part(detune=detune, vibrato=0.6, drift=0.05, consonants=_SHARE), Place(pan, company.doubles, late))
        for detune, (pan, late) in zip(_DETUNE, _DOUBLES, strict=True)
    ]
    high = brief.low >= HIGH_SINGER
    last = section.energy >= LAST
    if company.octave:
        away = -12.0 if high else 12.0
        out.append(Companion(Part((away,) * len(sung.notes), 0.0, 0.4, 0.04, _SHARE), _OCTAVE))
    wishes = [wish[high] for wish in (company.second, company.third if last else None) if wish]
    for wish, place in zip(wishes, _SEATS, strict=False):
        part = Part(second_voice(brief, sung, section, wish), vibrato=0.5, drift=0.045, consonants=_SHARE)
        out.append(Companion(part, place))
    return out


def second_voice(brief: Brief, sung: SungPhrase, section: Section, wish: int) -> tuple[float, ...]:
    """Semitones from each note of the phrase to a second voice about `wish` away from it."""
    near = [d for d in range(wish - _REACH, wish + _REACH + 1) if abs(d) >= _NEAREST and d * wish > 0]
    distances = np.array(near)
    scale = {(brief.tonic + section.lift + degree) % 12 for degree in MAJOR_SCALE}
    pitches = np.array([note.pitch for note in sung.notes])[:, None] + distances
    local = np.abs(distances - wish) * np.ones((len(sung.notes), 1))
    for k, note in enumerate(sung.notes):
        chord = chord_at(brief, section, sung.start + note.on)
        foreign = ~np.isin(pitches[k] % 12, list(scale | set(chord)))
        local[k] += 50.0 * foreign + _OFF_CHORD * min(2 * (note.off - note.on), 2.0) * ~np.isin(pitches[k] % 12, chord)
    best, came_from = local[0], np.zeros(local.shape, np.intp)
    for k in range(1, len(local)):
        costs = best[:, None] + _STEP * np.abs(np.subtract.outer(pitches[k - 1], pitches[k]))
        came_from[k] = costs.argmin(0)
        best = costs.min(0) + local[k]
    at = int(best.argmin())
    path = [at]
    for k in range(len(local) - 1, 0, -1):
        at = int(came_from[k, at])
        path.append(at)
    return tuple(float(distances[i]) for i in reversed(path))


def chord_at(brief: Brief, section: Section, time: float) -> tuple[int, ...]:
    """The pitch classes that sound at the song's second `time`: each bar has two chords."""
    bar, into = divmod(section.even(time, brief.beat) / brief.eighth, brief.eighths)
    index = 2 * int(bar) + (into >= MIDDLE[brief.metre])
    return section.chords[min(max(index, 0), len(section.chords) - 1)].pitches


class Held(NamedTuple):
    """Vowels that are held under a phrase: a phrase of its own, its notes, and who sings it."""

    phrase: Phrase
    notes: tuple[Note, ...]
    companions: tuple[Companion, ...]


_OOH = "UW"
_HELD_FROM = 0.7
"""Seconds: a shorter chord is passed over."""


def held_vowels(brief: Brief, sung: SungPhrase, section: Section) -> Held | None:
    """Two singers who hold an ooh through the phrase's chords, if the idiom's last chorus has such."""
    company = COMPANIES.get(brief.idiom, THIRDS)
    if section.kind != "chorus" or section.energy < LAST or not company.held:
        return None
    begin, end = sung.notes[0].on, sung.notes[-1].off
    borders = [begin, *_changes(brief, sung, section, begin, end), end]
    centre = int(np.median([note.pitch for note in sung.notes])) - 5
    notes: list[Note] = []
    above: list[float] = []
    for on, off in pairwise(borders):
        chord = chord_at(brief, section, sung.start + on + 0.02)
        ladder = [p for p in range(centre - 4, centre + 9) if p % 12 in chord]
        last = notes[-1].pitch if notes else centre
        low = min(ladder[:-1], key=lambda p: abs(p - last))
        notes.append(Note(on, off, low))
        above.append(float(next(p for p in ladder if p > low + 2) - low) if ladder[-1] > low + 2 else 0.0)
    syllables = tuple(Syllable(0, (), _OOH, 1, ()) for _ in notes)
    parts = (
        Companion(Part(vibrato=0.4, drift=0.05, consonants=0.3), _HELD[0]),
        Companion(Part(tuple(above), 0.04, 0.4, 0.05, 0.3), _HELD[1]),
    )
    return Held(Phrase(("ooh",), syllables, sung.phrase.line, sung.phrase.bars), tuple(notes), parts)


def _changes(brief: Brief, sung: SungPhrase, section: Section, begin: float, end: float) -> Sequence[float]:
    """The phrase's own seconds at which another chord begins, far enough from each other and from both ends."""
    out = [begin]
    half = brief.bar / 2
    first = int(section.even(sung.start + begin, brief.beat) / half)
    for index in range(first + 1, first + 2 + int((end - begin) / half) + 1):
        even = (index // 2) * brief.bar + (index % 2) * MIDDLE[brief.metre] * brief.eighth
        time = section.at(even, brief.beat) - sung.start
        before, after = (chord_at(brief, section, sung.start + time + side) for side in (-0.02, 0.02))
        if before != after and time - out[-1] >= _HELD_FROM and end - time >= _HELD_FROM:
            out.append(time)
    return out[1:]
