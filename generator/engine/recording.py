"""A given sound on its way to the desk: read piece by piece, never whole, and measured once before."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import soundfile

from .dsp import RATE, Audio, silence
from .master import Energies, energies

_AT_ONCE = 30 * RATE
"""Samples that are read at once, a multiple of 100 ms."""


class Recording:
    """A file of ours (`given.Given.path`) as stereo sound at RATE. To be closed, or used in a `with` statement."""

    def __init__(self, path: Path) -> None:
        self._file = soundfile.SoundFile(path)
        if self._file.samplerate != RATE:
            self._file.close()
            raise ValueError(f"{path} does not have {RATE} samples a second")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    @property
    def length(self) -> int:
        """Samples."""
        return int(self._file.frames)

    def read(self, start: int, count: int) -> Audio:
        """(2, count) samples from `start` on, which may lie before the first one; around the sound there is silence.

        One channel is given on both sides. Samples are the file's own values.
        """
        out = silence(count)
        first, last = max(0, start), min(self.length, start + count)
        if last > first:
            self._file.seek(first)
            found = self._file.read(last - first, dtype="float32", always_2d=True)
            out[:, first - start : last - start] = found.T[:2] if found.shape[1] > 1 else found.T
        return out

    def energies(self) -> Energies:
        """As `master.energies`, of the whole sound."""
        pieces = [energies(self.read(at, min(_AT_ONCE, self.length - at))) for at in range(0, self.length, _AT_ONCE)]
        return np.concatenate(pieces) if pieces else np.zeros(0)
