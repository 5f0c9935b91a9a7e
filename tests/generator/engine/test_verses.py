"""Our own lines rhyme, scan and can all be sung."""

from __future__ import annotations

import re

from generator.engine.verses import SLOT, Writer, library
from generator.engine.words import rhyme_key, syllables


def length(line: str) -> int:
    return sum(len(syllables(token)) for token in line.split())


def filled(line: str) -> str:
    return SLOT.sub(lambda slot: library()[1][slot[1]][0], line)


def test_every_couplet_rhymes_on_two_different_words() -> None:
    themes, _ = library()
    couplets = [lines for theme in themes.values() for lines in (*theme.verses, *theme.lifts)]
    assert len(couplets) >= 120
    for first, second in couplets:
        ends = [filled(line).split()[-1].lower() for line in (first, second)]
        assert ends[0] != ends[1], (first, second)
        assert rhyme_key(ends[0]) == rhyme_key(ends[1]), (first, second)


def test_every_verse_line_has_eight_syllables_give_or_take_one() -> None:
    themes, _ = library()
    for theme in themes.values():
        for line in (line for lines in (*theme.verses, *theme.lifts) for line in lines):
            assert 7 <= length(filled(line)) <= 9, line


def test_every_hook_comes_back_within_its_chorus_and_makes_a_title() -> None:
    themes, _ = library()
    for theme in themes.values():
        assert len(theme.hooks) >= 3
        for hook in theme.hooks:
            assert len(hook) == 4
            assert hook[0] == hook[2]
            assert rhyme_key(hook[1].split()[-1]) == rhyme_key(hook[3].split()[-1])


def test_the_words_of_a_slot_all_take_the_same_time() -> None:
    for name, words in library()[1].items():
        assert len({length(word) for word in words}) == 1, name


def test_there_are_twelve_themes_and_each_is_found_by_its_words() -> None:
    themes, _ = library()
    assert len(themes) >= 12
    for name, theme in themes.items():
        word = sorted(theme.asks - set().union(*(t.asks for n, t in themes.items() if n != name)))[0]
        assert Writer((word,), 1).themes[0].name == name


def test_no_couplet_stands_in_two_themes() -> None:
    lines = [
        line.lower() for theme in library()[0].values() for lines in (*theme.verses, *theme.lifts) for line in lines
    ]
    assert len(lines) == len(set(lines))
    assert not any(re.search(r"\bmidnight sky\b|\bneon lights\b|\bbroken heart\b", line) for line in lines)


def test_a_writer_that_has_used_up_everything_still_writes() -> None:
    writer = Writer((), 1)
    for part in range(200):
        assert len(writer.couplets(1, part)) == 2
