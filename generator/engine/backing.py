"""The band's side of the desk: a stretch of the score is arranged, played, shaped strip by strip, put in its room."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.ndimage import uniform_filter1d

from . import tones
from .arrange import arrange
from .band import Band
from .chance import dice
from .dsp import (
    RATE,
    Audio,
    convolve,
    envelope,
    filtering,
    glide,
    impulse,
    place,
    pressure,
    reverberation,
    samples,
    silence,
    widen,
)
from .instruments import performed
from .mixes import MIXES, STRIPS, UNDER_VOICE, Channel, tilted
from .page import PLAYERS
from .score import Hit, Parts, Score, Section, Stem, Tone

LEAD = samples(0.02)
"""A stretch begins this much before its own time: players are a little early now and then."""
Group = Literal["band", "drums", "bass", "harmony", "lead"]
GROUPS: dict[Channel, Group] = {
    "drums": "drums",
    "bass": "bass",
    "mid": "harmony",
    "amp": "harmony",
    "lead": "lead",
    "pad": "harmony",
    "synth": "harmony",
}
"""The stem that a channel belongs to, where stems are kept apart; else all are "band"."""
_ROOM_DELAY, _ROOM_SEED = 0.012, 7
_SYNTH_UNDER_VOICE = 0.78
_DELAY_BEATS = 0.75
_DUCK_HOP = 2048
_DRIFT = RATE // 10
"""Samples whose mean is taken away: drums that fall and driven basses lean to one side, which nobody hears and peaks
pay for. Under 10 Hz little is left, from 30 Hz on all within 1 dB."""
_PUMP_DEPTH, _PUMP_TIME = 0.72, 0.11
_GUITARS = frozenset(channel for channel, player in PLAYERS.items() if player == "guitar")
_DRIVEN = frozenset((29, 30))
"""General MIDI programs of electric guitars that are distorted."""
_INTO_AMP = ((60, -30), (120, -6), (300, 0), (1500, 3), (4000, 0), (8000, -20))
_TAPE_HOP = 128
_WOW_HZ, _FLUTTER_HZ, _FLUTTER_SHARE = 0.55, 6.1, 0.3


class Stretch(NamedTuple):
    """A section, or a piece of the first one. `start` and `end` are samples from the score's second 0."""

    section: Section
    number: int
    start: int
    end: int


class Backing:
    """Plays a score's stretches in order. `apart` keeps the stems apart, else they come as one group, "band"."""

    def __init__(self, score: Score, band: Band, apart: bool) -> None:
        self._score, self._band, self._apart = score, band, apart
        self._idiom = performed(score.brief)
        self._mix = MIXES[score.brief.idiom]
        bright = score.brief.bright
        self._tone = (self._mix.tone, tilted(bright)) if bright else (self._mix.tone,)
        self._room = reverberation(impulse(self._idiom.room, _ROOM_DELAY, _ROOM_SEED))
        self._arranged: tuple[int, Parts] | None = None

    @property
    def groups(self) -> tuple[Group, ...]:
        """What `play` gives."""
        return tuple(dict.fromkeys(GROUPS.values())) if self._apart else ("band",)

    def take_seats(self) -> None:
        """Before the first stretch."""
        self._band.take_seats(self._idiom)

    def play(self, stretch: Stretch, length: int, voice: Audio | None) -> dict[Group, Audio]:
        """The stretch as (2, length) a group, at the band's own level; where there is a `voice`, it makes way."""
        mix = self._mix
        out: dict[Group, Audio] = {group: silence(length) for group in self.groups}
        chords: dict[Group, Audio] = {}
        sent: dict[Group, Audio] = {}
        pump = self._pump(stretch, length)
        for name, played in self._channels(stretch, length):
            strip, group = STRIPS[name], GROUPS[name] if self._apart else "band"
            rhythm = name in ("drums", "bass")
            curves = (strip.curve, *self._tone) if rhythm or voice is None else (strip.curve, *self._tone, UNDER_VOICE)
            sound = convolve(played if strip.width else played.mean(axis=0, keepdims=True), filtering(*curves))
            del played  # a long section's channel is 15 MB
            if strip.width:
                widen(sound, strip.width * mix.width)
            gain = strip.gain * 10 ** (mix.levels.get(name, 0.0) / 20)
            gain *= _SYNTH_UNDER_VOICE if name == "synth" and voice is not None else 1.0
            sound *= np.float32(gain)
            if mix.delay and name in ("lead", "synth"):
                late = samples(_DELAY_BEATS * self._score.brief.beat)
                place(sound, sound[::-1].copy(), late, mix.delay)
            if strip.send:
                wet = sound.sum(axis=0, keepdims=True) * np.float32(0.6 * strip.send * mix.space)
                sent[group] = sent[group] + wet if group in sent else wet
            if name == "drums":
                sound *= pressure(sound, mix.crush + 20 * np.log10(gain), 2.6)
                out[group] += sound
            elif name == "bass":
                sound = np.tanh(sound * np.float32(mix.grit / gain)) * np.float32(gain * 1.15 / mix.grit)
                out[group] += sound if pump is None else sound * pump
            else:
                chords[group] = chords[group] + sound if group in chords else sound
        line = _ducking(voice, mix.duck) if voice is not None else None
        for group, wet in sent.items():
            together = convolve(wet, self._room)
            if group in chords:
                together += chords[group]
            for gains in (line, pump):
                if gains is not None:
                    together *= gains
            out[group] += together
        return {group: _centred(sound) for group, sound in out.items()}

    def _channels(self, stretch: Stretch, length: int) -> Iterator[tuple[Channel, Audio]]:
        """What the band plays, channel by channel; silent ones are left out."""
        parts = self._parts(stretch)
        chance = dice(self._score.seed, "tones", self._score.brief.take, stretch.start)
        hits: dict[Channel, Sequence[Hit]] = dict(parts.stems.items())
        if self._mix.drive and any(self._idiom.programs[channel] in _DRIVEN for channel in _GUITARS):
            hits["mid"], hits["amp"] = _plugged(parts.stems.get("mid", []))
        for name in STRIPS:
            written = hits.get(name)
            calculated = [tone for tone in parts.tones if tones.BUS[tone.kind] == name]
            if written and calculated:
                sound = self._sampled(name, written, stretch, length)
                sound += tones.sound(calculated, length, LEAD, chance)
                yield name, sound
                del sound
            elif written:
                yield name, self._sampled(name, written, stretch, length)
            elif calculated:
                yield name, tones.sound(calculated, length, LEAD, chance)

    def _sampled(self, name: Channel, hits: Sequence[Hit], stretch: Stretch, length: int) -> Audio:
        """A channel's instruments, with what lies between them and the desk."""
        sound = self._band.play(hits, length, LEAD)
        if name == "amp":
            sound = np.tanh(convolve(sound, filtering(_INTO_AMP)) * np.float32(self._mix.drive))
        if self._mix.warble and name in ("mid", "lead", "pad"):
            sound = _warbled(sound, stretch.start - LEAD, self._mix.warble)
        return sound

    def _parts(self, stretch: Stretch) -> Parts:
        """What the band plays in the stretch; a section is arranged as a whole and then cut."""
        if self._arranged is None or self._arranged[0] != stretch.number:
            chance = dice(self._score.seed, "arrangement", self._score.brief.take, stretch.number)
            played = arrange(self._score, stretch.number, chance)
            self._arranged = stretch.number, followed(played, stretch.section, self._score.brief.beat)
        begin = stretch.start / RATE - stretch.section.start
        whole = stretch.end == samples(stretch.section.end)
        return cut(self._arranged[1], begin, np.inf if whole else begin + (stretch.end - stretch.start) / RATE)

    def _pump(self, stretch: Stretch, length: int) -> npt.NDArray[np.float32] | None:
        """In idioms that pump: a gain line that goes down at every beat and comes back before the next."""
        if not self._idiom.pump or stretch.section.energy < 3:
            return None
        beat = self._score.brief.beat
        at = (np.arange(length) - LEAD) / RATE
        if stretch.section.pulse:
            beats = np.array(stretch.section.pulse) - stretch.start / RATE
            last = np.clip(np.searchsorted(beats, at, side="right") - 1, 0, len(beats) - 1)
            since = np.mod(at - beats[last], beat).astype(np.float32)
        else:
            since = np.mod(at, beat).astype(np.float32)
        line: npt.NDArray[np.float32] = 1 - np.float32(_PUMP_DEPTH) * np.exp(-since / (_PUMP_TIME + 0.02 * beat))
        return line


def followed(parts: Parts, section: Section, beat: float) -> Parts:
    """What was arranged in even beats, as it is played where the section follows a given sound."""
    if not section.pulse:
        return parts

    def span(one: Hit | Tone) -> tuple[float, float]:
        begin, end = (section.at(time, beat) - section.start for time in (one.at, one.at + one.length))
        return begin, end - begin

    stems: dict[Stem, list[Hit]] = {}
    for name, hits in parts.stems.items():
        spans = [span(hit) for hit in hits]
        stems[name] = [hit._replace(at=at, length=long) for hit, (at, long) in zip(hits, spans, strict=True)]
    spans = [span(tone) for tone in parts.tones]
    return Parts(
        stems, [tone._replace(at=at, length=long) for tone, (at, long) in zip(parts.tones, spans, strict=True)]
    )


def cut(parts: Parts, begin: float, end: float) -> Parts:
    """The notes that begin within [begin, end) seconds, counted from `begin`; one that is early counts as in time."""
    first, last = begin - LEAD / RATE, end - LEAD / RATE
    stems = {
        name: [hit._replace(at=hit.at - begin) for hit in hits if first <= hit.at < last]
        for name, hits in parts.stems.items()
    }
    lasting = [_within(tone, begin, end) for tone in parts.tones if tone.kind == "crackle"]
    others = [tone for tone in parts.tones if tone.kind != "crackle" and first <= tone.at < last]
    return Parts(stems, [tone._replace(at=tone.at - begin) for tone in others + [tone for tone in lasting if tone]])


def _within(tone: Tone, begin: float, end: float) -> Tone | None:
    """The part of a tone between two seconds, if there is one."""
    at, over = max(tone.at, begin), min(tone.at + tone.length, end)
    return tone._replace(at=at, length=over - at) if over > at else None


def _plugged(hits: Sequence[Hit]) -> tuple[list[Hit], list[Hit]]:
    """All others, and the guitars."""
    return [hit for hit in hits if hit.channel not in _GUITARS], [hit for hit in hits if hit.channel in _GUITARS]


def _warbled(sound: Audio, start: int, cents: float) -> Audio:
    """Sound from a tape that runs unevenly; `start`: the song's sample at which it begins, so that borders fit."""
    whole, share = _tape(start, sound.shape[1], cents)
    out = np.empty_like(sound)
    for begin in range(0, len(whole), RATE):
        piece = slice(begin, begin + RATE)
        here = sound[:, whole[piece]]
        out[:, piece] = here + (sound[:, np.maximum(whole[piece] - 1, 0)] - here) * share[piece]
    return out


@functools.lru_cache(maxsize=1)
def _tape(start: int, length: int, cents: float) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]]:
    """The sample that is under the head at each sample of time, and the share that the one before it has."""
    middles = (np.arange(-(-length // _TAPE_HOP)) + 0.5) * _TAPE_HOP + start
    turn = 2 * np.pi * middles / RATE
    depth = cents / 1200 * np.log(2) * RATE / (2 * np.pi)
    late = depth / _WOW_HZ * (1 + np.sin(_WOW_HZ * turn))
    late += depth * _FLUTTER_SHARE / _FLUTTER_HZ * (1 + np.sin(_FLUTTER_HZ * turn))
    line = glide(late, _TAPE_HOP, length)
    whole = line.astype(np.intp)
    line -= whole
    return np.maximum(np.arange(length) - whole, 0), line


def _centred(sound: Audio) -> Audio:
    """Sound without what moves slower than anyone hears."""
    sound -= uniform_filter1d(sound, _DRIFT, axis=1, mode="constant")
    return sound


def _ducking(voice: Audio, depth: float) -> npt.NDArray[np.float32]:
    """A gain line that goes down while there is singing."""
    level = np.convolve(envelope(voice, _DUCK_HOP), np.full(5, 0.2), mode="same")
    loud = max(float(level.max()), 1e-6) * 0.5
    return glide(1 - depth * np.minimum(1, level / loud), _DUCK_HOP, voice.shape[1])
