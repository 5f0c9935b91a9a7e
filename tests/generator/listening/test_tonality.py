"""The key of a tune without chords: from how long its tones are held, and where."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from generator.listening.facts import Key, Melody, Note
from generator.listening.melody import phrases
from generator.listening.tonality import tonality

BAR = 2.0
MINOR = ((69, 76, 72, 69), (72, 71, 69, 67), (65, 69, 72, 69), (64, 68, 71, 69))
"""A tune in A minor, bar by bar in quarters, with a leading tone at its end."""
AEOLIAN = ((69, 76, 72, 69), (72, 71, 69, 67), (65, 69, 72, 69), (67, 71, 67, 69))
"""One that has the tones of C major."""
MAJOR = ((60, 67, 64, 60), (65, 64, 62, 60), (69, 67, 65, 64), (67, 65, 62, 60))
LINES = tuple(1 + k * BAR for k in range(16))


def sung(bars: Sequence[Sequence[int]], higher: int = 0, times: int = 3) -> Melody:
    notes = []
    for number in range(times * len(bars)):
        for quarter, pitch in enumerate(bars[number % len(bars)]):
            begin = 1 + number * BAR + quarter * BAR / 4
            notes.append(Note(begin, begin + BAR / 4 - 0.03, pitch + higher + 0.1, pitch + higher))
    return Melody(tuple(notes), phrases(tuple(notes)), 1.0)


def named(key: Key) -> tuple[int, bool]:
    return key.tonic, key.minor


@pytest.mark.parametrize(("bars", "key"), [(MINOR, (9, True)), (AEOLIAN, (9, True)), (MAJOR, (0, False))])
@pytest.mark.parametrize("lines", [LINES, ()])
def test_it_tells_a_minor_key_from_the_major_one_of_the_same_tones(
    bars: Sequence[Sequence[int]], key: tuple[int, bool], lines: tuple[float, ...]
) -> None:
    assert named(tonality(sung(bars), lines)) == key


@pytest.mark.parametrize("higher", range(-12, 12))
def test_a_tune_that_is_sung_higher_has_its_key_higher(higher: int) -> None:
    here, there = tonality(sung(AEOLIAN), LINES), tonality(sung(AEOLIAN, higher), LINES)
    assert named(there) == ((here.tonic + higher) % 12, here.minor)
    assert there.certainty == pytest.approx(here.certainty)


def test_it_is_surer_of_a_tune_than_of_two_tones_that_many_keys_have() -> None:
    whole, little = tonality(sung(MINOR), LINES), tonality(sung(((62, 67),), times=4), LINES)
    assert 0 < little.certainty < whole.certainty <= 1


def test_bar_lines_before_and_after_a_tune_change_nothing() -> None:
    more = tuple(1 + k * BAR for k in range(-8, 40))
    assert tonality(sung(AEOLIAN), more) == tonality(sung(AEOLIAN), LINES)


def test_bars_are_counted_anew_after_a_rest() -> None:
    """A verse of three bars and a bar of rest begins where one of four bars does."""
    notes = [note for note in sung(AEOLIAN).notes if (note.start - 1) % (4 * BAR) < 3 * BAR]
    late = [
        Note(note.start + BAR * (note.start > 1 + 4 * BAR), note.end + BAR * (note.start > 1 + 4 * BAR), *note[2:])
        for note in notes
    ]
    one, other = (Melody(tuple(line), phrases(tuple(line)), 1.0) for line in (notes, late))
    found, again = tonality(one, LINES), tonality(other, LINES)
    assert named(found) == named(again)
    assert found.certainty == pytest.approx(again.certainty)
