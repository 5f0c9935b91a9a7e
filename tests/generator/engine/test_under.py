"""A band under a given voice: the voice is untouched and in front, and everybody else follows it."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
import soundfile

from generator.engine import song
from generator.engine.backing import LEAD
from generator.engine.band import band
from generator.engine.beside import Under
from generator.engine.dsp import samples
from generator.engine.master import energies, integrated
from generator.engine.midi import performance
from generator.engine.recording import Recording
from generator.engine.score import Score
from generator.engine.under import frame_of
from generator.given import Given, Heard
from generator.listening.facts import Melody, Music, Note, Phrase
from generator.protocol.errors import Rejected
from tests.generator.heard_music import RATE, drifting, music, straight

PROMPT = "A pop song about paper boats"
VERSE = (64, 62, 60, 62, 64, 64, 62, 60)
CHORUS = (72, 71, 69, 67, 69, 71, 72, 67)
BARS = 24
"""Eight of a verse, eight of a chorus, two of rest, six of the chorus again."""


def tune(at: object = straight) -> Melody:
    """A note a beat, four phrases of two bars in each part, in C major."""
    where = drifting if at is drifting else straight
    notes: list[Note] = []
    phrases: list[Phrase] = []
    for bar in (*range(0, 16, 2), *range(18, BARS, 2)):
        line = VERSE if bar < 8 else CHORUS
        first = len(notes)
        for k, pitch in enumerate(line[:7]):
            notes.append(Note(where(4 * bar + k), where(4 * bar + k + 0.9), float(pitch), pitch))
        phrases.append(Phrase(notes[first].start, notes[-1].end, first, 7))
    return Melody(tuple(notes), tuple(phrases), 0.9)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("voice")


def voice(folder: Path, at: object = straight, *, heard: Melody | None = None, going: bool = True) -> Given:
    """A voice that hums the tune."""
    found = heard or tune(at)
    where = drifting if at is drifting else straight
    path = folder / f"{'drifting' if at is drifting else 'straight'}.flac"
    seconds = where(4 * BARS) + 0.3
    time = np.arange(round(seconds * RATE)) / RATE
    sound = np.zeros(len(time))
    for note in found.notes:
        inside = slice(int(note.start * RATE), int(note.end * RATE))
        swell = np.sin(np.pi * np.linspace(0, 1, len(time[inside]))) ** 0.5
        sound[inside] += 0.2 * swell * np.sin(2 * np.pi * 440 * 2 ** ((note.pitch - 69) / 12) * time[inside])
    soundfile.write(path, sound, RATE, "PCM_16")
    whole: Music | None = music((("A", BARS),), at=where) if going else None
    return Given(role="vocal", path=path, heard=Heard(kind="voice", seconds=seconds, music=whole, melody=found))


def led(folder: Path, number: int = 1, at: object = straight, lyrics: str | None = None) -> Score:
    return song.score_of(song.plan(PROMPT, lyrics, 3, given=(voice(folder, at),)), number)


def test_the_voice_begins_after_an_intro_of_whole_bars(folder: Path) -> None:
    score, late = led(folder), frame_of(voice(folder)).late
    intro = score.sections[0]
    assert intro.kind == "intro"
    assert intro.end == pytest.approx(straight(0) + late)
    assert intro.end == pytest.approx(intro.bars * 2.4)
    assert not intro.sung


def test_the_bands_beats_are_those_of_a_voice_that_hurries_and_slows_down(folder: Path) -> None:
    score, late = led(folder, at=drifting), frame_of(voice(folder, drifting)).late
    beats = np.array([beat for section in score.sections for beat in section.pulse])
    for note in tune(drifting).notes:
        assert np.abs(beats - note.start - late).min() < 0.001


def test_what_is_played_lies_on_those_beats(folder: Path) -> None:
    score, late = led(folder, at=drifting), frame_of(voice(folder, drifting)).late
    points = np.array([drifting(k / 8) + late for k in range(8 * 4 * BARS)])
    away = [
        np.abs(points - section.at(hit.at, score.brief.beat)).min()
        for section, parts in zip(score.sections, performance(score), strict=True)
        if section.sung
        for hits in parts.stems.values()
        for hit in hits
    ]
    assert len(away) > 200
    assert np.median(away) < 0.02


def test_its_pauses_part_the_song_and_its_highest_tune_is_the_chorus(folder: Path) -> None:
    kinds = [(section.kind, section.bars) for section in led(folder).sections]
    assert kinds[1:3] == [("verse", 8), ("chorus", 8)]
    assert kinds[3][0] == "interlude"
    assert kinds[4][0] == "chorus"
    assert kinds[-1][0] == "outro"


def test_chords_hold_what_is_sung_over_them(folder: Path) -> None:
    for number in (1, 2):
        score = led(folder, number)
        fits = []
        for section in score.sections:
            for sung in section.sung:
                for note in sung.notes:
                    half = int(section.even(sung.start + note.on, score.brief.beat) / score.brief.bar * 2 + 1e-6)
                    fits.append(note.pitch % 12 in section.chords[min(half, len(section.chords) - 1)].pitches)
        assert np.mean(fits) > 0.6
        assert score.sections[-1].chords[-1].bass == 0


def test_the_takes_differ_in_what_is_played(folder: Path) -> None:
    one, other = (led(folder, number) for number in (1, 2))
    assert [s.chords for s in one.sections] != [s.chords for s in other.sections]
    assert not one.sections[0].tune
    assert other.sections[0].tune
    strokes = [[(hit.at, hit.pitch) for hit in performance(score)[2].stems["drums"]] for score in (one, other)]
    assert strokes[0] != strokes[1]


def test_without_words_the_sections_have_no_lines(folder: Path) -> None:
    score = led(folder)
    assert all(not section.lines for section in score.sections)
    assert all(not sung.phrase.words for section in score.sections for sung in section.sung)


def test_given_words_are_spread_over_its_phrases_in_order(folder: Path) -> None:
    lines = [f"Paper boats go down the {word}" for word in ("river", "harbour", "water", "valley", "canal", "street")]
    score = led(folder, lyrics="\n".join(lines))
    told = [line for section in score.sections for line in section.lines]
    assert told == lines
    times = [
        (sung.start + note.on, sung.start + note.off)
        for section in score.sections
        for sung in section.sung
        for note in sung.notes
    ]
    late = frame_of(voice(folder)).late
    assert times[0][0] == pytest.approx(straight(0) + late)
    assert times[-1][1] <= straight(4 * BARS) + late
    for before, after in itertools.pairwise(times):
        assert before[0] < after[0]
        assert before[1] <= after[0] + 0.05


def test_a_voice_without_notes_or_without_a_beat_is_refused_with_a_sentence(folder: Path) -> None:
    with pytest.raises(Rejected, match="No beat can be heard in the voice") as refused:
        song.plan(PROMPT, None, 3, given=(voice(folder, going=False),))
    assert refused.value.field == "vocal_url"
    with pytest.raises(Rejected, match="No notes can be heard"):
        song.plan(PROMPT, None, 3, given=(voice(folder, heard=Melody((), (), 0.0)),))


def test_its_samples_reach_the_sum_of_the_desk_unchanged(folder: Path) -> None:
    given = voice(folder)
    plan = song.plan(PROMPT, None, 3, given=(given,))
    late = frame_of(given).late
    with Recording(given.path) as recording:
        desk = Under(song.score_of(plan, 1), band(), recording, late)
        blocks = list(desk.blocks())
    heard = np.concatenate([block.voice for block in blocks], axis=1)
    own = soundfile.read(given.path, dtype="float32")[0]
    begin = LEAD + samples(late)
    assert np.array_equal(heard[0, begin : begin + len(own)], own)
    assert np.array_equal(heard[0], heard[1])
    mix = np.concatenate([block.sound for block in blocks], axis=1)
    assert integrated(energies(mix)) == pytest.approx(-14, abs=1.0)
    assert np.abs(mix).max() < 0.89


def test_the_file_tells_no_lines_and_has_the_sung_notes_without_words(folder: Path) -> None:
    plan = song.plan(PROMPT, None, 3, given=(voice(folder),))
    written = song.notes(plan, 1)
    assert b"Voice" in written
    assert b"\xff\x05" not in written
    assert song.notes(plan, 1) == written


def test_it_is_told_that_the_voice_was_given(folder: Path) -> None:
    given = voice(folder)
    plan = song.plan(PROMPT, None, 3, given=(given,))
    frames = bytearray()
    take = song.render(plan, 2, song.cover(plan), frames.extend, lambda _: None, stems=folder / "stems")
    assert take.understood["voice"] == "given"
    assert [section["lines"] for section in take.sections] == [[]] * len(take.sections)
    own = soundfile.read(folder / "stems" / "vocal.flac")[0][:, 0]
    band_ = np.sum(
        [soundfile.read(path)[0][:, 0] for path in (folder / "stems").glob("*.flac") if path.stem != "vocal"], axis=0
    )
    sings = np.abs(own) > 1e-3
    balance = 20 * np.log10(np.sqrt(np.square(own[sings]).mean() / np.square(band_[sings]).mean()))
    assert 0 < balance < 9
