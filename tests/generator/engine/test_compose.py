"""Every take is a score that can be sung and played, and its tune keeps to the habits of songs."""

from __future__ import annotations

import itertools
import os
import string
import subprocess
import sys
import time
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.engine.brief import read_brief
from generator.engine.compose import compose
from generator.engine.idioms import IDIOMS
from generator.engine.lyrics import set_words
from generator.engine.score import Score, Section, SungPhrase
from generator.protocol.errors import Rejected
from tests.listen.music import edit_distance, statistics

POP = "A cheerful pop song about friendship and adventure."
SEED_LINE = "Through every road we roam, together we are home"


@cache
def song(prompt: str = POP, lyrics: str | None = SEED_LINE, seed: int = 7, take: int = 1) -> Score:
    return compose(read_brief(prompt, seed, take), set_words(read_brief(prompt, seed), lyrics, seed), seed)


def all_idioms() -> list[Score]:
    return [song(f"a {name} song", None, seed, take) for name in IDIOMS for seed in (1, 2) for take in (1, 2)]


def pitches(score: Score, kind: str) -> list[int]:
    parts = [section for section in score.sections if section.kind == kind and section.lift == 0]
    return [note.pitch for section in parts for sung in section.sung for note in sung.notes]


def intervals(score: Score) -> list[int]:
    phrases = [sung.notes for section in score.sections for sung in section.sung]
    return [abs(b.pitch - a.pitch) for notes in phrases for a, b in itertools.pairwise(notes)]


def assert_singable(score: Score) -> None:
    """Sections lie end to end; notes rise in time, stay in reach, and no two sound at once."""
    assert score.sections[0].start == 0
    for before, after in itertools.pairwise(score.sections):
        assert after.start == pytest.approx(before.end)
        assert after.bar == before.bar + before.bars
    last = 0.0
    for section in score.sections:
        assert len(section.chords) == 2 * section.bars
        for sung in section.sung:
            assert len(sung.notes) == len(sung.phrase.syllables)
            assert sung.notes[0].on >= 0.45 - 1e-9
            assert section.start - 3.1 * score.brief.eighth <= sung.start + sung.notes[0].on < section.end
            for note in sung.notes:
                assert sung.start + note.on >= last - 1e-9
                assert note.off - note.on > 0.03
                assert score.brief.low <= note.pitch <= score.brief.high + section.lift
                last = sung.start + note.off


def test_takes_of_all_idioms_can_be_sung() -> None:
    for score in all_idioms():
        assert_singable(score)


def test_the_same_seed_composes_the_same_notes() -> None:
    again = compose(read_brief(POP, 7), set_words(read_brief(POP, 7), SEED_LINE, 7), 7)
    assert again == song()


SCRIPT = """
import hashlib
from generator.engine import arrange, art, brief, chance, compose, lyrics
found = hashlib.sha256()
for prompt in ("A cheerful pop song about friendship and adventure.", "slow rainy jazz piano ballad", "x"):
    words = lyrics.set_words(brief.read_brief(prompt, 7), None, 7)
    for take in (1, 2):
        score = compose.compose(brief.read_brief(prompt, 7, take), words, 7)
        found.update(repr((score.title, score.sections, score.hook)).encode())
        for index in range(len(score.sections)):
            found.update(repr(arrange.arrange(score, index, chance.dice(7, index))).encode())
    found.update(art.cover(words.title, "pop", 7))
print(found.hexdigest())
"""


def test_every_process_makes_the_same_song() -> None:
    found = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT], env=os.environ | {"PYTHONHASHSEED": hashes}, capture_output=True, check=True
        ).stdout
        for hashes in ("1", "2")
    }
    assert len(found) == 1
    assert len(found.pop().strip()) == 64


def test_the_takes_have_two_tunes() -> None:
    distances, alike = [], 0
    for name in IDIOMS:
        first, second = (song(f"a {name} song", None, 1, take) for take in (1, 2))
        hooks = [[b - a for (_, a), (_, b) in itertools.pairwise(score.hook)] for score in (first, second)]
        assert hooks[0] != hooks[1]
        rhythms = [[at for at, _ in score.hook] for score in (first, second)]
        alike += rhythms[0] == rhythms[1]
        distances.append(edit_distance(first, second))
    assert alike <= len(IDIOMS) // 8
    assert min(distances) > 0.4
    assert np.mean(distances) > 0.6


def test_tunes_move_as_sung_tunes_do() -> None:
    found = np.array([step for score in all_idioms() for step in intervals(score)])
    assert 0.15 <= np.mean(found == 0) <= 0.32
    assert 0.4 <= np.mean((found == 1) | (found == 2)) <= 0.55
    assert 0.12 <= np.mean((found == 3) | (found == 4)) <= 0.27
    assert 0.05 <= np.mean(found > 4) <= 0.15
    assert found.max() <= 12
    assert np.mean(found == 6) < 0.01


def test_tunes_have_a_range_that_is_sung_with_ease_and_use_most_of_their_scale() -> None:
    for score in all_idioms():
        numbers = statistics(score)
        assert 5 <= (numbers["span"] or 0) <= 16
        assert 1.6 <= (numbers["entropy"] or 0) <= 3.2
    assert 9 <= np.mean([statistics(score)["span"] for score in all_idioms()]) <= 14


def test_choruses_lie_above_verses() -> None:
    rises = [np.mean(pitches(score, "chorus")) - np.mean(pitches(score, "verse")) for score in all_idioms()]
    assert 3 <= np.mean(rises) <= 5.5
    assert min(rises) > 0.5


METRES = {"4/4": (0, 2, 4, 6), "3/4": (0, 2, 4), "6/8": (0, 3)}
"""The eighths of a bar that are beats."""
IN_METRES = (
    ("a folk waltz", "3/4"),
    ("country waltz 170 bpm", "3/4"),
    ("lullaby in 6/8", "6/8"),
    ("a pop song", "4/4"),
)


@pytest.mark.parametrize(("prompt", "metre"), IN_METRES)
def test_stresses_fall_on_the_beats_of_the_metre(prompt: str, metre: str) -> None:
    on_beat = []
    for score in (song(prompt, None, seed, take) for seed in range(3) for take in (1, 2)):
        assert score.brief.metre == metre
        assert_singable(score)
        for section in score.sections:
            for sung in section.sung:
                for note, syllable in zip(sung.notes, sung.phrase.syllables, strict=True):
                    eighth = (sung.start + note.on - section.start) / score.brief.eighth
                    if syllable.stress:
                        on_beat.append(round(eighth, 2) % score.brief.eighths in METRES[metre])
    assert np.mean(on_beat) >= 0.75


def sayings(score: Score, kind: str) -> dict[tuple[str, ...], SungPhrase]:
    """The different lines of all parts of a kind, as they are first sung."""
    found: dict[tuple[str, ...], SungPhrase] = {}
    for section in score.sections:
        for sung in section.sung if section.kind == kind else ():
            found.setdefault(sung.phrase.words, sung)
    return found


def gesture(sung: SungPhrase) -> tuple[int, ...]:
    """How a phrase sets out: up, down or level, from note to note."""
    return tuple(int(np.sign(b.pitch - a.pitch)) for a, b in itertools.pairwise(sung.notes[:4]))


def test_a_verse_keeps_coming_back_to_how_it_began() -> None:
    returns = []
    for score in all_idioms():
        lines = [gesture(sung) for sung in sayings(score, "verse").values()]
        if len(lines) >= 6:
            returns.append(max(lines.count(line) for line in lines))
    assert len(returns) > 20
    assert np.mean(np.array(returns) >= 3) >= 0.9


def test_a_phrase_that_contrasts_makes_a_part_more_than_a_loop() -> None:
    for score in all_idioms():
        for section in score.sections:
            if len({sung.phrase.words for sung in section.sung}) >= 4:
                tunes = {tuple(note.pitch for note in sung.notes) for sung in section.sung}
                assert len(tunes) >= 2, (score.brief.idiom, section.kind)


def test_parts_end_on_a_note_of_their_last_chord() -> None:
    ends = []
    for score in all_idioms():
        for section in score.sections:
            if section.sung:
                last = section.sung[-1].notes[-1].pitch % 12
                ends.append(any(last in chord.pitches for chord in section.chords[-2:]))
    assert np.mean(ends) >= 0.95


def test_phrases_leave_a_breath() -> None:
    for score in (*all_idioms(), *(song(prompt, None) for prompt, _ in IN_METRES)):
        phrases = [sung for section in score.sections for sung in section.sung]
        gaps = [b.start + b.notes[0].on - a.start - a.notes[-1].off for a, b in itertools.pairwise(phrases)]
        assert min(gaps) > 0.15
        assert np.median(gaps) > 0.25


def test_rappers_stay_on_few_pitches_until_the_chorus() -> None:
    for seed, take in itertools.product(range(3), (1, 2)):
        score = song("hip hop about the city", None, seed, take)
        verse, chorus = pitches(score, "verse"), pitches(score, "chorus")
        assert max(verse) - min(verse) <= 7
        assert np.mean(chorus) > np.mean(verse)


def onsets(section: Section, score: Score) -> list[set[int]]:
    step, bar, out = score.brief.eighth / 2, 0, []
    for sung in section.sung:
        begin = section.start + bar * score.brief.bar
        out.append({round((sung.start + note.on - begin) / step) for note in sung.notes})
        bar += sung.phrase.bars
    return out


def test_sister_lines_share_their_rhythm() -> None:
    shared = []
    for score in all_idioms():
        for section in score.sections:
            for a, b in itertools.combinations(onsets(section, score), 2):
                shared.append(len(a & b) / len(a | b))
    assert np.mean(shared) >= 0.6


def test_the_same_chorus_has_the_same_tune_each_time() -> None:
    first, second, third = (section for section in song().sections if section.kind == "chorus")
    tunes = [
        [(round(note.on, 6), note.pitch - section.lift) for sung in section.sung for note in sung.notes]
        for section in (first, second, third)
    ]
    assert tunes[0] == tunes[1] == tunes[2]


def test_a_song_lasts_about_two_minutes_and_a_short_one_half_a_minute() -> None:
    assert all(95 <= score.duration <= 165 for score in all_idioms())
    for idiom in IDIOMS:
        for take, lyrics in itertools.product((1, 2), (SEED_LINE, None)):
            assert 18 <= song(f"short {idiom} song", lyrics, 3, take).duration <= 32


def test_songs_without_words_have_a_tune_for_the_lead() -> None:
    score = song("instrumental jazz", None)
    assert not any(section.sung for section in score.sections)
    assert all(section.tune for section in score.sections)
    assert {"verse", "chorus"} <= {section.kind for section in score.sections}


def test_a_song_without_words_is_no_loop() -> None:
    for prompt in ("instrumental jazz", "ambient instrumental", "cinematic instrumental", "instrumental waltz"):
        score = song(prompt, None)
        verse = next(section for section in score.sections if section.kind == "verse")
        half = (verse.end - verse.start) / 2
        first, second = (
            [(round(note.on - begin, 3), note.pitch) for note in verse.tune if begin - 0.01 <= note.on < begin + half]
            for begin in (0.0, half)
        )
        assert first != second
        assert first[:2] == second[:2] or len(set(first) & set(second)) < len(first)
        assert sum(note.off - note.on for note in verse.tune) < 0.97 * (verse.end - verse.start)


def test_the_intro_plays_the_hook() -> None:
    score = song()
    assert score.sections[0].kind == "intro"
    heard = [note.pitch % 12 for note in score.sections[0].tune[:3]]
    hook = [pitch % 12 for at, pitch in score.hook if at >= 0][:3]
    assert sum(a == b for a, b in zip(heard, hook, strict=True)) >= 2


def test_what_the_lead_plays_lies_within_its_section() -> None:
    for score in [*all_idioms(), song("instrumental pop", None), song("short instrumental folk", None)]:
        for section in score.sections:
            for note in section.tune:
                assert 0 <= note.on < note.off <= section.end - section.start + 3 * score.brief.beat


def test_energy_rises_into_the_last_chorus() -> None:
    score = song()
    energies = {section.kind: section.energy for section in score.sections}
    assert energies["intro"] < energies["verse"] < energies["chorus"] == 5


def test_it_composes_fast_enough_to_be_heard_at_once() -> None:
    compose(read_brief(POP, 9), set_words(read_brief(POP, 9), SEED_LINE, 9), 9)
    begin = time.process_time()
    compose(read_brief(POP, 10), set_words(read_brief(POP, 10), SEED_LINE, 10), 10)
    assert time.process_time() - begin < 0.15


@settings(max_examples=60, deadline=None)
@given(
    prompt=st.sampled_from(
        ["pop 60 bpm", "punk 190 bpm", "slow waltz", "jig", "rap", "short", "jazz", "lullaby in 6/8"]
    ),
    lyrics=st.lists(st.text(string.ascii_letters + "  ',.", min_size=1, max_size=50), min_size=1, max_size=12),
    seed=st.integers(0, 2**40),
    take=st.sampled_from([1, 2]),
)
def test_whatever_is_written_can_be_sung(prompt: str, lyrics: list[str], seed: int, take: int) -> None:
    try:
        words = set_words(read_brief(prompt, seed), "\n".join(lyrics), seed)
    except Rejected:
        return
    assert_singable(compose(read_brief(prompt, seed, take), words, seed))
