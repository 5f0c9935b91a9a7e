"""What a song stands on when it follows a given sound: a grid of whole bars, each beat at a second of its own.

The grid covers all of the song. Where the sound begins or ends within a bar, that bar is as short or as long as it
takes; nobody sings or plays there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from ..listening.facts import NAMES, Music, Triad
from .figures import FASTEST, SLOWEST, key_of, metre_of, tempo_of
from .prompt import read
from .score import Brief, Chord, LyricSection, Metre, Score, Section, SectionKind, SungPhrase, moved

BEATS: dict[Metre, int] = {"4/4": 4, "3/4": 3, "6/8": 2}
"""Beats of a bar: in 6/8 they are dotted."""
_ALMOST = 0.02
"""Bars by which a sound may begin before the song does: nothing is lost of it."""
NEAR = 2
"""Beats a minute by which a tempo may miss what was asked for."""
_LEAST_LEAD = 0.02
"""Seconds before the first bar line that are no bar."""


class Room(NamedTuple):
    """A part of the song: its first bar, counted from 0, and how many it has."""

    kind: SectionKind
    bar: int
    bars: int

    @property
    def end(self) -> int:
        """The bar after it."""
        return self.bar + self.bars


@dataclass(frozen=True, slots=True)
class Ground:
    """`beats`: the song's seconds of every beat and of its end, whole bars. `first`: the bar with which the heard ones
    begin. `chords`: two of every bar."""

    metre: Metre
    beats: tuple[float, ...]
    first: int
    chords: tuple[Chord, ...]

    @property
    def bars(self) -> int:
        """How many bars there are."""
        return (len(self.beats) - 1) // BEATS[self.metre]

    def line(self, bar: int) -> float:
        """The second at which a bar begins, or the last one ends."""
        return self.beats[bar * BEATS[self.metre]]


def brief_on(brief: Brief, music: Music, seconds: float, prompt: str) -> Brief:
    """What was asked for, in the tempo, the metre and the key of what was heard. Somebody sings in it.

    What the prompt says otherwise is told as not done.
    """
    key = music.key
    return replace(
        brief,
        bpm=min(FASTEST, max(SLOWEST, round(music.bpm))),
        metre=music.metre,
        tonic=key.scale,
        minor=key.minor,
        instrumental=False,
        seconds=round(seconds),
        timed=False,
        unmet=(*brief.unmet, *_otherwise(prompt, music)),
    )


def _otherwise(prompt: str, music: Music) -> list[str]:
    """What a prompt asks for and the given recording has in its own way."""
    text = read(prompt).text
    tempo, metre, (tonic, minor) = tempo_of(text), metre_of(text), key_of(prompt)
    key, out = music.key, []
    if tempo and not any(tempo[0] - NEAR <= music.bpm * times <= tempo[1] + NEAR for times in (0.5, 1, 2)):
        out.append(f"the recording's {round(music.bpm)} bpm in place of {tempo[0]}")
    if metre and metre != music.metre:
        out.append(f"the recording's {music.metre} in place of {metre}")
    if tonic is not None and (tonic != key.tonic or minor not in (None, key.minor)):
        mode = "" if minor is None else " minor" if minor else " major"
        out.append(f"the recording's {key} in place of {NAMES[tonic]}{mode}")
    return out


def ground_of(music: Music, seconds: float) -> Ground:
    """The grid of a whole piece of `seconds`, which begins at second 0."""
    each = BEATS[music.metre]
    lines = music.beats[music.downbeat :: each]
    whole = list(music.beats[music.downbeat : music.downbeat + (len(lines) - 1) * each + 1])
    bar = (whole[-1] - whole[0]) / (len(lines) - 1)
    before = max(1, round(whole[0] / bar)) if whole[0] > _LEAST_LEAD else 0
    lead = np.linspace(0, whole[0], before * each + 1)[:-1].tolist() if before else []
    if not before:
        whole[0] = 0.0
    left = seconds - whole[-1]
    after = max(1, round(left / bar)) if left > _LEAST_LEAD else 0
    rest = np.linspace(whole[-1], seconds, after * each + 1)[1:].tolist() if after else []
    heard = [chord for one in music.bars[: len(lines) - 1] for chord in one.chords]
    chords = [heard[0]] * (2 * before) + heard + [heard[-1]] * (2 * after)
    return Ground(music.metre, (*lead, *whole, *rest), before, tuple(triad(one) for one in chords))


def with_frame(ground: Ground, first: int, last: int, before: int, after: int) -> tuple[Ground, float]:
    """The bars from `first` up to `last` with others before and after them, and by how much their sound comes later.

    The added bars are as long as those beside them; the sound begins with second 0, or later.
    """
    each = BEATS[ground.metre]
    own = ground.beats[first * each : last * each + 1]
    lead = _usual(own, each)
    before = max(before, int(np.ceil(own[0] / (lead * each) - _ALMOST)))
    late = before * each * lead - own[0]
    rest = _usual(own[::-1], each)
    beats = [k * lead for k in range(before * each)] + [beat + late for beat in own]
    beats += [beats[-1] + k * rest for k in range(1, after * each + 1)]
    chords = ground.chords[2 * first : 2 * last]
    framed = ((chords[0],) * (2 * before), chords, (chords[-1],) * (2 * after))
    return Ground(ground.metre, tuple(beats), before, tuple(chord for some in framed for chord in some)), late


def _usual(beats: Sequence[float], each: int) -> float:
    """Seconds of a beat in the first four bars."""
    return float(np.median(np.abs(np.diff(beats[: 4 * each + 1]))))


def triad(heard: Triad) -> Chord:
    """A chord as it was heard, in root position."""
    return Chord((heard.root, (heard.root + (3 if heard.minor else 4)) % 12, (heard.root + 7) % 12), heard.root)


def even_section(brief: Brief, ground: Ground, room: Room, energy: float, lyric: LyricSection | None) -> Section:
    """A section over some bars of the ground, before it is laid on it: in even beats from the song's second 0."""
    return Section(
        kind=room.kind,
        bar=room.bar,
        bars=room.bars,
        energy=energy,
        chords=ground.chords[2 * room.bar : 2 * room.end],
        lift=0,
        riff=False,
        start=room.bar * brief.bar,
        end=room.end * brief.bar,
        lines=lyric.lines if lyric else (),
        generated=lyric.generated if lyric else False,
    )


def laid_on(score: Score, ground: Ground) -> Score:
    """The score with every beat where it is in the ground, of one that was composed in even beats."""
    beat, each = score.brief.beat, BEATS[ground.metre]

    def at(second: float) -> float:
        return moved(second / beat, ground.beats)

    for section in score.sections:
        section.sung = [_followed(sung, at) for sung in section.sung]
        first, last = section.bar * each, (section.bar + section.bars) * each
        section.pulse = ground.beats[first : last + 1]
        section.start, section.end = section.pulse[0], section.pulse[-1]
    return score


def _followed(sung: SungPhrase, at: Callable[[float], float]) -> SungPhrase:
    first = sung.notes[0].on
    start = at(sung.start + first) - first
    notes = tuple(
        note._replace(on=at(sung.start + note.on) - start, off=at(sung.start + note.off) - start) for note in sung.notes
    )
    return SungPhrase(sung.phrase, start, notes)


def lined_up(wanted: Sequence[Room], ground: Ground, least: int) -> list[Room]:
    """Rooms without gaps from the first bar to the last, of sung ones in order.

    What lies between two of them and has fewer than `least` bars belongs to the one before; longer gaps are played.
    """
    out: list[Room] = []
    at = 0
    for room in wanted:
        gap = room.bar - at
        if gap and (not out or gap >= least):
            out.append(Room("interlude" if out else "intro", at, gap))
        elif gap:
            out[-1] = out[-1]._replace(bars=out[-1].bars + gap)
        out.append(room)
        at = room.end
    if at < ground.bars:
        out.append(Room("outro", at, ground.bars - at))
    return out
