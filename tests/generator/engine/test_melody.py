"""Tunes keep to their theme, their chords and the singer's range; themes move, turn and come home."""

from __future__ import annotations

import itertools
from functools import partial

import numpy as np

from generator.engine import themes
from generator.engine.brief import read_brief
from generator.engine.chance import dice
from generator.engine.harmony import MAJOR_SCALE, chord, progression, sounding
from generator.engine.melody import Line, pitches
from generator.engine.score import Syllable

SCALE = [60, 62, 64, 65, 67, 69, 71, 72, 74]
CHORDS = progression("I V vi IV", 0, 4)
OVER = partial(sounding, CHORDS, "4/4")
POINTS = ((0.0, 64.0), (2.0, 65.0), (3.0, 67.0), (4.0, 64.0), (8.0, 62.0), (12.0, 60.0))


def sung(**wanted: object) -> tuple[int, ...]:
    onsets = (0.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 12.0)
    facts: dict[str, object] = {
        "syllables": [Syllable(k, (), "AA", 1 - k % 2, ()) for k in range(8)],
        "onsets": onsets,
        "chords": CHORDS,
        "tonic": 0,
        "low": 57,
        "high": 72,
        "points": POINTS,
    } | wanted
    return pitches(Line(**facts), dice(int(str(facts.pop("seed", 1))), "test"))  # type: ignore[arg-type]


def test_it_follows_the_points_of_its_theme() -> None:
    found = dict(zip((0.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 12.0), sung(), strict=True))
    assert sum(abs(found[at] - pitch) <= 1 for at, pitch in POINTS) >= 4


def test_it_stays_in_range_and_scale() -> None:
    found = sung(low=60, high=67)
    assert all(60 <= pitch <= 67 and pitch % 12 in MAJOR_SCALE for pitch in found)


def test_it_ends_on_its_cadence_where_the_chord_has_one() -> None:
    home = progression("IV V I I", 0, 2)
    assert sung(chords=(*home[:2], *progression("I", 0, 1)), cadence=frozenset((0, 4)))[-1] % 12 in (0, 4)


def test_it_sings_what_a_borrowed_chord_brings() -> None:
    minor = (chord("iv")[0],) * 4
    found = [pitch % 12 for pitch in sung(chords=minor, points=((0.0, 68.0), (12.0, 68.0)))]
    assert 8 in found
    assert 9 not in found[::2]


def test_notes_outside_the_scale_lead_somewhere_by_a_step() -> None:
    for low in range(55, 62):
        found = sung(plain=False, low=low, high=low + 12)
        for before, after in itertools.pairwise(found):
            if before % 12 not in MAJOR_SCALE:
                assert 1 <= abs(after - before) <= 2


def test_rhythmic_speech_hardly_moves() -> None:
    still = np.abs(np.diff(sung(spoken=True, points=((0.0, 62.0), (12.0, 62.0)))))
    assert np.mean(still <= 2) >= 0.7


def test_the_second_take_has_a_cell_of_its_own() -> None:
    for seed in range(30):
        first, second = (
            themes.cell(read_brief("a pop song", seed, take), family, 8, (0.5, 0.3), seed)
            for take, family in ((1, "chorus"), (2, "chorus"))
        )
        assert first.onsets != second.onsets
        assert first.moves[0] * second.moves[0] <= 0
        assert 2 <= len(first.steps) <= 6


def test_a_phrase_states_its_cell_twice() -> None:
    cell = themes.Cell((0, 2, 3), (0, 2, 1))
    contour = themes.heights(themes.CONTOURS["chorus"][0], SCALE, 16)
    points = themes.stated(cell, contour, OVER, SCALE, half=8, length=16, turned=False)
    assert [at for at, _ in points] == [0, 2, 3, 8, 10, 11]
    moves = [SCALE.index(int(b)) - SCALE.index(int(a)) for (_, a), (_, b) in itertools.pairwise(points)]
    assert moves[:2] == moves[3:] == [2, -1]


def test_a_turned_cell_begins_alike_and_ends_the_other_way() -> None:
    cell = themes.Cell((0, 1, 2, 4), (0, 1, 2, 4))
    assert cell.turned() == themes.Cell((0, 1, 2, 4), (0, 1, 2, 0))


def test_a_sequence_is_the_same_line_elsewhere() -> None:
    points = tuple((float(k), float(SCALE[i])) for k, i in enumerate((2, 3, 4, 2)))
    found = themes.sequence(points, OVER, SCALE)
    moved = [SCALE.index(int(b)) - SCALE.index(int(a)) for (_, a), (_, b) in zip(points, found, strict=True)]
    assert len(set(moved)) == 1
    assert moved[0] != 0


def test_an_answer_begins_as_its_question_and_goes_down() -> None:
    found = themes.answer(POINTS, SCALE, 8)
    assert found[:4] == POINTS[:4]
    assert found[-1][1] < 66


def test_a_cell_too_wide_for_a_narrow_range_is_bent_into_it() -> None:
    cell = themes.Cell((0, 2, 3), (0, 5, 1))
    contour = ((0.0, 62.0), (16.0, 62.0))
    points = themes.stated(cell, contour, OVER, SCALE[:3], half=8, length=16, turned=True)
    assert len(points) == 6
    assert all(60 <= pitch <= 64 for _, pitch in points)
