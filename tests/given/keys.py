"""The key of one line alone, beside the true one: whole tunes, sung, hummed, whistled and played, and as written.

Reading what is written takes no time, so that many more songs of the same prompts can be judged.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from generator.engine import song
from generator.engine.compose import compose
from generator.listening.facts import Key, Melody, Note
from generator.listening.melody import melody, phrases
from generator.listening.pace import pace
from generator.listening.sound import Sound, sound
from tests.given import tunes
from tests.given.files import truths
from tests.given.judge import Row, related
from tests.given.render import truth

WAYS = ("sung", "hummed", "whistled", "played", "written")
SEEDS = 12
"""Songs of each prompt that are written."""
_LEAD = 0.6
"""Seconds before the first note."""
Notes = list[tuple[float, float, float]]


def given_keys(folder: Path, half: str) -> Iterator[tuple[str, Row]]:
    """(how it is given, its numbers) of every sung song of a half."""
    for path in truths(folder, half):
        told = json.loads(path.read_text(encoding="utf-8"))
        notes = _notes(told)
        if not notes:
            continue
        voice, rate = soundfile.read(path.with_suffix(".voice.flac"), dtype="float32")
        yield "sung", _judged(told, _heard(sound(voice, rate)))
        for way in WAYS[1:-1]:
            samples, _ = getattr(tunes, way)(notes, sum(path.stem.encode()))
            yield way, _judged(told, _heard(sound(samples, tunes.RATE)))
        for seed in range(SEEDS):
            plan = song.plan(told["prompt"], None, seed)
            other = truth(compose(plan.briefs[0], plan.words, plan.seed))
            yield "written", _judged(other, _read(_notes(other)))


def _notes(told: dict[str, Any]) -> Notes:
    """All that is sung, from its own beginning on."""
    notes = [note for part in told["sections"] for note in part["notes"]]
    return [(on - notes[0][0] + _LEAD, off - notes[0][0] + _LEAD, pitch) for on, off, pitch in notes]


def _heard(samples: Sound) -> Key | None:
    going = pace(samples, melody(samples))
    return going.key if going else None


def _read(line: Notes) -> Key | None:
    """What would be heard if every note were."""
    notes = tuple(Note(on, off, pitch, round(pitch)) for on, off, pitch in line)
    silence = Sound(np.zeros(round((notes[-1].end + 1) * 22_050), np.float32), 1.0)
    going = pace(silence, Melody(notes, phrases(notes), 1.0))
    return going.key if going else None


def _judged(told: dict[str, Any], key: Key | None) -> Row:
    right = (int(told["tonic"]), bool(told["minor"]))
    found = (key.tonic, key.minor) if key else None
    return {"key": float(found == right), "key or related": float(found is not None and related(found, right))}
