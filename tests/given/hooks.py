"""How much of a given tune the choruses sing, from a recording to the score: python -m tests.given.hooks SONGS OUT.md

SONGS is the folder of tests.given.render. The first 24 seconds of tunes of held-out songs are hummed and whistled by
calculation, heard, and given as melodies for other songs; what the first chorus sings is laid beside the true notes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from generator.engine import song
from generator.given import Given, Unfit, check_fit
from generator.listening.hear import hear
from generator.listening.sound import sound
from generator.protocol.errors import Rejected
from tests.given import tunes
from tests.given.__main__ import tune_of
from tests.given.files import truths

WAYS = ("hummed", "whistled")
NAMES = ("notes", "onsets", "tempo, any octave", "chorus, bars")
PROMPTS = ("A folk song", "A pop song", "A rock song", "A soul ballad")
ONSET = 0.06
"""Seconds."""
WORDS = """[Chorus]
Come with me to the river tonight
Where the water is wide and slow
Carry the morning light home in your hands
And sing me the song that you know"""
HEAD = """# What the choruses sing of a given tune

`python -m tests.given.hooks SONGS OUT.md` writes this page: tunes of songs that were held out, hummed and whistled by
calculation, heard, and given as melodies with the same words of four lines. Of the true notes that lie within the first
chorus: notes, the share whose pitch it sings, after one transposition of all; onsets, the share that begins within 60
ms, after one shift and the ratio of the song's tempo to the tune's, as it is or as it was heard. Good is 0.85 and 0.80.

"""


def main() -> None:
    """Write the page."""
    folder, target = Path(sys.argv[1]), Path(sys.argv[2])
    rows = list(_rows(truths(folder, "b")))
    lines = [f"| | {' | '.join(NAMES)} | |", "|---" * (len(NAMES) + 2) + "|"]
    for way in WAYS:
        own = [row for name, row, _ in rows if name.endswith(way)]
        means = [float(np.mean([row[name] for row in own])) for name in NAMES]
        lines.append(f"| all {len(own)} {way}, mean | {' | '.join(f'{mean:.2f}' for mean in means)} | |")
    lines += [f"| {name} | {' | '.join(f'{row[key]:.2f}' for key in NAMES)} | {said} |" for name, row, said in rows]
    target.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


def _rows(paths: list[Path]) -> Iterator[tuple[str, dict[str, float], str]]:
    for number, path in enumerate(paths):
        truth = json.loads(path.read_text(encoding="utf-8"))
        notes = tune_of(truth)
        if len(notes) < 8:
            continue
        begin = notes[0][0] - 0.6
        moved = [(on - begin, off - begin, pitch) for on, off, pitch in notes]
        for way in WAYS:
            samples, _ = getattr(tunes, way)(moved, sum(path.stem.encode()))
            given = Given(role="melody", path=path, heard=hear(sound(samples, tunes.RATE)))
            nothing = dict.fromkeys(NAMES, 0.0)
            try:
                check_fit(given)
                plan = song.plan(PROMPTS[number % len(PROMPTS)], WORDS, number, given=(given,))
            except (Unfit, Rejected) as refused:
                yield f"{path.stem}, {way}", nothing, str(refused)
                continue
            yield f"{path.stem}, {way}", _agreeing(plan, given, moved, truth["bpm"]), _said(given, truth)


def _said(given: Given, truth: dict[str, Any]) -> str:
    heard = given.heard.music
    told = f"heard {heard.bpm:.0f}, {heard.metre}" if heard else "no beat heard"
    return f"{truth['bpm']}, {truth['metre']}; {told}"


def _agreeing(plan: song.Plan, given: Given, notes: list[tuple[float, float, float]], bpm: float) -> dict[str, float]:
    """How much of the tune the first chorus sings."""
    score = song.score_of(plan, 1)
    chorus = next(section for section in score.sections if section.kind == "chorus")
    sung = [(phrase.start + note.on, note.pitch) for phrase in chorus.sung for note in phrase.notes]
    at, pitches = np.array([on for on, _ in sung]), np.array([pitch for _, pitch in sung])
    best = (0.0, 0.0)
    own = given.heard.music.bpm if given.heard.music else bpm
    for ratio in {beat / score.brief.bpm * octave for octave in (0.5, 1.0, 2.0) for beat in (bpm, own)}:
        places = np.array([on for on, _, _ in notes]) * ratio
        for shift in at[0] - places[0] + np.arange(-60, 61) * 0.02:
            inside = places + shift < chorus.end - 0.1
            if inside.sum() < 6:
                continue
            away = np.abs(places[inside, None] + shift - at)
            nearest = away.argmin(axis=1)
            on_time = away.min(axis=1) <= ONSET
            steps = pitches[nearest] - np.round([pitch for _, _, pitch in notes])[inside]
            step = np.median(steps[on_time]) if on_time.any() else 0
            found = (float(np.mean((steps == step) & (away.min(axis=1) < 0.2))), float(on_time.mean()))
            best = max(best, found, key=sum)
    near = any(abs(score.brief.bpm * octave / bpm - 1) < 0.04 for octave in (0.5, 1, 2))
    return {"notes": best[0], "onsets": best[1], "tempo, any octave": float(near), "chorus, bars": float(chorus.bars)}


if __name__ == "__main__":
    main()
