"""How well given files are heard: python -m tests.given [--songs DIR] [--half a|b] [--table FILE]

Makes the songs of songs.json where they are missing (once, 4 CPU-seconds each), gives each in one of six states, hears
them, and writes TABLE.md. Songs a.. were used to fit the few weights in `generator.listening`, songs b.. were not.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
import soundfile

from generator.listening.kind import kind
from generator.listening.melody import melody
from generator.listening.music import music
from generator.listening.sound import CannotHear, sound
from tests.given import noises, tunes
from tests.given.files import STATES, files, truths
from tests.given.judge import Row, judge, judge_tune
from tests.given.keys import WAYS, given_keys

ROOT = Path(__file__).resolve().parents[2]
BARS = {
    "tempo, any octave": 0.95,
    "tempo": 0.85,
    "metre": None,
    "downbeat": 0.85,
    "key": 0.75,
    "key or related": 0.9,
    "chords": 0.6,
    "borders": None,
    "notes found": 0.85,
    "onsets found": 0.8,
    "notes for each": None,
    "right": None,
}
"""What is good enough, where something was asked for."""
TUNES = WAYS[:4]
PIECE = 24.0
"""Seconds of a tune that are given."""
Table = dict[str, dict[str, list[Row]]]


def spoken(half: str) -> int:
    """A seed that the other half does not use."""
    return 0 if half == "a" else 100


def songs(folder: Path, half: str) -> Iterator[tuple[str, Row, str]]:
    """(what the file is, its numbers, a line about it) of every song of a half."""
    for file in files(folder, half):
        row, said = judge(file)
        truth = file.truth
        wrong = [name for name in ("tempo", "metre", "downbeat", "key") if not row[name]]
        line = (
            f"{file.name} ({file.state}): {truth['idiom']}, {truth['bpm'] / file.slow:.1f} {truth['metre']}; "
            f"heard {said}; {'wrong: ' + ', '.join(wrong) if wrong else 'right'}"
        )
        yield file.state, row, line


def tune_of(truth: dict[str, Any]) -> list[tuple[float, float, float]]:
    """The first sung notes outside choruses, where one voice sings alone."""
    notes = [note for part in truth["sections"] if part["kind"] != "chorus" for note in part["notes"]]
    return [(on, off, pitch) for on, off, pitch in notes if off < notes[0][0] + PIECE]


def given_tunes(folder: Path, half: str) -> Iterator[tuple[str, Row]]:
    """(how it is given, its numbers) of every tune of a half, sung, hummed, whistled and played."""
    for path in truths(folder, half):
        notes = tune_of(json.loads(path.read_text(encoding="utf-8")))
        if len(notes) < 8:
            continue
        begin = max(0.0, notes[0][0] - 0.6)
        moved = [(on - begin, off - begin, pitch) for on, off, pitch in notes]
        for way in TUNES:
            seed = sum(path.stem.encode())
            if way == "sung":
                voice, rate = soundfile.read(path.with_suffix(".voice.flac"), dtype="float32")
                samples = voice[int(begin * rate) : int((notes[-1][1] + 0.4) * rate)]
                off = 0.0
            else:
                samples, off = getattr(tunes, way)(moved, seed)
                rate = tunes.RATE
            try:
                yield way, judge_tune(melody(sound(samples, rate)), moved, off)
            except CannotHear:
                yield way, {"notes found": 0.0, "onsets found": 0.0, "notes for each": 0.0}


def given_kinds(folder: Path, half: str) -> Iterator[tuple[str, Row]]:
    """(what it is, whether that was heard) of noises, voices and songs."""
    for name in ("silence", "noise", "applause", "speech", "drums"):
        for seed in range(spoken(half), spoken(half) + (1 if name == "silence" else 20)):
            samples = np.zeros(100_000, np.float32) if name == "silence" else getattr(noises, name)(seed)
            yield name, {"right": float(kind(sound(samples, noises.RATE)).name == name)}
    for path in truths(folder, half):
        samples, rate = soundfile.read(path.with_suffix(".mp3"), dtype="float32")
        begin = len(samples) * 2 // 5
        yield "music", {"right": float(kind(sound(samples[begin : begin + 15 * rate], rate)).name == "music")}
        notes = tune_of(json.loads(path.read_text(encoding="utf-8")))
        if len(notes) < 8:
            continue
        voice, rate = soundfile.read(path.with_suffix(".voice.flac"), dtype="float32")
        cut = voice[int((notes[0][0] - 0.5) * rate) : int((notes[0][0] + 14) * rate)]
        yield "one voice, sung", {"right": float(kind(sound(cut, rate)).name == "voice")}
        moved = [(on - notes[0][0] + 0.5, off - notes[0][0] + 0.5, pitch) for on, off, pitch in notes]
        for way in TUNES[1:]:
            samples, _ = getattr(tunes, way)(moved, sum(path.stem.encode()))
            yield f"one voice, {way}", {"right": float(kind(sound(samples, tunes.RATE)).name == "voice")}


def cost() -> str:
    """What three minutes of music take."""
    chance = np.random.default_rng(1)
    beat = noises.drums(1, 180.0)
    tonal = tunes.played([(k * 0.5, k * 0.5 + 0.5, float(chance.integers(48, 72))) for k in range(360)], 1)[0][::2]
    samples = np.stack([beat, tonal[: len(beat)]], axis=1).repeat(2, axis=0)
    begun = time.process_time()
    heard = sound(samples, tunes.RATE)
    steps = []
    for name, ask in (("music", music), ("melody", melody), ("kind", kind)):
        at = time.process_time()
        ask(heard)
        steps.append(f"{name} {time.process_time() - at:.1f}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    spent = time.process_time() - begun
    return f"Three minutes: {spent:.1f} CPU-seconds ({', '.join(steps)}); the process has held {memory:.0f} MB at most."


def page(table: Table, about: str, lines: list[str]) -> str:
    """The table as Markdown; a share that misses what is good is bold."""
    out = ["# How well given files are heard", "", about, ""]
    for title, names in (
        ("Songs", list(BARS)[:8]),
        ("Tunes", list(BARS)[8:11]),
        ("The key of one voice alone", list(BARS)[4:6]),
        ("Kinds", ["right"]),
    ):
        good = ["" if BARS[name] is None else f"{BARS[name]:.2f}" for name in names]
        out += [f"## {title}", "", f"| | files | {' | '.join(names)} |", "|---" * (len(names) + 2) + "|"]
        out.append(f"| good is | | {' | '.join(good)} |")
        for group, rows in table[title].items():
            cells = [_cell(name, mean(row[name] for row in rows)) for name in names]
            out.append(f"| {group} | {len(rows)} | {' | '.join(cells)} |")
        out.append("")
    out += ["## Songs that were held out, one by one", "", *(f"- {line}" for line in lines), ""]
    return "\n".join(out)


def _cell(name: str, value: float) -> str:
    bar = BARS[name]
    return f"**{value:.2f}**" if bar is not None and value < bar else f"{value:.2f}"


def gather(folder: Path, halves: str) -> tuple[Table, list[str]]:
    """Everything that is heard, by group: both halves whole, and the held-out one by state."""
    table: Table = {"Songs": {}, "Tunes": {}, "The key of one voice alone": {}, "Kinds": {}}
    lines: list[str] = []
    for half in halves:
        name = "tuned to" if half == "a" else "held out"
        for state, row, line in songs(folder, half):
            table["Songs"].setdefault(name, []).append(row)
            if half == "b":
                table["Songs"].setdefault(f"held out, {state}", []).append(row)
                lines.append(line)
        for way, row in given_tunes(folder, half):
            table["Tunes"].setdefault(f"{name}, {way}", []).append(row)
        for way, row in given_keys(folder, half):
            table["The key of one voice alone"].setdefault(f"{name}, {way}", []).append(row)
        for what, row in given_kinds(folder, half):
            table["Kinds"].setdefault(f"{name}, {what}", []).append(row)
    return table, lines


def main() -> None:
    """Make what is missing, hear everything, write the table."""
    ask = argparse.ArgumentParser(prog="python -m tests.given", description=__doc__)
    ask.add_argument("--songs", type=Path, default=ROOT / "var" / "given", help="where the songs are kept")
    ask.add_argument("--half", choices=("a", "b", "ab"), default="ab")
    ask.add_argument("--table", type=Path, default=Path(__file__).parent / "TABLE.md")
    told = ask.parse_args()
    subprocess.run([sys.executable, "-m", "tests.given.render", str(told.songs)], cwd=ROOT, check=True)
    table, lines = gather(told.songs, told.half)
    cpu = [row["cpu"] for rows in table["Songs"].values() for row in rows if "cpu" in row]
    about = (
        "`python -m tests.given` writes this page. Songs of the engine, of known tempo, key, beats and chords, are cut "
        f"somewhere and given in {len(STATES)} states; the weights in `generator.listening` were fitted to the first "
        "half of them (other cuts and states), never to those held out. Tunes are their sung lines: as the engine "
        "sings them, and hummed, whistled and played by calculation. Keys are those of whole tunes, by "
        "weights that were fitted to neither half; written ones are other songs of the same prompts, as if every note "
        "were heard. Shares of files, of chords, of notes, of onsets; related keys are relative, parallel and "
        "neighbouring ones; borders are F1 within a bar. "
        f"A song of 60 to 90 s takes {mean(cpu):.1f} CPU-seconds. {cost()}"
    )
    told.table.write_text(page(table, about, lines), encoding="utf-8")


if __name__ == "__main__":
    main()
