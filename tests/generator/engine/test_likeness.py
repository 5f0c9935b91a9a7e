"""A song after a reference keeps time with it, in its key and its course; what the prompt says outright comes first."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile

from generator.engine import song
from generator.engine.likeness import course
from generator.given import Given, Heard
from generator.listening.facts import Key, Levels, Music
from generator.listening.levels import levels
from generator.listening.sound import sound
from tests.generator.heard_music import music

MINOR = Key(9, True, 0.9)


def reference(heard: Music | None, seconds: float = 90.0) -> tuple[Given, ...]:
    return (
        Given(
            role="reference", path=Path("none"), heard=Heard(kind="music", seconds=seconds, music=heard, melody=None)
        ),
    )


def test_both_takes_have_its_tempo_key_metre_and_length() -> None:
    heard = replace(music(key=MINOR), metre="3/4", bpm=97.6)
    plan = song.plan("A pop song about the sea", None, 5, "", reference(heard))
    for brief in plan.briefs:
        assert (brief.bpm, brief.metre, brief.minor, brief.key, brief.seconds) == (98, "3/4", True, 9, 90)
    notes = [song.notes(plan, number) for number in (1, 2)]
    assert notes[0] != notes[1], "the takes are two songs all the same"
    assert song.notes(song.plan("A pop song about the sea", None, 5, "", reference(heard)), 1) == notes[0]
    assert plan.words == song.plan("A pop song about the sea", None, 5, "", reference(heard)).words


def test_what_the_prompt_says_outright_stays() -> None:
    plan = song.plan("A waltz in 4/4, 140 bpm, in D major, one minute", None, 5, "", reference(music(key=MINOR), 200.0))
    brief = plan.briefs[0]
    assert (brief.bpm, brief.metre, brief.minor, brief.key, brief.seconds) == (140, "4/4", False, 2, 60)


@pytest.mark.parametrize(("bpm", "played"), [(33.0, 66), (300.0, 150), (120.4, 120)])
def test_a_tempo_nobody_plays_is_halved_or_doubled(bpm: float, played: int) -> None:
    heard = replace(music(), bpm=bpm)
    assert song.plan("A pop song", None, 5, "", reference(heard)).briefs[0].bpm == played


@pytest.mark.parametrize(
    ("loud", "curve"),
    [
        ([-20.0] * 60, "steady"),
        ([-34.0 + k / 3 for k in range(60)], "build"),
        ([-32.0] * 12 + [-14.0] * 12 + [-32.0] * 12 + [-14.0] * 12 + [-30.0] * 12, "bursting"),
        ([-20.0] * 5, "song"),
        ([-80.0] * 60, "steady"),
    ],
    ids=["even", "growing", "apart", "short", "silent"],
)
def test_its_course_is_followed(loud: list[float], curve: str) -> None:
    heard = replace(music(), levels=Levels(tuple(loud), (1000.0,) * len(loud)))
    assert course(heard) == curve


WHOLE = (
    ("A", 8),
    ("B", 16),
    ("D", 4),
    ("C", 8),
    ("B", 16),
    ("D", 4),
    ("C", 8),
    ("E", 8),
    ("C", 16),
    ("A", 4),
)
KINDS = ["intro", "verse", "prechorus", "chorus", "verse", "prechorus", "chorus", "bridge", "chorus", "outro"]
LOUD = {"A": -30.0, "B": -17.0, "C": -14.0, "D": -15.5, "E": -19.0}


def whole_song(loud: dict[str, float] = LOUD) -> Music:
    heard = music(WHOLE)
    seconds = len(heard.levels.loudness)
    course = [next((loud[part.letter] for part in heard.parts if k < part.end), -60.0) for k in range(seconds)]
    return replace(heard, levels=Levels(tuple(course), (1300.0,) * seconds))


@pytest.mark.parametrize("prompt", ["A pop song about the sea", "An instrumental pop tune"])
def test_its_parts_come_in_its_order_and_length(prompt: str) -> None:
    heard = whole_song()
    plan = song.plan(prompt, None, 5, "", reference(heard, heard.beats[-1] + 1))
    for number in (1, 2):
        sections = song.score_of(plan, number).sections
        assert [section.kind for section in sections] == KINDS
        assert [section.bars for section in sections] == [bars for _, bars in WHOLE]


def test_its_parts_are_as_strong_beside_each_other() -> None:
    heard = whole_song()
    plan = song.plan("A pop song", None, 5, "", reference(heard, heard.beats[-1] + 1))
    energy = {section.kind: section.energy for section in song.score_of(plan, 1).sections}
    assert energy["intro"] <= energy["bridge"] < energy["verse"] < energy["prechorus"] < energy["chorus"]
    even = whole_song(dict.fromkeys(LOUD, -14.0))
    plan = song.plan("A pop song", None, 5, "", reference(even, even.beats[-1] + 1))
    assert min(section.energy for section in song.score_of(plan, 1).sections) > 4


def test_a_prompts_own_course_and_length_come_first() -> None:
    heard = whole_song()
    given = reference(heard, heard.beats[-1] + 1)
    plan = song.plan("A pop song, slow build, one minute", None, 5, "", given)
    assert (plan.briefs[0].curve, plan.briefs[0].seconds, plan.briefs[0].form) == ("build", 60, ())


WORDS = """[verse]
Rain on the roof and a light on the stair
Nobody home but the night and the chair
[chorus]
Stay for a while, stay for a song
Stay for a while, it will not be long
[verse]
Morning will come with a cup on the sill
Everything loud will be quiet and still
[chorus]
Stay for a while, stay for a song
Stay for a while, it will not be long"""


def test_own_words_keep_their_order_and_get_its_strength() -> None:
    heard = whole_song()
    plan = song.plan("A pop song", WORDS, 5, "", reference(heard, heard.beats[-1] + 1))
    sections = song.score_of(plan, 1).sections
    sung = [line for section in sections for line in section.lines if not section.generated]
    assert sung[:6] == [line for line in WORDS.splitlines() if not line.startswith("[")][:6]
    verse = next(section for section in sections if section.kind == "verse")
    chorus = next(section for section in sections if section.kind == "chorus")
    assert verse.energy < 3
    assert chorus.energy > 4


def test_what_is_the_same_all_along_is_no_form() -> None:
    heard = music((("A", 4), ("B", 24), ("A", 4)))
    plan = song.plan("A pop song", None, 5, "", reference(heard, heard.beats[-1] + 1))
    assert plan.briefs[0].form == ()
    assert plan.briefs[0].curve != "heard"


def test_three_four_and_a_halved_tempo_keep_the_form() -> None:
    heard = replace(whole_song(), bpm=300.0)
    plan = song.plan("A pop song", None, 5, "", reference(heard, heard.beats[-1] + 1))
    brief = plan.briefs[0]
    assert brief.bpm == 150
    assert [part.bars for part in brief.form] == [bars // 2 for _, bars in WHOLE]


@pytest.mark.parametrize(("hertz", "bright"), [(1290.0, 0.0), (2580.0, 1.0), (9000.0, 1.0), (645.0, -1.0), (0.0, 0.0)])
def test_it_is_as_bright_within_an_octave_of_its_style(hertz: float, bright: float) -> None:
    heard = replace(music(), levels=Levels((-14.0,) * 90, (hertz,) * 90))
    assert song.plan("A pop song", None, 5, "", reference(heard)).briefs[0].bright == pytest.approx(bright, abs=0.01)


def test_a_bright_reference_makes_a_bright_song_and_a_dark_one_a_dark_one() -> None:
    middles = []
    for hertz in (800.0, 2200.0):
        heard = replace(music((("A", 4), ("B", 4))), levels=Levels((-14.0,) * 20, (hertz,) * 20))
        plan = song.plan("A pop song, 20 seconds", None, 5, "", reference(heard, 20.0))
        frames = bytearray()
        song.render(plan, 1, song.cover(plan), frames.extend, lambda _: None)
        samples, rate = soundfile.read(io.BytesIO(bytes(frames)), dtype="float32")
        middles.append(levels(sound(samples, rate)).bright)
    assert middles[1] > 1.5 * middles[0]


def test_a_reference_without_a_beat_changes_nothing() -> None:
    assert song.plan("A pop song", None, 5, "", reference(None)).briefs == song.plan("A pop song", None, 5).briefs
