"""A piece of music is heard as it was played: how fast, in what metre and key, with which chords, in which parts."""

from __future__ import annotations

import numpy as np
import pytest

from generator.listening.facts import Music
from generator.listening.music import music
from generator.listening.sound import CannotHear, sound
from tests.generator.listening.band import RATE, Chord, Samples, song

C, D, E, F, G, A = (0, False), (2, False), (4, True), (5, False), (7, False), (9, True)
POP: tuple[Chord, ...] = (C, G, A, F)


def heard(samples: Samples, rate: int = RATE) -> Music:
    return music(sound(samples, rate))


def late(found: Music, begin: float, bar: float) -> float:
    """Seconds from the nearest true bar line, the median over all bars that were found."""
    away = [(one.start - begin + bar / 2) % bar - bar / 2 for one in found.bars]
    return float(np.median(np.abs(away)))


@pytest.mark.parametrize("bpm", [72, 96, 120, 147])
def test_tempo_and_downbeat_are_found_wherever_the_file_begins(bpm: float) -> None:
    found = heard(song(POP, bpm=bpm, begin=0.37 * 60 / bpm + 0.2))
    assert found.bpm == pytest.approx(bpm, rel=0.01)
    assert found.metre == "4/4"
    assert found.even
    assert late(found, 0.37 * 60 / bpm + 0.2, 240 / bpm) < 0.04


def test_a_waltz_is_a_waltz() -> None:
    found = heard(song(POP, bpm=120, beats=3, bars=24))
    assert (found.metre, round(found.bpm)) == ("3/4", 120)
    assert late(found, 0.7, 1.5) < 0.04


def test_a_song_in_six_eight_has_two_beats_a_bar() -> None:
    found = heard(song(POP, bpm=58, beats=2, parts=3, bars=16))
    assert (found.metre, round(found.bpm)) == ("6/8", 58)


def test_the_chords_are_those_that_were_played() -> None:
    found = heard(song(POP, bpm=100))
    truth = [POP[round((bar.start - 0.7) / 2.4) % 4] for bar in found.bars]
    assert [tuple(bar.chords[0]) for bar in found.bars] == truth
    assert (found.key.tonic, found.key.minor) == (0, False)


def test_a_minor_key_is_not_taken_for_its_relative() -> None:
    found = heard(song((A, F, A, (4, False)), bpm=100))
    assert str(found.key) == "A minor"


def test_a_tape_that_runs_slow_is_heard_in_its_own_tuning() -> None:
    plain = song(POP, bpm=100)
    slower = np.interp(np.arange(0, len(plain), 2 ** (-30 / 1200)), np.arange(len(plain)), plain).astype(np.float32)
    found = heard(slower)
    assert found.tuning == pytest.approx(-30, abs=6)
    assert str(found.key) == "C major"


def test_parts_begin_where_the_music_changes_and_return_by_their_letter() -> None:
    verse, chorus = song(POP, bpm=120, bars=8, begin=0, drums=False), song((D, E, F, G), bpm=120, bars=8, begin=0)
    piece = 16 * RATE
    found = heard(np.concatenate([verse[:piece], chorus[:piece], verse[:piece], chorus[:piece]]))
    assert [part.letter for part in found.parts] == ["A", "B", "A", "B"]
    assert [round(part.start) for part in found.parts[1:]] == [16, 32, 48]


def test_a_player_who_slows_down_is_followed() -> None:
    plain = song(POP, bpm=110, bars=20)
    warp = np.cumsum(1 - 0.08 * np.linspace(0, 1, round(len(plain) * 1.02)))
    found = heard(np.interp(warp[warp < len(plain)], np.arange(len(plain)), plain).astype(np.float32))
    assert not found.even
    steps = np.diff(found.beats)
    assert steps[-9:].mean() / steps[:8].mean() == pytest.approx(1.07, abs=0.03)


def test_loudness_and_brightness_follow_the_sound() -> None:
    loud = song(POP, bpm=120)
    soft = loud.copy()
    soft[len(soft) // 2 :] *= 0.1
    found = heard(soft).levels
    assert found.loudness[4] - found.loudness[-6] == pytest.approx(20, abs=4)
    assert 50 < found.bright < 8000


def test_the_voice_of_a_telephone_is_enough() -> None:
    found = heard(song(POP, bpm=96)[::2][::1], RATE // 2)
    assert found.bpm == pytest.approx(96, rel=0.01)


def test_channels_against_each_other_do_not_cancel() -> None:
    one = song(POP, bpm=96)
    found = heard(np.stack([one, -one], axis=1))
    assert found.bpm == pytest.approx(96, rel=0.01)


def test_what_has_no_beat_is_refused_in_a_sentence() -> None:
    noise = np.random.default_rng(3).standard_normal(12 * RATE).astype(np.float32)
    with pytest.raises(CannotHear, match="steady beat"):
        heard(noise)
    with pytest.raises(CannotHear, match="silent"):
        heard(np.zeros(12 * RATE, np.float32))
    with pytest.raises(CannotHear, match="shorter than"):
        heard(song(POP, bpm=120)[: 2 * RATE])
