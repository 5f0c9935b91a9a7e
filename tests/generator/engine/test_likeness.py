"""A song after a reference keeps time with it, in its key and its course; what the prompt says outright comes first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from generator.engine import song
from generator.engine.likeness import course
from generator.given import Given, Heard
from generator.listening.facts import Key, Levels, Music
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


def test_a_reference_without_a_beat_changes_nothing() -> None:
    assert song.plan("A pop song", None, 5, "", reference(None)).briefs == song.plan("A pop song", None, 5).briefs
