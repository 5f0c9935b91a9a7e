"""Singing over a given track: in its key and its time, where it leaves room, and the track stays what it is."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
import soundfile

from generator.engine import song
from generator.engine.master import energies, integrated
from generator.engine.mix import LATENCY
from generator.engine.score import Score
from generator.listening.facts import Key
from generator.protocol.errors import Rejected
from tests.generator.heard_music import CHORDS, FORM, RATE, drifting, music, straight, track

PROMPT = "A pop song about paper boats"
WORDS = "[Verse]\nPaper boats go down the river\nAll the way beyond the town\n\n[Chorus]\nSail away my little paper\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("track")


def planned(folder: Path, lyrics: str | None = None, at: object = straight, seconds: float = 98.0) -> song.Plan:
    heard = music(at=drifting if at is drifting else straight)
    return song.plan(PROMPT, lyrics, 3, given=(track(folder, heard, seconds),))


def onsets(score: Score) -> list[float]:
    return [sung.start + note.on for section in score.sections for sung in section.sung for note in sung.notes]


def test_every_syllable_lies_on_the_beats_of_a_track_that_hurries_and_slows_down(folder: Path) -> None:
    score = song.score_of(planned(folder, at=drifting), 1)
    points = np.array([drifting(k / 4) for k in range(4 * 161)])
    away = [float(np.abs(points - onset).min()) for onset in onsets(score)]
    assert len(away) > 60
    assert max(away) < 0.005


def test_the_sections_cover_the_track_from_its_first_sample_to_its_last(folder: Path) -> None:
    score = song.score_of(planned(folder), 1)
    assert score.sections[0].start == 0
    assert score.duration == pytest.approx(98.0)
    for before, after in itertools.pairwise(score.sections):
        assert before.end == after.start
        assert before.bar + before.bars == after.bar


def test_nothing_is_sung_in_its_intro_and_where_it_is_quiet_at_the_end(folder: Path) -> None:
    sung = onsets(song.score_of(planned(folder), 1))
    assert min(sung) > straight(4 * 4) - 1.0  # a pickup
    assert max(sung) < straight(4 * 36)


def test_its_loudest_part_that_comes_again_is_the_chorus(folder: Path) -> None:
    score = song.score_of(planned(folder), 1)
    choruses = [section.start for section in score.sections if section.kind == "chorus"]
    assert choruses == pytest.approx([straight(4 * 12), straight(4 * 28)])


def test_long_notes_belong_to_its_chords_and_all_to_its_key(folder: Path) -> None:
    outside = 0
    for number in (1, 2):
        score = song.score_of(planned(folder), number)
        notes = [(sung.start + note.on, note) for part in score.sections for sung in part.sung for note in sung.notes]
        for at, note in notes:
            chord = CHORDS[int((at - 0.5 + 0.15) / 2.4) % 4]
            pitches = {chord.root, (chord.root + (3 if chord.minor else 4)) % 12, (chord.root + 7) % 12}
            assert note.pitch % 12 in {0, 2, 4, 5, 7, 9, 11}
            outside += note.off - note.on > 0.7 and note.pitch % 12 not in pitches
        assert outside <= 0.05 * len(notes)


def test_a_minor_track_is_sung_in_minor(folder: Path) -> None:
    plan = song.plan(PROMPT, None, 3, given=(track(folder, music(key=Key(9, True, 0.9)), 98.0),))
    assert all((brief.key, brief.minor) == (9, True) for brief in plan.briefs)


def test_a_prompt_that_says_instrumental_still_gets_a_singer(folder: Path) -> None:
    plan = song.plan("Sing over this instrumental", None, 3, given=(track(folder, music(), 98.0),))
    assert onsets(song.score_of(plan, 1))


def test_what_the_prompt_says_otherwise_is_told_as_not_done(folder: Path) -> None:
    sound = track(folder, music(), 98.0)
    heard = music()
    for prompt, told in (
        ("A pop song, 70 bpm", [f"the recording's {round(heard.bpm)} bpm in place of 70"]),
        (
            "A waltz in 3/4 in Eb minor",
            ["the recording's 4/4 in place of 3/4", f"the recording's {heard.key} in place of Eb minor"],
        ),
        (f"A pop song, {round(heard.bpm)} bpm, 4/4, in {heard.key}", []),
        (PROMPT, []),
    ):
        assert list(song.plan(prompt, None, 3, given=(sound,)).briefs[0].unmet) == told


def test_the_takes_have_different_tunes_over_the_same_track(folder: Path) -> None:
    plan = planned(folder)
    tunes = [
        [note.pitch for part in song.score_of(plan, number).sections for sung in part.sung for note in sung.notes]
        for number in (1, 2)
    ]
    intervals = [list(np.diff(tune)) for tune in tunes]
    same = sum(a == b for a, b in zip(*intervals, strict=False))
    assert same < 0.6 * len(intervals[0])


def test_given_words_are_sung_whole_and_in_their_order(folder: Path) -> None:
    score = song.score_of(planned(folder, WORDS), 1)
    sung = [word for part in score.sections for phrase in part.sung for word in phrase.phrase.words]
    wanted = [word for line in WORDS.splitlines() if line and line[0] != "[" for word in line.split()]
    assert sung[: len(wanted)] == wanted


def test_words_that_the_track_has_no_room_for_are_refused_with_both_lengths(folder: Path) -> None:
    lines = "\n".join(f"All of these lines are {word} to sing here" for word in ("far", "much", "very", "still") * 12)
    with pytest.raises(Rejected, match=r"these words take \d:\d\d, and the instrumental lasts 1:38") as refused:
        planned(folder, lines)
    assert refused.value.field == "instrumental_url"


def test_a_track_without_a_beat_is_refused_with_a_sentence(folder: Path) -> None:
    with pytest.raises(Rejected, match="No beat can be heard"):
        song.plan(PROMPT, None, 3, given=(track(folder, None, 20.0),))


@pytest.fixture(scope="module")
def made(folder: Path) -> tuple[song.Take, dict[str, np.ndarray], np.ndarray]:
    """A take over 24 seconds: itself, its stems, and the track."""
    given = track(folder, music((("A", 2), ("B", 6), ("A", 1))), 24.0)
    plan = song.plan(PROMPT, "Paper boats go down the river", 3, given=(given,))
    take = song.render(plan, 1, song.cover(plan), lambda _: None, lambda _: None, stems=folder / "stems")
    stems = {path.stem: soundfile.read(path, always_2d=True)[0] for path in (folder / "stems").glob("*.flac")}
    return take, stems, soundfile.read(given.path)[0]


def test_the_track_is_a_stem_of_its_own_and_stays_itself_where_nobody_sings(
    made: tuple[song.Take, dict[str, np.ndarray], np.ndarray],
) -> None:
    _, stems, own = made
    assert set(stems) <= {"instrumental", "vocal", "backing"}
    late = round(LATENCY * RATE)
    heard, file = stems["instrumental"][late : late + 2 * RATE], own[: 2 * RATE]
    gain = float((heard * file).sum() / np.square(file).sum())
    assert np.abs(heard - gain * file).max() < 2e-4 + 0.02 * np.abs(heard).max()
    assert not np.allclose(heard[:, 0], heard[:, 1], atol=1e-3)


def test_it_gives_way_to_the_voice_only_where_words_are_understood(
    made: tuple[song.Take, dict[str, np.ndarray], np.ndarray],
) -> None:
    _, stems, own = made
    voice = stems["vocal"][:, 0]
    begin = int(np.flatnonzero(np.abs(voice) > 0.3 * np.abs(voice).max())[0])
    late = round(LATENCY * RATE)
    piece = slice(begin, begin + RATE)
    heard = np.abs(np.fft.rfft(stems["instrumental"][piece, 0]))
    file = np.abs(np.fft.rfft(own[begin - late : begin - late + RATE, 0]))
    level = {
        name: 20 * np.log10(np.sqrt(np.square(heard[a:b]).sum() / np.square(file[a:b]).sum()))
        for name, (a, b) in {"low": (100, 900), "words": (2200, 3800), "high": (9000, 15000)}.items()
    }
    assert -4.0 < level["words"] - level["low"] < -2.0
    assert abs(level["high"] - level["low"]) < 0.5


def test_it_is_as_long_as_the_track_and_as_loud_as_any_song(
    made: tuple[song.Take, dict[str, np.ndarray], np.ndarray],
) -> None:
    take, stems, _ = made
    assert take.duration_ms == pytest.approx(24_000, abs=120)
    mix = np.sum(list(stems.values()), axis=0)
    assert integrated(energies(np.ascontiguousarray(mix.T, np.float32))) == pytest.approx(-14, abs=1.0)
    assert np.abs(mix).max() < 0.89


def test_the_notes_are_the_singers_alone_and_the_same_again(
    made: tuple[song.Take, dict[str, np.ndarray], np.ndarray], folder: Path
) -> None:
    take, _, _ = made
    given = track(folder, music((("A", 2), ("B", 6), ("A", 1))), 24.0)
    plan = song.plan(PROMPT, "Paper boats go down the river", 3, given=(given,))
    assert song.notes(plan, 1) == take.midi
    assert take.midi.count(b"MTrk") == 2


def test_the_form_is_told_with_the_words_in_it(folder: Path) -> None:
    assert [letter for letter, _ in FORM].count("C") == 2
    kinds = [section.kind for section in song.score_of(planned(folder), 1).sections]
    assert kinds[0] == "intro"
    assert kinds[-1] == "outro"
    assert kinds.count("chorus") == 2


def test_a_track_whose_parts_are_all_short_is_sung_as_one(folder: Path) -> None:
    heard = music((("A", 2), ("B", 3), ("C", 2), ("A", 3), ("B", 2)))
    score = song.score_of(song.plan(PROMPT, "Paper boats go down the river", 3, given=(track(folder, heard, 30.0),)), 1)
    assert onsets(score)
    assert score.duration == pytest.approx(30.0)
