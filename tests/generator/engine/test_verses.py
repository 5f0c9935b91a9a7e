"""Our own lines rhyme, scan and can all be sung, and they speak of what the prompt speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from generator.engine.brief import read_brief
from generator.engine.lyrics import set_words
from generator.engine.scansion import length, rhymes, scan_chorus, total
from generator.engine.score import Words
from generator.engine.subject import read_subject
from generator.engine.verses import PLAN, SHELVES, SLOT, Style, Writer, library, scan_written, style_of

PLANS = {"verse": 8, "lift": 8, "waltz": 8, "rap": 10, "chant": 4, "about": 0, "toast": 0, "shout": 0}
"""Syllables of a line on each shelf of couplets; 0 where a name makes up the rest."""
PROMPTS = (
    "a cheerful pop song about friendship and adventure",
    "a slow waltz about two old friends",
    "rap about growing up in a small town",
    "house about neon rain",
    "ambient",
    "sad piano ballad about losing a dog",
    "folk song about my grandmother's blue bicycle",
    "a lullaby for my daughter",
    "rock",
    "jazz about the last train",
)


def filled(line: str) -> str:
    words = library()[1]
    return SLOT.sub(lambda slot: words[slot[1]][0] if slot[1] in words else "the rain", line)


def shelved(*shelves: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for theme in library()[0].values():
        for shelf in shelves:
            for lines in theme.shelves.get(shelf, ()):
                yield shelf, tuple(filled(line) for line in lines)


def written(prompt: str, seed: int) -> Words:
    return set_words(read_brief(prompt, seed), None, seed, prompt)


def sung(words: Words) -> str:
    return " ".join(line for section in words.sections for line in section.lines).lower()


def test_there_are_four_hundred_couplets_over_fourteen_themes_and_more() -> None:
    assert sum(1 for _ in shelved(*PLANS)) >= 400
    assert len(library()[0]) >= 20


def test_every_couplet_rhymes_on_two_different_words() -> None:
    for shelf, lines in shelved(*PLANS):
        assert len(lines) == 2, lines
        assert rhymes(*lines), (shelf, lines)


def test_every_line_is_as_long_as_its_shelf_says_give_or_take_one() -> None:
    for shelf, lines in shelved(*PLANS):
        if PLANS[shelf]:
            assert all(abs(length(line) - PLANS[shelf]) <= 1 for line in lines), (shelf, lines)
        assert length(lines[1]) <= 11


def test_every_hook_comes_back_within_its_chorus_and_makes_a_title() -> None:
    for _, lines in shelved("hook", "call", "plea"):
        assert lines[0] == lines[2]
        assert scan_chorus(lines).length_share == scan_chorus(lines).rhyme_share == 1, lines


def test_every_theme_has_hooks_and_verses_and_is_found_by_its_words() -> None:
    themes = {name: theme for name, theme in library()[0].items() if theme.asks}
    for name, theme in themes.items():
        assert len(theme.shelves["hook"]) >= 3
        assert len(theme.shelves["verse"]) >= 10
        word = sorted(theme.asks - set().union(*(t.asks for n, t in themes.items() if n != name)))[0]
        assert Writer(read_brief(f"a song about {word}", 1), None, 1, [word]).themes[0].name == name


def test_the_words_of_a_slot_all_take_the_same_time() -> None:
    for name, words in library()[1].items():
        assert len({length(word) for word in words}) == 1, name


def test_no_couplet_stands_in_two_themes() -> None:
    lines = [line.lower() for _, lines in shelved("verse", "waltz", "rap", "lift") for line in lines]
    assert len(lines) == len(set(lines))
    assert not any(re.search(r"\bmidnight sky\b|\bneon lights\b|\bbroken heart\b", line) for line in lines)


@pytest.mark.parametrize("prompt", PROMPTS)
def test_what_is_written_rhymes_and_keeps_its_metre(prompt: str) -> None:
    scans = [scan_written(written(prompt, seed), read_brief(prompt, seed)) for seed in range(12)]
    assert total(scans).rhyme_share > 0.9
    assert total(scans).length_share > 0.95


@pytest.mark.parametrize("prompt", PROMPTS)
def test_no_line_of_ours_comes_twice_outside_choruses(prompt: str) -> None:
    for seed in range(12):
        lines = [line for s in written(prompt, seed).sections if s.kind != "chorus" for line in s.lines]
        assert len(lines) == len(set(lines))


@pytest.mark.parametrize(
    ("prompt", "word"),
    [
        ("a song about my grandmother's blue bicycle", "bicycle"),
        ("a waltz about two old friends who meet again", "friends"),
        ("rap about growing up in a small town", "growing up in a small town"),
        ("sad ballad about losing a dog", "losing a dog"),
        ("Folk song about the lighthouse keeper's daughter", "daughter"),
        ("a birthday song for Maya", "maya"),
        ("short pop song about paper boats", "paper boats"),
        ("house about neon rain", "neon rain"),
    ],
)
def test_the_words_name_what_the_song_is_about(prompt: str, word: str) -> None:
    for seed in range(6):
        assert word in sung(written(prompt, seed))


@pytest.mark.parametrize(
    ("prompt", "names"),
    [
        ("a song about my grandmother's blue bicycle", ["my grandmother's blue bicycle", "the blue bicycle"]),
        ("About a lonely astronaut who waits", ["the lonely astronaut", "the astronaut"]),
        ("a track about leaving home for the first time", ["leaving home"]),
        ("lullaby for my daughter", ["my daughter"]),
        ("ode to the last bus home", ["the last bus home"]),
        ("about friendship and adventure.", ["friendship and adventure"]),
    ],
)
def test_a_subject_is_named_as_the_prompt_names_it_or_shorter(prompt: str, names: list[str]) -> None:
    subject = read_subject(prompt)
    assert subject is not None
    assert list(subject.names[: len(names)]) == names


@pytest.mark.parametrize(
    "prompt",
    [
        "something happy", "about 120 bpm", "about a minute long", "a song about how I lost my keys",
        "about you and me", "techno for dancing", "a song about 🎵🎵", "about", "about Łódź", "a song about the", "",
    ],
)  # fmt: skip
def test_where_no_name_is_sure_there_is_no_subject(prompt: str) -> None:
    assert read_subject(prompt) is None


@pytest.mark.parametrize(
    ("prompt", "style"), [("a waltz", "waltz"), ("rap", "rap"), ("house", "sparse"), ("pop", "plain")]
)
def test_lines_suit_the_idiom(prompt: str, style: Style) -> None:
    brief = read_brief(prompt, 1)
    assert style_of(brief) == style
    verse = Writer(brief, None, 1).couplets(2, 0)
    own = [lines for _, lines in shelved(SHELVES[style][0])]
    assert rhymes(*verse[:2])
    assert all(abs(length(line) - PLAN[style]) <= 1 for line in verse)
    assert len(own) >= 24


def test_sad_songs_are_not_about_summer() -> None:
    for seed in range(20):
        names = {theme.name for theme in Writer(read_brief("a sad song", seed), None, seed).themes}
        assert names <= {"parting", "letting", "rain", "grief"}


def test_a_writer_that_has_used_up_everything_still_writes() -> None:
    writer = Writer(read_brief("", 1), None, 1)
    for part in range(400):
        assert len(writer.couplets(1, part)) == 2
