"""Sounds made by calculation, where samples are weak: saws, pads, electronic bass and drums, swells, dust.

Oscillators read tables of one period whose harmonics end below 15 kHz, so nothing folds back. A filter that moves is
a cross-fade between a brighter and a darker table. Notes are kept for the take: a song plays the same ones again.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from .chance import dice
from .dsp import RATE, Audio, Curve, convolve, equaliser, filtering, place, restore, samples, silence, transform
from .score import Sound, Tone

Bus = Literal["bass", "drums", "synth"]
BUS: dict[Sound, Bus] = {
    "saw": "synth",
    "warm": "synth",
    "pluck": "synth",
    "sub": "bass",
    "analog": "bass",
    "kick": "drums",
    "clap": "drums",
    "snare": "drums",
    "rise": "synth",
    "boom": "synth",
    "crackle": "synth",
}
"""Where a sound goes on the desk."""

Line = npt.NDArray[np.float32]
"""Mono, or a gain over time; float32."""

_CENTS = (-19, -11, -5, 0, 6, 12, 20)
"""Detuning of the seven saws of one note, left to right."""
_TABLE_BITS = 12
_TABLE = 2**_TABLE_BITS
_HIGHEST = 15000
"""Hz: no harmonic lies above."""
_RELEASE = 0.12
_BASS_RELEASE = 0.05


def _hertz(pitch: float) -> float:
    return float(440 * 2 ** ((pitch - 69) / 12))


@functools.lru_cache(maxsize=64)
def _wave(harmonics: int, fall: float) -> Line:
    """One period of that many harmonics whose amplitudes are 1 / order ** fall: 1 makes a saw."""
    phase = np.arange(_TABLE) / _TABLE * 2 * np.pi
    orders = np.arange(1, harmonics + 1)[:, None]
    wave: Line = (np.sin(orders * phase) / orders**fall).sum(axis=0).astype(np.float32)
    return wave


def _turns(hertz: float, length: int, phase: float) -> npt.NDArray[np.intp]:
    """Where an oscillator stands in its table at each sample; `phase` 0 to 1. Whole numbers of 32 bits wrap around."""
    step, begin = np.uint32(round(hertz / RATE * 2**32)), np.uint32(int(phase * (2**32 - 1)))
    turns = np.arange(length, dtype=np.uint32) * step + begin
    return (turns >> np.uint32(32 - _TABLE_BITS)).astype(np.intp)


def _time(length: int) -> Line:
    """Seconds of each sample."""
    return np.arange(length, dtype=np.float32) / np.float32(RATE)


def _released(shape: Line, release: float) -> Line:
    """The gain line with its last `release` seconds running out in a straight line."""
    end = min(len(shape), samples(release))
    shape[len(shape) - end :] *= np.linspace(1, 0, end, dtype=np.float32)
    return shape


def _middle(line: Line) -> Audio:
    """Mono as (2, n), without a copy of it."""
    return np.broadcast_to(line, (2, len(line)))


@functools.lru_cache(maxsize=64)
def _saw(pitch: int, milliseconds: int) -> Audio:
    """Seven saws across the stereo field, with a soft attack and a decay to half; a note has its own fixed phases."""
    length = samples(milliseconds / 1000 + _RELEASE)
    wave = _wave(int(max(1, min(64, _HIGHEST / _hertz(pitch)))), 1.0)
    phases = dice(pitch, "saw").random(len(_CENTS))
    sound = silence(length)
    for k, (cents, phase) in enumerate(zip(_CENTS, phases, strict=True)):
        voice = wave[_turns(_hertz(pitch + cents / 100), length, float(phase))]
        right = k / (len(_CENTS) - 1)
        sound[0] += voice * np.float32(1 - 0.8 * right)
        sound[1] += voice * np.float32(0.2 + 0.8 * right)
    time = _time(length)
    shape = np.minimum(1, time * 490) * (0.55 + 0.45 * np.exp(-time / 0.12))
    return sound * _released(shape * np.float32(0.045), _RELEASE)


@functools.lru_cache(maxsize=24)
def _warm(pitch: int, milliseconds: int) -> Audio:
    """Two soft saws a side; the filter opens within two seconds and closes again, with another phase on each note."""
    length = samples(milliseconds / 1000 + 0.5)
    time = _time(length)
    dark, bright = _wave(4, 1.6), _wave(int(max(1, min(18, 7000 / _hertz(pitch)))), 1.25)
    chance = dice(pitch, "warm")
    open_ = np.float32(0.5) - np.float32(0.5) * np.cos(2 * np.pi * (0.21 * time + np.float32(0.15 * chance.random())))
    sound = silence(length)
    for side, cents in enumerate(((-9, 4), (-4, 9))):
        for detuned in cents:
            turns = _turns(_hertz(pitch + detuned / 100), length, float(chance.random()))
            sound[side] += dark[turns] + open_ * (bright[turns] - dark[turns])
    shape = 1 - np.exp(-time / np.float32(0.18))
    return sound * _released(shape * np.float32(0.018), 0.5)


@functools.lru_cache(maxsize=64)
def _pluck(pitch: int, milliseconds: int) -> Audio:
    """A saw on each side whose harmonics die one after the other, the highest first."""
    length = samples(min(milliseconds / 1000, 0.5) + _RELEASE)
    time = _time(length)
    tops = (int(max(1, min(count, _HIGHEST / _hertz(pitch)))) for count in (40, 10, 3))
    decays = [np.exp(-time / np.float32(decay)) for decay in (0.035, 0.11, 0.32)]
    tables = [_wave(top, 1.0) for top in tops]
    sound = silence(length)
    for side, cents in enumerate((-6, 6)):
        turns = _turns(_hertz(pitch + cents / 100), length, 0.25 * side)
        for table, decay in zip(tables, decays, strict=True):
            sound[side] += table[turns] * decay
    shape = np.minimum(1, time * 900) * np.float32(0.045)
    return sound * _released(shape, _RELEASE)


@functools.lru_cache(maxsize=32)
def _sub(pitches: tuple[int, ...], milliseconds: int) -> Audio:
    """A sine that falls onto its pitch within 40 ms, driven a little, so that small speakers show it as well."""
    length = samples(milliseconds / 1000 + _BASS_RELEASE)
    time = _time(length).astype(np.float64)
    glide = 1 / (1 + np.exp(-(time - 0.55 * milliseconds / 1000) / 0.03))
    pitch = pitches[0] + (pitches[-1] - pitches[0]) * glide
    hertz = 440 * 2 ** ((pitch - 69) / 12) * (1 + 2.2 * np.exp(-time / 0.014))
    tone = np.sin(2 * np.pi * np.cumsum(hertz) / RATE).astype(np.float32)
    shape = np.minimum(1, time * 700) * np.exp(-time / 1.1)
    driven = np.tanh(np.float32(1.7) * tone * shape.astype(np.float32)) * np.float32(0.1)
    line = driven * _released(np.ones(length, np.float32), _BASS_RELEASE)
    return _middle(line)


@functools.lru_cache(maxsize=48)
def _analog(pitch: int, milliseconds: int) -> Audio:
    """A saw whose filter falls, and a sine under it."""
    length = samples(milliseconds / 1000 + _BASS_RELEASE)
    time = _time(length)
    turns = _turns(_hertz(pitch), length, 0.0)
    detuned = _turns(_hertz(pitch + 0.07), length, 0.3)
    dark, bright = _wave(5, 1.2), _wave(int(max(5, min(28, _HIGHEST / _hertz(pitch)))), 1.0)
    open_ = np.float32(0.12) + np.float32(0.75) * np.exp(-time / np.float32(0.14))
    line = dark[turns] + open_ * (bright[detuned] - dark[detuned]) + np.float32(0.5) * _wave(1, 1.0)[turns]
    shape = np.minimum(1, time * 500) * (np.float32(0.7) + np.float32(0.3) * np.exp(-time / np.float32(0.25)))
    line = line * _released(shape * np.float32(0.055), _BASS_RELEASE)
    return _middle(line)


@functools.lru_cache(maxsize=1)
def _kick() -> Audio:
    """A sine that falls from 190 to 48 Hz, and the click of its beginning."""
    length = samples(0.38)
    time = _time(length).astype(np.float64)
    hertz = 48 + 60 * np.exp(-time / 0.045) + 190 * np.exp(-time / 0.008)
    tone = np.tanh(1.5 * np.sin(2 * np.pi * np.cumsum(hertz) / RATE)) * np.exp(-time / 0.16)
    click = dice(0, "kick").standard_normal(length) * np.exp(-time / 0.0025) * 0.12
    line = _released(((tone + click) * np.minimum(1, time * 2000) * 0.5).astype(np.float32), 0.06)
    return _middle(line)


_HANDS = (0.0, 0.011, 0.021, 0.034)
_CLAP: Curve = ((200, -40), (600, -12), (1100, 0), (1900, -2), (5000, -9), (14000, -16))
_SNARE: Curve = ((90, -18), (180, -3), (900, -2), (3500, 0), (9000, -3), (16000, -10))


def _coloured(about: str, length: int, curve: Curve) -> Audio:
    """Stereo noise of about unit level under an equaliser."""
    noise = dice(0, about).standard_normal((2, length), dtype=np.float32)
    spectrum, size = transform(noise, 2048)
    spectrum *= equaliser(curve, size)
    sound = restore(spectrum, size, length)
    return sound / np.float32(sound.std())


@functools.lru_cache(maxsize=1)
def _clap() -> Audio:
    length = samples(0.32)
    time = _time(length)
    shape = np.zeros(length, np.float32)
    for hand in _HANDS:
        since = np.maximum(0, time - np.float32(hand))
        decay = 0.075 if hand == _HANDS[-1] else 0.006
        shape += (time >= hand) * np.exp(-since / np.float32(decay))
    return _coloured("clap", length, _CLAP) * _released(shape * np.float32(0.13), 0.05)


@functools.lru_cache(maxsize=4)
def _snare(milliseconds: int) -> Audio:
    """A drum and its rattle, then a room as loud as they are that ends within 30 ms."""
    length = samples(max(0.08, milliseconds / 1000))
    time = _time(length)
    drum = np.sin(2 * np.pi * (185 * time + 2.2 * (1 - np.exp(-time / np.float32(0.02))))) * np.exp(-time / 0.09)
    air = np.exp(-time / np.float32(0.05)) + np.float32(0.4) * np.minimum(1, time * 60) * np.exp(-time * 1.2)
    sound: Audio = _coloured("snare", length, _SNARE) * (air * np.float32(0.1)).astype(np.float32)
    sound += (0.2 * drum).astype(np.float32)
    return sound * _released(np.ones(length, np.float32), 0.03)


def _rise(tone: Tone, chance: np.random.Generator) -> Audio:
    """Noise that grows and opens upward."""
    length = samples(tone.length)
    noise = chance.standard_normal((2, length), dtype=np.float32)
    along = (np.arange(length) / length).astype(np.float32)
    opened: Audio = noise - np.roll(noise, 1, axis=1) * (np.float32(0.2) + np.float32(0.75) * (1 - along))
    opened *= along**2.5 * np.float32(0.11)
    return opened * _released(np.ones(length, np.float32), 0.01)


def _boom(tone: Tone, chance: np.random.Generator) -> Audio:
    """A sine that falls from 54 to 38 Hz, with a splash of high noise."""
    at = np.arange(samples(tone.length)) / RATE
    low = np.sin(2 * np.pi * (38 * at + 16 / 9 * (1 - np.exp(-at * 9)))) * np.exp(-at * 2.2) * 0.5
    noise = chance.standard_normal((2, len(at)), dtype=np.float32)
    splash = (noise - np.roll(noise, 1, axis=1)) * (np.exp(-at * 2.5) * 0.05).astype(np.float32)
    out: Audio = splash + low.astype(np.float32)
    return out * _released(np.ones(len(at), np.float32), 0.045)


_TICKS_A_SECOND = 7.0
_DUST: Curve = ((60, -30), (400, -10), (1500, 0), (6000, -2), (14000, -14))


def _crackle(tone: Tone, chance: np.random.Generator) -> Audio:
    """Ticks of all sizes, most of them tiny, over a faint hiss."""
    length = samples(tone.length)
    sound = chance.standard_normal((2, length), dtype=np.float32) * np.float32(0.004)
    count = int(chance.poisson(_TICKS_A_SECOND * tone.length))
    sizes = np.minimum(chance.pareto(1.6, (2, count)), 8) * chance.choice((-1, 1), count)
    sound[:, chance.integers(0, length, count)] += (0.16 * sizes).astype(np.float32)
    return convolve(sound, filtering(_DUST)) * _released(np.ones(length, np.float32), 0.02)


_NOTES: dict[Sound, Callable[[int, int], Audio]] = {"saw": _saw, "warm": _warm, "pluck": _pluck, "analog": _analog}
"""What sounds once for each pitch."""


def _one(tone: Tone, chance: np.random.Generator) -> Audio:
    """A tone that is one sound, whatever its pitches."""
    milliseconds = round(tone.length * 1000)
    match tone.kind:
        case "sub":
            return _sub(tone.pitches, milliseconds)
        case "kick":
            return _kick()
        case "clap":
            return _clap()
        case "snare":
            return _snare(milliseconds)
        case "rise":
            return _rise(tone, chance)
        case "boom":
            return _boom(tone, chance)
        case _:
            return _crackle(tone, chance)


def sound(tones: Sequence[Tone], length: int, lead: int, chance: np.random.Generator) -> Audio:
    """All tones of a stretch as (2, length), whose own time begins at sample `lead`."""
    out = silence(length)
    for tone in tones:
        at = lead + samples(tone.at)
        note = _NOTES.get(tone.kind)
        if note is None:
            place(out, _one(tone, chance), at, tone.gain)
            continue
        for pitch in tone.pitches:
            place(out, note(pitch, round(tone.length * 1000)), at, tone.gain)
    return out


def forget() -> None:
    """Give the kept notes' memory back, when a take is finished."""
    for kept in (_saw, _warm, _pluck, _sub, _analog, _snare):
        kept.cache_clear()
