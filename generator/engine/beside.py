"""Desks on which one side is given: a voice over a track, or a band under a voice. The given sound stays itself.

It keeps one gain from beginning to end, so that the whole lands on `master.TARGET`; what is made goes along with it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .backing import LEAD, Stretch
from .band import Band
from .dsp import RATE, Audio, Curve, convolve, filtering, samples
from .master import TARGET, Energies, energies, energy, integrated
from .mix import Block, Desk, stretches, wish
from .recording import Recording
from .score import Score, Section
from .vocals import Stem, share_sung

MOST_BARS = 12
"""Bars that are mixed at once: memory does not grow with the length of a part."""
_STEP = 10
"""Energies a second."""

# A voice over a track.
VOICE_OVER_TRACK = 4.5
"""dB by which the singer is over the track where there is singing, K-weighted."""
_QUIETEST = 9.0
"""dB under the track's usual level to which the singer follows it."""
_ROOM: Curve = ((1200, 0), (2000, -3), (4000, -3), (6500, 0))
"""What the track gives way to under the voice."""
_IN, _OUT = 0.12, 0.35
"""Seconds in which it does so, and comes back."""
_JOINED = 0.8
"""Seconds of rest over which it stays so."""
_PREROLL = 8192
"""Samples before a piece that its filter hears."""


# A band under a voice.
VOICE_OVER_BAND = 4.0
"""dB by which the singer is over the band while singing."""
_ALONE = 0.75
"""The band's energy where nobody sings, as a share of the voice's."""
_FARTHEST = 3.0
"""dB by which a section's band may be louder or softer than usual."""
_NOTHING = 1e-7


class Over(Desk):
    """A singer over a given track: `score` lies on it second for second."""

    names = ("instrumental", "vocal", "backing")

    def __init__(self, score: Score, band: Band, track: Recording, *, stems: bool = False) -> None:
        """See `Desk`. `band` does not play."""
        super().__init__(score, band, stems=stems)
        self._track = track
        self._levels = track.energies()
        self._usual = energy(integrated(self._levels))
        self._sung_times = _spans(score)
        self._gain = _gain_for(self._expected())

    def _cut(self) -> list[Stretch]:
        return stretches(self._score, MOST_BARS)

    def _take_seats(self) -> None:
        """Nobody plays."""

    def _mix(self, stretch: Stretch, loudness: float) -> Audio:
        length = LEAD + stretch.end - stretch.start + self._tail
        tracks = np.zeros((len(self._names), 2, length), np.float32)
        tracks[0][:, LEAD : LEAD + stretch.end - stretch.start] = self._making_room(stretch)
        sung, singers = self._sung(stretch, length, loudness)
        if sung is not None:
            tracks[1] = self._with_room(sung)
            if singers is not None:
                tracks[2] = self._with_room(singers)
                tracks[1] -= tracks[2]
        tracks *= np.float32(self._gain)
        return tracks

    def _making_room(self, stretch: Stretch) -> Audio:
        """The track as it is, but for the range of words while there are some."""
        heard = self._track.read(stretch.start - _PREROLL, stretch.end - stretch.start + _PREROLL)
        own = heard[:, _PREROLL:]
        at = np.arange(stretch.start, stretch.end) / RATE
        times, depths = self._sung_times
        line = np.interp(at, times, depths).astype(np.float32)
        if not line.any():
            return own
        own += (convolve(heard, filtering(_ROOM))[:, _PREROLL:] - own) * line
        return own

    def _voice_gain(self, stem: Stem, section: Section, _loudness: float, _stretch: Stretch) -> float:
        return float(np.sqrt(self._wanted(section) / stem.energy))

    def _wanted(self, section: Section) -> float:
        """The singer's energy in a section, in the track's own measure."""
        own = self._levels[int(section.start * _STEP) : int(section.end * _STEP) + 1]
        beside = max(float(own.mean()) if len(own) else 0.0, self._usual * 10 ** (-_QUIETEST / 10))
        return beside * 10 ** (VOICE_OVER_TRACK / 10)

    def _expected(self) -> Energies:
        """What track and voice come to together."""
        out = self._levels.copy()
        for section in self._score.sections:
            for sung in section.sung:
                span = slice(
                    int((sung.start + sung.notes[0].on) * _STEP), int((sung.start + sung.notes[-1].off) * _STEP)
                )
                out[span] += self._wanted(section)
        return out

    def _ended(self, _tracks: Audio, stretch: Stretch) -> int:
        """With the track."""
        return LEAD + stretch.end - stretch.start


class Under(Desk):
    """A band under a given voice, which is `late` seconds later in the song than in its file.

    Up to the sum its samples are those of the file, bit by bit (`Block.voice`); one gain over all comes after that.
    """

    names = ("drums", "bass", "harmony", "lead", "vocal")

    def __init__(self, score: Score, band: Band, voice: Recording, late: float, *, stems: bool = False) -> None:
        """See `Desk`."""
        super().__init__(score, band, stems=stems)
        self._voice, self._late = voice, samples(late)
        self._levels = voice.energies()
        self._usual = energy(integrated(self._levels))
        sung = [section for section in score.sections if section.sung] or list(score.sections)
        self._middle = float(np.mean([wish(section) for section in sung]))
        self._gain = _gain_for(self._expected())

    def _cut(self) -> list[Stretch]:
        return stretches(self._score, MOST_BARS)

    def _mix(self, stretch: Stretch, _loudness: float) -> Audio:
        length = LEAD + stretch.end - stretch.start + self._tail
        body = slice(LEAD, LEAD + stretch.end - stretch.start)
        tracks = np.zeros((len(self._names), 2, length), np.float32)
        voice = tracks[-1]
        voice[:, body] = self._voice.read(stretch.start - self._late, stretch.end - stretch.start)
        groups = self._backing.play(stretch, length, voice if voice.any() else None)
        played = float(energies(sum(groups.values(), np.zeros_like(voice))[:, body]).sum())
        wanted = self._wanted(stretch.section) * ((stretch.end - stretch.start) / RATE * _STEP)
        gain = np.sqrt(wanted / played) if played > _NOTHING else 0.0
        for name, sound in groups.items():
            tracks[self._names.index(name)] = sound * np.float32(gain)
        return tracks

    def _wanted(self, section: Section) -> float:
        """The band's energy in a section, in the voice's own measure: less while there is singing."""
        over = 10 ** (-VOICE_OVER_BAND / 10)
        away = min(_FARTHEST, max(-_FARTHEST, wish(section) - self._middle))
        sung = share_sung(section)
        return self._usual * float(10 ** (away / 10)) * (sung * over + (1 - sung) * _ALONE)

    def _expected(self) -> Energies:
        """What voice and band come to together."""
        out = np.zeros(int(self._score.duration * _STEP) + 1)
        begin = int(self._late / RATE * _STEP)
        own = self._levels[max(0, -begin) :][: len(out) - max(0, begin)]
        out[max(0, begin) : max(0, begin) + len(own)] += own
        for section in self._score.sections:
            out[int(section.start * _STEP) : int(section.end * _STEP)] += self._wanted(section)
        return out

    def _limited(self, tracks: Audio, last: bool) -> Block:
        return super()._limited(tracks * np.float32(self._gain), last)._replace(voice=tracks[-1])


def _gain_for(values: Energies) -> float:
    """The gain at which 100 ms energies come out at TARGET."""
    return float(10 ** ((TARGET - integrated(values)) / 20))


def _spans(score: Score) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Seconds and depths, 0 to 1, of how far the track makes room: straight lines from one to the next."""
    spans: list[list[float]] = []
    for section in score.sections:
        for sung in section.sung:
            begin, end = sung.start + sung.notes[0].on, sung.start + sung.notes[-1].off
            if spans and begin - spans[-1][1] < _JOINED:
                spans[-1][1] = max(spans[-1][1], end)
            else:
                spans.append([begin, end])
    times, depths = [-1.0], [0.0]
    for begin, end in spans:
        times += [begin - _IN, begin, end, end + _OUT]
        depths += [0.0, 1.0, 1.0, 0.0]
    return np.array(times), np.array(depths)
