"""A take in its parts: one FLAC file each, all as long as the take and in time with it, which add up to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import soundfile

from .dsp import RATE, Audio
from .mix import STEMS

SUBTYPE = "PCM_16"
"""What is rounded away lies 90 dB below the sound, and 24 bits would double the files."""


class StemFiles:
    """Writes stems as they come, so that a song is never in memory whole. To be used in a `with` statement."""

    def __init__(self, folder: Path, names: Sequence[str] = STEMS) -> None:
        """`folder` is made if need be."""
        folder.mkdir(parents=True, exist_ok=True)
        self._paths = {name: folder / f"{name}.flac" for name in names}
        self._files = {
            name: soundfile.SoundFile(path, "w", RATE, 2, SUBTYPE, format="FLAC") for name, path in self._paths.items()
        }
        self._heard: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for name, file in self._files.items():
            file.close()
            if name not in self._heard:
                self._paths[name].unlink()

    def add(self, stems: Mapping[str, Audio]) -> None:
        """The next piece of every stem, each (2, n). One in which nothing ever sounds leaves no file."""
        for name, sound in stems.items():
            self._files[name].write(np.clip(sound, -1, 1).T)
            if sound.any():
                self._heard.add(name)
