"""The sampled instruments: notes in, stereo sound out, one stem after the other on one synthesizer."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import tinysoundfont

from .dsp import Audio, samples, silence
from .idiom import Channel, Idiom
from .score import Hit

BANK = Path(__file__).parent / "assets" / "bank.sf3"
_DRUM_BANK = 128
_PAN, _VOLUME = 10, 7
"""MIDI controllers."""
_GRAIN = 96
"""Notes closer than this many samples (2 ms) begin together: every cut of a block costs time."""
_FADE = 3000
"""Samples over which the end of the tail is faded."""


class Seat(NamedTuple):
    """Where a channel sits (0 left, 64 middle, 127 right), and how loud a single note of velocity 90 is there: LUFS."""

    pan: int
    loudness: float


_SEATS = {
    Channel.KEYS: Seat(50, -32.5),
    Channel.BASS: Seat(64, -27.0),
    Channel.GUITAR_LEFT: Seat(14, -33.5),
    Channel.PAD: Seat(64, -34.0),
    Channel.LEAD: Seat(74, -32.0),
    Channel.GUITAR_RIGHT: Seat(114, -33.5),
    Channel.OSTINATO: Seat(40, -32.0),
    Channel.HIGH_STRINGS: Seat(92, -34.0),
    Channel.DRUMS: Seat(64, -14.5),
}
_PROGRAMS = {
    0: -35.3, 4: -31.8, 11: -26.9, 16: -27.2, 24: -31.4, 25: -38.0, 26: -32.6, 27: -20.9, 29: -32.8, 30: -33.1,
    32: -21.8, 33: -22.6, 34: -22.5, 38: -35.6, 43: -32.9, 46: -30.6, 48: -27.0, 49: -24.9, 52: -29.7, 56: -22.5,
    60: -22.4, 61: -22.8, 65: -23.9, 66: -25.2, 73: -29.1, 80: -29.5, 81: -26.5, 88: -39.8, 89: -38.5, 90: -33.6,
}  # fmt: skip
_KITS = {0: -19.2, 8: -19.2, 25: -9.5, 40: -19.5}
"""LUFS of the bank's instruments at MIDI volume 100: of melodic ones the mean over their range of short and long notes
of velocity 90, of kits bass and snare drum. They lie up to 17 dB apart, so no balance holds without it."""
_MEASURED_AT = 100


def _volume(program: int, wanted: float, measured: dict[int, float]) -> int:
    """MIDI volume, whose cube is the gain, at which a program is as loud as wanted."""
    own = measured.get(program, wanted)
    return min(127, max(1, round(_MEASURED_AT * 10 ** ((wanted - own) / 60))))


class Band:
    """A synthesizer with the bank loaded. Not for use by two threads at once."""

    def __init__(self) -> None:
        self._synth = tinysoundfont.Synth(samplerate=44100)
        self._bank = self._synth.sfload(str(BANK))

    def take_seats(self, idiom: Idiom) -> None:
        """Give every channel the instrument it plays in this idiom."""
        for channel, program in idiom.programs.items():
            self._synth.program_select(channel, self._bank, 0, program)
            volume = _volume(program, _SEATS[Channel(channel)].loudness, _PROGRAMS)
            self._synth.control_change(channel, _VOLUME, volume)
        self._synth.program_select(Channel.DRUMS, self._bank, _DRUM_BANK, idiom.kit, is_drums=True)
        volume = _volume(idiom.kit, _SEATS[Channel.DRUMS].loudness, _KITS)
        self._synth.control_change(Channel.DRUMS, _VOLUME, volume)
        for channel, seat in _SEATS.items():
            self._synth.control_change(channel, _PAN, seat.pan)

    def play(self, hits: Sequence[Hit], length: int, lead: int) -> Audio:
        """The notes as (2, length), whose own time begins at sample `lead`. What still rings at the end fades out."""
        moments = [(lead + samples(hit.at), True, hit) for hit in hits]
        moments += [(lead + samples(hit.at + hit.length), False, hit) for hit in hits]
        moments.sort(key=lambda moment: (moment[0], moment[1], moment[2].channel, moment[2].pitch))
        out = silence(length)
        done = 0
        for at, begins, hit in moments:
            if min(at, length) >= done + _GRAIN:
                out[:, done : min(at, length)] = self._generate(min(at, length) - done)
                done = min(at, length)
            if begins:
                self._synth.noteon(hit.channel, hit.pitch, hit.velocity)
            else:
                self._synth.noteoff(hit.channel, hit.pitch)
        out[:, done:] = self._generate(length - done)
        out[:, -_FADE:] *= np.linspace(1, 0, _FADE, dtype=np.float32)
        self._silence()
        return out

    def _generate(self, count: int) -> Audio:
        return np.frombuffer(self._synth.generate(count), np.float32).reshape(-1, 2).T

    def _silence(self) -> None:
        """Let nothing of this stem sound into the next: stop all voices and play off their last milliseconds."""
        for channel in Channel:
            self._synth.sounds_off(channel)
        self._synth.generate(2048)


@functools.lru_cache(maxsize=1)
def band() -> Band:
    """The process's one band."""
    return Band()
