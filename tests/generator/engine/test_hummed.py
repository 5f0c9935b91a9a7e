"""A given tune is what the choruses sing: its notes, its rhythm, with all the words, in a key that can be sung."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from generator import intake
from generator.engine import song
from generator.engine.score import Note, Score, SungPhrase
from generator.given import BEATS, Given, Heard, Unfit, check_fit
from generator.listening.facts import Key, Levels, Melody, Metre, Music
from generator.listening.facts import Note as HeardNote
from generator.listening.facts import Phrase as Breath
from generator.protocol.errors import Rejected
from tests.generator import heard_music
from tests.given import tunes

Line = tuple[tuple[float, int], ...]
"""Lengths in beats, and pitches."""
LYRICS = """[Verse]
The boats are in, the nets are dry
[Chorus]
Come with me to the river
Where the water is wide
Stay
And carry the morning light home in your hands"""
JOY: Line = tuple(
    zip((*(1,) * 12, 1.5, 0.5, 2), (64, 64, 65, 67, 67, 65, 64, 62, 60, 60, 62, 64, 64, 62, 62), strict=True)
)
WALTZ: Line = tuple(
    zip(
        (1, 1, 1, 2, 1, 1, 1, 1, 3, 1, 1, 1, 2, 1, 1, 1, 1, 3),
        (67, 64, 65, 67, 72, 71, 69, 65, 67, 64, 65, 67, 69, 67, 65, 64, 62, 60),
        strict=True,
    )
)


def notes(bpm: float, line: Line, start: float = 0.0) -> list[tuple[float, float, float]]:
    """(on, off, pitch) in seconds."""
    out = []
    for beats, pitch in line:
        end = start + beats * 60 / bpm
        out.append((start, end - 0.03, float(pitch)))
        start = end
    return out


def given(bpm: float, line: Line, metre: Metre = "4/4", key: Key | None = None, lead: int = 0) -> Given:
    """A tune as it would be heard without a fault; `lead`: how many beats of it come before the first bar line."""
    sung = notes(bpm, line)
    melody = Melody(
        tuple(HeardNote(on, off, pitch, int(pitch)) for on, off, pitch in sung),
        (Breath(sung[0][0], sung[-1][1], 0, len(sung)),),
        0.9,
    )
    beats = tuple(k * 60 / bpm for k in range(round(sum(length for length, _ in line)) + 1))
    music = Music(
        bpm=bpm,
        metre=metre,
        beats=beats,
        downbeat=lead,
        even=True,
        tempo_certainty=1,
        downbeat_certainty=1,
        regularity=1,
        key=key or Key(0, False, 1),
        tuning=0,
        bars=(),
        parts=(),
        levels=Levels((-20.0,) * 60, (900.0,) * 60),
    )
    return Given(
        role="melody", path=Path("none"), heard=Heard(kind="voice", seconds=beats[-1], music=music, melody=melody)
    )


def scored(sound: Given, prompt: str, lyrics: str | None = LYRICS, take: int = 1) -> Score:
    return song.score_of(song.plan(prompt, lyrics, 7, given=(sound,)), take)


def chorus(score: Score) -> list[SungPhrase]:
    return next(section for section in score.sections if section.kind == "chorus").sung


def sung(score: Score) -> list[Note]:
    """All notes of the first chorus, in the song's seconds."""
    return [
        n._replace(on=phrase.start + n.on, off=phrase.start + n.off) for phrase in chorus(score) for n in phrase.notes
    ]


def agreeing(score: Score, bpm: float, line: Line) -> tuple[float, float]:
    """The share of a tune's notes that the first chorus sings, after one transposition: pitch, and onset to 60 ms."""
    found = sung(score)
    beat, start = score.brief.beat, found[0].on
    places = [at * bpm / 60 * beat for at, _, _ in notes(bpm, line)]
    pairs = [min(found, key=lambda n: abs(n.on - start - at)) for at in places]
    step = round(float(np.median([n.pitch - pitch for n, (_, pitch) in zip(pairs, line, strict=True)])))
    right = [n.pitch - step == pitch for n, (_, pitch) in zip(pairs, line, strict=True)]
    on_time = [abs(n.on - start - at) <= 0.06 for n, at in zip(pairs, places, strict=True)]
    return float(np.mean(right)), float(np.mean(on_time))


@pytest.mark.parametrize("take", [1, 2])
@pytest.mark.parametrize(
    ("bpm", "line", "metre", "prompt"),
    [(104, JOY, "4/4", "A folk song about the sea"), (132, WALTZ, "3/4", "A quiet song about home")],
)
def test_both_takes_sing_its_notes_in_its_rhythm(bpm: float, line: Line, metre: Metre, prompt: str, take: int) -> None:
    score = scored(given(bpm, line, metre), prompt, take=take)
    assert (score.brief.bpm, score.brief.metre) == (bpm, metre)
    pitches, onsets = agreeing(score, bpm, line)
    assert (pitches, onsets) == (1.0, 1.0)


def test_a_tempo_and_a_key_in_the_prompt_are_kept() -> None:
    score = scored(given(104, JOY), "A folk song in D major, 96 bpm")
    assert (score.brief.bpm, score.brief.tonic) == (96, 2)
    assert agreeing(score, 104, JOY) == (1.0, 1.0)
    pitches = {note.pitch % 12 for note in sung(score)}
    assert pitches <= {(2 + step) % 12 for step in (0, 2, 4, 5, 7)}


@pytest.mark.parametrize("lyrics", [LYRICS, None, "Home\nHome again", "[Chorus]\n" + "All the way down we go now " * 2])
def test_all_words_are_sung_in_their_order(lyrics: str | None) -> None:
    plan = song.plan("A folk song", lyrics, 7, given=(given(104, JOY),))
    score = song.score_of(plan, 1)
    wanted = [word for part in plan.words.sections for phrase in part.phrases for word in phrase.words]
    phrases = [phrase for section in score.sections for phrase in section.sung]
    assert [word for phrase in phrases for word in phrase.phrase.words] == wanted
    for phrase in phrases:
        assert len(phrase.notes) == len(phrase.phrase.syllables)
        assert [s.word for s in phrase.phrase.syllables] == sorted(s.word for s in phrase.phrase.syllables)
        assert {s.word for s in phrase.phrase.syllables} == set(range(len(phrase.phrase.words)))
        assert all(a.on < b.on and a.off <= b.on + 1e-6 for a, b in pairwise(phrase.notes))


def test_notes_before_the_first_bar_line_lead_to_it() -> None:
    line = ((1, 67), *JOY)
    score = scored(given(104, line, lead=1), "A folk song about the sea")
    first = chorus(score)[0]
    begin = next(section for section in score.sections if section.kind == "chorus").start
    assert first.start + first.notes[0].on == pytest.approx(begin - 60 / 104, abs=0.02)
    assert agreeing(score, 104, line) == (1.0, 1.0)


@pytest.mark.parametrize("prompt", ["A deep bass voice", "A high clear female voice", "A lullaby"])
@pytest.mark.parametrize("octave", [-24, 0, 24])
def test_whoever_sings_can_reach_it(prompt: str, octave: int) -> None:
    line = tuple((length, pitch + octave) for length, pitch in WALTZ)
    score = scored(given(120, line, "3/4"), prompt)
    assert agreeing(score, 120, line)[0] == 1.0
    assert all(score.brief.low - 4 <= note.pitch <= score.brief.high + 4 for note in sung(score))


def test_its_chords_hold_what_it_holds() -> None:
    score = scored(given(104, JOY), "A folk song about the sea")
    section = next(section for section in score.sections if section.kind == "chorus")
    held = []
    for note in sung(score):
        middle = (note.on + min(note.off, note.on + score.brief.beat)) / 2 - section.start
        half = int(middle / (score.brief.bar / 2))
        if note.off - note.on >= score.brief.beat * 0.9 and 0 <= half < len(section.chords):
            held.append(note.pitch % 12 in section.chords[half].pitches)
    assert np.mean(held) >= 0.75


def test_a_song_without_words_plays_it() -> None:
    score = scored(given(104, JOY), "A piano piece, instrumental", None)
    step = score.hook[0][1] - 64
    assert [(at, pitch - step) for at, pitch in score.hook] == [
        (2.0 * k, pitch) for k, (_, pitch) in enumerate(JOY[:8])
    ]


def test_with_a_reference_the_tune_says_tempo_and_key_and_the_reference_the_rest() -> None:
    tune, model = given(104, JOY), given(90, WALTZ, "3/4", Key(9, True, 1))
    reference = Given(
        role="reference",
        path=Path("none"),
        heard=Heard(kind="music", seconds=200, music=model.heard.music, melody=None),
    )
    plan = song.plan("A folk song", LYRICS, 7, given=(tune, reference))
    assert [brief.bpm for brief in plan.briefs] == [104, 104]
    assert plan.briefs[0].seconds == 200
    assert agreeing(song.score_of(plan, 1), 104, JOY) == (1.0, 1.0)


def test_too_few_notes_are_no_tune() -> None:
    sound = given(104, JOY[:2])
    with pytest.raises(Unfit, match="3 notes or more"):
        check_fit(sound)
    with pytest.raises(Rejected, match="No tune can be heard"):
        song.plan("A song", LYRICS, 7, given=(sound,))


@pytest.mark.parametrize("way", [tunes.hummed, tunes.whistled])
def test_from_the_recording_to_the_chorus(tmp_path: Path, way: object) -> None:
    samples, _ = way(notes(104, JOY, 0.6), 3)  # type: ignore[operator]
    soundfile.write(tmp_path / "hummed.wav", samples, tunes.RATE)
    heard, _ = asyncio.run(intake.take_in(tmp_path / "hummed.wav", tmp_path / "hummed.flac"))
    score = scored(Given(role="melody", path=tmp_path / "hummed.flac", heard=heard), "A folk song about the sea")
    pitches, onsets = agreeing(score, 104, JOY)
    assert pitches >= 0.85
    assert onsets >= 0.8
    assert BEATS[score.brief.metre] == 4


def test_over_a_given_track_it_is_sung_in_the_tracks_key_and_tempo(tmp_path: Path) -> None:
    heard = heard_music.music()
    sound = heard_music.track(tmp_path, heard, 98.0)
    plan = song.plan("A pop song", None, 3, given=(sound, given(104, JOY, key=Key(2, False, 1))))
    score = song.score_of(plan, 1)
    assert (score.brief.bpm, score.brief.minor) == (round(heard.bpm), heard.key.minor)
    tune = [pitch for _, pitch in JOY[:8]]
    first = [note.pitch for phrase in chorus(score) for note in phrase.notes][:8]
    steps = [a - b for a, b in zip(first, tune, strict=True)]
    assert len(set(steps)) == 1
    scale = (heard.key.tonic + 3 * heard.key.minor) % 12
    assert (steps[0] + 2 - scale) % 12 == 0
