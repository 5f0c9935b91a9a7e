"""The mixing desk: section after section, band and voice become the finished sound of the song.

A section is mixed with what rings on after its end; that part is laid under the next section. The voice has a level of
its own in each section, and the band fills what is left up to the section's loudness, so words stay in front.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from . import tones
from .backing import LEAD, Backing, Stretch
from .band import Band
from .dsp import (
    RATE,
    Audio,
    Curve,
    convolve,
    envelope,
    fade,
    filtering,
    impulse,
    place,
    reverberation,
    samples,
    silence,
)
from .instruments import performed
from .master import Aim, Limiter, energies, energy
from .mixes import MIXES, VOICE_TILT, tilted
from .score import Score, Section, SungPhrase
from .vocals import Stem, Vocals, share_sung

STEMS = ("drums", "bass", "harmony", "lead", "vocal", "backing")
"""What a song can be taken apart into; "backing" is those who sing behind the lead vocal."""
LATENCY = LEAD / RATE
"""The second of the sound at which the score's second 0 lies."""
_CEILING = 0.68
"""Of the limiter: leaves room for what MP3 adds to peaks, so that they stay under -1 dBTP."""
_LAST_FADE = samples(0.8)
_INAUDIBLE = 5e-4
"""Root mean square (-66 dB) under which the end of a song is silence."""
_LAST_REST = samples(0.3)
"""So much of that silence is kept."""
_FIRST_BARS = 2
"""The first section is cut after so many bars, so that sound goes out before its rest is made."""

_VOICE_OVER_BAND = 5.7
_VOICE_OVER_BAND_LOUD = 5.2
"""dB while there is singing; the second value for sections of energy 4 and more. One dB more lets about 0.025 more of
the words be understood."""
_PLATE = (1.5, 0.028, 3)
"""The voice's own reverberation: seconds, delay before it, seed."""
_PLATE_CURVE: Curve = ((150, -30), (350, -4), (700, 0), (6000, 0), (12000, -6))
_ECHO_BEATS = 0.75

WISHED_LOUDNESS = ((1.0, -18.3), (1.5, -17.4), (2.0, -16.2), (2.5, -15.6), (3.0, -15.0), (4.0, -14.1), (5.0, -13.5))
"""LUFS wished for by a section's energy; `Aim` moves all of them together."""


class Block(NamedTuple):
    """A finished piece of the song (2, n), and for measurement the voice alone, before the limiter."""

    sound: Audio
    voice: Audio
    stems: Mapping[str, Audio]
    """The piece taken apart, if that was asked for: (2, n) for each of STEMS, which add up to `sound`."""


class Desk:
    """Mixes one take. `blocks()` gives the song piece by piece, in order."""

    names: tuple[str, ...] = STEMS
    """The stems."""

    def __init__(self, score: Score, band: Band, *, stems: bool = False) -> None:
        """`stems`: keep the parts of the song apart as well, which costs about half as much again."""
        self._score = score
        self._settings = MIXES[score.brief.idiom]
        self._backing = Backing(score, band, stems)
        self._tail = samples(max(2.0, performed(score.brief).room + 0.6))
        self._stretches = self._cut()
        self._aim = Aim([(wish(s.section), (s.end - s.start) / RATE) for s in self._stretches])
        self._names = self.names if stems else ("band", "vocal")
        self._limiter = Limiter(_CEILING, 2 * len(self.names) if stems else 0)
        bright = score.brief.bright * VOICE_TILT
        self._tone = filtering(tilted(bright)) if bright else None
        self._plate = reverberation(convolve(impulse(*_PLATE), filtering(_PLATE_CURVE)))
        self._vocals = Vocals(score, apart=stems)
        self._apart = stems
        self._phrases = [(sung, section) for section in score.sections for sung in section.sung]
        self._singing: list[tuple[Stem, float]] = []
        """Phrases that reach into what is not mixed yet, with their gain."""

    @property
    def duration(self) -> float:
        """Seconds that the whole sound has at most: it is over when the last reverberation is."""
        return (LEAD + self._stretches[-1].end + self._tail) / RATE

    def blocks(self) -> Iterator[Block]:
        """Finished pieces; together they are the song."""
        self._take_seats()
        rest = np.zeros((len(self._names), 2, 0), np.float32)
        for k, stretch in enumerate(self._stretches):
            last = k + 1 == len(self._stretches)
            loudness = self._aim.loudness(k)
            tracks = self._mix(stretch, loudness)
            place(tracks, rest, 0)
            done = self._ended(tracks, stretch) if last else stretch.end - stretch.start
            rest = tracks[..., done:].copy()
            block = self._limited(tracks[..., :done], last)
            self._aim.heard(k, loudness, energies(block.sound))
            yield block
        tones.forget()

    def _take_seats(self) -> None:
        """Before the first stretch."""
        self._backing.take_seats()

    def _cut(self) -> list[Stretch]:
        """What is mixed at once."""
        return stretches(self._score)

    def _ended(self, tracks: Audio, stretch: Stretch) -> int:
        """Samples of the last stretch until nothing is heard any more, nor any word lasts; there it is faded out."""
        done = self._rung_out(tracks, stretch)
        fade(tracks, ((0, 1.0), (done - _LAST_FADE, 1.0), (done, 0.0)))
        return done

    def _rung_out(self, tracks: Audio, stretch: Stretch) -> int:
        hop = RATE // 20
        heard = np.flatnonzero(envelope(tracks.sum(axis=0), hop) > _INAUDIBLE)
        played = int(heard[-1] + 1) * hop if len(heard) else 0
        most = int(tracks.shape[2])
        sung = [samples(phrase.start + phrase.notes[-1].off) - stretch.start for phrase in stretch.section.sung]
        return min(most, max(_LAST_FADE, played + _LAST_REST, *sung))

    def _limited(self, tracks: Audio, last: bool) -> Block:
        """The tracks (names, 2, n) as a finished piece."""
        sound = tracks.sum(axis=0)
        voice = tracks[self._names.index("vocal") :].sum(axis=0)
        if self._apart:
            sound = np.concatenate([sound, tracks.reshape(-1, tracks.shape[2])])
        final = self._limiter.push(sound)
        if last:
            final = np.concatenate([final, self._limiter.finish()], axis=1)
        parts = final[2:].reshape(-1, 2, final.shape[1])
        return Block(final[:2], voice, dict(zip(self.names, parts, strict=True)) if self._apart else {})

    def _mix(self, stretch: Stretch, loudness: float) -> Audio:
        """The stretch with its tail, at its loudness, as tracks (names, 2, n)."""
        length = LEAD + stretch.end - stretch.start + self._tail
        body = slice(0, stretch.end - stretch.start)
        tracks = np.zeros((len(self._names), 2, length), np.float32)
        sung, singers = self._sung(stretch, length, loudness)
        for name, sound in self._backing.play(stretch, length, sung).items():
            tracks[self._names.index(name)] = sound
        first = self._names.index("vocal")
        played = energies(tracks[:first, :, body].sum(axis=0)).sum()
        voice = 0.0
        if sung is not None:
            wet = self._with_room(sung)
            voice = energies(wet[:, body]).sum()
            tracks[first] = wet
            if singers is not None:
                tracks[first + 1] = self._with_room(singers)
                tracks[first] -= tracks[first + 1]
        whole = energy(loudness) * ((stretch.end - stretch.start) / RATE * 10)
        gain = np.sqrt(max(whole - voice, 0.15 * whole) / max(played, 1e-6))
        tracks[:first] *= np.float32(min(gain, 12.0))
        return tracks

    def _sung(self, stretch: Stretch, length: int, loudness: float) -> tuple[Audio | None, Audio | None]:
        """What is sung in the stretch, without reverberation, and the backing singers' share of it, if it is wanted.

        A phrase that reaches over a border is placed in part on either side, at the gain it began with.
        """
        begin, end = stretch.start - LEAD, stretch.end - LEAD
        while self._phrases and samples(self._phrases[0][0].start) < end + RATE:
            sung, section = self._phrases.pop(0)
            stem = self._vocals.stem(sung, section, self._rest_before(sung))
            self._singing.append((stem, self._voice_gain(stem, section, loudness, stretch)))
        if not any(stem.at < end and stem.end > begin for stem, _ in self._singing):
            return None, None
        out, singers = silence(length), silence(length) if self._apart else None
        for stem, gain in self._singing:
            place(out[:, : end - begin], stem.sound, stem.at - begin, gain)
            if singers is not None and stem.backing is not None:
                place(singers[:, : end - begin], stem.backing, stem.at - begin, gain)
        self._singing = [(stem, gain) for stem, gain in self._singing if stem.end > end]
        return out, singers

    def _rest_before(self, sung: SungPhrase) -> float:
        """Seconds since the last note before this phrase."""
        first = sung.start + sung.notes[0].on
        ends = [p.start + p.notes[-1].off for s in self._score.sections for p in s.sung if p.start < sung.start]
        return first - max(ends, default=0.0)

    def _voice_gain(self, stem: Stem, section: Section, loudness: float, stretch: Stretch) -> float:
        """Gain that puts the phrase over the band by the wished distance, once both fill its section's loudness."""
        loudness += wish(section) - wish(stretch.section)
        over = _VOICE_OVER_BAND_LOUD if section.energy >= 4 else _VOICE_OVER_BAND
        over = 10 ** ((over + self._settings.voice) / 10)
        wanted = energy(loudness) * over / (1 + over * share_sung(section))
        return float(np.sqrt(wanted / stem.energy))

    def _with_room(self, dry: Audio) -> Audio:
        """The voice with its plate and its echo, which comes back from the other side."""
        dry = dry if self._tone is None else convolve(dry, self._tone)
        wet = convolve((dry[:1] + dry[1:]) * np.float32(0.5 * self._settings.plate), self._plate)
        wet += dry
        place(wet, dry[::-1], samples(_ECHO_BEATS * self._score.brief.beat), self._settings.echo)
        return wet


def wish(section: Section) -> float:
    at, wishes = zip(*WISHED_LOUDNESS, strict=True)
    return float(np.interp(section.energy, at, wishes))


def stretches(score: Score, most: int = 0) -> list[Stretch]:
    """The score's sections, the first one in two; with `most`, in pieces of so many bars at most."""
    out: list[Stretch] = []
    brief = score.brief
    for k, section in enumerate(score.sections):
        cuts = {_FIRST_BARS} if k == 0 else set()
        if most:
            cuts.update(range(most + 2 * (k == 0), section.bars, most))
        inner = [section.at(bar * brief.bar, brief.beat) for bar in sorted(cuts) if bar < section.bars]
        borders = [section.start, *inner, section.end]
        at = [samples(border) for border in borders]
        out += [Stretch(section, k, start, end) for start, end in itertools.pairwise(at)]
    return out
