"""Make the songs that are to be heard, with all that is known of them: once, since the engine takes its time.

python -m tests.given.render OUT [NAME ...]

Each of songs.json gets OUT/NAME.mp3 (the mix), OUT/NAME.voice.flac (who sings, alone and mono) and OUT/NAME.json (the
truth). A song whose truth is there is left alone. Names that begin with a are for tuning, those with b are held out.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import soundfile

from generator.engine import song
from generator.engine.compose import compose
from generator.engine.mix import LATENCY
from generator.engine.mp3 import DELAY
from generator.engine.score import Score

SONGS = Path(__file__).parent / "songs.json"
SEED = 7000


def truth(score: Score) -> dict[str, Any]:
    """What is known of a take. Times are seconds of its MP3 file as it is decoded."""
    late = LATENCY + DELAY
    return {
        "idiom": score.brief.idiom,
        "bpm": score.brief.bpm,
        "metre": score.brief.metre,
        "bar": score.brief.bar,
        "tonic": score.brief.key,
        "minor": score.brief.minor,
        "singer": score.brief.singer,
        "sections": [
            {
                "kind": section.kind,
                "start": section.start + late,
                "end": section.end + late,
                "bars": section.bars,
                "lift": section.lift,
                "chords": [list(chord.pitches) for chord in section.chords],
                "notes": [
                    [note.on + sung.start + LATENCY, note.off + sung.start + LATENCY, note.pitch]
                    for sung in section.sung
                    for note in sung.notes
                ],
            }
            for section in score.sections
        ],
    }


def render(out: Path, name: str, prompt: str, seed: int) -> None:
    """Make one song's first take."""
    plan = song.plan(prompt, None, seed)
    frames = bytearray()
    with tempfile.TemporaryDirectory() as folder:
        song.render(plan, 1, song.cover(plan), frames.extend, lambda _: None, keep_stems=Path(folder))
        voice, rate = soundfile.read(Path(folder) / "vocal.wav", dtype="float32")
    (out / f"{name}.mp3").write_bytes(bytes(frames))
    if voice.any():
        soundfile.write(out / f"{name}.voice.flac", voice.mean(axis=1), rate)
    told = truth(compose(plan.briefs[0], plan.words, plan.seed))
    (out / f"{name}.json").write_text(json.dumps({"prompt": prompt, **told}), encoding="utf-8")


def main() -> None:
    """All songs that are not there, one after the other."""
    out, names = Path(sys.argv[1]), sys.argv[2:]
    out.mkdir(parents=True, exist_ok=True)
    for number, wanted in enumerate(json.loads(SONGS.read_text(encoding="utf-8"))):
        name = wanted["name"]
        if (names and name not in names) or (out / f"{name}.json").exists():
            continue
        render(out, name, wanted["prompt"], SEED + number)
        sys.stderr.write(f"{name}\n")


if __name__ == "__main__":
    main()
