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
from generator.engine.harmony import MAJOR_SCALE, chord, in_scale, progression
from generator.engine.idioms import IDIOMS
from generator.engine.lyrics import set_words
from generator.engine.score import Score, Section
from generator.protocol.errors import Rejected

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
    for seed in range(4):
        first, second = song(seed=seed), song(seed=seed, take=2)
        assert first.hook != second.hook
        steps = [[b - a for (_, a), (_, b) in itertools.pairwise(score.hook)] for score in (first, second)]
        assert steps[0] != steps[1]


def test_tunes_move_as_sung_tunes_do() -> None:
    found = np.array([step for score in all_idioms() for step in intervals(score)])
    assert 0.1 <= np.mean(found == 0) <= 0.27
    assert 0.08 <= np.mean((found == 3) | (found == 4)) <= 0.4
    assert np.mean((found == 1) | (found == 2)) >= 0.4
    assert found.max() <= 12
    assert 6 not in found


def test_choruses_lie_above_verses() -> None:
    rises = [np.mean(pitches(score, "chorus")) - np.mean(pitches(score, "verse")) for score in all_idioms()]
    assert 3 <= np.mean(rises) <= 6
    assert min(rises) > 0.5


def test_stresses_fall_on_beats() -> None:
    on_beat = []
    for score in all_idioms():
        for section in score.sections:
            for sung in section.sung:
                for note, syllable in zip(sung.notes, sung.phrase.syllables, strict=True):
                    eighth = (sung.start + note.on - section.start) / score.brief.eighth
                    if syllable.stress:
                        on_beat.append(eighth % 2 < 0.5 or eighth % 2 > 1.9)
    assert np.mean(on_beat) >= 0.7


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
    prompt=st.sampled_from(["pop 60 bpm", "punk 190 bpm", "slow waltz", "short", "jazz", "house"]),
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
    ],
)
def test_it_reads_roman_numerals(token: str, notes: tuple[int, ...], bass: int, halves: int) -> None:
    found, length = chord(token)
    assert (found.pitches, found.bass, length) == (notes, bass, halves)


def test_every_progression_in_the_table_can_be_read_and_fills_whole_bars() -> None:
    for idiom in IDIOMS.values():
        for harmony in (idiom.major, idiom.minor):
            for part in (harmony.verse, harmony.prechorus, harmony.chorus, harmony.bridge):
                assert part[0] != part[1]
                for tokens in part:
                    assert sum(chord(token)[1] for token in tokens.split()) % 8 == 0, tokens
                    assert len(progression(tokens, 2, 8)) == 16


def test_a_token_that_is_no_chord_is_refused() -> None:
    with pytest.raises(ValueError, match="not a chord"):
        chord("H7")


def test_the_scale_is_the_major_one() -> None:
    assert [pitch for pitch in range(12) if in_scale(pitch, 0)] == list(MAJOR_SCALE)
