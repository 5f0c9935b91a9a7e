"""Syllables find their places in the bar: stresses on beats, words together, a breath at the end."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from generator.engine.chance import dice
from generator.engine.phrasing import phrases_of
from generator.engine.rhythm import ROOM, Frame, place
from generator.engine.score import EIGHTHS, Metre, Syllable

LINE = "I carried a lantern along the water"
FRAMES = [(metre, bars) for metre, bars in ROOM]


def syllables(line: str = LINE) -> tuple[Syllable, ...]:
    return phrases_of((line,), 70)[0].syllables


def placed(line: str = LINE, *, seed: int = 1, **wanted: object) -> tuple[float, ...]:
    facts: dict[str, object] = {"bars": 2, "theme": (0, 2, 4), "syncopation": 0.3} | wanted
    return place(syllables(line), Frame(**facts), dice(seed, "test"))  # type: ignore[arg-type]


@pytest.mark.parametrize(("metre", "bars"), FRAMES)
@pytest.mark.parametrize("count", [1, 2, 5, 9, 14])
def test_every_number_of_syllables_has_room_in_every_metre(metre: Metre, bars: int, count: int) -> None:
    onsets = placed(" ".join(["stay"] * count), metre=metre, bars=bars)
    assert len(onsets) == count
    assert all(b > a for a, b in itertools.pairwise(onsets))
    assert onsets[0] >= -3
    if count <= ROOM[metre, bars][1]:
        assert onsets[-1] < bars * EIGHTHS[metre] - 1


def test_a_line_keeps_to_its_theme_where_it_can() -> None:
    theme = (0, 3, 4, 6, 8, 11, 12)
    hits = [len(set(placed(theme=theme, seed=seed)) & set(theme)) for seed in range(10)]
    assert np.mean(hits) >= 5


def test_unstressed_beginnings_come_before_the_bar() -> None:
    begins = [placed("Along the water we were slow", theme=(), seed=seed)[0] for seed in range(10)]
    assert np.mean(np.array(begins) < 0) >= 0.5


def test_phrases_end_on_a_beat_if_their_last_syllable_is_stressed() -> None:
    ends = [placed("We carried a lantern to the sea", seed=seed, syncopation=0.0)[-1] for seed in range(20)]
    assert np.mean(np.array(ends) % 2 == 0) >= 0.9


def test_no_pickup_comes_before_its_time() -> None:
    assert all(placed(earliest=0.0, seed=seed)[0] >= 0 for seed in range(10))


def test_rhythmic_speech_runs_and_then_rests() -> None:
    line = "Ten calls, thin walls, and the printer is jammed"
    spoken = [placed(line, spoken=True, theme=(), seed=seed) for seed in range(10)]
    sung = [placed(line, theme=(), seed=seed) for seed in range(10)]
    assert np.median([np.median(np.diff(onsets)) for onsets in spoken]) <= 1
    assert np.mean([at % 1 > 0 for onsets in spoken for at in onsets]) > 0.05
    assert np.mean([np.ptp(onsets) for onsets in spoken]) < np.mean([np.ptp(onsets) for onsets in sung])
