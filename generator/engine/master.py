"""Loudness by ITU-R BS.1770-4, a plan that lands the whole song on one value, and the limiter at the end of the chain.

All three work on the song as it passes, so that what has been sent out is never touched again.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import scipy.fft
from scipy.ndimage import minimum_filter1d

from .dsp import RATE, Audio

TARGET = -14.0
"""LUFS of a finished song."""
_BLOCK = RATE // 10
"""Loudness is kept as mean squares of 100 ms; four in a row are one block of the recommendation."""
_AT_ONCE = 40
"""Blocks that are transformed together: more of them leave the processor's cache."""
_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""The two filters of the K weighting at 48 kHz: numerator, denominator (BS.1770-4, tables 1 and 2)."""
_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0

Energies = npt.NDArray[np.float64]
"""K-weighted mean squares, summed over channels, one each 100 ms."""


def _k_weighting() -> npt.NDArray[np.float32]:
    """Power gain of each bin of a block's transform; one-sided, so all but the first count twice."""
    turn = np.exp(-2j * np.pi * np.minimum(scipy.fft.rfftfreq(_BLOCK, 1 / RATE), 23999) / 48000)
    gain = np.ones(len(turn))
    for top, bottom in (_SHELF, _HIGH_PASS):
        gain = gain * np.abs(np.polyval(top[::-1], turn) / np.polyval(bottom[::-1], turn)) ** 2
    gain[1:] *= 2
    weights: npt.NDArray[np.float32] = (gain / _BLOCK**2).astype(np.float32)
    return weights


_WEIGHTS = _k_weighting()


def energies(sound: Audio) -> Energies:
    """One value for each whole 100 ms of `sound` (2, samples)."""
    count = sound.shape[1] // _BLOCK
    blocks = sound[:, : count * _BLOCK].reshape(2, count, _BLOCK)
    out = np.zeros(count)
    for begin in range(0, count, _AT_ONCE):
        spectra = scipy.fft.rfft(blocks[:, begin : begin + _AT_ONCE], axis=2)
        power = np.square(spectra.real) + np.square(spectra.imag)
        out[begin : begin + _AT_ONCE] = (power @ _WEIGHTS).sum(axis=0)
    return out


def lufs(energy: float) -> float:
    """The loudness of a mean square."""
    return -0.691 + 10 * float(np.log10(max(energy, 1e-12)))


def energy(loudness: float) -> float:
    """The mean square that has this loudness in LUFS."""
    return float(10 ** ((loudness + 0.691) / 10))


def integrated(values: Energies) -> float:
    """Gated loudness in LUFS of consecutive 100 ms energies."""
    if len(values) < 4:
        return lufs(float(values.mean())) if len(values) else _ABSOLUTE_GATE
    blocks = np.convolve(values, np.full(4, 0.25), mode="valid")
    loud = blocks[blocks > energy(_ABSOLUTE_GATE)]
    if not len(loud):
        return _ABSOLUTE_GATE
    return lufs(float(loud[loud > loud.mean() * 10 ** (_RELATIVE_GATE / 10)].mean()))


class Aim:
    """Says how loud each stretch of a song is to be so that the whole comes out at TARGET.

    Each stretch has a wish (LUFS, for the contrast between sections) and a length in seconds. What was measured of the
    stretches that are over moves all that is to come by the same amount.
    """

    FURTHEST = 2.5
    """dB that a stretch may be moved from its wish."""
    LEAST_KEPT = 0.8
    """The limiter takes some of the energy away; this share at least is taken to be left."""
    TRUST = 20.0
    """Seconds at TARGET that are taken to have come out as asked before anything was: one odd intro proves nothing."""

    def __init__(self, wishes: Sequence[tuple[float, float]]) -> None:
        self._wishes = list(wishes)
        self._whole = sum(length for _, length in wishes)
        self._asked = self._heard = 0.0

    def loudness(self, stretch: int) -> float:
        """LUFS for a stretch, as things stand."""
        rest = sum(energy(wish) * length for wish, length in self._wishes[stretch:])
        missing = max(energy(TARGET) * self._whole - self._heard, 1e-9)
        trust = energy(TARGET) * self.TRUST
        kept = (self._heard + trust) / (self._asked + trust)
        move = 10 * float(np.log10(missing / rest / min(1.0, max(self.LEAST_KEPT, kept))))
        return self._wishes[stretch][0] + min(self.FURTHEST, max(-self.FURTHEST, move))

    def heard(self, stretch: int, asked: float, values: Energies) -> None:
        """Take note of what has been made where a loudness of `asked` was wanted."""
        self._asked += energy(asked) * self._wishes[stretch][1]
        self._heard += float(values.sum()) * _BLOCK / RATE


def _half_sample(taps: int = 4, beta: float = 4.0) -> npt.NDArray[np.float32]:
    """One half of a symmetric interpolator for the middle between two samples: a sinc under a Kaiser window."""
    at = np.arange(taps) + 0.5
    weights = np.sinc(at) * np.i0(beta * np.sqrt(1 - (at / taps) ** 2))
    half: npt.NDArray[np.float32] = (weights / (2 * weights.sum())).astype(np.float32)
    return half


_BETWEEN = _half_sample()


class Limiter:
    """Keeps peaks under a ceiling without a seam between blocks: looks ahead 4 ms, lets go by 6 dB in 60 ms.

    Peaks are read at every sample and half-way between samples, where most of those lie that only appear on playback.
    """

    LOOK = 6
    """Hops."""
    HOP = 32
    RELEASE = 100.0
    """dB a second."""
    _KNOWN = 2
    """The hop of the buffer whose gain is carried over: those before it have lost their neighbours."""
    _BEFORE = LOOK + 2 + _KNOWN
    """Hops that are kept in front of what is still to go out."""

    def __init__(self, ceiling: float, carried: int = 0) -> None:
        """`carried`: rows behind the first two, which are turned down as the first two need it."""
        self._ceiling = ceiling
        self._buffer = np.zeros((2 + carried, self.HOP * self._BEFORE), np.float32)
        self._gain = 0.0
        self.deepest = 0.0
        """dB: the strongest reduction so far."""

    def push(self, sound: Audio) -> Audio:
        """Take in samples (2 + carried, n) and give what is finished: about as many, some 12 ms late."""
        self._buffer = np.concatenate([self._buffer, sound], axis=1)
        hops = self._buffer.shape[1] // self.HOP
        first, after = self._BEFORE, hops - self.LOOK - 2
        if after <= first:
            return self._buffer[:, :0].copy()
        released = self._released(hops)
        box = np.full(self.LOOK, 1 / self.LOOK)
        gains = np.convolve(np.pad(released, (self.LOOK - 1, 0), mode="edge"), box, mode="valid")
        self.deepest = min(self.deepest, float(gains[first:after].min()))
        factors = (10 ** (gains[first : after + 1] / 20)).astype(np.float32)[:, None]
        along = (np.arange(self.HOP, dtype=np.float32) / np.float32(self.HOP))[None]
        line = (factors[:-1] + (factors[1:] - factors[:-1]) * along).reshape(-1)
        out: Audio = self._buffer[:, first * self.HOP : after * self.HOP] * line
        self._gain = float(released[after - first + self._KNOWN])
        self._buffer = self._buffer[:, (after - first) * self.HOP :].copy()
        np.clip(out[:2], -self._ceiling, self._ceiling, out=out[:2])
        return out

    def finish(self) -> Audio:
        """The samples that are still inside."""
        return self.push(np.zeros((len(self._buffer), self.HOP * (self.LOOK + 3)), np.float32))

    def _released(self, hops: int) -> npt.NDArray[np.float64]:
        """dB at each hop of the buffer, low enough from LOOK hops before a peak to one after it, then rising slowly."""
        inside = self._buffer[:2, : hops * self.HOP]
        needed = np.minimum(0.0, 20 * np.log10(self._ceiling / np.maximum(self._peaks(inside), 1e-9)))
        lowest = minimum_filter1d(needed, self.LOOK + 2, mode="constant", cval=0.0, origin=-2)
        lowest[: self._KNOWN + 1] = self._gain
        steps = np.arange(hops) * (self.RELEASE * self.HOP / RATE)
        released: npt.NDArray[np.float64] = np.minimum(0.0, steps + np.minimum.accumulate(lowest - steps))
        return released

    def _peaks(self, sound: Audio) -> npt.NDArray[np.float32]:
        """The highest value in each hop, at and between its samples."""
        length, taps = sound.shape[1], len(_BETWEEN)
        wide = np.pad(sound, ((0, 0), (taps - 1, taps)))
        between = np.zeros_like(sound)
        for k, weight in enumerate(_BETWEEN):
            before, behind = taps - 1 - k, taps + k
            between += weight * (wide[:, before : before + length] + wide[:, behind : behind + length])
        louder = np.maximum(np.abs(sound).max(axis=0), np.abs(between).max(axis=0))
        peaks: npt.NDArray[np.float32] = louder.reshape(-1, self.HOP).max(axis=1)
        return peaks
