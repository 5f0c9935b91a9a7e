"""A whole song: what is streamed is the file, what is said of it is true, and it comes out the same every time."""

from __future__ import annotations

import hashlib
import io
import itertools
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyloudnorm
import pytest
import soundfile
from mutagen import id3 as mutagen_id3
from scipy.signal import resample_poly

from generator.engine.dsp import RATE
from generator.engine.mp3 import BYTES_PER_SECOND
from generator.engine.score import Section, SungPhrase
from generator.engine.song import PEAKS, Plan, Take, cover, plan, render
from generator.engine.vocals import Stem, Vocals
from generator.protocol.errors import Rejected

PROMPT = "A short cheerful pop song about friendship and adventure."
LYRICS = "Through every road we roam,\n together we are HOME 🎵"


Sound = npt.NDArray[np.float64]
"""(samples, channels)"""


@dataclass(frozen=True)
class Made:
    """A rendered take and what was said while it was made."""

    take: Take
    frames: bytes
    percents: tuple[int, ...]
    sound: Sound
    """The decoded file."""
    voice: Sound
    """What is sung, alone."""


@cache
def planned(prompt: str = PROMPT, lyrics: str | None = LYRICS, seed: int = 7) -> Plan:
    return plan(prompt, lyrics, seed)


@cache
def made(number: int, prompt: str = PROMPT, lyrics: str | None = LYRICS, seed: int = 7) -> Made:
    frames, percents = bytearray(), list[int]()
    wanted = planned(prompt, lyrics, seed)
    with tempfile.TemporaryDirectory() as folder:
        take = render(wanted, number, cover(wanted), frames.extend, percents.append, keep_stems=Path(folder) / "stems")
        voice, _ = soundfile.read(Path(folder) / "stems" / "vocal.wav", always_2d=True)
    sound, _ = soundfile.read(io.BytesIO(bytes(frames)), always_2d=True)
    return Made(take, bytes(frames), tuple(percents), sound, voice)


def test_a_plan_tells_the_title_before_anything_is_made() -> None:
    assert planned().title
    assert planned().briefs[0].take == 1
    assert planned().briefs[1].take == 2


def test_words_that_cannot_be_sung_are_turned_away_by_the_plan() -> None:
    with pytest.raises(Rejected) as refused:
        plan(PROMPT, "我们一起回家", 7)
    assert refused.value.field == "lyrics"


@pytest.mark.parametrize("number", [1, 2])
def test_what_was_streamed_is_the_finished_file(number: int, tmp_path: Path) -> None:
    song_, path = made(number), tmp_path / "song.mp3"
    path.write_bytes(song_.take.tags + song_.frames)
    whole, rate = soundfile.read(path, always_2d=True)
    assert rate == RATE
    np.testing.assert_array_equal(whole, song_.sound)
    assert song_.take.duration_ms == pytest.approx(len(whole) / RATE * 1000, abs=2)
    assert song_.take.duration_ms == round(len(song_.frames) * 1000 / BYTES_PER_SECOND)
    assert str(mutagen_id3.ID3(path)["TIT2"]) == planned().title  # type: ignore[no-untyped-call]  # mutagen has no types


@pytest.mark.parametrize("number", [1, 2])
def test_a_song_is_loud_enough_and_never_too_loud(number: int) -> None:
    sound = made(number).sound
    assert pyloudnorm.Meter(RATE).integrated_loudness(sound) == pytest.approx(-14, abs=0.5)
    assert np.abs(sound).max() < 1
    assert 20 * np.log10(np.abs(resample_poly(sound, 4, 1, axis=0)).max()) < -1


@pytest.mark.parametrize("number", [1, 2])
def test_nothing_is_silent_before_the_end(number: int) -> None:
    sound = made(number).sound
    windows = sound[: len(sound) // 4410 * 4410].reshape(-1, 4410 * 2)
    quiet = np.sqrt(np.square(windows).mean(axis=1)) < 1e-3
    assert not quiet[1:-20].any()


@pytest.mark.parametrize("number", [1, 2])
def test_sections_cover_the_song_and_lines_lie_in_the_order_they_are_sung(number: int) -> None:
    take = made(number).take
    assert take.sections[0]["start"] == 0
    assert take.sections[-1]["end"] == take.duration_ms
    assert all(a["end"] == b["start"] for a, b in itertools.pairwise(take.sections))
    lines = [line for section in take.sections for line in section["lines"]]
    assert all(a["end"] <= b["start"] for a, b in itertools.pairwise(lines))
    for line in lines:
        assert line["start"] == line["words"][0]["start"]
        assert line["end"] == line["words"][-1]["end"]
        assert all(word["start"] < word["end"] for word in line["words"])
        assert all(a["end"] <= b["start"] for a, b in itertools.pairwise(line["words"]))


@pytest.mark.parametrize("number", [1, 2])
def test_the_words_are_shown_as_they_were_written(number: int) -> None:
    shown = [line["text"] for section in made(number).take.sections for line in section["lines"]]
    assert "Through every road we roam," in shown
    assert "together we are HOME 🎵" in shown


@pytest.mark.parametrize("number", [1, 2])
def test_a_word_is_heard_when_its_time_says_so(number: int) -> None:
    take, level = made(number).take, np.abs(made(number).voice).max(axis=1)
    words = [word for section in take.sections for line in section["lines"] for word in line["words"]]
    for word in words:
        begin, end = word["start"] * RATE // 1000, word["end"] * RATE // 1000
        assert level[begin:end].max() > 0.05, word
    first = words[0]["start"] * RATE // 1000
    assert level[: first - RATE // 2].max(initial=0) < 0.05


def test_peaks_follow_the_sound() -> None:
    peaks, sound = made(1).take.peaks, made(1).sound
    assert len(peaks) == PEAKS
    assert max(peaks) == 100
    assert min(peaks) >= 0
    levels = [np.sqrt(np.square(part).mean()) for part in np.array_split(sound, PEAKS)]
    assert np.corrcoef(peaks, levels)[0, 1] > 0.9


def test_the_takes_are_two_songs() -> None:
    one, two = made(1), made(2)
    assert one.take.understood != two.take.understood
    assert one.take.duration_ms != two.take.duration_ms
    a, b = (song_.sound.mean(axis=1)[: 20 * RATE : 4] for song_ in (one, two))
    assert abs(np.correlate(a, b, "valid")).max() < 0.2 * np.sqrt(np.square(a).sum() * np.square(b).sum())


def test_progress_rises_from_nothing_to_all() -> None:
    percents = made(1).percents
    assert (percents[0], percents[-1]) == (0, 100)
    assert list(percents) == sorted(percents)
    assert len(set(percents)) > 10


def test_sound_goes_out_before_anything_has_been_sung(monkeypatch: pytest.MonkeyPatch) -> None:
    sung: list[SungPhrase] = []
    stem = Vocals.stem

    def counted(self: Vocals, phrase: SungPhrase, section: Section, rested: float) -> Stem:
        sung.append(phrase)
        return stem(self, phrase, section, rested)

    monkeypatch.setattr(Vocals, "stem", counted)
    sent = 0

    def write(frames: bytes) -> None:
        nonlocal sent
        sent += len(frames)
        if sent >= BYTES_PER_SECOND:
            raise StopIteration

    with pytest.raises(StopIteration):
        render(plan("a cheerful pop song", None, 7), 1, cover(planned()), write, lambda _: None)
    assert not sung


def test_a_listener_who_has_had_enough_ends_the_work_and_harms_no_other() -> None:
    def stop(_: object) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        render(planned(), 2, cover(planned()), stop, lambda _: None)
    with pytest.raises(InterruptedError):
        render(planned(), 2, cover(planned()), lambda _: None, stop)
    frames = bytearray()
    render(planned(), 1, cover(planned()), frames.extend, lambda _: None)
    assert bytes(frames) == made(1).frames


def test_another_process_makes_the_same_bytes() -> None:
    script = (
        "import sys, hashlib; from generator.engine import song; p = song.plan(*sys.argv[1:3], 7); out = bytearray();"
        "t = song.render(p, 2, song.cover(p), out.extend, lambda _: None);"
        "print(hashlib.sha256(t.tags + bytes(out)).hexdigest())"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, PROMPT, LYRICS], capture_output=True, text=True, check=True, timeout=120
    )
    assert ran.stdout.strip() == hashlib.sha256(made(2).take.tags + made(2).frames).hexdigest()


def test_a_song_without_words_is_played() -> None:
    take = made(1, "short instrumental techno", None, 4).take
    assert not any(section["lines"] for section in take.sections)
    assert take.understood["voice"] == "none"


def test_two_parts_of_the_intro_are_told_as_one() -> None:
    kinds = [section["section_type"] for section in made(1).take.sections]
    assert kinds.count("intro") <= 1
