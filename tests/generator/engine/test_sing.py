"""The singer hits the notes, holds them as tone, and sings the same phrase the same way every time."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

from generator.engine.dsp import RATE, Audio
from generator.engine.idioms import IDIOMS
from generator.engine.intonation import HEAD, LEAD, Part
from generator.engine.phonation import Borders, even, restrain, soften, sustain
from generator.engine.score import Note, Phrase, Singer, Syllable
from generator.engine.sing import sing
from generator.engine.singers import DELIVERIES, PLAIN, SINGERS, Delivery
from generator.engine.vocoder import Timbre, mouth
from generator.engine.voice import voice
from generator.engine.words import syllables


def phrase(text: str) -> Phrase:
    words = tuple(text.split())
    said = (
        Syllable(index, sound.onset, sound.vowel, sound.stress, sound.coda)
        for index, word in enumerate(words)
        for sound in syllables(word)
    )
    return Phrase(words, tuple(said), 0)


def tune(*pitches: int, length: float = 0.5) -> tuple[Note, ...]:
    return tuple(Note(0.45 + k * length, 0.45 + (k + 1) * length, pitch) for k, pitch in enumerate(pitches))


@cache
def sung(
    text: str, notes: tuple[Note, ...], singer: Singer = "female", parts: tuple[Part, ...] = (LEAD,)
) -> list[Audio]:
    return sing(phrase(text), notes, singer, parts)


def middle(sound: Audio, note: Note) -> npt.NDArray[np.float64]:
    """The held part of a note."""
    length = note.off - note.on
    begin, end = HEAD + note.on + 0.35 * length, HEAD + note.on + 0.75 * length
    return sound[int(begin * RATE) : int(end * RATE)].astype(float)


def heard(sound: npt.NDArray[np.float64], near: float) -> tuple[float, float]:
    """Pitch in Hz within two semitones of `near`, and how periodic the sound is there (0 to 1), by autocorrelation."""
    window = np.hanning(len(sound))
    lags, bare = (
        np.fft.irfft(np.abs(np.fft.rfft(x, 4 * len(x))) ** 2)[: len(sound) // 2] for x in (sound * window, window)
    )
    lags /= bare
    first, last = int(RATE / near / 2 ** (2 / 12)), int(RATE / near * 2 ** (2 / 12)) + 1
    best = first + int(lags[first:last].argmax())
    left, top, right = lags[best - 1 : best + 2]
    return RATE / (best + 0.5 * (left - right) / (left - 2 * top + right)), float(top / lags[0])


def hertz(pitch: float) -> float:
    return float(440 * 2 ** ((pitch - 69) / 12))


def cents_off(sound: Audio, notes: tuple[Note, ...]) -> list[float]:
    found = (heard(middle(sound, note), hertz(note.pitch))[0] / hertz(note.pitch) for note in notes)
    return [1200 * abs(float(np.log2(ratio))) for ratio in found]


@pytest.mark.parametrize(("singer", "low"), [("female", 60), ("male", 50), ("deep", 45), ("young", 64)])
def test_every_note_is_sung_at_its_pitch(singer: Singer, low: int) -> None:
    notes = tune(low, low + 4, low + 7, low + 5, low + 2, low)
    off = cents_off(sung("no one may wander low", notes, singer)[0], notes)
    assert np.median(off) < 5
    assert max(off) < 30


def test_a_harmony_keeps_its_distance_from_the_tune() -> None:
    notes = tune(60, 64, 67, 65, 62, 60)
    third = Part(offsets=(-3.0, -4.0, -3.0, -3.0, -3.0, -5.0), vibrato=0.5)
    _, below = sung("no one may wander low", notes, "female", (LEAD, third))
    lower = tuple(n._replace(pitch=n.pitch + int(o)) for n, o in zip(notes, third.offsets, strict=True))
    assert np.median(cents_off(below, lower)) < 8


def test_the_last_vowel_of_a_line_is_held_as_a_tone_though_speakers_creak_there() -> None:
    notes = (*tune(54, 55, 54, 52, 52, 55, 54), Note(3.95, 5.35, 52))
    sound = sung("and wave at every passing cloud", notes, "male")[0]
    assert heard(middle(sound, notes[-1]), hertz(52))[1] > 0.7


def test_a_long_last_note_does_not_die_away() -> None:
    notes = (*tune(60, 62, 64), Note(1.95, 3.45, 65))
    sound = sung("we are all home", notes)[0]

    def level(note: Note) -> float:
        return float(np.sqrt(np.square(middle(sound, note)).mean()))

    assert level(notes[-1]) > 0.3 * np.median([level(note) for note in notes])


@pytest.mark.parametrize("singer", ["female", "male"])
@pytest.mark.parametrize("text", ["come to the sea", "now let it go", "far far away", "mmm ooh la mmm"])
def test_a_last_open_vowel_sounds_as_long_as_its_note(text: str, singer: Singer) -> None:
    low = 60 if singer == "female" else 50
    notes = (*tune(low, low + 2, low + 4), Note(1.95, 3.95, low + 5))
    sound = sung(text, notes, singer)[0]

    def level(share: float) -> float:
        at = int((HEAD + notes[-1].on + share * 2.0) * RATE)
        return float(np.sqrt(np.square(sound[at : at + RATE // 5].astype(float)).mean()))

    assert level(0.85) > 0.4 * level(0.15)  # 8 dB; a speaker's last vowel is gone half-way


@pytest.mark.parametrize("singer", ["female", "male"])
def test_who_hums_hums_with_closed_lips(singer: Singer) -> None:
    low = 62 if singer == "female" else 50
    notes = (*tune(low, low + 3), Note(1.45, 2.95, low + 5))
    hum, open_ = (sung(text, notes, singer)[0] for text in ("mmm mmm mmm", "ah ah ah"))
    assert heard(middle(hum, notes[-1]), hertz(low + 5))[1] > 0.7

    def bright(sound: Audio) -> float:
        power = np.abs(np.fft.rfft(middle(sound, notes[-1]))) ** 2
        return float(power[len(power) * 2 * 600 // RATE :].sum() / power.sum())

    assert bright(hum) < 0.5 * bright(open_)


def test_a_voice_begins_with_its_first_consonant_and_ends_with_its_last() -> None:
    notes = tune(60, 62, 64)
    sound = np.abs(sung("stars will shine", notes)[0])
    before = sound[: int((HEAD + notes[0].on - 0.3) * RATE)]
    after = sound[int((HEAD + notes[-1].off + 0.35) * RATE) :]
    assert before.max() < 0.01 * sound.max()
    assert after.max() < 0.01 * sound.max()


def test_a_vowel_sounds_on_its_note_not_after_it() -> None:
    note = Note(0.45, 1.45, 62)
    sound = sung("star", (note,))[0]
    voiced = sound[int((HEAD + note.on + 0.02) * RATE) : int((HEAD + note.on + 0.12) * RATE)].astype(float)
    assert heard(voiced, hertz(62))[1] > 0.6


@pytest.mark.parametrize("singer", sorted(SINGERS))
def test_every_singer_sings_without_a_click(singer: Singer) -> None:
    low = {"male": 50, "deep": 46}.get(singer, 60)
    sound = sung("every open ocean ends on even islands", tune(*([low, low + 2, low + 4, low + 5] * 3)), singer)[0]
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() < 8 * np.sqrt(np.square(sound[np.abs(sound) > 0.01]).mean())


def test_a_larger_throat_has_its_resonances_lower() -> None:
    spectra = voice().spectra(phrase("we are all here"), tune(57, 57, 57, 57))
    usual, lower = mouth(spectra, Timbre()).harmonic, mouth(spectra, Timbre(low=0.8, high=0.8)).harmonic
    assert np.abs(lower[40:80, 80] - usual[40:80, 100]).max() < 0.01


def test_high_resonances_move_on_their_own() -> None:
    spectra = voice().spectra(phrase("we are all here"), tune(57, 57, 57, 57))
    usual, other = mouth(spectra, Timbre()).harmonic, mouth(spectra, Timbre(high=0.8)).harmonic
    np.testing.assert_allclose(other[:, :38], usual[:, :38], atol=1e-5)
    assert np.abs(other[40:80, 160] - usual[40:80, 200]).max() < 0.01


def test_those_who_do_not_lead_leave_the_consonants_to_the_lead() -> None:
    notes = tune(60, 62, 64)
    lead, other = sung("sister sings", notes, "female", (LEAD, Part(consonants=0.2)))

    def hiss(sound: Audio) -> float:
        power = np.abs(np.fft.rfft(sound)) ** 2
        return float(power[np.fft.rfftfreq(len(sound), 1 / RATE) > 5000].sum())

    assert hiss(other) < 0.3 * hiss(lead)


def test_a_phrase_sounds_the_same_whatever_was_sung_in_between() -> None:
    text, notes = "together we are home", tune(60, 62, 64, 65, 67, 65)
    first = sing(phrase(text), notes, "female")[0]
    for k in range(voice().KEPT + 1):
        sing(phrase("other words"), tune(55 + k, 60, 62), "male")
    np.testing.assert_array_equal(sing(phrase(text), notes, "female")[0], first)


def test_all_sounds_of_english_have_a_symbol_in_the_voice() -> None:
    text = "which judge thought measure vision young boy heard very few good things shout how wide zoo they fly king"
    words = phrase(text)
    spectra = voice().spectra(words, tune(*([60] * len(words.syllables))))
    assert all(border.onset <= border.vowel < border.coda <= border.end for border in spectra.borders)
    assert spectra.borders[-1].end <= len(spectra.voiced)


def test_creak_becomes_tone_and_clear_frames_stay_as_they_are() -> None:
    harmonic, free = np.full((9, 601), -2, np.float32), np.full((9, 601), -6, np.float32)
    free[5:] = 2
    pitch = np.full(9, 200.0)
    before = harmonic.copy()
    sustain(harmonic, free, pitch)
    np.testing.assert_array_equal(harmonic[:4], before[:4])
    assert (harmonic[6:8, 10:100] > 1).all()
    assert (free[6:8, 10:100] < harmonic[6:8, 10:100] - 2).all()


def test_frames_without_a_pitch_keep_their_noise() -> None:
    harmonic, free = np.full((5, 601), -4, np.float32), np.full((5, 601), 3, np.float32)
    sustain(harmonic, free, np.zeros(5))
    assert (harmonic == -4).all()
    assert (free == 3).all()


def test_a_vowel_that_begins_a_syllable_begins_softly() -> None:
    free = np.zeros((20, 601), np.float32)
    free[7:9] = 4
    soften(free, [Borders(8, 8, 18, 20)])
    assert free.max() < 0.1


def test_no_consonant_is_louder_than_its_vowel() -> None:
    harmonic = np.zeros((20, 601), np.float32)
    harmonic[2:5] = 2
    before = harmonic.copy()
    restrain(harmonic, [Borders(2, 5, 15, 20)])
    assert harmonic[2:5].max() < 0.2
    np.testing.assert_array_equal(harmonic[5:], before[5:])


def test_quiet_vowels_come_half_way_up() -> None:
    harmonic, free = np.zeros((30, 601), np.float32), np.zeros((30, 601), np.float32)
    harmonic[22:] = -1
    even(harmonic, free, [Borders(0, 0, 20, 20), Borders(22, 22, 30, 30)])
    assert harmonic[26, 0] == pytest.approx(-0.5, abs=0.01)
    assert harmonic[10, 0] == pytest.approx(0, abs=0.01)


def cepstra(sound: Audio) -> npt.NDArray[np.float64]:
    """Mean mel-cepstrum, 1 to 19, of the louder half of a sound, up to 8 kHz: what a voice sounds like on average."""
    frames = np.lib.stride_tricks.sliding_window_view(sound, 1024)[::512] * np.hanning(1024)
    power = np.abs(np.fft.rfft(frames, axis=1)) ** 2
    loud = power[power.sum(axis=1) > np.median(power.sum(axis=1))]
    mels = np.linspace(0, 2595 * np.log10(1 + 8000 / 700), 26)
    edges = 700 * (10 ** (mels / 2595) - 1)
    hz = np.fft.rfftfreq(1024, 1 / RATE)
    bank = np.array([np.interp(hz, edges[k : k + 3], (0, 1, 0)) for k in range(24)])
    levels = 10 * np.log10(loud @ bank.T + 1e-9)
    waves = np.cos(np.pi / 24 * np.outer(np.arange(1, 20), np.arange(24) + 0.5)) * np.sqrt(2 / 24)
    mean: npt.NDArray[np.float64] = (levels @ waves.T).mean(axis=0)
    return mean


def test_no_singer_is_another_one_on_the_same_notes() -> None:
    notes = tune(57, 59, 60, 62, 60, 57)
    means = {singer: cepstra(sung("no one may wander low", notes, singer)[0]) for singer in SINGERS}
    pairs = {
        (one, other): float(np.linalg.norm(means[one] - means[other]))
        for one, other in itertools.combinations(SINGERS, 2)
    }
    assert min(pairs.values()) > 6
    assert pairs["female", "male"] > 20


def pitches(sound: Audio, begin: float, end: float, near: float) -> list[float]:
    """Semitones from `near` every 25 ms between two seconds of the notes' clock."""
    out = []
    for time in np.arange(begin, end, 0.025):
        cut = sound[int((HEAD + time - 0.025) * RATE) : int((HEAD + time + 0.025) * RATE)].astype(float)
        out.append(12 * float(np.log2(heard(cut, near)[0] / near)))
    return out


def test_vibrato_comes_late_on_long_notes() -> None:
    note = Note(0.45, 2.45, 60)
    sound = sung("home", (note,))[0]
    early, late = pitches(sound, 0.55, 0.7, hertz(60)), pitches(sound, 1.5, 2.2, hertz(60))
    assert np.ptp(late) > 0.35
    assert np.ptp(early) < 0.6 * np.ptp(late)


def test_a_slide_leads_from_note_to_note() -> None:
    notes = (Note(0.45, 1.0, 60), Note(1.0, 1.6, 64))
    sound = sung("no more", notes)[0]
    between = pitches(sound, 0.9, 1.1, hertz(62))
    assert between[0] < -1.5
    assert between[-1] > 1.5
    assert any(-1.2 < pitch < 1.2 for pitch in between)


def test_rap_falls_within_its_syllables_and_still_centres_on_the_notes() -> None:
    notes = tune(57, 57, 57, 57, length=0.3)
    plain = sing(phrase("we are all here"), notes, "male", delivery=Delivery(vibrato=0))[0]
    rapped = sing(phrase("we are all here"), notes, "male", delivery=Delivery(vibrato=0, speech=1.5))[0]
    lines = [np.array(pitches(sound, 0.79, 1.03, hertz(57))) for sound in (plain, rapped)]
    slopes = [float(np.polyfit(np.arange(len(line)), line, 1)[0]) for line in lines]
    assert slopes[1] < slopes[0] - 0.03
    assert abs(float(np.median(lines[1]))) < 0.4


def test_short_singing_leaves_air_between_words() -> None:
    notes = tune(60, 60, 60, length=0.6)

    def between(delivery: Delivery) -> float:
        sound = sing(phrase("you all are"), notes, "female", delivery=delivery)[0]
        cut = slice(int((HEAD + 0.45 + 0.42) * RATE), int((HEAD + 0.45 + 0.56) * RATE))
        return float(np.sqrt(np.square(sound[cut]).mean()) / np.abs(sound).max())

    assert between(Delivery(legato=0.6)) < 0.3 * between(PLAIN)


def test_strong_singing_is_brighter() -> None:
    notes = tune(60, 62, 64, 65)

    def highs(strength: float) -> float:
        sound = sing(phrase("we are all here"), notes, "female", strength=strength)[0]
        power = np.abs(np.fft.rfft(sound)) ** 2
        hz = np.fft.rfftfreq(len(sound), 1 / RATE)
        return float(power[(hz > 2000) & (hz < 5000)].sum() / power[hz < 1000].sum())

    assert highs(1) > 1.3 * highs(-1)


def test_deliveries_are_for_idioms_that_there_are() -> None:
    assert set(DELIVERIES) <= set(IDIOMS)
