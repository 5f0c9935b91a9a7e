"""Render both takes of songs with all that the listening wants to know of them. Runs in Duplet's own environment.

    python -m tests.listen.render OUT ENGINE --only pop rock

Each song's folder gets N.mp3, N/vocal.flac (the voice alone, before the limiter) and N.json for both takes N. A song
whose folder has both N.json is left alone.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from pathlib import Path

import soundfile

from generator.engine import song
from generator.engine.compose import compose
from tests.listen.facts import facts, lines
from tests.listen.music import edit_distance
from tests.listen.prompts import FIXED, Song, place, read_songs


def render(out: Path, wanted: Song, plan: song.Plan, number: int) -> str:
    """Write take `number`; a sentence that says how long it took."""
    frames, moments = bytearray(), list[float]()
    begin, worked = time.perf_counter(), time.process_time()

    def write(piece: bytes) -> None:
        frames.extend(piece)
        if len(frames) >= 24_000 and not moments:
            moments.append(time.perf_counter() - begin)

    stems = out / str(number)
    take = song.render(plan, number, song.cover(plan), write, lambda _: None, keep_stems=stems)
    wall, cpu = time.perf_counter() - begin, time.process_time() - worked
    voice, rate = soundfile.read(stems / "vocal.wav", dtype="float32")
    soundfile.write(stems / "vocal.flac", voice.mean(axis=1), rate)
    for file in stems.glob("*.wav"):
        file.unlink()
    (out / f"{number}.mp3").write_bytes(take.tags + bytes(frames))
    scores = [compose(brief, plan.words, plan.seed) for brief in plan.briefs]
    told = {
        "title": plan.title,
        "understood": take.understood,
        "sections": take.sections,
        "sha256": hashlib.sha256(frames).hexdigest(),
        **facts(scores[number - 1], take.sections, wanted),
        "pair": {"edit": edit_distance(*scores), **lines(plan.words, plan.briefs[0])},
    }
    (out / f"{number}.json").write_text(json.dumps(told), encoding="utf-8")
    return f"{wanted.name} {number}: {take.duration_ms / 1000:.0f} s in {wall:.1f} s, {cpu:.1f} CPU-s"


def again(out: Path, wanted: Song) -> None:
    """Make take 1 anew and note in again.json whether it has the same bytes."""
    digest = hashlib.sha256()
    plan = song.plan(wanted.prompt, wanted.lyrics, wanted.seed)
    song.render(plan, 1, song.cover(plan), digest.update, lambda _: None)
    before = json.loads((out / "1.json").read_text(encoding="utf-8"))["sha256"]
    (out / "again.json").write_text(json.dumps({"same": before == digest.hexdigest()}), encoding="utf-8")


def main() -> None:
    """All songs that are asked for and not there, one after the other."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("out", type=Path)
    ask.add_argument("engine", help="what the folders' names end in")
    ask.add_argument("--prompts", type=Path, default=FIXED)
    ask.add_argument("--only", nargs="+")
    ask.add_argument("--again", action="store_true", help="make take 1 once more and compare its bytes")
    told = ask.parse_args()
    song.warm()
    for wanted in read_songs(told.prompts):
        folder = place(told.out, wanted, told.engine)
        if told.only and wanted.name not in told.only:
            continue
        if told.again:
            again(folder, wanted)
            continue
        if (folder / "2.json").exists():
            continue
        folder.mkdir(parents=True, exist_ok=True)
        plan = song.plan(wanted.prompt, wanted.lyrics, wanted.seed)
        for number in (1, 2):
            sys.stderr.write(render(folder, wanted, plan, number) + "\n")


if __name__ == "__main__":
    main()
