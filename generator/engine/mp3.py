"""MP3 as a stream: samples in, finished frames out. Constant bit rate, so that length and bytes are the same thing."""

from __future__ import annotations

import lameenc
import numpy as np

from .dsp import RATE, Audio

KILOBITS = 192
BYTES_PER_SECOND = KILOBITS * 1000 // 8
DELAY = (576 + 529) / RATE
"""Seconds by which a player hears everything late: the encoder's delay and the decoder's (LAME technical FAQ)."""
_QUALITY = 7
"""LAME's choice between 0 (slow) and 9. 7 takes 0.6 of the time of 5, and what it adds lies further below the music:
20 dB at 2-6 kHz and 14 dB at 6-12 kHz, where 5 has 19 and 12."""


_SCALE = 0.97
"""LAME turns what it encodes at this rate down by so much (its table of presets); here it is turned up before."""


class Encoder:
    """One song's encoder. Bytes that it has given are final."""

    def __init__(self) -> None:
        self._lame = lameenc.Encoder()
        self._lame.set_bit_rate(KILOBITS)
        self._lame.set_in_sample_rate(RATE)
        self._lame.set_channels(2)
        self._lame.set_quality(_QUALITY)
        self._lame.silence()
        self.count = 0
        """Bytes given so far."""

    def encode(self, sound: Audio) -> bytes:
        """Frames for samples (2, n) between -1 and 1. A frame comes only when the encoder is sure of it."""
        whole = np.rint(np.clip(sound.T / _SCALE, -1, 1) * 32767).astype(np.int16)
        return self._counted(bytes(self._lame.encode(whole.tobytes())))

    def finish(self) -> bytes:
        """The last frames."""
        return self._counted(bytes(self._lame.flush()))

    def _counted(self, frames: bytes) -> bytes:
        self.count += len(frames)
        return frames

    @property
    def milliseconds(self) -> int:
        """The play time of all bytes given."""
        return round(self.count * 1000 / BYTES_PER_SECOND)
