"""The table shows what misses, and the statistics of tunes count what they say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.engine import song
from generator.engine.compose import compose
from generator.protocol.events import LineTime, SectionTime, WordTime
from tests.listen.bars import GROUPS, VOICE
from tests.listen.facts import facts, lines
from tests.listen.music import edit_distance, entropy, intervals, statistics, tune
from tests.listen.prompts import FIXED, Song, place, read_songs
from tests.listen.table import gather, misses, page

SONGS = read_songs()


def rows_of(tmp_path: Path, **numbers: float) -> dict[str, dict[str, object]]:
    """The rows of one song whose first take has these numbers."""
    (tmp_path / "numbers.json").write_text(json.dumps({"take 1": numbers, "pair": {"correlation": 0.1}}))
    return gather({"pop": tmp_path})


def test_the_fixed_songs_are_fourteen_or_more_and_cover_metres_words_and_voices() -> None:
    assert len(SONGS) >= 14
    assert {song.metre for song in SONGS} == {"4/4", "3/4", "6/8"}
    assert any(song.lyrics for song in SONGS)
    assert any("instrumental" in song.prompt for song in SONGS)
    assert any(len((song.lyrics or "").split("\n\n")) == 4 for song in SONGS)


@pytest.mark.parametrize("wanted", SONGS, ids=lambda wanted: wanted.name)
def test_every_fixed_song_is_understood_as_it_is_meant(wanted: Song) -> None:
    plan = song.plan(wanted.prompt, wanted.lyrics, wanted.seed)
    for brief in plan.briefs:
        assert brief.metre == wanted.metre
        assert wanted.idiom in (None, brief.idiom)
        assert brief.instrumental == ("instrumental" in wanted.prompt)


def test_a_song_is_made_again_when_its_prompt_or_the_engine_changes(tmp_path: Path) -> None:
    wanted = SONGS[0]
    other = Song(name=wanted.name, prompt=wanted.prompt, seed=wanted.seed + 1)
    assert len({place(tmp_path, wanted, "a"), place(tmp_path, wanted, "b"), place(tmp_path, other, "a")}) == 3


def test_two_songs_of_one_name_are_refused(tmp_path: Path) -> None:
    songs = json.loads(FIXED.read_text("utf-8"))
    (tmp_path / "twice.json").write_text(json.dumps([songs[0], songs[0]]))
    with pytest.raises(ValueError, match="same name"):
        read_songs(tmp_path / "twice.json")


def test_a_number_that_misses_its_bar_is_marked_and_named(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, recall_voice=0.5, recall=0.9, lufs=-14.0)
    assert misses(rows) == ["recall_voice **0.50 ✗** pop 1"]
    table = page(rows, title="Songs", about="")
    assert "| pop 1 | - | - | - | - | - | **0.50 ✗** | 0.90 |" in table
    assert "**0 of 1 ✗**" in table


def test_a_number_at_its_edge_holds() -> None:
    recall = next(bar for bar in VOICE if bar.name == "recall")
    assert recall.holds(0.7)
    assert not recall.holds(0.699)


def test_every_number_is_in_one_group_only() -> None:
    names = [bar.name for bars in GROUPS.values() for bar in bars]
    assert len(names) == len(set(names))


def test_entropy_is_in_bits() -> None:
    assert entropy([1, 2, 3, 4]) == 2
    assert entropy([5, 5]) == 0


def test_statistics_count_every_interval_of_the_tune_once() -> None:
    wanted = SONGS[0]
    plan = song.plan(wanted.prompt, wanted.lyrics, wanted.seed)
    first, second = (compose(brief, plan.words, plan.seed) for brief in plan.briefs)
    told = statistics(first)
    shares = [told[name] or 0 for name in ("unison", "step", "third", "leap")]
    assert sum(shares) == pytest.approx(1)
    assert len(intervals(tune(first))) == sum(len(line) - 1 for line in tune(first))
    assert edit_distance(first, first) == 0
    assert 0 < edit_distance(first, second) <= 1


def test_given_words_that_are_left_out_or_out_of_time_are_counted() -> None:
    text = "one two three four"
    wanted = Song(name="x", prompt="pop", seed=1, lyrics=text)
    plan = song.plan(wanted.prompt, wanted.lyrics, wanted.seed)
    score = compose(plan.briefs[0], plan.words, plan.seed)
    words: list[WordTime] = [{"start": 10 * k, "end": 10 * k + 5, "text": word} for k, word in enumerate(text.split())]
    line = LineTime(start=0, end=45, text=text, words=words)
    section = SectionTime(section_type="verse", start=0, end=50, lines=[line])
    assert facts(score, [section], wanted)["given"] == 1
    words[2]["end"] = words[2]["start"]
    assert facts(score, [section], wanted)["given"] == 0.75
    del words[1]
    assert facts(score, [section], wanted)["given"] == 0.25


def test_only_lines_of_ours_are_judged() -> None:
    ours = song.plan("a pop song about the sea", None, 3)
    theirs = song.plan("a pop song", "[Verse]\nno such rhyme\nin this at all\n[Chorus]\nnor here\nof any kind", 3)
    assert lines(ours.words, ours.briefs[0])["rhymes"] >= 0.9
    assert lines(theirs.words, theirs.briefs[0]) == {}
