"""The songs as people would give them: cut somewhere, compressed again, with noise, from a telephone, out of tune."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import lameenc
import numpy as np
import numpy.typing as npt
import soundfile
from scipy.signal import resample_poly

from generator.engine.mp3 import DELAY

Samples = npt.NDArray[np.float32]
State = Literal["as it is", "MP3, 64 kbit/s", "noise, 20 dB below", "8 kHz", "35 seconds", "30 cents flat"]
STATES: tuple[State, ...] = ("as it is", "MP3, 64 kbit/s", "noise, 20 dB below", "8 kHz", "35 seconds", "30 cents flat")


@dataclass(frozen=True, slots=True)
class File:
    """A song that is given. `late`: seconds to add to a time of the truth; `slow`: factor on its times before that."""

    name: str
    state: State
    samples: Samples
    rate: int
    late: float
    slow: float
    truth: dict[str, Any]

    @property
    def seconds(self) -> float:
        """Its length."""
        return len(self.samples) / self.rate

    def at(self, second: float) -> float:
        """The file's second of a second of the truth."""
        return second * self.slow + self.late


def truths(folder: Path, half: str) -> list[Path]:
    """The truth of every song of a half, in order; not those of songs that were taken apart."""
    return sorted(path for path in folder.glob(f"{half}*.json") if "." not in path.stem)


def files(folder: Path, half: str) -> Iterator[File]:
    """Every song of a half ("a" or "b"), each in one state, cut 0.2 to 6 seconds after its beginning."""
    for number, path in enumerate(truths(folder, half)):
        samples, rate = soundfile.read(path.with_suffix(".mp3"), dtype="float32")
        truth = json.loads(path.read_text(encoding="utf-8"))
        yield given(path.stem, STATES[number % len(STATES)], samples, rate, truth)


def given(name: str, state: State, samples: Samples, rate: int, truth: dict[str, Any]) -> File:
    """One song in one state; the same each time."""
    chance = np.random.default_rng(list(name.encode()))
    cut = int(chance.uniform(0.2, 6) * rate)
    samples = samples[cut:]
    late, slow = -cut / rate, 1.0
    if state == "35 seconds":
        samples = samples[: 35 * rate]
    elif state == "noise, 20 dB below":
        power = float(np.sqrt(np.square(samples).mean()))
        samples = samples + (0.1 * power * chance.standard_normal(samples.shape)).astype(np.float32)
    elif state == "8 kHz":
        samples, rate = resample_poly(samples.mean(axis=1), 80, 441).astype(np.float32), 8000
    elif state == "MP3, 64 kbit/s":
        (samples, rate), late = _compressed(samples, rate), late + DELAY
    elif state == "30 cents flat":
        slow = 2 ** (30 / 1200)
        at = np.arange(0, len(samples) - 1, 1 / slow)
        places = np.arange(len(samples))
        samples = np.stack([np.interp(at, places, channel) for channel in samples.T], axis=1).astype(np.float32)
        late *= slow
    return File(name, state, samples, rate, late, slow, truth)


def _compressed(samples: Samples, rate: int) -> tuple[Samples, int]:
    """The samples and the rate that comes back: the encoder takes another one for so few bits."""
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(64)
    encoder.set_in_sample_rate(rate)
    encoder.set_channels(2)
    encoder.silence()
    coded = encoder.encode((samples * 32767).clip(-32768, 32767).astype(np.int16).tobytes()) + encoder.flush()
    decoded: tuple[Samples, int] = soundfile.read(io.BytesIO(bytes(coded)), dtype="float32")
    return decoded
