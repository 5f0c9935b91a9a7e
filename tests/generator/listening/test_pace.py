"""The beat of one voice: found from where notes, long notes and phrases begin."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from generator.listening.facts import Melody, Music, Note, Phrase
from generator.listening.hear import hear
from generator.listening.pace import pace
from generator.listening.sound import Sound, sound
from tests.given.tunes import RATE, hummed

FIGURE = ((0, 2), (2, 1), (3, 1), (4, 2), (6, 1), (7, 1), (8, 4))
"""Eighths and lengths of a phrase of two bars of 4/4."""
PITCHES = (60, 62, 64, 65, 64, 62, 60)
BEAT = 0.6


def sung(at: Callable[[float], float] = lambda second: second, jitter: float = 0.0) -> Melody:
    chance = np.random.default_rng(2)
    notes: list[Note] = []
    phrases = []
    for turn in range(10):
        first = len(notes)
        for (on, long), pitch in zip(FIGURE, PITCHES, strict=True):
            begin = (16 * turn + on) * BEAT / 2 + 1.1 + jitter * float(chance.standard_normal())
            notes.append(Note(at(begin), at(begin + long * BEAT / 2 * 0.95), float(pitch), pitch))
        phrases.append(Phrase(notes[first].start, notes[-1].end, first, len(FIGURE)))
    return Melody(tuple(notes), tuple(phrases), 0.9)


def heard(tune: Melody) -> Music | None:
    return pace(Sound(np.zeros(22_050 * 52, np.float32), 1.0), tune)


def test_a_steady_voice_has_its_tempo_its_beats_its_bars_and_its_key() -> None:
    found = heard(sung(jitter=0.01))
    assert found
    assert found.bpm == pytest.approx(100, abs=0.5)
    assert found.even
    assert found.metre == "4/4"
    assert (found.key.tonic, found.key.minor) == (0, False)
    away = [abs((beat - 1.1 + BEAT / 2) % BEAT - BEAT / 2) for beat in found.beats]
    assert max(away) < 0.03
    assert (found.bars[0].start - 1.1 + 0.05) % (4 * BEAT) < 0.1


def test_a_voice_that_hurries_and_slows_down_is_followed() -> None:
    def at(second: float) -> float:
        return second + 0.25 * float(np.sin(second / 5))

    found = heard(sung(at))
    assert found
    assert not found.even
    points = np.array([at(1.1 + k * BEAT / 2) for k in range(-4, 170)])
    inside = [beat for beat in found.beats if 1 < beat < 45]
    assert np.median([np.abs(points - beat).min() for beat in inside]) < 0.03


def test_too_few_notes_have_no_beat() -> None:
    tune = sung()
    assert heard(Melody(tune.notes[:7], tune.phrases[:1], 0.9)) is None


def test_what_is_heard_of_a_voice_alone_has_the_beat_of_its_notes() -> None:
    notes = [(note.start, note.end, float(note.pitch)) for note in sung().notes if note.end < 26]
    samples, _ = hummed(notes, 3)
    found = hear(sound(samples, RATE))
    assert found.kind == "voice"
    assert found.music
    assert found.music.bpm == pytest.approx(100, abs=1)
    away = [abs((beat - 1.1 + BEAT / 2) % BEAT - BEAT / 2) for beat in found.music.beats]
    assert np.median(away) < 0.04
