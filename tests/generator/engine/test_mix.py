"""The desk: loudness lands where it is aimed, nothing clips, no seam is heard, and the words stay in front."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyloudnorm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.engine import backing
from generator.engine.backing import cut
from generator.engine.band import band
from generator.engine.brief import read_brief
from generator.engine.compose import compose
from generator.engine.dsp import (
    RATE,
    Audio,
    convolve,
    equaliser,
    filtering,
    glide,
    impulse,
    place,
    pressure,
    restore,
    reverberation,
    samples,
    silence,
    transform,
    widen,
)
from generator.engine.idioms import IDIOMS
from generator.engine.lyrics import set_words
from generator.engine.master import TARGET, Aim, Limiter, energies, energy, integrated, lufs
from generator.engine.mix import STEMS, Desk
from generator.engine.mixes import MIXES
from generator.engine.score import Hit, Parts, Score, Tone

LYRICS = "Through every road we roam, together we are home"


def score(prompt: str, lyrics: str | None = LYRICS, seed: int = 7) -> Score:
    brief = read_brief(prompt, seed)
    return compose(brief, set_words(brief, lyrics, seed), seed)


def mixed(prompt: str, lyrics: str | None = None) -> tuple[Audio, Audio]:
    """The final sound of a song and the voice in it."""
    blocks = list(Desk(score(prompt, lyrics), band()).blocks())
    return np.concatenate([b.sound for b in blocks], axis=1), np.concatenate([b.voice for b in blocks], axis=1)


def noise(length: float, level: float = 0.2) -> Audio:
    shape = (2, samples(length))
    return (np.random.default_rng(5).standard_normal(shape) * level).astype(np.float32)


def sine(hertz: float) -> Audio:
    return np.tile((0.3 * np.sin(np.arange(samples(6)) * 2 * np.pi * hertz / RATE)).astype(np.float32), (2, 1))


@pytest.fixture(scope="module")
def song() -> tuple[Audio, Audio]:
    return mixed("a short cheerful pop song", LYRICS)


def test_a_song_is_as_loud_as_players_expect(song: tuple[Audio, Audio]) -> None:
    heard = pyloudnorm.Meter(RATE).integrated_loudness(song[0].T.astype(float))
    assert heard == pytest.approx(TARGET, abs=0.5)


def test_no_sample_reaches_the_ceiling_of_the_format(song: tuple[Audio, Audio]) -> None:
    assert np.abs(song[0]).max() <= 0.8
    assert np.abs(song[0].mean(axis=1)).max() < 1e-3


@pytest.mark.parametrize("prompt", ["short jazz", "short tight funk"])
def test_the_song_is_over_when_it_has_rung_out(prompt: str) -> None:
    desk = Desk(score(prompt), band())
    sound = np.concatenate([block.sound for block in desk.blocks()], axis=1)
    quiet = np.sqrt(np.square(sound[:, : sound.shape[1] // 2205 * 2205].reshape(2, -1, 2205)).mean(axis=(0, 2))) < 1e-3
    assert sound.shape[1] <= desk.duration * RATE + 64
    assert 1 <= int(np.argmin(quiet[::-1])) <= 16  # windows of 50 ms


def test_the_voice_is_in_front_where_it_sings(song: tuple[Audio, Audio]) -> None:
    sound, voice = song
    length = min(sound.shape[1], voice.shape[1])
    sung = energies(voice[:, :length])
    rest = energies(sound[:, :length] - voice[:, :length])
    on = sung > 0.1 * sung.max()
    assert 0 < 10 * np.log10(sung[on].sum() / rest[on].sum()) < 6


def test_no_border_between_sections_can_be_heard(song: tuple[Audio, Audio]) -> None:
    steps = np.abs(np.diff(song[0], axis=1)).max(axis=0)
    usual = np.quantile(steps, 0.9999)
    for section in score("a short cheerful pop song").sections[1:]:
        at = samples(section.start)
        near = steps[at - 100 : at + 20]  # before the first beat of the new section is at its height
        assert near.max() < 2 * usual


def test_the_song_fades_into_silence(song: tuple[Audio, Audio]) -> None:
    assert np.abs(song[0][:, -50:]).max() < 1e-3


def test_an_instrumental_song_has_no_voice() -> None:
    sound, voice = mixed("short instrumental lofi")
    assert not voice.any()
    assert integrated(energies(sound)) == pytest.approx(TARGET, abs=0.6)


def test_stems_add_up_to_the_song_and_cost_it_nothing(song: tuple[Audio, Audio]) -> None:
    blocks = list(Desk(score("a short cheerful pop song"), band(), stems=True).blocks())
    stems = {name: np.concatenate([block.stems[name] for block in blocks], axis=1) for name in STEMS}
    whole = np.concatenate([block.sound for block in blocks], axis=1)
    left = whole - np.sum(list(stems.values()), axis=0)
    assert np.square(left).mean() < 1e-5 * np.square(whole).mean()  # 50 dB below it
    assert whole.shape == song[0].shape
    assert np.square(whole - song[0]).mean() < 1e-6 * np.square(whole).mean()
    for name in ("drums", "bass", "harmony", "vocal", "backing"):
        assert stems[name].any(), name


def test_dust_lies_on_every_piece_of_a_section() -> None:
    parts = Parts({}, [Tone(0.0, 10.0, "crackle", (), 1.0)])
    assert [(tone.at, tone.length) for tone in cut(parts, 0.0, 4.0).tones] == [(0.0, 4.0)]
    assert [(tone.at, tone.length) for tone in cut(parts, 4.0, np.inf).tones] == [(0.0, 6.0)]


def test_a_worn_tape_bends_a_tone_by_some_cents_and_fits_at_borders() -> None:
    played = np.tile(np.sin(2 * np.pi * 1000 * np.arange(4 * RATE) / RATE).astype(np.float32), (2, 1))
    bent = backing._warbled(played, 0, 8.0)
    half = 2 * RATE
    np.testing.assert_allclose(backing._warbled(played[:, half:], half, 8.0)[:, 400:], bent[:, half + 400 :], atol=1e-3)
    turns = np.unwrap(np.angle(np.fft.ifft(np.fft.fft(bent[0]) * (np.fft.fftfreq(4 * RATE) > 0))))
    hertz = np.convolve(np.diff(turns)[2000:-2000], np.full(400, 1 / 400), mode="valid") * RATE / (2 * np.pi)
    assert 5 < 1200 * np.log2(hertz.max() / 1000) < 12
    assert -12 < 1200 * np.log2(hertz.min() / 1000) < -5


def test_a_song_leans_to_neither_side(song: tuple[Audio, Audio]) -> None:
    for begin in range(0, song[0].shape[1] - 5 * RATE, 5 * RATE):
        assert np.abs(song[0][:, begin : begin + 5 * RATE].mean(axis=1)).max() < 0.001


def test_what_is_centred_keeps_its_tone_and_loses_its_lean() -> None:
    tone = sine(40.0)
    centred = backing._centred(tone + np.float32(0.1))[:, RATE // 10 : -RATE // 10]
    kept = np.square(centred).mean() / np.square(tone[:, RATE // 10 : -RATE // 10]).mean()
    assert abs(10 * np.log10(kept)) < 1
    assert np.abs(centred.mean(axis=1)).max() < 0.001


def test_every_idiom_has_its_mix() -> None:
    assert MIXES.keys() == IDIOMS.keys()


def test_every_note_is_in_exactly_one_piece_of_a_section() -> None:
    parts = Parts(
        {"mid": [Hit(max(0.0, 0.25 * k - 0.008), 0.5, 0, 60, 90) for k in range(16)], "drums": []},
        [Tone(2.0, 1.0, "boom", (), 0.5)],
    )
    first, second = cut(parts, 0.0, 2.0), cut(parts, 2.0, 4.0)
    again = [hit.at for hit in first.stems["mid"]] + [hit.at + 2.0 for hit in second.stems["mid"]]
    assert again == pytest.approx([hit.at for hit in parts.stems["mid"]])
    assert len(second.stems["mid"]) == 8  # the one that is early on the border too
    assert (len(first.tones), [tone.at for tone in second.tones]) == (0, [0.0])


@pytest.mark.parametrize(
    "sound",
    [
        lambda: noise(6),
        lambda: noise(6) * np.linspace(0.02, 1, samples(6), dtype=np.float32),
        lambda: sine(60),
        lambda: sine(4000),
    ],
    ids=["noise", "swell", "low", "high"],
)
def test_loudness_is_measured_as_the_recommendation_says(sound: Callable[[], Audio]) -> None:
    played = sound()
    theirs = pyloudnorm.Meter(RATE).integrated_loudness(played.T.astype(float))
    assert integrated(energies(played)) == pytest.approx(theirs, abs=0.1)


def test_silence_has_a_loudness_too() -> None:
    assert integrated(energies(silence(RATE))) == -70
    assert integrated(energies(silence(100))) == -70
    assert lufs(energy(-23.0)) == pytest.approx(-23.0)


@given(st.lists(st.tuples(st.floats(-20, -12), st.floats(2, 30)), min_size=3, max_size=12))
def test_a_plan_lands_on_its_target_if_all_goes_well(wishes: list[tuple[float, float]]) -> None:
    aim = Aim(wishes)
    moved, whole, reached = [], 0.0, 0.0
    for k, (wish, length) in enumerate(wishes):
        loudness = aim.loudness(k)
        aim.heard(k, loudness, np.full(1, energy(loudness) * length * 10))
        moved.append(loudness - wish)
        whole, reached = whole + length, reached + energy(loudness) * length
    if max(map(abs, moved)) < Aim.FURTHEST - 1e-6:
        assert max(moved) - min(moved) < 1e-6
        assert lufs(reached / whole) == pytest.approx(TARGET, abs=0.01)


def test_what_came_out_too_quiet_is_made_up_for() -> None:
    aim = Aim([(-14.0, 10.0)] * 4)
    aim.heard(0, -14.0, np.full(100, energy(-16.0)))
    assert -14 < aim.loudness(1) < -12


def test_the_limiter_leaves_no_peak_over_its_ceiling_and_quiet_sound_alone() -> None:
    played = noise(1)
    played[:, 20000:20040] *= 12
    limiter = Limiter(0.8)
    out = np.concatenate([limiter.push(played), limiter.finish()], axis=1)
    assert np.abs(out).max() <= 0.8
    assert limiter.deepest < -6
    quiet = Limiter(0.8)
    soft = played * np.float32(0.05)
    np.testing.assert_array_equal(np.concatenate([quiet.push(soft), quiet.finish()], axis=1)[:, : soft.shape[1]], soft)


def test_the_limiter_turns_down_before_a_peak_instead_of_cutting_it() -> None:
    at = np.arange(RATE) / RATE
    swell = 1 + 3 * np.exp(-(((at - 0.5) / 0.004) ** 2))
    played = np.tile((0.6 * swell * np.sin(2 * np.pi * 220 * at)).astype(np.float32), (2, 1))
    limiter = Limiter(0.8)
    out = np.concatenate([limiter.push(played), limiter.finish()], axis=1)[:, :RATE]
    assert np.abs(np.diff(out)).max() < 0.1
    assert (np.abs(out) >= 0.799).sum() < 200


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 9000), min_size=1, max_size=8))
def test_the_limiter_does_not_care_how_the_sound_is_cut(lengths: list[int]) -> None:
    played = noise(1, 0.5)
    whole, pieces = Limiter(0.8), Limiter(0.8)
    at, out = 0, []
    for length in lengths:
        out.append(pieces.push(played[:, at : at + length]))
        at += length
    out += [pieces.push(played[:, at:]), pieces.finish()]
    together = np.concatenate([whole.push(played), whole.finish()], axis=1)
    np.testing.assert_allclose(np.concatenate(out, axis=1), together, atol=1e-6)


def test_sound_is_placed_only_where_there_is_room() -> None:
    onto = silence(10)
    sound = np.ones((2, 4), np.float32)
    for at in (-2, 8, 20, -9):
        place(onto, sound, at)
    assert onto[0].tolist() == [1, 1, 0, 0, 0, 0, 0, 0, 1, 1]


def test_an_equaliser_does_what_its_points_say_and_moves_nothing() -> None:
    at = np.arange(RATE) / RATE
    played = np.stack([np.sin(2 * np.pi * 1000 * at), np.sin(2 * np.pi * 100 * at)]).astype(np.float32)
    spectrum, size = transform(played, 4096)
    spectrum *= equaliser(((100, -20), (1000, 6)), size)
    out = restore(spectrum, size, RATE)[:, 5000:-5000]
    inner = played[:, 5000:-5000]
    np.testing.assert_allclose(out[0], inner[0] * 10 ** (6 / 20), atol=0.02)
    np.testing.assert_allclose(out[1], inner[1] * 0.1, atol=0.02)


def test_an_equaliser_of_minimum_phase_has_the_same_gains_and_sounds_at_once() -> None:
    curve = ((25, -12), (45, 1), (160, 0), (350, -2.5), (5000, 1.5), (18000, -4))
    click = silence(RATE)
    click[:, 0] = 1
    out = convolve(click, filtering(curve))
    decibels = 20 * np.log10(np.abs(np.fft.rfft(out[0])))
    for hertz, level in curve[1:]:
        assert decibels[hertz] == pytest.approx(level, abs=0.6)
    assert np.square(out[0, :200]).sum() > 0.9 * np.square(out[0]).sum()


def test_blocks_of_a_convolution_fit_together() -> None:
    sound, room = noise(4), impulse(1.2, 0.012, 7)
    out = convolve(sound[:1], reverberation(room))
    whole = np.fft.irfft(np.fft.rfft(sound[:1], 2**18) * np.fft.rfft(room, 2**18), 2**18)[:, : sound.shape[1]]
    np.testing.assert_allclose(out, whole, atol=1e-4)


def test_a_line_glides_from_middle_to_middle() -> None:
    values = np.array([1.0, 3.0, 2.0])
    line = glide(values, 100, 290)
    np.testing.assert_allclose(line, np.interp(np.arange(290) / 100 - 0.5, np.arange(3), values), atol=1e-6)


def test_a_room_dies_away_in_its_time_and_is_not_the_same_on_both_sides() -> None:
    room = impulse(1.2, 0.012, 7)
    early, late = np.square(room[:, 5000:9000]).mean(), np.square(room[:, 40000:44000]).mean()
    assert -52 < 10 * np.log10(late / early) < -30
    assert abs((room[0] * room[1]).sum()) < 0.2 * np.square(room[0]).sum()


def test_compression_lowers_the_loud_only() -> None:
    loud, soft = noise(1, 0.4), noise(1, 0.05)
    assert np.square(loud * pressure(loud, -17, 2.6)).mean() < 0.5 * np.square(loud).mean()
    np.testing.assert_allclose(soft * pressure(soft, -17, 2.6), soft, rtol=0.02, atol=1e-3)


def test_width_zero_is_mono() -> None:
    sound = noise(0.1)
    middle = sound.mean(axis=0)
    widen(sound, 0.0)
    np.testing.assert_allclose(sound[0], middle, atol=1e-6)
    np.testing.assert_allclose(sound[1], middle, atol=1e-6)
