"""Arranges a section: hands the page round the band, then adds the lines above it and what no instrument plays."""

from __future__ import annotations

import itertools

import numpy as np

from .bassist import play_bass
from .comping import play_keys
from .drummer import drum
from .guitarist import play_guitars
from .harmony import in_scale
from .idiom import Channel
from .page import Page
from .plan import Level
from .score import Metre, Parts, Score, Stem, Tone
from .voicing import mean, voiced

RISER: dict[str, float] = {"house": 0.5, "synthwave": 0.45, "pop": 0.4, "rock": 0.35, "cinematic": 0.5}
BOOM: dict[str, float] = {"house": 0.7, "cinematic": 0.7, "synthwave": 0.5, "hiphop": 0.4}
"""Gain of the noise before a chorus and of the blow on its first beat; others have them at `QUIET`."""
QUIET_RISER, QUIET_BOOM = 0.12, 0.25
WITHOUT_SWELLS = frozenset(("jazz", "bossa", "folk", "country", "reggae", "funk", "lofi", "ambient"))
"""Idioms of rooms in which no noise rises."""
CRACKLE = 0.5
ANSWERS_FROM = 2.5
LICKS = ((0, 1, 2, 4), (4, 3, 2, 0), (4, 2, 1, 0), (0, 1, 0, -1), (2, 1, 0), (-1, 0, 2), (0, 4), (4, 5, 4))
"""Answers, in steps of the scale from a chord tone; most end on one."""
HORNS = frozenset((56, 61, 65, 66))
"""General MIDI programs of brass and saxophones."""
STABS: dict[Metre, tuple[tuple[tuple[int, float], ...], ...]] = {
    "4/4": (((6, 0.8), (10, 2.5), (13, 0.8), (14, 1.5)), ((8, 0.8), (11, 2.5), (14, 0.8), (15, 0.8))),
    "3/4": (((4, 0.8), (6, 2.5), (10, 1.5)), ((6, 0.8), (8, 2.0), (11, 0.8))),
    "6/8": (((4, 0.8), (6, 2.5), (10, 1.5)), ((6, 0.8), (8, 2.0), (10, 0.8))),
}
"""Step and length of the horns' chords, for either take."""
STABS_CENTRE = 69.0
LICK_LOW, LICK_HIGH = 69, 86
TOP_LOW, TOP_HIGH = 67, 84
"""Where answers and the line above the choruses lie, MIDI."""
SAW_STEPS_HOT, SAW_STEPS_CALM = (0, 3, 6, 8, 11, 14), (0, 8)
SAW_STEPS_THREE = (0, 4, 8)
SAW_STEPS_SIX = (0, 4, 6, 10)


def arrange(score: Score, index: int, chance: np.random.Generator) -> Parts:
    """What the band plays in section `index` of the score. `chance` is this section's own stream."""
    page = Page(score, index, chance)
    drum(page)
    play_bass(page)
    play_keys(page)
    play_guitars(page)
    _lead(page)
    if page.idiom.answers:
        _answers(page)
    if page.idiom.top_line == "stabs":
        _stabs(page)
    else:
        _top_line(page)
    if "saw" in page.idiom.drawn:
        _saws(page)
    if "crackle" in page.idiom.drawn:
        page.calculate("drums", Tone(0.0, page.bars * page.brief.bar, "crackle", (), CRACKLE))
    if page.brief.idiom not in WITHOUT_SWELLS:
        _swells(page)
    return page.parts


def _play(page: Page, at: float, length: float, pitch: int, velocity: float) -> None:
    """A note of the lead instrument, in seconds from the section's start; the tune has its swing already."""
    bar = min(max(int(at / page.brief.bar), 0), page.bars - 1)
    straight = (at - bar * page.brief.bar) / page.brief.eighth * 2
    shift = -page.idiom.late(int(straight)) * page.brief.eighth / 2
    page.write(
        "lead",
        Channel.LEAD,
        pitch,
        bar=bar,
        step=straight,
        length=length / page.brief.eighth * 2,
        velocity=velocity,
        shift=shift,
        loose=0.005,
    )


def _lead(page: Page) -> None:
    """The tune on the lead instrument, where nobody sings."""
    loud = 78 if page.energy < 1.6 else 90
    for note in page.section.tune:
        _play(page, note.on, max(0.05, note.off - note.on), note.pitch, loud)


def _answers(page: Page) -> None:
    """Short runs of the lead instrument in the gaps that every second phrase leaves."""
    if page.energy < ANSWERS_FROM:
        return
    eighth, beat = page.brief.eighth, page.brief.beat
    lick = LICKS[int(page.chance.integers(len(LICKS)))]
    for sung, following in itertools.islice(itertools.pairwise(page.section.sung), 1, None, 2):
        begin = page.section.even(sung.start + sung.notes[-1].on, beat) + 2 * eighth
        room = int((page.section.even(following.start + following.notes[0].on, beat) - begin) / eighth) - 1
        pitches = _lick(page, begin, sung.notes[-1].pitch, lick)[: max(0, room)]
        for k, pitch in enumerate(pitches):
            loud = 56 + 4 * page.energy - 4 * (k % 2)
            _play(page, begin + k * eighth, eighth * 0.9, pitch, loud)


def _lick(page: Page, at: float, near: int, steps: tuple[int, ...]) -> list[int]:
    """A lick's pitches: steps of the scale counted from the chord tone nearest to the singer's last note."""
    chord = page.section.chords[min(max(int(2 * at / page.brief.bar), 0), len(page.section.chords) - 1)]
    tonic = page.brief.tonic + page.section.lift
    scale = [p for p in range(LICK_LOW - 12, LICK_HIGH + 13) if in_scale(p, tonic) or p % 12 in chord.pitches]
    roots = [k for k, p in enumerate(scale) if p % 12 in chord.pitches and LICK_LOW <= p <= LICK_HIGH - 7]
    start = min(roots, key=lambda k: (abs(scale[k] - near - 12), k))
    return [scale[start + step] for step in steps]


def _top_line(page: Page) -> None:
    """A slow line of its own above the strong parts: it moves by step where it can, against the bass."""
    who = page.idiom.top_line
    if who == "none" or page.section.tune or (who == "lead" and {"drums", "bass"} <= page.brief.without):
        return
    stem: Stem = "pad" if who == "strings" else "lead"
    channel = Channel.HIGH_STRINGS if who == "strings" else Channel.LEAD
    tonic, pitch = page.brief.tonic + page.section.lift, 76
    for bar in range(page.bars):
        level = page.level("strings", bar) if who == "strings" else _fullness(page, bar)
        if level < Level.STRONG or page.final_bar(bar):
            continue
        loud = (64 if who == "strings" else 48) + 4 * page.energy
        for step, length in _halves(page):
            pitch = _next_above(page, bar, step, pitch)
            page.write(stem, channel, pitch, bar=bar, step=step, length=length * 0.98, velocity=loud)
            if level == Level.EXTRA and who == "strings":
                page.write(stem, channel, pitch - 12, bar=bar, step=step, length=length * 0.98, velocity=loud - 6)
        turn = pitch + (2 if bar % 2 else -1)
        if bar % 4 == 3 and in_scale(turn, tonic):
            page.write(stem, channel, turn, bar=bar, step=page.steps - 2, length=1.9, velocity=loud - 6)


def _stabs(page: Page) -> None:
    """A horn section's short chords in every second bar, where they answer, and at the end of every fourth."""
    if page.section.tune or page.idiom.sounds.lead not in HORNS:
        return
    hits = STABS[page.brief.metre][page.variant("lead")]
    for bar in range(1, page.bars, 2):
        if _fullness(page, bar) < Level.STRONG or page.final_bar(bar):
            continue
        for step, length in hits if bar % 4 == 3 else hits[:2]:
            chord = voiced(page.chord(bar, step), STABS_CENTRE, 60, 79)
            loud = 62 + 5 * page.energy
            page.write_chord("lead", Channel.LEAD, chord, bar=bar, step=step, length=length, velocity=loud)


def _fullness(page: Page, bar: int) -> Level:
    """How much the fullest of the chord players plays."""
    return max(page.level(player, bar) for player in ("keys", "guitar", "pad"))


def _halves(page: Page) -> tuple[tuple[int, int], ...]:
    return (0, page.middle), (page.middle, page.steps - page.middle)


def _next_above(page: Page, bar: int, step: int, last: int) -> int:
    """The chord tone next to the last one, drawn upward in the first half of every four bars and down in the second."""
    chord = page.chord(bar, step)
    wish = last + (1.5 if bar % 4 < 2 else -1.5)
    near = [p for p in range(TOP_LOW, TOP_HIGH + 1) if p % 12 in chord.pitches]
    return min(near, key=lambda p: (abs(p - wish), p))


def _saws(page: Page) -> None:
    """Supersaw chords: held in calm parts, stabbing in strong ones."""
    if page.energy < 3 and page.section.kind not in ("intro", "breakdown"):
        return
    centre, step_length = 61.0, page.brief.eighth / 2
    stabs = {"4/4": SAW_STEPS_HOT, "3/4": SAW_STEPS_THREE, "6/8": SAW_STEPS_SIX}[page.brief.metre]
    calm = SAW_STEPS_CALM if page.brief.metre == "4/4" else (0,)
    for bar in range(page.bars):
        final = page.final_bar(bar)
        for step in (0,) if final else stabs if page.hot else calm:
            if page.stops and page.last_bar(bar) and step >= page.steps - 4:
                continue
            chord = voiced(page.chord(bar, step), centre)
            centre = 0.8 * mean(chord) + 0.2 * 61
            pitches = (*chord, chord[0] + 12, chord[0] - 12) if page.hot else tuple(chord)
            length = step_length * (2.4 if page.hot and not final else page.steps / len(calm) - 0.5)
            page.calculate("pad", Tone(page.time(bar, step), length, "saw", pitches, 0.9 if page.hot else 0.4))


def _swells(page: Page) -> None:
    """Noise that rises into a chorus, and the blow with which it begins; none of both without drums."""
    bar = page.brief.bar
    if page.into_chorus:
        bars = min(2, page.bars)
        gain = RISER.get(page.brief.idiom, QUIET_RISER)
        page.calculate("drums", Tone((page.bars - bars) * bar, bars * bar, "rise", (), gain))
    if page.hot and page.before is not None and page.before.energy < page.energy:
        gain = BOOM.get(page.brief.idiom, QUIET_BOOM)
        page.calculate("drums", Tone(0.0, 3.0, "boom", (), gain))
