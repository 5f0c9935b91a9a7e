"""Choruses are filled as the idiom fills them, in harmony, and the words stay with the lead."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from generator.engine.brief import read_brief
from generator.engine.choir import COMPANIES, LAST, Companion, chord_at, companions, held_vowels
from generator.engine.harmony import MAJOR_SCALE
from generator.engine.idioms import IDIOMS
from generator.engine.intonation import HEAD
from generator.engine.score import Brief, Chord, Metre, Note, Phrase, Score, Section, Singer, SungPhrase, Syllable
from generator.engine.vocals import Vocals
from generator.engine.words import syllables

C, F, G = Chord((0, 4, 7), 0), Chord((5, 9, 0), 5), Chord((7, 11, 2), 7)
TUNE = (64, 65, 67, 69, 67, 65, 62, 60)


def brief(idiom: str = "pop", singer: Singer = "female", metre: Metre = "4/4") -> Brief:
    low = 56 if singer == "female" else 48
    return dataclasses.replace(
        read_brief("A song", 1, 1), idiom=idiom, singer=singer, low=low, high=low + 16, metre=metre, bpm=100, tonic=0,
        minor=False,
    )  # fmt: skip


def section(about: Brief, energy: float = 4.0, lower: int = 0) -> Section:
    """A chorus of four bars on C, F, G, C with one phrase of eight eighths in each two bars."""
    words = ("we", "are", "all", "coming", "home", "to", "sing")
    said = tuple(
        Syllable(index, sound.onset, sound.vowel, sound.stress, sound.coda)
        for index, word in enumerate(words)
        for sound in syllables(word)
    )
    step = about.eighth * 1.5
    notes = tuple(Note(0.45 + k * step, 0.45 + (k + 1) * step, pitch - lower) for k, pitch in enumerate(TUNE))
    sung = SungPhrase(Phrase(words, said, 0), 9.55, notes)
    chords = (C, C, F, F, G, G, C, C)
    return Section("chorus", 4, 4, energy, chords, 0, False, 10.0, 10.0 + 4 * about.bar, sung=[sung])


def seconds(others: list[Companion]) -> list[tuple[float, ...]]:
    """The distances of second voices: not of doubles, nor of octaves."""
    return [one.part.offsets for one in others if one.part.offsets and set(one.part.offsets) not in ({12.0}, {-12.0})]


@pytest.mark.parametrize("idiom", sorted(COMPANIES))
@pytest.mark.parametrize("singer", ["female", "male"])
def test_second_voices_stay_in_the_scale_on_their_side_of_the_tune(idiom: str, singer: Singer) -> None:
    about = brief(idiom, singer)
    last = section(about, LAST, 0 if singer == "female" else 7)
    sung = last.sung[0]
    for offsets in seconds(companions(about, sung, last)):
        assert len({np.sign(offset) for offset in offsets}) == 1
        assert all(3 <= abs(offset) <= 14 for offset in offsets)
        assert all((note.pitch + offset) % 12 in MAJOR_SCALE for note, offset in zip(sung.notes, offsets, strict=True))


def test_second_voices_mostly_sing_the_chord() -> None:
    about = brief("soul")
    chorus = section(about)
    sung = chorus.sung[0]
    (offsets,) = seconds(companions(about, sung, chorus))
    on_chord = [
        (note.pitch + offset) % 12 in chord_at(about, chorus, sung.start + note.on)
        for note, offset in zip(sung.notes, offsets, strict=True)
    ]
    assert np.mean(on_chord) >= 0.75


def test_harmonies_are_not_thirds_everywhere() -> None:
    typical = {}
    for idiom in COMPANIES:
        about = brief(idiom, "male")
        last = section(about, LAST, 7)
        typical[idiom] = [float(np.median(offsets)) for offsets in seconds(companions(about, last.sung[0], last))]
    assert len({tuple(distances) for distances in typical.values()}) >= 5
    assert typical["hiphop"] == []
    assert typical["soul"][0] < -6


def test_verses_are_sung_alone_and_only_the_last_chorus_by_all() -> None:
    about = brief("soul")
    verse = dataclasses.replace(section(about), kind="verse")
    assert companions(about, verse.sung[0], verse) == []
    usual, last = section(about), section(about, LAST)
    assert len(companions(about, usual.sung[0], usual)) < len(companions(about, last.sung[0], last))
    assert held_vowels(about, usual.sung[0], usual) is None
    assert held_vowels(about, last.sung[0], last) is not None


def test_those_who_sing_along_leave_the_consonants_to_the_lead() -> None:
    for idiom in IDIOMS:
        about = brief(idiom)
        last = section(about, LAST)
        assert all(one.part.consonants <= 0.3 for one in companions(about, last.sung[0], last))


@pytest.mark.parametrize("metre", ["4/4", "3/4", "6/8"])
def test_held_vowels_follow_the_chords_of_any_metre(metre: Metre) -> None:
    about = brief("cinematic", metre=metre)
    last = section(about, LAST)
    sung = last.sung[0]
    held = held_vowels(about, sung, last)
    assert held is not None
    assert held.notes[0].on == sung.notes[0].on
    assert held.notes[-1].off == sung.notes[-1].off
    assert len(held.phrase.syllables) == len(held.notes)
    for note, offset in zip(held.notes, held.companions[1].part.offsets, strict=True):
        chord = chord_at(about, last, sung.start + note.on + 0.02)
        assert note.pitch % 12 in chord
        assert (note.pitch + offset) % 12 in chord


def test_in_three_four_the_second_chord_of_a_bar_comes_with_the_third_beat() -> None:
    about = brief(metre="3/4")
    waltz = section(about)
    waltz.chords = (C, G, F, G)
    assert chord_at(about, waltz, 10.0 + 1.9 * about.beat) == C.pitches
    assert chord_at(about, waltz, 10.0 + 2.1 * about.beat) == G.pitches
    assert chord_at(about, waltz, 10.0 + 3.1 * about.beat) == F.pitches


def test_the_choir_is_quieter_than_the_lead_and_known_apart() -> None:
    about = brief("soul")
    last = section(about, LAST)
    score = Score(about, "", (last,), (), 1)
    stem = Vocals(score, apart=True).stem(last.sung[0], last, 1.0)
    assert stem.backing is not None
    lead = stem.sound - stem.backing
    assert 0.1 < np.sqrt(np.square(stem.backing).mean() / np.square(lead).mean()) < 0.75
    assert np.square(stem.backing[0] - stem.backing[1]).mean() > 0.2 * np.square(stem.backing).mean()


def test_a_breath_is_drawn_before_a_phrase_that_follows_a_rest() -> None:
    about = brief("folk")
    verse = dataclasses.replace(section(about), kind="verse")
    vocals = Vocals(Score(about, "", (verse,), (), 1))
    rested, hurried = (vocals.stem(verse.sung[0], verse, rest).sound for rest in (2.0, 0.1))
    before = slice(int((HEAD + 0.45 - 0.36) * 44100), int((HEAD + 0.45 - 0.2) * 44100))
    assert np.square(rested[:, before]).mean() > 3 * np.square(hurried[:, before]).mean()
