"""Arranges a section: hands the page round the band, then adds what no instrument plays."""

from __future__ import annotations

import itertools

import numpy as np

from .bassist import play_bass
from .comping import play_keys
from .drummer import drum
from .guitarist import play_guitars
from .idioms import Channel
from .page import Page
from .score import Hit, Parts, Score, Tone
from .voicing import mean, voiced

RISER: dict[str, float] = {"house": 0.5, "synthwave": 0.45, "pop": 0.4, "rock": 0.35, "cinematic": 0.5}
BOOM: dict[str, float] = {"house": 0.7, "cinematic": 0.7, "synthwave": 0.5}
"""Gain of the noise before a chorus and of the blow on its first beat; others have them at `QUIET`."""
QUIET_RISER, QUIET_BOOM = 0.12, 0.25
ANSWERS_FROM = 2.5
SILENT = frozenset(("cinematic", "lofi"))
"""Idioms in which nobody answers the singer."""
LICKS = ((0, 1, 2), (2, 1, 0), (2, 1, 2), (0, 2, 1), (1, 2), (2, 0))
LICK_LOW, LICK_HIGH = 60, 76
"""Where licks lie before they are put an octave up."""
SAW_STEPS_HOT, SAW_STEPS_CALM = (0, 3, 6, 8, 11, 14), (0, 8)


def arrange(score: Score, index: int, chance: np.random.Generator) -> Parts:
    """What the band plays in section `index` of the score. `chance` is this section's own stream."""
    page = Page(score, index, chance)
    drum(page)
    play_bass(page)
    play_keys(page)
    play_guitars(page)
    _lead(page)
    _answers(page)
    if page.idiom.saws:
        _saws(page)
    _swells(page)
    return page.parts


def _lead(page: Page) -> None:
    """The tune on the lead instrument, where nobody sings."""
    loud = 78 if page.energy < 1.6 else 90
    for note in page.section.tune:
        at = max(0.0, note.on + float(page.chance.normal(0, 0.005)))
        velocity = int(np.clip(loud + page.chance.integers(-6, 7), 1, 127))
        page.parts.stems.setdefault("lead", []).append(
            Hit(at, max(0.05, note.off - note.on), int(Channel.LEAD), note.pitch, velocity)
        )


def _answers(page: Page) -> None:
    """Short licks of the lead instrument in the gaps that every second phrase leaves."""
    if not page.energy >= ANSWERS_FROM or page.brief.idiom in SILENT:
        return
    eighth = page.brief.eighth
    for sung, following in itertools.islice(itertools.pairwise(page.section.sung), 1, None, 2):
        begin = sung.start + sung.notes[-1].on + 2 * eighth - page.section.start
        room = int((following.start + following.notes[0].on - page.section.start - begin) / eighth) - 1
        chord = page.section.chords[min(int(2 * begin / page.brief.bar), len(page.section.chords) - 1)]
        notes = [pitch + 12 for pitch in voiced(chord, sung.notes[-1].pitch, LICK_LOW, LICK_HIGH)]
        order = LICKS[int(page.chance.integers(len(LICKS)))]
        for k, which in enumerate(order[: max(0, room)]):
            at = begin + k * eighth + float(page.chance.normal(0, 0.005))
            velocity = int(58 + 4 * page.energy + page.chance.integers(-6, 7))
            page.parts.stems.setdefault("lead", []).append(
                Hit(at, eighth * 0.9, int(Channel.LEAD), notes[which % len(notes)], velocity)
            )


def _saws(page: Page) -> None:
    """Supersaw chords: held in calm parts, stabbing in strong ones."""
    if page.energy < 3 and page.section.kind not in ("intro", "breakdown"):
        return
    centre, step_length = 61.0, page.brief.eighth / 2
    for bar in range(page.bars):
        for step in SAW_STEPS_HOT if page.hot and not page.final_bar(bar) else SAW_STEPS_CALM:
            chord = voiced(page.chord(bar, step), centre)
            centre = 0.8 * mean(chord) + 0.2 * 61
            pitches = (*chord, chord[0] + 12, chord[0] - 12) if page.hot else tuple(chord)
            length = step_length * (2.4 if page.hot else 7.5)
            page.calculate(Tone(page.time(bar, step), length, "saw", pitches, 0.9 if page.hot else 0.4))


def _swells(page: Page) -> None:
    """Noise that rises into a chorus, and the blow with which it begins."""
    bar = page.brief.bar
    if page.into_chorus:
        bars = min(2, page.bars)
        gain = RISER.get(page.brief.idiom, QUIET_RISER)
        page.calculate(Tone((page.bars - bars) * bar, bars * bar, "rise", (), gain))
    if page.hot and page.before is not None and page.before.energy < page.energy:
        page.calculate(Tone(0.0, 3.0, "boom", (), BOOM.get(page.brief.idiom, QUIET_BOOM)))
