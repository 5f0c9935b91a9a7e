"""The notes of a tune that somebody hums, whistles or plays are those that were meant."""

from __future__ import annotations

import numpy as np
import pytest

from generator.listening.facts import Melody
from generator.listening.melody import melody
from generator.listening.sound import CannotHear, sound
from tests.given.noises import noise
from tests.given.tunes import RATE, hummed, played, whistled

SCALE = [60, 62, 64, 65, 67, 67, 69, 67, 65, 64, 64, 62, 60]
TUNE = [(0.5 + 0.45 * k, 0.95 + 0.45 * k, float(pitch)) for k, pitch in enumerate(SCALE)]


def onsets_within(found: Melody, seconds: float) -> float:
    """Share of the tune's notes that begin as they should."""
    starts = np.array([note.start for note in found.notes])
    return float(np.mean([np.abs(starts - on).min() <= seconds for on, _, _ in TUNE]))


@pytest.mark.parametrize("seed", range(3))
def test_a_hummed_tune_is_heard_though_it_drifts(seed: int) -> None:
    found = melody(sound(hummed(TUNE, seed)[0], RATE))
    assert [note.pitch - found.notes[0].pitch for note in found.notes] == [pitch - 60 for pitch in SCALE]
    assert onsets_within(found, 0.06) >= 0.85
    assert found.clear > 0.9


@pytest.mark.parametrize("seed", range(3))
def test_a_whistled_tune_is_heard_though_it_glides_and_shakes(seed: int) -> None:
    found = melody(sound(whistled(TUNE, seed)[0], RATE))
    assert [note.pitch for note in found.notes] == [pitch + 24 for pitch in SCALE]
    assert onsets_within(found, 0.06) >= 0.85


@pytest.mark.parametrize("low", [-17, 0, 14])
def test_a_played_tune_is_heard_low_and_high(low: int) -> None:
    found = melody(sound(played([(a, b, pitch + low) for a, b, pitch in TUNE], 1)[0], RATE))
    assert [note.pitch for note in found.notes] == [pitch + low for pitch in SCALE]
    assert onsets_within(found, 0.05) == 1


def test_phrases_are_parted_by_pauses() -> None:
    tune = [(on + (0.8 if k > 5 else 0), off + (0.8 if k > 5 else 0), pitch) for k, (on, off, pitch) in enumerate(TUNE)]
    found = melody(sound(hummed(tune, 4)[0], RATE))
    assert [phrase.size for phrase in found.phrases] == [6, 7]
    assert found.phrases[0].end == pytest.approx(tune[5][1], abs=0.15)
    assert found.phrases[1].start == pytest.approx(tune[6][0], abs=0.06)


def test_notes_follow_each_other_and_never_overlap() -> None:
    found = melody(sound(hummed(TUNE, 5)[0], RATE))
    edges = [edge for note in found.notes for edge in (note.start, note.end)]
    assert edges == sorted(edges)


def test_what_has_no_tune_is_refused_in_a_sentence() -> None:
    with pytest.raises(CannotHear, match="No tune"):
        melody(sound(noise(0, 4), 22_050))
    with pytest.raises(CannotHear, match="silent"):
        melody(sound(np.zeros(RATE, np.float32), RATE))
