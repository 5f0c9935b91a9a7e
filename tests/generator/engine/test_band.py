"""The band plays what is written, when it is written, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from generator.engine.band import BANK, Band, band
from generator.engine.dsp import RATE, Audio, samples
from generator.engine.idiom import Channel
from generator.engine.idioms import IDIOMS
from generator.engine.master import energies, lufs
from generator.engine.score import Hit

LEAD = 441


@pytest.fixture
def players() -> Band:
    players = band()
    players.take_seats(IDIOMS["pop"])
    return players


def onset(sound: Audio) -> float:
    """Seconds from the stretch's own start to its first sound."""
    loud = np.abs(sound).max(axis=0)
    return (int((loud > 0.05 * loud.max()).argmax()) - LEAD) / RATE


def test_the_bank_has_every_instrument_the_idioms_call_for() -> None:
    players = Band()
    assert BANK.stat().st_size < 6_000_000
    for idiom in IDIOMS.values():
        players.take_seats(idiom)
        for channel in idiom.programs:
            sound = players.play([Hit(0.0, 0.3, channel, 55, 100)], RATE // 2, LEAD)
            assert np.abs(sound).max() > 0.005, (idiom.genre, channel)
        drums = players.play([Hit(0.0, 0.2, Channel.DRUMS, 38, 100)], RATE // 2, LEAD)
        assert np.abs(drums).max() > 0.005, idiom.genre


@pytest.mark.parametrize("at", [0.0, 0.5, 1.25])
def test_a_note_sounds_when_it_is_written(players: Band, at: float) -> None:
    sound = players.play([Hit(at, 0.3, Channel.KEYS, 60, 100)], 2 * RATE, LEAD)
    assert sound.shape == (2, 2 * RATE)
    assert onset(sound) == pytest.approx(at, abs=0.012)


def test_a_note_ends_when_it_is_over(players: Band) -> None:
    sound = players.play([Hit(0.0, 0.5, Channel.LEAD, 67, 100)], 4 * RATE, LEAD)
    held, gone = sound[:, samples(0.2) : samples(0.4)], sound[:, samples(2.5) :]
    assert np.abs(gone).max() < 0.05 * np.abs(held).max()


def test_a_stem_hears_nothing_of_the_one_before(players: Band) -> None:
    hits = [Hit(0.3 * k, 0.3, Channel.KEYS, 60 + k, 90) for k in range(5)]
    first = players.play(hits, 2 * RATE, LEAD)
    players.play([Hit(0.0, 2.0, Channel.PAD, 48, 127), Hit(0.0, 2.0, Channel.DRUMS, 49, 127)], RATE, LEAD)
    np.testing.assert_array_equal(players.play(hits, 2 * RATE, LEAD), first)


def test_two_guitars_play_on_two_sides(players: Band) -> None:
    left = players.play([Hit(0.0, 0.5, Channel.GUITAR_LEFT, 55, 100)], RATE, LEAD)
    right = players.play([Hit(0.0, 0.5, Channel.GUITAR_RIGHT, 55, 100)], RATE, LEAD)
    assert np.square(left[0]).sum() > 4 * np.square(left[1]).sum()
    assert np.square(right[1]).sum() > 4 * np.square(right[0]).sum()


@pytest.mark.parametrize("channel", [Channel.KEYS, Channel.BASS, Channel.LEAD, Channel.PAD])
def test_every_instrument_comes_as_loud_as_its_seat_says(channel: Channel) -> None:
    players = Band()
    lows, found = channel == Channel.BASS, {}
    for name, idiom in IDIOMS.items():
        players.take_seats(idiom)
        pitches = (28, 33, 38, 43) if lows else (52, 60, 67, 71)
        notes = [players.play([Hit(0.0, 1.0, channel, pitch, 90)], RATE, LEAD) for pitch in pitches]
        found[name] = lufs(float(np.mean([energies(sound).max() for sound in notes])))
    assert max(found.values()) - min(found.values()) < 9, found
