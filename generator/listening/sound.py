"""A given sound as everything here takes it: one channel, one sample rate, no offset, peak at one.

What cannot be heard at all is refused here, once, with a sentence for people: `CannotHear`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import gcd

import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly

Line = npt.NDArray[np.float32]
"""One value a sample or a frame."""
Table = npt.NDArray[np.float32]
"""(frames, features)."""

RATE = 22_050
"""Samples a second of every `Sound`."""
RATES = range(4_000, 192_001)
LONGEST = 600.0
"""Seconds; longer ones are refused."""
SHORTEST = 0.05
SILENT = 3e-4
"""Peak, full scale 1, below which nobody hears anything: -70 dB."""
_SIDEWAYS = 0.1
"""Share of the loudest channel's power below which the mean of all channels is no picture of the sound."""
_FILL = 64
"""Frames that are transformed at once, in thousands of samples."""


class CannotHear(Exception):  # noqa: N818  a sentence, not a fault
    """A sound of which the wanted cannot be told. The text is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Sound:
    """`samples`: (n,) float32 at RATE, mean 0, peak 1, or all 0. `peak`: its peak as it was given, full scale 1."""

    samples: Line
    peak: float

    @property
    def seconds(self) -> float:
        """Its length."""
        return len(self.samples) / RATE

    @property
    def silent(self) -> bool:
        """Whether there is nothing to hear."""
        return self.peak < SILENT


def sound(samples: npt.NDArray[np.floating], rate: int) -> Sound:
    """Take in samples, (n,) or (n, channels), full scale 1, at `rate` Hz.

    Raises `CannotHear` where they are fewer than 50 ms, more than ten minutes, or no numbers, and for a rate outside of
    4 to 192 kHz.
    """
    if rate not in RATES:
        raise CannotHear("The audio has an unusual sample rate.")
    if samples.ndim not in (1, 2) or not samples.size:
        raise CannotHear("The audio is empty.")
    if len(samples) < SHORTEST * rate:
        raise CannotHear("The audio is too short to hear anything in it.")
    if len(samples) > LONGEST * rate:
        raise CannotHear(f"The audio is longer than {LONGEST / 60:.0f} minutes.")
    loudest = float(np.abs(samples).max())
    if not np.isfinite(loudest):
        raise CannotHear("The audio holds values that are no sound.")
    if loudest == 0:
        return Sound(np.zeros(max(1, round(len(samples) * RATE / rate)), np.float32), 0.0)
    mono = _mono(samples, loudest)
    mono -= mono.mean(dtype=np.float64)
    if rate != RATE:
        common = gcd(rate, RATE)
        mono = resample_poly(mono, RATE // common, rate // common).astype(np.float32, copy=False)
    inner = float(np.abs(mono).max())
    if loudest * inner < SILENT:
        return Sound(np.zeros_like(mono), loudest * inner)
    mono /= inner
    return Sound(mono, loudest * inner)


def _mono(samples: npt.NDArray[np.floating], loudest: float) -> Line:
    """One channel, in proportion to `loudest`. Channels that cancel each other are not mixed."""
    if samples.ndim == 1:
        return (samples / loudest).astype(np.float32)
    channels = [(samples[:, k] / loudest).astype(np.float32) for k in range(samples.shape[1])]
    mixed: Line = np.mean(channels, axis=0, dtype=np.float32)
    powers = [float(np.dot(channel, channel)) for channel in channels]
    if float(np.dot(mixed, mixed)) < _SIDEWAYS * max(powers):
        return channels[int(np.argmax(powers))]
    return mixed


def spectra(samples: Line, size: int, hop: int) -> Iterator[Table]:
    """Magnitudes of Hann-windowed frames in blocks (frames, size // 2 + 1); frame k is centred on sample k * hop."""
    from scipy.fft import rfft  # noqa: PLC0415  keeps single precision, which numpy's does not

    window = np.hanning(size + 1)[:-1].astype(np.float32)
    window /= window.sum() / 2
    count = 1 + len(samples) // hop
    at_once = max(1, _FILL * 1000 * 8 // size)
    for begin in range(0, count, at_once):
        number = min(at_once, count - begin)
        first = begin * hop - size // 2
        last = first + (number - 1) * hop + size
        piece = samples[max(0, first) : max(0, last)]
        piece = np.pad(piece, (max(0, -first), last - max(0, first) - len(piece)))
        frames = np.lib.stride_tricks.sliding_window_view(piece, size)[::hop]
        yield np.abs(rfft(frames * window, axis=1)).astype(np.float32, copy=False)
