"""The mixing desk: section after section, band and voice become the finished sound of the song.

A section is mixed with what rings on after its end; that part is laid under the next section. The voice has a level of
its own in each section, and the band fills what is left up to the section's loudness, so words stay in front.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from . import tones
from .arrange import arrange
from .band import Band
from .chance import dice
from .dsp import (
    RATE,
    Audio,
    Curve,
    Spectrum,
    compress,
    envelope,
    equaliser,
    fade,
    glide,
    impulse,
    place,
    restore,
    samples,
    silence,
    transform,
    widen,
)
from .instruments import performed
from .master import Aim, Limiter, energies, energy
from .score import Parts, Score, Section, SungPhrase
from .vocals import Stem, Vocals, share_sung

LEAD = samples(0.02)
"""A stretch begins this much before its own time: equalisers of zero phase sound a little before what they shape, and
players are a little early now and then."""
LATENCY = LEAD / RATE
"""The second of the sound at which the score's second 0 lies."""
_CEILING = 0.74
"""Of the limiter: leaves room for what MP3 adds to peaks, so that they stay under -1 dBTP."""
_LAST_FADE = samples(0.8)
_FIRST_BARS = 2
"""The first section is cut after so many bars, so that sound goes out before its rest is made."""


class Strip(NamedTuple):
    """How one stem of the band goes through the desk. `send` is the share of it that goes into the room."""

    gain: float
    send: float
    width: float
    curve: Curve


_STRIPS = {
    "drums": Strip(0.62, 0.05, 1.0, (
        (25, -12), (45, 1), (75, 2.5), (160, 0), (350, -2.5), (1000, 0), (5000, 1.5), (9000, 1), (13000, -2),
        (18000, -4),
    )),
    "bass": Strip(0.6, 0.0, 0.0, (
        (28, -18), (45, 0), (90, 1.5), (250, -2), (700, 2), (2500, 0), (6000, -6), (18000, -18),
    )),
    "mid": Strip(0.6, 0.16, 1.5, (
        (70, -18), (140, -2), (250, -3), (450, -1), (1200, 0), (4000, 1.5), (9000, 3), (18000, 3),
    )),
    "lead": Strip(0.6, 0.16, 1.2, (
        (70, -18), (140, -2), (250, -3), (450, -1), (1200, 0), (4000, 1.5), (9000, 3), (18000, 3),
    )),
    "pad": Strip(0.55, 0.24, 2.0, (
        (90, -18), (200, -4), (500, -2), (2000, -1), (8000, 2), (18000, 1),
    )),
    "synth": Strip(0.75, 0.14, 2.0, (
        (25, -6), (60, 0), (250, -2), (600, -1), (8000, 0), (18000, -2),
    )),
}  # fmt: skip
_UNDER_VOICE: Curve = ((400, 0), (900, -2.5), (1800, -4.5), (3000, -5), (4500, -3), (7500, 0))
"""What chords and pads give way to while there is singing: the range where words are understood."""
_SYNTH_UNDER_VOICE = 0.78
_DUCK = 0.38
"""How far chords and pads go down under the voice, as a share of their level."""
_DUCK_HOP = 2048
_PUMP_DEPTH, _PUMP_TIME = 0.72, 0.11

_VOICE_OVER_BAND = 4.2
_VOICE_OVER_BAND_LOUD = 3.4
"""dB while there is singing; the second value for sections of energy 4 and more. One dB more lets about 0.025 more of
the words be understood."""
_PLATE = (1.5, 0.028, 3)
"""The voice's own reverberation: seconds, delay before it, seed."""
_PLATE_CURVE: Curve = ((150, -30), (350, -4), (700, 0), (6000, 0), (12000, -6))
_PLATE_SEND = 0.11
_ECHO_SEND = 0.055
_ECHO_BEATS = 0.75

_LOUDNESS = ((1.0, -18.3), (1.5, -17.4), (2.0, -16.2), (2.5, -15.6), (3.0, -15.0), (4.0, -14.1), (5.0, -13.5))
"""LUFS wished for by a section's energy; `Aim` moves all of them together."""


class Stretch(NamedTuple):
    """A section, or a piece of the first one. `start` and `end` are samples from the score's second 0."""

    section: Section
    number: int
    start: int
    end: int


class Block(NamedTuple):
    """A finished piece of the song: the final sound (2, n), and for measurement the voice alone, before the limiter."""

    sound: Audio
    voice: Audio


class Desk:
    """Mixes one take. `blocks()` gives the song piece by piece, in order."""

    def __init__(self, score: Score, band: Band) -> None:
        self._score = score
        self._idiom = performed(score.brief)
        self._band = band
        self._tail = samples(max(2.0, self._idiom.room + 0.6))
        self._stretches = _stretches(score)
        self._aim = Aim([(_wish(s.section), (s.end - s.start) / RATE) for s in self._stretches])
        self._limiter = Limiter(_CEILING)
        self._vocals = Vocals(score)
        self._phrases = [(sung, section) for section in score.sections for sung in section.sung]
        self._singing: list[tuple[Stem, float]] = []
        """Phrases that reach into what is not mixed yet, with their gain."""
        self._arranged: tuple[int, Parts] | None = None

    @property
    def duration(self) -> float:
        """Seconds of the whole sound, with the last reverberation."""
        return (LEAD + self._stretches[-1].end + self._tail) / RATE

    def blocks(self) -> Iterator[Block]:
        """Finished pieces; together they are the song."""
        self._band.take_seats(self._idiom)
        rest = silence(0)
        for k, stretch in enumerate(self._stretches):
            last = k + 1 == len(self._stretches)
            loudness = self._aim.loudness(k)
            sound, voice = self._mix(stretch, loudness)
            place(sound, rest, 0)
            done = sound.shape[1] if last else stretch.end - stretch.start
            if last:
                fade(sound, ((0, 1.0), (done - _LAST_FADE, 1.0), (done, 0.0)))
            rest = sound[:, done:].copy()
            final = self._limiter.push(sound[:, :done])
            if last:
                final = np.concatenate([final, self._limiter.finish()], axis=1)
            self._aim.heard(k, loudness, energies(final))
            yield Block(final, voice[:, :done])

    def _mix(self, stretch: Stretch, loudness: float) -> tuple[Audio, Audio]:
        """The stretch with its tail, at its loudness, and the voice in it."""
        length = LEAD + stretch.end - stretch.start + self._tail
        body = slice(0, stretch.end - stretch.start)
        dry = self._voice(stretch, length, loudness)
        band = self._backing(stretch, length, dry if dry.any() else None)
        voice = self._with_room(dry) if dry.any() else dry
        sung, played = energies(voice[:, body]).sum(), energies(band[:, body]).sum()
        whole = energy(loudness) * ((stretch.end - stretch.start) / RATE * 10)
        gain = np.sqrt(max(whole - sung, 0.15 * whole) / max(played, 1e-6))
        band *= np.float32(min(gain, 12.0))
        band += voice
        return band, voice

    def _voice(self, stretch: Stretch, length: int, loudness: float) -> Audio:
        """The phrases, or parts of them, that fall into the stretch, without reverberation. Each keeps its gain."""
        begin, end = stretch.start - LEAD, stretch.end - LEAD
        while self._phrases and samples(self._phrases[0][0].start) < end + RATE:
            sung, section = self._phrases.pop(0)
            stem = self._vocals.stem(sung, section, self._rest_before(sung))
            self._singing.append((stem, self._voice_gain(stem, section, loudness, stretch)))
        out = silence(length)
        inside = out[:, : end - begin]
        for stem, gain in self._singing:
            place(inside, stem.sound, stem.at - begin, gain)
        self._singing = [(stem, gain) for stem, gain in self._singing if stem.end > end]
        return out

    def _rest_before(self, sung: SungPhrase) -> float:
        """Seconds since the last note before this phrase."""
        first = sung.start + sung.notes[0].on
        ends = [p.start + p.notes[-1].off for s in self._score.sections for p in s.sung if p.start < sung.start]
        return first - max(ends, default=0.0)

    def _voice_gain(self, stem: Stem, section: Section, loudness: float, stretch: Stretch) -> float:
        """Gain that puts the phrase over the band by the wished distance, once both fill its section's loudness."""
        loudness += _wish(section) - _wish(stretch.section)
        over = 10 ** ((_VOICE_OVER_BAND_LOUD if section.energy >= 4 else _VOICE_OVER_BAND) / 10)
        wanted = energy(loudness) * over / (1 + over * share_sung(section))
        return float(np.sqrt(wanted / stem.energy))

    def _with_room(self, dry: Audio) -> Audio:
        """The voice with its plate and its echo, which comes back from the other side."""
        spectrum, size = transform(dry, samples(_PLATE[0]))
        spectrum *= equaliser(_PLATE_CURVE, size)
        spectrum *= transform(np.pad(impulse(*_PLATE), ((0, 0), (0, size - samples(_PLATE[0])))), 0)[0]
        wet = restore(spectrum, size, dry.shape[1]) * np.float32(_PLATE_SEND)
        wet += dry
        place(wet, dry[::-1], samples(_ECHO_BEATS * self._score.brief.beat), _ECHO_SEND)
        return wet

    def _backing(self, stretch: Stretch, length: int, voice: Audio | None) -> Audio:
        """The band at its own level."""
        parts = self._parts(stretch)
        out, chords, size = silence(length), None, 0
        wet: Spectrum | None = None
        for name, sound in self._stems(stretch, parts, length):
            strip = _STRIPS[name]
            spectrum, size = transform(sound, samples(self._idiom.room))
            spectrum *= equaliser(strip.curve, size)
            widen(spectrum, strip.width)
            if name == "drums":
                place(out, compress(restore(spectrum, size, length), -17.0, 2.6), 0, strip.gain)
            elif name == "bass":
                line = np.tanh(restore(spectrum, size, length) * np.float32(1.6)) * np.float32(0.72 * strip.gain)
                place(out, self._pumped(line, stretch), 0)
            else:
                if voice is not None:
                    spectrum *= equaliser(_UNDER_VOICE, size)
                lower = _SYNTH_UNDER_VOICE if voice is not None and name == "synth" else 1.0
                spectrum *= np.float32(strip.gain * lower)
                chords = spectrum if chords is None else chords + spectrum
            if strip.send:
                sent = spectrum * np.float32(strip.send * (strip.gain if name == "drums" else 1))
                wet = sent if wet is None else wet + sent
        if wet is not None:
            room = impulse(self._idiom.room, 0.012, 7)
            wet *= transform(np.pad(room, ((0, 0), (0, size - room.shape[1]))), 0)[0]
            together = restore(wet if chords is None else wet + chords, size, length)
            if voice is not None:
                together *= _ducking(voice)
            place(out, self._pumped(together, stretch), 0)
        return out

    def _stems(self, stretch: Stretch, parts: Parts, length: int) -> Iterator[tuple[str, Audio]]:
        chance = dice(self._score.seed, "tones", self._score.brief.take, stretch.start)
        for name in _STRIPS:
            hits = parts.stems.get(name, ())  # type: ignore[call-overload]
            calculated = [tone for tone in parts.tones if tones.BUS[tone.kind] == name]
            sound = self._band.play(hits, length, LEAD) if hits else None
            if calculated:
                more = tones.sound(calculated, length, LEAD, chance)
                sound = more if sound is None else sound + more
            if sound is not None:
                yield name, sound

    def _parts(self, stretch: Stretch) -> Parts:
        """What the band plays in the stretch; a section is arranged as a whole and then cut."""
        if self._arranged is None or self._arranged[0] != stretch.number:
            chance = dice(self._score.seed, "arrangement", self._score.brief.take, stretch.number)
            self._arranged = stretch.number, arrange(self._score, stretch.number, chance)
        begin = stretch.start / RATE - stretch.section.start
        whole = stretch.end == samples(stretch.section.end)
        return _cut(self._arranged[1], begin, np.inf if whole else begin + (stretch.end - stretch.start) / RATE)

    def _pumped(self, sound: Audio, stretch: Stretch) -> Audio:
        """In idioms that pump, the sound ducks at every beat and comes back before the next."""
        if self._idiom.pump and stretch.section.energy >= 3:
            beat = self._score.brief.beat
            since = np.mod((np.arange(sound.shape[1]) - LEAD) / RATE, beat)
            sound *= (1 - _PUMP_DEPTH * np.exp(-since / (_PUMP_TIME + 0.02 * beat))).astype(np.float32)
        return sound


def _wish(section: Section) -> float:
    at, wishes = zip(*_LOUDNESS, strict=True)
    return float(np.interp(section.energy, at, wishes))


def _stretches(score: Score) -> list[Stretch]:
    out: list[Stretch] = []
    for k, section in enumerate(score.sections):
        borders = [section.start, section.end]
        if k == 0 and section.bars > _FIRST_BARS:
            bar = (section.end - section.start) / section.bars
            borders.insert(1, section.start + _FIRST_BARS * bar)
        at = [samples(border) for border in borders]
        out += [Stretch(section, k, start, end) for start, end in itertools.pairwise(at)]
    return out


def _cut(parts: Parts, begin: float, end: float) -> Parts:
    """The notes that begin within [begin, end) seconds, counted from `begin`; one that is early counts as in time."""
    first, last = begin - LEAD / RATE, end - LEAD / RATE
    stems = {
        name: [hit._replace(at=hit.at - begin) for hit in hits if first <= hit.at < last]
        for name, hits in parts.stems.items()
    }
    return Parts(stems, [tone._replace(at=tone.at - begin) for tone in parts.tones if first <= tone.at < last])


def _ducking(voice: Audio) -> npt.NDArray[np.float32]:
    """A gain line that goes down while there is singing."""
    level = np.convolve(envelope(voice, _DUCK_HOP), np.full(5, 0.2), mode="same")
    loud = max(float(level.max()), 1e-6) * 0.5
    return glide(1 - _DUCK * np.minimum(1, level / loud), _DUCK_HOP, voice.shape[1])
