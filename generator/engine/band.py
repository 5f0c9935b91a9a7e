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
    """Where a channel sits (0 left, 64 middle, 127 right) and how loud it plays (MIDI volume)."""

    pan: int
    volume: int


_SEATS = {
    Channel.KEYS: Seat(50, 104),
    Channel.BASS: Seat(64, 118),
    Channel.GUITAR_LEFT: Seat(14, 92),
    Channel.GUITAR_RIGHT: Seat(114, 92),
    Channel.PAD: Seat(64, 84),
    Channel.LEAD: Seat(74, 96),
    Channel.OSTINATO: Seat(40, 100),
    Channel.HIGH_STRINGS: Seat(92, 80),
    Channel.DRUMS: Seat(64, 120),
}


class Band:
    """A synthesizer with the bank loaded. Not for use by two threads at once."""

    def __init__(self) -> None:
        self._synth = tinysoundfont.Synth(samplerate=44100)
        self._bank = self._synth.sfload(str(BANK))

    def take_seats(self, idiom: Idiom) -> None:
        """Give every channel the instrument it plays in this idiom."""
        for channel, program in idiom.programs.items():
            self._synth.program_select(channel, self._bank, 0, program)
        self._synth.program_select(Channel.DRUMS, self._bank, _DRUM_BANK, idiom.kit, is_drums=True)
        for channel, seat in _SEATS.items():
            self._synth.control_change(channel, _PAN, seat.pan)
            self._synth.control_change(channel, _VOLUME, seat.volume)

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
