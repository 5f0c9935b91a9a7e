"""A take's words as files that players, video programs and people read: LRC, WebVTT and plain text.

None of the three can be broken by what a line says. Of the three only WebVTT knows how to write its own marks as text;
LRC does not, so there brackets become parentheses and pointed brackets quotation marks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypedDict

from generator.protocol.events import LineTime
from generator.protocol.text import one_line

LONGEST_LINE = 2000
"""Characters of one line that are written."""
SILENCE_MS = 4000
"""After so long without words an LRC player is told to show none."""
LATEST_MS = 99 * 60_000 + 59_990
"""The last time that LRC can write in two digits of minutes."""
TEXT_IN_LRC = str.maketrans("[]<>", "()‹›")
TEXT_IN_VTT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class Part(TypedDict):
    """A part of a song under the name that people call it by; an instrumental one has no lines."""

    label: str
    lines: list[LineTime]


def lrc(*, title: str, artist: str, made: str, duration_ms: int, parts: Sequence[Part], by_word: bool = False) -> str:
    """LRC, a line a line; `by_word` gives every word its time as well ("enhanced LRC"), which not all players read.

    `made` says by what, and that it was AI. Times are hundredths of a second; lines come in the order of theirs.
    """
    named = {"ti": title, "ar": artist, "al": title, "length": _minutes(duration_ms)[:-3], "re": made}
    out = [f"[{name}:{_line(text).translate(TEXT_IN_LRC)}]" for name, text in named.items() if text]
    out.append("")
    lines = list(_in_time(parts))
    for line, then in pairwise([*lines, None]):
        assert line is not None
        words = _word_by_word(line) if by_word else ""
        out.append(f"[{_minutes(line['start'])}]{words or _line(line['text']).translate(TEXT_IN_LRC)}")
        if then is None or then["start"] - line["end"] >= SILENCE_MS:
            out.append(f"[{_minutes(max(line['start'], line['end']))}]")
    return "\n".join(out) + "\n"


def vtt(*, title: str, artist: str, made: str, parts: Sequence[Part]) -> str:
    """WebVTT, a cue a line, in the order of their times. A cue lasts at least a millisecond, as the grammar asks."""
    heading = _escaped(" - ".join(word for word in (title, artist) if _line(word)))
    out = [f"WEBVTT {heading}".rstrip(), f"NOTE {_escaped(made)}".rstrip()]
    for line in _in_time(parts):
        start = max(0, line["start"])
        out.append(f"{_hours(start)} --> {_hours(max(line['end'], start + 1))}\n{_escaped(line['text'])}")
    return "\n\n".join(out) + "\n"


def plain(*, title: str, by: str, made: str, parts: Sequence[Part]) -> str:
    """The words as people read them, each part under its name. `by` is a whole line, as is `made`."""
    head = "\n".join(text for text in (_line(title), _line(by)) if text)
    sung = [
        "\n".join((f"[{_line(part['label'])}]", *(_line(line["text"]) for line in part["lines"])))
        for part in parts
        if part["lines"]
    ]
    return "\n\n".join([head, *sung, _line(made)]) + "\n"


def _in_time(parts: Sequence[Part]) -> Iterator[LineTime]:
    lines = (line for part in parts for line in part["lines"] if _line(line["text"]))
    yield from sorted(lines, key=lambda line: line["start"])


def _word_by_word(line: LineTime) -> str:
    """Every word after its time, and the time at which the last one ends; empty where there are no times of words."""
    words = [word for word in line["words"] if _line(word["text"])]
    if not words:
        return ""
    timed = " ".join(f"<{_minutes(word['start'])}>{_line(word['text']).translate(TEXT_IN_LRC)}" for word in words)
    return f"{timed} <{_minutes(words[-1]['end'])}>"


def _line(text: str) -> str:
    return one_line(text, LONGEST_LINE)


def _escaped(text: str) -> str:
    return _line(text).translate(TEXT_IN_VTT)


def _minutes(at_ms: int) -> str:
    """03:07.25"""
    hundredths = min(max(0, at_ms), LATEST_MS) // 10
    return f"{hundredths // 6000:02}:{hundredths // 100 % 60:02}.{hundredths % 100:02}"


def _hours(at_ms: int) -> str:
    """00:03:07.250"""
    return f"{at_ms // 3_600_000:02}:{at_ms // 60_000 % 60:02}:{at_ms // 1000 % 60:02}.{at_ms % 1000:03}"
