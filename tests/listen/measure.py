"""Listen to rendered songs and keep the numbers beside them. Runs in the listening environment; README.md says which.

    var/ears/bin/python -m tests.listen.measure WHISPER FOLDER...

Numbers of sound go to numbers.json, words that were recognised to heard.json. Each is left alone while the modules that
make it are as they were.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import librosa
import numpy as np
import soundfile
from scipy.signal import fftconvolve

from tests.listen import heard, sound, sung
from tests.listen.prompts import own_hash

TAKES = (1, 2)
Numbers = dict[str, float | None]


def numbers(folder: Path) -> dict[str, Any]:
    """Everything that is measured without a recogniser, of both takes and of the pair."""
    out: dict[str, Any] = {}
    monos = []
    for number in TAKES:
        told = json.loads((folder / f"{number}.json").read_text(encoding="utf-8"))
        mix, rate = soundfile.read(folder / f"{number}.mp3", always_2d=True)
        mono = librosa.resample(mix.mean(axis=1), orig_sr=rate, target_sr=sound.SLOW)
        monos.append(mono)
        form, late = told["form"], told["mix_late"]
        rows, kinds = sound.bars(mono, form, late)
        take: Numbers = {
            "seconds": len(mix) / rate,
            **sound.technical(mix, rate, [section["start"] + late for section in form[1:]]),
            **sound.sections(mix, rate, form, late),
            **sound.colour(mono, told["bpm"]),
            "blocks": sound.blocks(sound.similarity(rows), kinds),
        }
        if told["notes"]:
            voice, _ = soundfile.read(folder / str(number) / "vocal.flac")
            take["voice_band"] = sound.over_band(mix, voice, rate, form, (late, told["voice_late"]))
            slow = librosa.resample(voice, orig_sr=rate, target_sr=sung.RATE)
            take |= sung.in_tune(slow, told["notes"], told["voice_late"])
            take |= sung.in_time(slow, told["notes"], told["voice_late"])
        out[f"take {number}"] = {name: None if value is None else round(value, 4) for name, value in take.items()}
    both = fftconvolve(monos[0], monos[1][::-1])
    size = np.sqrt(np.square(monos[0]).sum() * np.square(monos[1]).sum())
    out["pair"] = {"correlation": round(float(np.abs(both).max() / size), 4)}
    return out


def understood(folder: Path, place: Path) -> dict[str, Any]:
    """Share of the words heard, in the finished song and in the voice alone."""
    model = heard.whisper(place)
    out: dict[str, Any] = {}
    for number in TAKES:
        told = json.loads((folder / f"{number}.json").read_text(encoding="utf-8"))
        wanted = heard.words(" ".join(line["text"] for section in told["sections"] for line in section["lines"]))
        if wanted:
            files = {"recall": folder / f"{number}.mp3", "recall_voice": folder / str(number) / "vocal.flac"}
            out[f"take {number}"] = {
                name: heard.recall(model, librosa.load(path, sr=heard.RATE, mono=True)[0], wanted)
                for name, path in files.items()
            }
    return out


def keep(path: Path, key: str, make: Callable[[], dict[str, Any]]) -> None:
    """Write what `make` gives to `path`, unless `path` was written under the same key."""
    if path.exists() and json.loads(path.read_text(encoding="utf-8"))["key"] == key:
        return
    path.write_text(json.dumps({"key": key, **make()}, indent=1), encoding="utf-8")
    sys.stderr.write(f"{path.parent.name}: {path.name}\n")


def main() -> None:
    """All folders, first what is quick."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("whisper", type=Path, help="where the recogniser is put together")
    ask.add_argument("folders", type=Path, nargs="+")
    ask.add_argument("--no-words", action="store_true", help="leave the recogniser out, which takes most of the time")
    told = ask.parse_args()
    sounds, ears = own_hash("measure", "sound", "sung"), own_hash("heard")
    for folder in told.folders:
        keep(folder / "numbers.json", sounds, partial(numbers, folder))
    for folder in told.folders if not told.no_words else ():
        keep(folder / "heard.json", ears, partial(understood, folder, told.whisper))


if __name__ == "__main__":
    main()
