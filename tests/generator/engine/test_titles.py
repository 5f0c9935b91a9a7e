"""Songs have names out of their words, fit to be shown."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.engine.brief import read_brief
from generator.engine.lyrics import set_words
from generator.engine.titles import LONGEST, title_case, title_from_hook, title_from_lines
from generator.protocol.errors import Rejected

POP = "a cheerful pop song"


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("Bring me home,", "Bring Me Home"),
        ("the sound of the rain!", "The Sound of the Rain"),
        ("DON'T LET GO", "Don't Let Go"),
        ("we’re on fire…", "We're on Fire"),
        ("merry-go-round", "Merry-Go-Round"),
        ("an ode to the USA", "An Ode to the USA"),
        ("“hello”", "Hello"),
        ("l\u200da l\u200da", "La La"),
    ],
)
def test_titles_are_cased_as_titles_are(words: str, title: str) -> None:
    assert title_case(words.split()) == title


def test_the_line_that_is_sung_most_gives_the_name() -> None:
    chorus = ["Oh carry me home", "All over the sea", "Oh carry me home", "Where you wait for me"]
    assert title_from_lines(chorus, chorus) == "Oh Carry Me Home"


def test_of_a_long_line_the_part_that_carries_weight_is_taken() -> None:
    assert title_from_lines([], ["Through every road we roam, together we are home"]) == "Together We Are Home"


def test_our_own_hook_is_the_title() -> None:
    for seed in range(20):
        words = set_words(read_brief(POP, seed), None, seed)
        hook = next(section.lines[0] for section in words.sections if section.kind == "chorus")
        assert words.title == title_from_hook(hook)


def test_the_name_that_the_prompt_gives_is_the_name() -> None:
    for lyrics in (None, "Bring me home"):
        assert set_words(read_brief('a song called "Blue Monday Soup"', 3), lyrics, 3).title == "Blue Monday Soup"


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200), st.integers(0, 1000))
def test_every_song_has_a_name_that_can_be_shown(text: str, seed: int) -> None:
    try:
        title = set_words(read_brief(POP, seed), text, seed).title
    except Rejected:
        return
    assert 0 < len(title) <= LONGEST
    assert title == title.strip()
    assert "\n" not in title
