"""Progressions are written as musicians say them, and are read as they are meant."""

from __future__ import annotations

import pytest

from generator.engine import progressions
from generator.engine.harmony import MAJOR_SCALE, chord, in_scale, progression, sounding
from generator.engine.idioms import IDIOMS
from generator.engine.progressions import Harmony


@pytest.mark.parametrize(
    ("token", "notes", "bass", "halves"),
    [
        ("I", (0, 4, 7), 0, 2),
        ("vi7", (9, 0, 4, 7), 9, 2),
        ("V/3", (7, 11, 2), 11, 2),
        ("V/ii:2", (9, 1, 4, 7), 9, 1),
        ("bVII", (10, 2, 5), 10, 2),
        ("Vsus", (7, 0, 2), 7, 2),
        ("iv", (5, 8, 0), 5, 2),
        ("IVb7", (5, 9, 0, 3), 5, 2),
        ("bVIIb7", (10, 2, 5, 8), 10, 2),
        ("I6/5:2", (0, 4, 7, 9), 7, 1),
        ("#ivo", (6, 9, 0, 3), 6, 2),
        ("viih", (11, 2, 5, 9), 11, 2),
        ("V/vi@6", (4, 8, 11, 2), 9, 2),
    ],
)
def test_it_reads_roman_numerals(token: str, notes: tuple[int, ...], bass: int, halves: int) -> None:
    found, length = chord(token)
    assert (found.pitches, found.bass, length) == (notes, bass, halves)


def harmonies() -> list[Harmony]:
    return [one for one in vars(progressions).values() if isinstance(one, Harmony)]


def test_every_progression_in_the_table_can_be_read_and_fills_whole_bars() -> None:
    for harmony in harmonies():
        for part in (harmony.verse, harmony.prechorus, harmony.chorus, harmony.bridge):
            assert len(set(part)) == len(part) >= 3
            for tokens in part:
                assert sum(chord(token)[1] for token in tokens.split()) % 8 == 0, tokens
                assert len(progression(tokens, 2, 8)) == 16


def test_every_harmony_is_some_idioms_and_every_mode_has_its_own() -> None:
    used = [one for idiom in IDIOMS.values() for one in (idiom.major, idiom.minor)]
    assert all(any(one is harmony for one in used) for harmony in harmonies())
    assert all(idiom.major is not idiom.minor for idiom in IDIOMS.values())


def test_prechoruses_lead_somewhere_else_than_home() -> None:
    for harmony in harmonies():
        for tokens in harmony.prechorus:
            last, _ = chord(tokens.split()[-1])
            assert last.pitches[:3] not in ((0, 4, 7), (9, 0, 4)), tokens


def test_jazz_comes_home_by_its_fifths_and_funk_stays_where_it_is() -> None:
    assert any("ii7 V7" in tokens for tokens in progressions.JAZZ.verse)
    for tokens in progressions.FUNK.verse:
        assert sum(token.startswith("Ib7") for token in tokens.split()) >= len(tokens.split()) / 2


def test_slow_chords_last_twice_as_long() -> None:
    usual, slow = progression("I IV V I", 0, 4), progression("I IV V I", 0, 8, slow=True)
    assert slow == tuple(one for one in usual for _ in range(2))


def test_the_second_chord_of_a_bar_begins_where_its_metre_says() -> None:
    first, second = (chord("I")[0], chord("V")[0])
    for metre, middle in (("4/4", 4), ("3/4", 4), ("6/8", 3)):
        chords = (first, second, first)
        assert sounding(chords, metre, -2) == sounding(chords, metre, middle - 1) == first  # type: ignore[arg-type]
        assert sounding(chords, metre, middle) == second  # type: ignore[arg-type]
        assert sounding(chords, metre, 100) == first  # type: ignore[arg-type]


def test_a_token_that_is_no_chord_is_refused() -> None:
    with pytest.raises(ValueError, match="not a chord"):
        chord("H7")


def test_the_scale_is_the_major_one() -> None:
    assert [pitch for pitch in range(12) if in_scale(pitch, 0)] == list(MAJOR_SCALE)
