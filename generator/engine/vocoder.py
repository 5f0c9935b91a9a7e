"""From the voice's spectra to sound at 44.1 kHz: filters for a singer's throat, pulses of any pitch, overlap-add.

The net was made for 24 kHz. A transform of 2200 samples every 550 keeps its grid of 20 Hz and 12.5 ms (0.2 % off) at
44.1 kHz, so nothing is resampled; above the net's last octave the spectrum is continued downhill.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.fft

from .dsp import RATE, Audio, Curve, Spectrum
from .phonation import Frames
from .voice import Spectra

SIZE = 2200
HOP = 550
FRAME_RATE = RATE / HOP
_BINS = SIZE // 2 + 1
_HZ = np.arange(_BINS) * (RATE / SIZE)
_WINDOW = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(SIZE) / SIZE)).astype(np.float32)
_SCALE = RATE / 24000
"""A transform over the same time at this rate sums that many more samples than the net's own."""
_PULSE_WINDOW = _WINDOW * np.float32(_SCALE / 550)
"""A cosine of amplitude one peaks at 550 under the window: divided by it, the log magnitudes are those of harmonics."""
_HIGHEST_HARMONIC = 15000.0
_EDGE_HZ = 11000.0
"""From here on the net's spectra are not used."""
_EDGE_BINS = 120
"""How many bins below the edge its continuation is measured on."""
_FALL = 0.23
"""Nepers a kHz (2 dB) by which the continuation falls."""
_VOICED_DROP = 0.5
"""Nepers by which it starts lower in voiced sound: vowels have less air than hisses."""


_HELD = (np.log(2) - np.interp(_HZ, (1000, 4000, 8000), (1.3, 1.2, 0.8))).astype(np.float32)
"""Nepers: what the free part is changed by in held sound. Frames of random phases overlap to half the amplitude of
frames that follow from each other (hence log 2), and a held vowel has less noise than a spoken one."""


_OCTAVES = np.log2(np.maximum(_HZ, 200) / 1000).astype(np.float32)
"""Of each bin above 1 kHz."""
_MOUTH_HZ, _CROWN_HZ = 800.0, 2500.0
"""Resonances up to the first move by `Timbre.low`, from the second on by `Timbre.high`."""


class Timbre(NamedTuple):
    """What makes another singer of the voice."""

    low: float = 1.0
    """Factor on the resonances of the mouth, up to 800 Hz: below 1 a larger throat."""
    high: float = 1.0
    """Factor on those above 2.5 kHz, which tell men from women most."""
    breath: float = 0.0
    """Extra noise in voiced sound above 1.5 kHz, 0 to 1."""
    tilt: float = 0.0
    """Nepers an octave above 1 kHz."""
    colour: Curve = ((1000.0, 0.0),)
    """Gains in dB of a throat's own, by Hz."""
    hum: float = 0.0
    """How much stronger the fundamental is than the other harmonics: soft voices close gently."""
    rough: float = 0.0
    """Jitter: standard deviation of the periods' lengths, as a share of them."""

    @property
    def formants(self) -> float:
        """The mean factor on all resonances."""
        return (self.low + self.high) / 2


class Mouth(NamedTuple):
    """A spoken phrase in a singer's throat, by frame and bin of this rate."""

    harmonic: Frames
    """Nepers."""
    phase: Frames
    noise: Frames
    """Magnitude where speech runs on."""
    held: Frames
    """Magnitude where a vowel is held: the free part's own phases would repeat there, so it becomes noise."""
    free: Spectrum


class Throat(NamedTuple):
    """Filters for a stretch of frames: what pulses are multiplied with, and the sound that needs no pulses."""

    harmonic: Spectrum
    noise: Spectrum


def _columns(timbre: Timbre) -> npt.NDArray[np.float64]:
    """The bin of the net that each bin of this rate shows."""
    factor = np.interp(np.log(np.maximum(_HZ, 1)), np.log((_MOUTH_HZ, _CROWN_HZ)), (timbre.low, timbre.high))
    columns: npt.NDArray[np.float64] = np.arange(_BINS) / factor
    return columns


def mouth(spectra: Spectra, timbre: Timbre) -> Mouth:
    """The net's spectra as this singer's: resonances moved, air above, breath, colour."""
    columns = np.minimum(_columns(timbre), spectra.harmonic.shape[1] - 1.001)
    left = columns.astype(int)
    weight = (columns - left).astype(np.float32)

    def read(frames: Frames) -> Frames:
        out: Frames = frames[:, left] * (1 - weight) + frames[:, left + 1] * weight
        return out

    harmonic, noise, free, phase = (
        read(part) for part in (spectra.harmonic, spectra.noise, spectra.free, spectra.phase)
    )
    voiced = np.convolve(spectra.voiced, np.ones(5) / 5, mode="same")[:, None].astype(np.float32)
    _add_air(harmonic, noise, free, voiced, int(np.searchsorted(_HZ, _EDGE_HZ * min(1.0, timbre.high))))
    noise += voiced * (1.5 * timbre.breath * np.clip((_HZ - 1500) / 3000, 0, 1)).astype(np.float32)
    colour = np.interp(np.log(np.maximum(_HZ, 1)), *_by_log(timbre.colour)).astype(np.float32)
    harmonic += timbre.tilt * _OCTAVES + colour
    scale = np.float32(np.log(_SCALE))
    noise += scale + colour * voiced
    free += scale + colour * voiced
    level = np.exp(noise)
    free_phase = _free_phase(spectra.free_phase, np.round(columns).astype(int))
    return Mouth(harmonic, phase, level, np.hypot(level, np.exp(free + _HELD)), _polar(free, free_phase))


def _by_log(colour: Curve) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The logarithms of its frequencies, its gains in nepers."""
    hertz, decibels = np.array(colour).T
    return np.log(hertz), decibels * (np.log(10) / 20)


def throat(
    spoken: Mouth,
    at: npt.NDArray[np.float64],
    level: npt.NDArray[np.float64],
    bright: npt.NDArray[np.float64],
    chance: np.random.Generator,
) -> Throat:
    """The filters at spoken frames `at` (fractional), louder by `level` nepers, brighter by `bright` an octave."""
    low = at.astype(int)
    share = (at - low)[:, None].astype(np.float32)
    loud = np.exp(level)[:, None].astype(np.float32)

    def read(frames: Frames, rows: npt.NDArray[np.bool_] | slice = slice(None)) -> Frames:
        here = frames[low[rows]]
        out: Frames = here + (frames[low[rows] + 1] - here) * share[rows]
        return out

    tone = read(spoken.harmonic)
    tone += bright[:, None].astype(np.float32) * _OCTAVES
    tone += np.log(loud)
    held = _held(at)
    random = chance.standard_normal((len(at), 2 * _BINS), dtype=np.float32).view(np.complex64)
    random[held] *= read(spoken.held, held)
    random[~held] *= read(spoken.noise, ~held)
    random[~held] += spoken.free[np.round(at[~held]).astype(int)]
    random *= loud
    return Throat(_polar(tone, read(spoken.phase)), random)


def _held(at: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Which frames stand still or crawl: there the free part's own phases would repeat and cancel out."""
    held: npt.NDArray[np.bool_] = np.gradient(at) < 0.6
    return held


def _free_phase(phase: Frames, column: npt.NDArray[np.int_]) -> Frames:
    """The free part's phases, read at other bins: bin k turns by k quarters of a circle from frame to frame."""
    quarters = (np.arange(_BINS) - column)[None] * (np.arange(len(phase)) + 2)[:, None] % 4
    turned: Frames = phase[:, column] + quarters.astype(np.float32) * np.float32(np.pi / 2)
    return turned


def _polar(log_magnitude: Frames, phase: Frames) -> Spectrum:
    out = np.empty(log_magnitude.shape, np.complex64)
    magnitude = np.exp(log_magnitude)
    np.multiply(np.cos(phase), magnitude, out=out.real)
    np.multiply(np.sin(phase), magnitude, out=out.imag)
    return out


def _add_air(harmonic: Frames, noise: Frames, free: Frames, voiced: Frames, edge: int) -> None:
    """Continue the spectra above `edge` from their mean power just below it; the free part goes into the noise."""
    falling = (-(_HZ[edge:] - _HZ[edge]) / 1000 * _FALL).astype(np.float32) - _VOICED_DROP * voiced
    below = slice(edge - _EDGE_BINS, edge)
    power = (np.exp(2 * noise[:, below]) + np.exp(2 * free[:, below])).mean(axis=1, keepdims=True)
    harmonic[:, edge:] = harmonic[:, below].mean(axis=1, keepdims=True) + falling - 0.5
    noise[:, edge:] = 0.5 * np.log(power) + falling
    free[:, edge:] = -14


class Source(NamedTuple):
    """What the larynx does, a value a frame."""

    pitch: npt.NDArray[np.float64]
    """Hz."""
    voiced: npt.NDArray[np.float64]
    """0 to 1."""
    creak: npt.NDArray[np.float64]
    """0 to 1: how much weaker every second pulse is."""


def sound(
    filters: Throat, source: Source, timbre: Timbre, chance: np.random.Generator, consonants: float = 1.0
) -> Audio:
    """Mono sound of frames that are pulsed by the source where they are voiced, with that share of noise."""
    spectrum = _pulses(source, timbre, chance)
    spectrum *= filters.harmonic
    spectrum += filters.noise if consonants == 1 else filters.noise * np.float32(consonants)
    return _overlap_add(spectrum)


_UNSTEADY = 110
"""Samples between the values of jitter and shimmer, which is about a period."""
_SHIMMER = 4.0
"""Standard deviation of the pulses' strength over that of their lengths."""


def _between(values: npt.NDArray[np.float64], step: int) -> npt.NDArray[np.float32]:
    """A line through values that stand in the middle of every `step` samples."""
    ends = np.pad(values, 1, mode="edge").astype(np.float32)
    ramp = ((np.arange(step) + 0.5) / step).astype(np.float32)
    line: npt.NDArray[np.float32] = ends[:-1, None] + np.diff(ends)[:, None] * ramp
    return line.reshape(-1)[step // 2 : step // 2 + len(values) * step]


def _pulses(source: Source, timbre: Timbre, chance: np.random.Generator) -> Spectrum:
    """Spectra of a band-limited pulse train: sum of cos(h p), h = 1..H, = sin((H + 1/2) p) / (2 sin(p / 2)) - 1/2.

    The pitch runs on where there is no voice, and the train is faded there: a pitch that rose from zero would begin
    with a few pulses of hundreds of harmonics, which click.
    """
    count = len(source.pitch)
    hertz, open_ = _between(source.pitch, HOP), _between(source.voiced, HOP)
    if timbre.rough:
        length, strength = timbre.rough * chance.standard_normal((2, count * HOP // _UNSTEADY))
        hertz *= 1 + _between(length, _UNSTEADY)
        open_ *= 1 + _SHIMMER * _between(strength, _UNSTEADY)
    turns = np.cumsum(hertz / RATE, dtype=np.float64)
    phase = ((turns - np.floor(turns)) * (2 * np.pi)).astype(np.float32)
    half = np.floor(np.float32(_HIGHEST_HARMONIC) / hertz) + np.float32(0.5)
    below = 2 * np.sin(phase * np.float32(0.5))
    flat = np.abs(below) < 2e-3
    below[flat] = 1
    train = np.sin(half * phase) / below
    train[flat] = half[flat]
    train -= np.float32(0.5)
    if timbre.hum:
        train += np.float32(timbre.hum) * np.cos(phase)
    if source.creak.any():
        train *= 1 - _between(source.creak, HOP) * (np.floor(turns) % 2).astype(np.float32)
    train *= open_
    padded = np.pad(train, SIZE // 2, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, SIZE)[::HOP][:count]
    spectra: Spectrum = scipy.fft.rfft(windows * _PULSE_WINDOW, axis=1)
    return spectra


@functools.lru_cache(maxsize=64)
def _overlap(count: int) -> Audio:
    """One over the sum of squared windows at each sample."""
    squares = np.square(_WINDOW).reshape(4, HOP)
    out = np.zeros((count + 3, HOP), np.float32)
    for k in range(4):
        out[k : k + count] += squares[k]
    inverse: Audio = np.reciprocal(np.maximum(out, np.float32(1e-3)))
    return inverse


def _overlap_add(spectrum: Spectrum) -> Audio:
    count = len(spectrum)
    frames = (scipy.fft.irfft(spectrum, SIZE, axis=1) * _WINDOW).reshape(count, 4, HOP)
    out = np.zeros((count + 3, HOP), np.float32)
    for k in range(4):
        out[k : k + count] += frames[:, k]
    out *= _overlap(count)
    return out.reshape(-1)[SIZE // 2 : SIZE // 2 + count * HOP]
