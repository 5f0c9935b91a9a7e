"""Words as LRC, WebVTT and plain text: read back by parsers of their own, whatever a line says."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import captions
from generator.captions import Part
from generator.protocol.events import LineTime

HOSTILE = [
    "00:00:01.000 --> 00:00:02.000",
    "-->",
    "[99:99]",
    "[00:01.00]first[00:02.00]second",
    "<00:01.00>word",
    "one\r\n\r\nWEBVTT\n\n00:00.000 --> 00:01.000\ntwo",
    "a\0b",
    "NOTE this",
    "STYLE",
    "<v Roger>&amp;<c.red>",
    "[ti:another title]",
    "\u202eturned",
    "half\ud83d a character",
    "\u2028one\u2029two\x85three\x0bfour",
    "🎵" * 5000,
    "   ",
    "",
]
LRC_LINE = re.compile(r"\[(\d\d):([0-5]\d)\.(\d\d)\](.*)")
LRC_NAME = re.compile(r"\[(ti|ar|al|length|re):(.*)\]")
VTT_TIMES = re.compile(r"(\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3}) --> (\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3})")


def line(text: str, start: int = 1000, end: int = 1900) -> LineTime:
    words = text.split()
    step = max(1, (end - start) // (len(words) or 1))
    timed = [{"start": start + i * step, "end": start + (i + 1) * step, "text": w} for i, w in enumerate(words)]
    return {"start": start, "end": end, "text": text, "words": timed}  # type: ignore[typeddict-item]


def parts(*lines: LineTime) -> list[Part]:
    return [{"label": "Intro", "lines": []}, {"label": "Verse 1", "lines": list(lines)}]


def lrc(said: Sequence[Part], *, title: str = "Home", artist: str = "Alice", by_word: bool = False) -> str:
    return captions.lrc(title=title, artist=artist, made="us", duration_ms=125_000, parts=said, by_word=by_word)


def read_lrc(file: str) -> tuple[dict[str, str], list[tuple[int, str]]]:
    """(what it says of the song, [(milliseconds, text)]). Fails at a row that is neither."""
    names: dict[str, str] = {}
    lines: list[tuple[int, str]] = []
    assert file.endswith("\n")
    for row in filter(None, file.split("\n")):
        if found := LRC_LINE.fullmatch(row):
            assert not re.match(r"\[", found[4])
            lines.append((int(found[1]) * 60_000 + int(found[2]) * 1000 + int(found[3]) * 10, found[4]))
        else:
            name = LRC_NAME.fullmatch(row)
            assert name, row
            assert not lines
            assert name[1] not in names
            names[name[1]] = name[2]
    return names, lines


def read_vtt(file: str) -> list[tuple[int, int, str]]:
    """[(from, to, text)] by the grammar of WebVTT: blocks parted by blank lines, times that move on, text escaped."""
    assert "\0" not in file
    assert "\r" not in file
    head, *blocks = file.rstrip("\n").split("\n\n")
    assert re.fullmatch(r"WEBVTT(?:[ \t][^\n]*)?", head)
    assert "-->" not in head
    cues = []
    for block in blocks:
        if block.startswith("NOTE"):
            assert "-->" not in block
            continue
        times, *text = block.split("\n")
        found = VTT_TIMES.fullmatch(times)
        assert found, times
        assert len(text) == 1
        assert "-->" not in text[0]
        h, m, s, ms, h2, m2, s2, ms2 = map(int, found.groups())
        start, end = ((h * 60 + m) * 60 + s) * 1000 + ms, ((h2 * 60 + m2) * 60 + s2) * 1000 + ms2
        assert end > start
        assert not re.search(r"<|&(?!amp;|lt;|gt;)", text[0])
        cues.append((start, end, text[0].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")))
    assert [cue[0] for cue in cues] == sorted(cue[0] for cue in cues)
    return cues


def test_lrc_says_whose_song_it_is_and_when_each_line_is_sung() -> None:
    names, lines = read_lrc(lrc(parts(line("Ça va, Zoë?", 61_230, 62_000), line("Home again", 63_000, 64_500))))
    assert names == {"ti": "Home", "ar": "Alice", "al": "Home", "length": "02:05", "re": "us"}
    assert lines == [(61_230, "Ça va, Zoë?"), (63_000, "Home again"), (64_500, "")]


def test_lrc_by_word_gives_every_word_its_time() -> None:
    _, lines = read_lrc(lrc(parts(line("Home again", 63_000, 64_000)), by_word=True))
    assert lines[0] == (63_000, "<01:03.00>Home <01:03.50>again <01:04.00>")


def test_lrc_shows_no_words_while_none_are_sung() -> None:
    _, lines = read_lrc(lrc(parts(line("one", 1000, 2000), line("two", 3000, 4000), line("three", 20_000, 21_000))))
    assert [at for at, text in lines if not text] == [4000, 21_000]


@pytest.mark.parametrize("by_word", [False, True])
@pytest.mark.parametrize("text", HOSTILE)
def test_no_line_breaks_out_of_lrc(text: str, by_word: bool) -> None:
    names, lines = read_lrc(lrc(parts(line(text), line("after", 2000, 3000)), title=text, artist=text, by_word=by_word))
    assert len([1 for _, said in lines if said]) == (2 if text.strip() else 1)
    assert set(names) <= {"ti", "ar", "al", "length", "re"}
    for _, said in lines:
        told = re.findall(r"<[^>]*>", said)
        assert all(re.fullmatch(r"<\d\d:[0-5]\d\.\d\d>", mark) for mark in told)
        assert by_word or not told


def test_webvtt_has_a_cue_a_line_and_says_that_it_is_ai() -> None:
    said = parts(line("“Rock & <roll>”", 61_230, 62_000), line("Home", 5000, 5000))
    file = captions.vtt(title="Home", artist="Alice", made="Made with AI.", parts=said)
    assert file.startswith("WEBVTT Home - Alice\n\nNOTE Made with AI.\n\n")
    assert read_vtt(file) == [(5000, 5001, "Home"), (61_230, 62_000, "“Rock & <roll>”")]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_line_breaks_out_of_webvtt(text: str) -> None:
    said = parts(line(text), line("after", 2000, 3000))
    cues = read_vtt(captions.vtt(title=text, artist=text, made=text, parts=said))
    assert len(cues) == (2 if text.strip() else 1)
    assert cues[-1] == (2000, 3000, "after")


@given(st.text(max_size=80), st.integers(0, 2**31), st.integers(0, 2**31))
def test_whatever_is_sung_can_be_read_back(text: str, start: int, end: int) -> None:
    said = parts(line(text, start, end))
    read_vtt(captions.vtt(title=text, artist=text, made=text, parts=said))
    read_lrc(lrc(said, title=text, artist=text))
    read_lrc(lrc(said, title=text, artist=text, by_word=True))


def test_plain_text_is_title_name_parts_and_words() -> None:
    said = [*parts(line("Home again"), line("and\nagain")), {"label": "Chorus", "lines": [line("[la]")]}]
    file = captions.plain(title="Home", by="by Alice", made="Made with AI.", parts=said)  # type: ignore[arg-type]
    assert file == "Home\nby Alice\n\n[Verse 1]\nHome again\nand again\n\n[Chorus]\n[la]\n\nMade with AI.\n"
