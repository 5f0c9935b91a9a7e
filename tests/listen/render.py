"""Render both takes of a song with all that `measure.py` wants to know about them. Runs in Duplet's own environment."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from generator.engine import song
from generator.engine.compose import compose
from generator.engine.mix import LATENCY


def render(out: Path, plan: song.Plan, number: int) -> dict[str, object]:
    """Write take `number`: OUT/N.mp3, OUT/N.json and OUT/N/{mix,vocal}.wav. Gives times in seconds."""
    frames, moments = bytearray(), list[float]()
    begin, worked = time.perf_counter(), time.process_time()

    def write(piece: bytes) -> None:
        frames.extend(piece)
        if len(frames) >= 24_000 and not moments:
            moments.append(time.perf_counter() - begin)

    take = song.render(plan, number, song.cover(plan), write, lambda _: None, keep_stems=out / str(number))
    spent = {"wall": time.perf_counter() - begin, "cpu": time.process_time() - worked, "first_sound": moments[0]}
    score = compose(plan.briefs[number - 1], plan.words, plan.seed)
    notes = [
        (section.kind, sung.start + note.on, sung.start + note.off, note.pitch)
        for section in score.sections
        for sung in section.sung
        for note in sung.notes
    ]
    (out / f"{number}.mp3").write_bytes(take.tags + bytes(frames))
    told = {"sections": take.sections, "notes": notes, "understood": take.understood, "latency": LATENCY}
    (out / f"{number}.json").write_text(json.dumps(told), encoding="utf-8")
    return {"take": number, "seconds": take.duration_ms / 1000, **{k: round(v, 2) for k, v in spent.items()}}


def main() -> None:
    """Both takes, one after the other."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("out", type=Path)
    ask.add_argument("prompt")
    ask.add_argument("--lyrics")
    ask.add_argument("--seed", type=int, default=7)
    told = ask.parse_args()
    song.warm()
    plan = song.plan(told.prompt, told.lyrics, told.seed)
    for number in (1, 2):
        print(json.dumps(render(told.out, plan, number)))  # noqa: T201  a script's report


if __name__ == "__main__":
    main()
