"""Calculated sounds have their pitch, fold nothing back, end when they shall and are the same again."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from generator.engine import tones
from generator.engine.dsp import RATE, Audio, samples
from generator.engine.master import energies, lufs
from generator.engine.score import Sound, Tone

LEAD = 441
KINDS: tuple[Sound, ...] = get_args(Sound)
PITCHED: tuple[Sound, ...] = ("saw", "warm", "pluck", "sub", "analog")


def sounded(*played: Tone, length: float = 4.0) -> Audio:
    return tones.sound(played, samples(length), LEAD, np.random.default_rng(1))


def tone(kind: Sound, *pitches: int, at: float = 0.0, length: float = 1.0, gain: float = 1.0) -> Tone:
    return Tone(at, length, kind, pitches or ((48,) if kind in PITCHED else ()), gain)


def power(sound: Audio, begin: float, end: float) -> tuple[Audio, Audio]:
    """Hz and power of the left channel between two seconds."""
    part = sound[0, samples(begin) : samples(end)]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 2 * RATE)) ** 2
    return np.fft.rfftfreq(2 * RATE, 1 / RATE).astype(np.float32), spectrum.astype(np.float32)


def onset(sound: Audio) -> float:
    """Seconds from the stretch's own start to its first sound."""
    loud = np.abs(sound).max(axis=0)
    return (int((loud > 0.05 * loud.max()).argmax()) - LEAD) / RATE


def test_every_kind_has_its_place_on_the_desk() -> None:
    assert tones.BUS.keys() == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_begins_when_it_is_written_and_leaves_silence_behind(kind: Sound) -> None:
    sound = sounded(tone(kind, at=0.5))
    assert np.isfinite(sound).all()
    assert not sound[:, : samples(0.49)].any()
    assert sound.any()
    assert not sound[:, samples(2.2) :].any()
    end = int(np.flatnonzero(sound.any(axis=0))[-1])
    assert np.abs(sound[:, end - 5 :]).max() < 0.02  # no click


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_is_the_same_again_after_it_was_forgotten(kind: Sound) -> None:
    first = sounded(tone(kind))
    tones.forget()
    np.testing.assert_array_equal(sounded(tone(kind)), first)


@pytest.mark.parametrize("kind", KINDS)
def test_half_the_gain_is_half_the_sound(kind: Sound) -> None:
    np.testing.assert_allclose(sounded(tone(kind, gain=0.5)), 0.5 * sounded(tone(kind)), atol=1e-6)


@pytest.mark.parametrize(("kind", "pitch"), [("saw", 69), ("warm", 69), ("pluck", 69), ("sub", 33), ("analog", 33)])
def test_a_note_has_its_pitch(kind: Sound, pitch: int) -> None:
    hertz, strength = power(sounded(tone(kind, pitch, length=2.0)), 0.2, 0.6)
    wanted = 440 * 2 ** ((pitch - 69) / 12)
    assert hertz[strength.argmax()] == pytest.approx(wanted, rel=0.025)


@pytest.mark.parametrize("kind", ["saw", "warm", "pluck", "analog"])
def test_nothing_folds_back(kind: Sound) -> None:
    hertz, strength = power(sounded(tone(kind, 81, length=2.0)), 0.1, 1.0)
    between = strength[(hertz > 16000) & (hertz < 21000)].sum()
    assert between < 1e-5 * strength.sum()


def test_a_sub_bass_glides_to_its_second_pitch() -> None:
    sound = sounded(tone("sub", 33, 40, length=1.5))
    for (begin, end), pitch in (((0.2, 0.6), 33), ((1.1, 1.4), 40)):
        hertz, strength = power(sound, begin, end)
        assert hertz[strength.argmax()] == pytest.approx(440 * 2 ** ((pitch - 69) / 12), rel=0.06)


def test_a_pad_opens_slowly_and_a_pluck_is_over_soon() -> None:
    pad, pluck = (sounded(tone(kind, 60, length=2.0)) for kind in ("warm", "pluck"))
    assert np.square(pad[:, samples(1.0) : samples(1.5)]).sum() > 2 * np.square(pad[:, : samples(0.1)]).sum()
    assert np.square(pluck[:, samples(0.5) :]).sum() < 0.02 * np.square(pluck).sum()


def test_a_snare_in_a_room_that_is_shut_off_is_shut_off() -> None:
    sound = sounded(tone("snare", length=0.25))
    assert np.square(sound[:, samples(0.18) : samples(0.22)]).mean() > 1e-4
    assert not sound[:, LEAD + samples(0.25) + 1 :].any()


def test_a_riser_grows_to_its_end() -> None:
    sound = sounded(tone("rise", length=3.0, gain=0.5))
    levels = [float(np.square(sound[:, samples(k) : samples(k + 0.5)]).mean()) for k in (0.5, 1.5, 2.4)]
    assert levels == sorted(levels)


@pytest.mark.parametrize(("kind", "low", "high"), [("boom", 35, 60), ("kick", 40, 75), ("clap", 700, 2200)])
def test_blows_lie_where_they_are_felt(kind: Sound, low: float, high: float) -> None:
    hertz, strength = power(sounded(tone(kind, length=3.0)), 0.0, 3.0)
    assert low < hertz[strength.argmax()] < high


def test_dust_is_far_below_the_music() -> None:
    assert lufs(float(energies(sounded(tone("crackle", length=3.5))).mean())) < -38


def test_bass_is_in_the_middle() -> None:
    for kind in ("sub", "analog", "kick"):
        sound = sounded(tone(kind))
        np.testing.assert_array_equal(sound[0], sound[1])


def test_a_blow_is_heard_at_once() -> None:
    for kind in ("kick", "clap", "snare", "boom", "pluck", "sub"):
        assert onset(sounded(tone(kind, at=1.0))) == pytest.approx(1.0, abs=0.012), kind
