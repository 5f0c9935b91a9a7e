"""Make the songs that a band is to be laid under, or a voice over: each in two files, with all that is known of them.

python -m tests.given.apart OUT [NAME ...]

Each of songs.json that is sung gets OUT/NAME.band.flac (all who play, without a voice), OUT/NAME.alone.flac (the singer
alone) and OUT/NAME.apart.json (the truth, in these files' seconds, and what is heard in both). What is there is left.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from generator.engine import song
from generator.engine.compose import compose
from generator.engine.mp3 import DELAY
from generator.given import Heard, facts
from generator.listening.kind import kind
from generator.listening.melody import melody
from generator.listening.music import music
from generator.listening.pace import pace
from generator.listening.sound import sound
from tests.given.render import SEED, SONGS, truth

PLAYED = ("drums", "bass", "harmony", "lead")


def render(out: Path, name: str, prompt: str, seed: int) -> None:
    """Make one song's first take, in its parts."""
    plan = song.plan(prompt, None, seed)
    told = truth(compose(plan.briefs[0], plan.words, plan.seed))
    if not any(part["notes"] for part in told["sections"]):
        return
    with tempfile.TemporaryDirectory() as folder:
        song.render(plan, 1, song.cover(plan), len, lambda _: None, stems=Path(folder))
        stems = {path.stem: soundfile.read(path, dtype="float32") for path in sorted(Path(folder).glob("*.flac"))}
    band = np.sum([stems[part][0] for part in PLAYED if part in stems], axis=0)
    voice, rate = stems["vocal"]
    soundfile.write(out / f"{name}.band.flac", np.clip(band, -1, 1), rate, "PCM_16")
    soundfile.write(out / f"{name}.alone.flac", voice, rate, "PCM_16")
    for part in told["sections"]:
        part["start"], part["end"] = part["start"] - DELAY, part["end"] - DELAY
    played, sung = sound(band, rate), sound(voice, rate)
    tune = melody(sung)
    found = {
        "heard_band": facts(Heard(kind=kind(played).name, seconds=played.seconds, music=music(played), melody=None)),
        "heard_voice": facts(Heard(kind=kind(sung).name, seconds=sung.seconds, music=pace(sung, tune), melody=tune)),
    }
    (out / f"{name}.apart.json").write_text(json.dumps({"prompt": prompt, **told, **found}), encoding="utf-8")


def main() -> None:
    """All songs that are not there, one after the other."""
    out, names = Path(sys.argv[1]), sys.argv[2:]
    out.mkdir(parents=True, exist_ok=True)
    for number, wanted in enumerate(json.loads(SONGS.read_text(encoding="utf-8"))):
        name = wanted["name"]
        if (names and name not in names) or (out / f"{name}.apart.json").exists():
            continue
        render(out, name, wanted["prompt"], SEED + number)
        sys.stderr.write(f"{name}\n")


if __name__ == "__main__":
    main()
