"""Reading `lyrics_sections`, whatever a host thinks they are."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.protocol.lyrics import fitted, read_sections

LINE = {"text": "Home", "start": 12.5, "end": 14}


@pytest.mark.parametrize("raw", [None, 5, True, [], [None, 5], {}.keys()])
def test_what_holds_no_words_is_no_section(raw: object) -> None:
    assert read_sections(raw) == []


def test_a_plain_text_is_a_verse() -> None:
    (section,) = read_sections("Through every road\n\nwe roam")
    assert (section["section_type"], [line["text"] for line in section["lines"]]) == (
        "verse",
        ["Through every road", "we roam"],
    )


def test_times_that_were_not_told_come_from_the_parts() -> None:
    words = [{"text": "we", "start": 61_000, "end": 61_400}, {"text": "roam", "start": "61400", "end": "62000.4"}]
    (section,) = read_sections([{"section_type": "Chorus 2", "lines": [{"words": words}]}])
    assert (section["section_type"], section["start"], section["end"]) == ("Chorus 2", 61_000, 62_000)
    assert section["lines"][0]["text"] == "we roam"


def test_times_that_make_no_sense_are_put_right() -> None:
    (section,) = read_sections([{"start": -5, "end": 9e99, "lines": [{"text": "a", "start": 9000, "end": 2000}]}])
    assert (section["start"], section["end"]) == (0, 3_600_000)
    assert (section["lines"][0]["start"], section["lines"][0]["end"]) == (9000, 9000)


def test_seconds_are_recognised_by_the_songs_length() -> None:
    assert read_sections([{"lines": [LINE]}])[0]["lines"][0]["start"] == 12_500
    slow = read_sections([{"start": 0, "end": 1100, "lines": []}])  # 18 minutes, or one second?
    assert fitted(slow, length_ms=1_150_000)[0]["end"] == 1_100_000
    assert fitted(slow, length_ms=60_000)[0]["end"] == 1100
    fast = read_sections([{"start": 0, "end": 900, "lines": []}])  # one early line, in milliseconds after all
    assert fast[0]["end"] == 900_000
    assert fitted(fast, length_ms=60_000)[0]["end"] == 900
    assert fitted(fast, length_ms=920_000)[0]["end"] == 900_000


def test_a_flood_of_words_is_cut_to_what_a_song_can_hold() -> None:
    words = [{"text": "la", "start": 1}] * 30_000
    sections = [{"lines": [{"words": words[:1000]}, {"text": "x" * 10_000}] * 15}, *[{"lines": ["oh"] * 2000}] * 200]
    begun = time.perf_counter()
    read = read_sections(sections)
    assert time.perf_counter() - begun < 0.5
    assert len(read) == 100
    assert sum(len(section["lines"]) for section in read) == 1000
    assert sum(len(line["words"]) for section in read for line in section["lines"]) == 5000
    assert len(read[0]["lines"][1]["text"]) == 500


KEYS = st.sampled_from(["section_type", "start", "end", "lines", "words", "text"])
ANY = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=10,
)


@settings(deadline=None)
@given(ANY)
def test_every_section_has_every_key_with_whole_milliseconds(raw: Any) -> None:
    for section in read_sections(raw):
        for part in (section, *section["lines"], *(w for line in section["lines"] for w in line["words"])):
            assert 0 <= part["start"] <= part["end"] <= 3_600_000
            assert isinstance(part["start"], int)
            assert isinstance(part["end"], int)
        assert section["section_type"]
        assert all(line["text"] for line in section["lines"])
