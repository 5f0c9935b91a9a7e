"""Signal processing on float32 arrays of shape (channels, samples) at 44.1 kHz.

Equalisers and rooms are responses that sound is convolved with; those of short sounds are gains of one spectrum.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.fft

RATE = 44100
"""Samples a second."""

Audio = npt.NDArray[np.float32]
"""Samples, (channels, samples) or (samples,)."""
Spectrum = npt.NDArray[np.complex64]
Curve = tuple[tuple[float, float], ...]
"""An equaliser as (Hz, dB) points, straight lines over the logarithm of the frequency in between."""


def seconds(count: int) -> float:
    """The time that `count` samples take."""
    return count / RATE


def samples(time: float) -> int:
    """The nearest sample to a time in seconds."""
    return round(time * RATE)


def silence(length: int) -> Audio:
    """Stereo, `length` samples of it."""
    return np.zeros((2, length), np.float32)


def place(onto: Audio, sound: Audio, at: int, gain: float = 1.0) -> None:
    """Add `sound` to `onto` from sample `at` on; what lies outside of `onto` is dropped."""
    skip = max(0, -at)
    length = min(sound.shape[-1], onto.shape[-1] - at)
    if length > skip:
        onto[..., at + skip : at + length] += sound[..., skip:length] * np.float32(gain)


def transform(sound: Audio, room: int) -> tuple[Spectrum, int]:
    """The spectrum of `sound` with space for `room` more samples of tail, and the length that was transformed."""
    size = int(scipy.fft.next_fast_len(sound.shape[-1] + room, real=True))
    return scipy.fft.rfft(sound, size, axis=-1), size


def restore(spectrum: Spectrum, size: int, length: int) -> Audio:
    """The first `length` samples that a spectrum of a transform of `size` stands for."""
    back: Audio = scipy.fft.irfft(spectrum, size, axis=-1)
    return back[..., :length]


@functools.lru_cache(maxsize=16)
def equaliser(curve: Curve, size: int) -> npt.NDArray[np.float32]:
    """The gain of each bin of a transform of `size`; zero phase."""
    gains: npt.NDArray[np.float32] = (10 ** (_decibels(curve, size) / 20)).astype(np.float32)
    return gains


def _decibels(curve: Curve, size: int) -> npt.NDArray[np.float64]:
    frequencies = np.maximum(scipy.fft.rfftfreq(size, 1 / RATE), 10)
    points = np.array(curve)
    level: npt.NDArray[np.float64] = np.interp(np.log2(frequencies), np.log2(points[:, 0]), points[:, 1])
    return level


class Response(NamedTuple):
    """What sound can be convolved with: its spectrum (channels, bins), the transform's size, its length in samples."""

    spectrum: Spectrum
    size: int
    taps: int


_EQUALISER_SIZE, _EQUALISER_TAPS = 16384, 4096


@functools.lru_cache(maxsize=48)
def filtering(*curves: Curve) -> Response:
    """Several equalisers at once, of minimum phase: nothing sounds before what it is made of."""
    decibels = sum((_decibels(curve, _EQUALISER_SIZE) for curve in curves), np.zeros(_EQUALISER_SIZE // 2 + 1))
    cepstrum = scipy.fft.irfft(decibels * (np.log(10) / 20), _EQUALISER_SIZE)
    cepstrum[1 : _EQUALISER_SIZE // 2] *= 2  # folding its later half onto the earlier leaves the minimum phase
    cepstrum[_EQUALISER_SIZE // 2 + 1 :] = 0
    line = scipy.fft.irfft(np.exp(scipy.fft.rfft(cepstrum)), _EQUALISER_SIZE)[:_EQUALISER_TAPS]
    line *= np.minimum(1, np.arange(_EQUALISER_TAPS, 0, -1) / (_EQUALISER_TAPS // 4))
    spectrum = scipy.fft.rfft(line.astype(np.float32), _EQUALISER_SIZE)
    return Response(spectrum[None], _EQUALISER_SIZE, _EQUALISER_TAPS)


def reverberation(impulse: Audio) -> Response:
    """A room (channels, n), ready for `convolve`."""
    taps = impulse.shape[-1]
    size = int(scipy.fft.next_fast_len(max(3 * taps, 131072), real=True))
    return Response(scipy.fft.rfft(impulse, size, axis=-1), size, taps)


_AT_ONCE = 200_000
"""Samples a channel that are transformed together: few enough to stay near the processor, and small in memory."""


def convolve(sound: Audio, response: Response) -> Audio:
    """`sound` (channels, n) through a response, as long as it was. Mono through a stereo room becomes stereo.

    Blocks of one size are transformed, many at once, and overlapped: several times faster than one long transform.
    """
    hop, length = response.size - response.taps + 1, sound.shape[-1]
    blocks = max(1, _AT_ONCE // response.size)
    out = silence(length) if len(response.spectrum) > 1 else np.zeros_like(sound)
    for begin in range(0, length, blocks * hop):
        part = sound[:, begin : begin + blocks * hop]
        count = -(-part.shape[1] // hop)
        cut = np.pad(part, ((0, 0), (0, count * hop - part.shape[1]))).reshape(len(part), count, hop)
        spectra = scipy.fft.rfft(cut, response.size, axis=-1) * response.spectrum[:, None]
        pieces: Audio = scipy.fft.irfft(spectra, response.size, axis=-1)
        pieces[:, 1:, : response.taps - 1] += pieces[:, :-1, hop:]
        place(out, pieces[..., :hop].reshape(len(out), -1), begin)
        place(out, pieces[:, -1, hop:], begin + count * hop)
    return out


_BANDS = ((180, 500, 0.95), (500, 2000, 1.0), (2000, 6000, 0.72), (6000, 14000, 0.42))
"""Hz from, Hz to, and how much of the reverberation time this band lasts: air swallows highs first."""
_REFLECTIONS = 9


@functools.lru_cache(maxsize=8)
def impulse(time: float, delay: float, seed: int) -> Audio:
    """A room's stereo response: `delay` seconds, reflections, then noise that falls by 60 dB in `time` seconds."""
    chance = np.random.default_rng(seed)
    length = samples(time)
    at = np.arange(length) / RATE
    frequencies = scipy.fft.rfftfreq(length, 1 / RATE)
    tail = silence(length)
    for low, high, share in _BANDS:
        noise = scipy.fft.rfft(chance.standard_normal((2, length)), axis=1)
        band = scipy.fft.irfft(noise * ((frequencies >= low) & (frequencies < high)), length, axis=1)
        tail += (band * 10 ** (-3 * at / (time * share))).astype(np.float32)
    loudest = float(tail.std()) * 11
    for k in range(_REFLECTIONS):
        tail[k % 2, samples(0.009 + 0.061 * chance.random())] += loudest * (1 - k / 12)
    tail = np.pad(tail, ((0, 0), (samples(delay), 0)))[:, :length]
    tail *= np.minimum(1, (length - np.arange(length)) / 4000).astype(np.float32)
    tail /= np.sqrt(np.square(tail).sum(axis=1, keepdims=True))
    return tail


def envelope(sound: Audio, hop: int) -> npt.NDArray[np.float64]:
    """Root mean square of the louder channel in consecutive windows of `hop` samples."""
    louder = np.abs(sound).max(axis=0)
    count = -(-len(louder) // hop)
    windows = np.pad(louder, (0, count * hop - len(louder))).reshape(count, hop)
    level: npt.NDArray[np.float64] = np.sqrt(np.einsum("ij,ij->i", windows, windows) / hop).astype(np.float64)
    return level


def glide(values: npt.NDArray[np.float64], hop: int, length: int) -> npt.NDArray[np.float32]:
    """Values of consecutive windows as one smooth line of `length` samples, straight from middle to middle."""
    knots = np.pad(values, 1, mode="edge").astype(np.float32)[:, None]
    along = (np.arange(hop, dtype=np.float32) / np.float32(hop))[None]
    line: npt.NDArray[np.float32] = (knots[:-1] + (knots[1:] - knots[:-1]) * along).reshape(-1)
    return line[hop // 2 : hop // 2 + length]


def pressure(sound: Audio, threshold: float, ratio: float, hop: int = 256) -> npt.NDArray[np.float32]:
    """A compressor's gain line: lowers what is louder than `threshold` dB (RMS) by `ratio`, lets go within 50 ms."""
    level = envelope(sound, hop)
    release = np.convolve(level, np.exp(-np.arange(24) / 8))[: len(level)] * 0.25
    over = np.maximum(0, 20 * np.log10(np.maximum(level, release) + 1e-6) - threshold)
    gain = 10 ** (-over * (1 - 1 / ratio) / 20)
    smooth = np.convolve(np.pad(gain, 1, mode="edge"), [0.25, 0.5, 0.25], mode="valid")
    return glide(smooth, hop, sound.shape[1])


def widen(sound: Audio, width: float) -> None:
    """Scale the difference of the two channels in place: 0 makes mono, 1 changes nothing."""
    middle = (sound[0] + sound[1]) * np.float32(0.5)
    side = (sound[0] - sound[1]) * np.float32(0.5 * width)
    sound[0], sound[1] = middle + side, middle - side


def fade(sound: Audio, knots: Sequence[tuple[int, float]]) -> None:
    """Multiply in place by a gain that runs in straight lines through (sample, gain)."""
    at, gains = zip(*knots, strict=True)
    sound *= np.interp(np.arange(sound.shape[-1]), at, gains).astype(np.float32)
