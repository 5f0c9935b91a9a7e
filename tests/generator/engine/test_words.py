"""Any written word can be said, and divided into syllables."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.engine.spelling import VOWELS, sound_out
from generator.engine.words import pronounce, rhyme_key, spoken, syllables


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("Mr.", ["mister"]),
        ("&", ["and"]),
        ("1984", ["nineteen", "eighty", "four"]),
        ("2007", ["two", "thousand", "seven"]),
        ("3rd", ["third"]),
        ("21st", ["twenty", "first"]),
        ("90s", ["nineties"]),
        ("1,000", ["one", "thousand"]),
        ("3.5", ["three", "point", "five"]),
        ("$5", ["five", "dollars"]),
        ("50%", ["fifty", "percent"]),
        ("24/7", ["twenty", "four", "seven"]),
        ("٣", ["three"]),
        ("007", ["zero", "zero", "seven"]),
        ("5am", ["five", "a.", "m."]),
        ("U.S.A.", ["u.", "s.", "a."]),
        ("NYC", ["n.", "y.", "c."]),
        ("rock-n-roll", ["rock", "n", "roll"]),
        ("well—I", ["well", "i"]),
        ("café", ["cafe"]),
        ("🎵", []),
        ("...", []),
    ],
)
def test_it_reads_what_is_written_as_people_do(token: str, said: list[str]) -> None:
    assert list(spoken(token)) == said


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("through", 1),
        ("every", 2),
        ("together", 3),
        ("don't", 1),
        ("lovin'", 2),
        ("moonbeam", 2),
        ("ohhhhh", 1),
        ("wanderlusting", 4),
        ("colour", 2),
        ("1984", 5),
        ("hallelujah", 4),
        ("supercalifragilisticexpialidocious", 14),
    ],
)
def test_it_counts_syllables(word: str, count: int) -> None:
    assert len(syllables(word)) == count


def test_consonants_go_to_the_syllable_that_they_begin() -> None:
    first, second, third = syllables("together")
    assert (first.onset, second.onset, third.onset) == (("T",), ("G",), ("DH",))
    assert [sound.stress for sound in (first, second, third)] == [0, 1, 0]
    assert syllables("extra")[1].onset == ("S", "T", "R")


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("roamed", "R OW1 M D"),
        ("winters", "W IH1 N T ER0 Z"),
        ("nothin'", "N AH1 TH IH0 N"),
        ("zibbing", "Z IH1 B IH0 NG"),
        ("blorped", "B L AO1 R P T"),
        ("quixle", "K W IH1 K S AH0 L"),
    ],
)
def test_it_finds_words_that_no_dictionary_holds_by_their_parts(word: str, phones: str) -> None:
    assert " ".join(pronounce(word)) == phones


@given(st.text(string.ascii_lowercase, min_size=1, max_size=30))
def test_letter_rules_give_every_word_a_vowel_and_one_main_stress(word: str) -> None:
    phones = sound_out(word)
    assert sum(phone[:2] in VOWELS for phone in phones) >= 1
    assert all(phone[-1].isdigit() == (phone[:2] in VOWELS) for phone in phones)


@given(st.text(min_size=1, max_size=30))
def test_no_token_breaks_it(token: str) -> None:
    sounds = syllables(token)
    assert bool(sounds) == bool(spoken(token))
    assert all(sound.vowel in VOWELS and sound.stress in (0, 1, 2) for sound in sounds)


def test_words_rhyme_from_their_last_stress_on() -> None:
    assert rhyme_key("roam,") == rhyme_key("home")
    assert rhyme_key("Mother") == rhyme_key("brother!")
    assert rhyme_key("ear") == rhyme_key("here")
    assert rhyme_key("home") != rhyme_key("house")
