"""How well we sing over given instrumentals and play under given voices: python -m tests.given.sung [--songs DIR]

Makes the parts of songs.json where they are missing (`tests.given.apart`), gives each song's band as an instrumental
and each song's singer as a voice, has both takes made, and writes SUNG.md: where notes and beats lie.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import mean, median
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile

from generator.engine import song
from generator.engine.dsp import RATE
from generator.engine.master import energies, integrated
from generator.engine.score import EIGHTHS, Score
from generator.engine.under import frame_of
from generator.given import Given, Role, heard_from

ROOT = Path(__file__).resolve().parents[2]
HALF = {"4/4": 0.5, "3/4": 2 / 3, "6/8": 0.5}
LONG = 0.5
"""Seconds: a long note."""
GOOD = {"onset, ms": 40.0, "out of chord": 0.10, "beat, ms": 50.0}
Truth = dict[str, Any]
Row = dict[str, float]


def given(folder: Path, name: str, role: Role) -> tuple[Given, Truth]:
    """A song's band or singer as it is given, and the truth about it."""
    truth = json.loads((folder / f"{name}.apart.json").read_text(encoding="utf-8"))
    file, heard = ("band", "heard_band") if role == "instrumental" else ("alone", "heard_voice")
    return Given(role=role, path=folder / f"{name}.{file}.flac", heard=heard_from(truth[heard])), truth


def grid(truth: Truth, parts: int) -> npt.NDArray[np.float64]:
    """Seconds of all points that divide the true bars into so many parts."""
    bar = truth["bar"]
    return np.array(
        [
            part["start"] + (k + j / parts) * bar
            for part in truth["sections"]
            for k in range(part["bars"])
            for j in range(parts)
        ]
    )


def chord_at(truth: Truth, second: float) -> list[int] | None:
    """The pitch classes that truly sound."""
    for part in truth["sections"]:
        if part["start"] <= second < part["end"]:
            bar, into = divmod((second - part["start"]) / truth["bar"], 1)
            chords: list[list[int]] = part["chords"]
            return chords[min(2 * int(bar) + (into >= HALF[truth["metre"]]), len(chords) - 1)]
    return None


def over(folder: Path, name: str) -> Row:
    """A song's band is given, and sung over: both takes, by their notes; the first one by its sound as well."""
    track, truth = given(folder, name, "instrumental")
    plan = song.plan(truth["prompt"], None, 11, given=(track,))
    away, outside = [], []
    points = grid(truth, EIGHTHS[truth["metre"]] * 2)
    for number in (1, 2):
        for on, off, pitch in notes(song.score_of(plan, number)):
            away.append(float(np.abs(points - on).min()))
            chord = chord_at(truth, (on + min(off, on + LONG)) / 2)
            if off - on >= LONG and chord:
                outside.append(float(pitch % 12 not in chord))
    return {"onset, ms": 1000 * float(np.quantile(away, 0.9)), "out of chord": mean(outside or [0.0]), **sound(plan)}


def notes(score: Score) -> Iterator[tuple[float, float, int]]:
    """On, off and pitch of all that is sung; seconds of the song."""
    for section in score.sections:
        for sung in section.sung:
            for note in sung.notes:
                yield sung.start + note.on, sung.start + note.off, note.pitch


def under(folder: Path, name: str) -> Row:
    """A song's singer is given, and a band plays under it."""
    voice, truth = given(folder, name, "vocal")
    plan = song.plan(truth["prompt"], None, 11, given=(voice,))
    score = song.score_of(plan, 1)
    shift = frame_of(voice).late
    points = grid(truth, round(truth["bar"] * truth["bpm"] / 60))
    own = np.array([beat for section in score.sections for beat in section.pulse[:-1]]) - shift
    first, last = (edge(truth) for edge in (_first, _last))
    inside = own[(own > first) & (own < last)]
    lines = grid(truth, 1)
    bars = np.array(
        [section.at(k * score.brief.bar, score.brief.beat) for section in score.sections for k in range(section.bars)]
    )
    bars = bars[(bars - shift > first) & (bars - shift < last)] - shift
    fits = [float(pitch % 12 in chord_in(score, on)) for on, off, pitch in notes(score) if off - on >= LONG]
    return {
        "beat, ms": 1000 * median(float(np.abs(points - beat).min()) for beat in inside),
        "downbeat": float(median(float(np.abs(lines - line).min()) for line in bars) < 0.07),
        "tempo": float(abs(median(np.diff(own)) / (60 / truth["bpm"]) - 1) < 0.04),
        "key": float((score.brief.key, score.brief.minor) == (truth["tonic"], truth["minor"])),
        "in chord": mean(fits or [1.0]),
        **sound(plan),
    }


def _first(truth: Truth) -> float:
    return min(float(note[0]) for part in truth["sections"] for note in part["notes"])


def _last(truth: Truth) -> float:
    return max(float(note[1]) for part in truth["sections"] for note in part["notes"])


def chord_in(score: Score, second: float) -> tuple[int, ...]:
    """The chord that the band plays at a second."""
    section = next(part for part in score.sections if second < part.end)
    bar, into = divmod(section.even(second, score.brief.beat) / score.brief.bar, 1)
    return section.chords[
        min(max(0, 2 * int(bar) + (into >= HALF[score.brief.metre])), len(section.chords) - 1)
    ].pitches


def sound(plan: song.Plan) -> Row:
    """Loudness and true peak of the first take as it is encoded."""
    out = bytearray()
    take = song.render(plan, 1, song.cover(plan), out.extend, lambda _: None)
    with tempfile.NamedTemporaryFile(suffix=".mp3") as file:
        file.write(take.tags + bytes(out))
        file.flush()
        heard, rate = soundfile.read(file.name, dtype="float32", always_2d=True)
    assert rate == RATE
    wide = np.fft.irfft(np.fft.rfft(heard, axis=0), 4 * len(heard), axis=0) * 4
    peak = 20 * float(np.log10(np.abs(wide).max()))
    return {"LUFS": integrated(energies(np.ascontiguousarray(heard.T))), "dBTP": peak}


def table(title: str, rows: dict[str, Row]) -> list[str]:
    """One kind of song as Markdown; the first line is the mean of all, what misses its bar is bold."""
    names = list(next(iter(rows.values())))
    out = [f"## {title}", "", f"| | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    everything = {name: mean(row[name] for row in rows.values()) for name in names}
    for head, row in ({f"all {len(rows)}, mean": everything} | rows).items():
        cells = [
            f"**{row[name]:.2f}**" if name in GOOD and row[name] > GOOD[name] else f"{row[name]:.2f}" for name in names
        ]
        out.append(f"| {head} | {' | '.join(cells)} |")
    return [*out, ""]


def main() -> None:
    """Make what is missing, measure everything, write the page."""
    ask = argparse.ArgumentParser(prog="python -m tests.given.sung", description=__doc__)
    ask.add_argument("--songs", type=Path, default=ROOT / "var" / "given")
    ask.add_argument("--half", choices=("a", "b", "ab"), default="b")
    ask.add_argument("--table", type=Path, default=Path(__file__).parent / "SUNG.md")
    told = ask.parse_args()
    subprocess.run([sys.executable, "-m", "tests.given.apart", str(told.songs)], cwd=ROOT, check=True)
    named = [path.name.split(".")[0] for path in sorted(told.songs.glob(f"[{told.half}]*.apart.json"))]
    page = [
        "# How well we sing over what is given, and play under it",
        "",
        "`python -m tests.given.sung` writes this page: songs of the engine, taken apart. onset: how far nine of ten "
        f"sung notes are at most from the true sixteenths. out of chord: of sung notes of {LONG} s and more, by the "
        "true chords. beat: the median of how far the band's beats are from the true ones.",
        "",
    ]
    for title, judge in (("A voice over a given band", over), ("A band under a given voice", under)):
        rows: dict[str, Row] = {}
        for name in named:
            rows[name] = judge(told.songs, name)
            sys.stderr.write(f"{name} {rows[name]}\n")
        page += table(title, rows)
    told.table.write_text("\n".join(page), encoding="utf-8")


if __name__ == "__main__":
    main()
