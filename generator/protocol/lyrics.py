"""`lyrics_sections` as other hosts may write them: the document names the field and says nothing of its shape.

Every key is optional and an element may be a plain string, so whatever can be read is, and the rest is left out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from generator.protocol.events import LineTime, SectionTime, WordTime
from generator.protocol.text import one_line

MOST_SECTIONS = 100
MOST_LINES = 1_000
MOST_WORDS = 5_000
"""In all; no song comes near. What is beyond them is left out."""
LONGEST_LINE = 500
LONGEST_KIND = 40
LATEST_MS = 3_600_000
SHORTEST_MS = 1_000
"""Words that would all be over within a second are timed in seconds: as milliseconds they would be no song."""
SLACK = 1.1
"""Hosts round, and count a last breath: words may end this much later than the song."""
HEADER = re.compile(r"\[([^\[\]]{1,40})\]")


def read_sections(raw: object) -> list[SectionTime]:
    """The sections in `raw`, with every key; times that were not given are 0. An empty list if there is nothing.

    Times are in milliseconds; seconds are recognised. See `fitted` for when the song's length is known.
    """
    told = [raw] if isinstance(raw, str | Mapping) else _listed(raw, MOST_SECTIONS)
    times = islice((time for element in told for time in _times(element)), MOST_LINES + MOST_WORDS)
    reading = _Reading(1000 if max(times, default=0) < SHORTEST_MS else 1)
    return [reading.section(element) for element in told if isinstance(element, str | Mapping)]


def fitted(sections: Sequence[SectionTime], length_ms: int) -> list[SectionTime]:
    """The same sections, taken for a thousand times slower or faster if only so they fit into a song of `length_ms`."""
    last = max((section["end"] for section in sections), default=0)
    longest = length_ms * SLACK
    if last > longest and last / 1000 <= longest:
        reading = _Reading(1 / 1000)
    elif 0 < last * 1000 <= longest:
        reading = _Reading(1000)
    else:
        return list(sections)
    return [reading.section(section) for section in sections]


def number(value: object) -> float | None:
    """A number, also one in a string; None for anything else, for infinities and for truth values."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


@dataclass(slots=True)
class _Reading:
    """How one song's words are read, and how many of them still may be."""

    factor: float
    """Turns times as they were written into milliseconds."""
    lines_left: int = MOST_LINES
    words_left: int = MOST_WORDS

    def section(self, raw: object) -> SectionTime:
        told = _from_text(raw) if isinstance(raw, str) else _mapping(raw)
        lines = [line for line in map(self.line, _listed(told.get("lines"), self.lines_left)) if line["text"]]
        self.lines_left -= len(lines)
        start, end = self.span(told, lines)
        kind = one_line(told.get("section_type"), LONGEST_KIND) or "verse"
        return {"section_type": kind, "start": start, "end": end, "lines": lines}

    def line(self, raw: object) -> LineTime:
        told = {"text": raw} if isinstance(raw, str) else _mapping(raw)
        words = [word for word in map(self.word, _listed(told.get("words"), self.words_left)) if word["text"]]
        self.words_left -= len(words)
        text = _text(told) or one_line(" ".join(word["text"] for word in words), LONGEST_LINE)
        start, end = self.span(told, words)
        return {"start": start, "end": end, "text": text, "words": words}

    def word(self, raw: object) -> WordTime:
        told = {"text": raw} if isinstance(raw, str) else _mapping(raw)
        start, end = self.span(told, ())
        return {"start": start, "end": end, "text": _text(told)}

    def span(self, raw: Mapping[str, object], inside: Sequence[LineTime] | Sequence[WordTime]) -> tuple[int, int]:
        """When something begins and ends; where that is not told, its parts say it."""
        start, end = self.time(raw.get("start")), self.time(raw.get("end"))
        if start is None:
            start = min((part["start"] for part in inside), default=0)
        if end is None:
            end = max((part["end"] for part in inside), default=start)
        return start, max(start, end)

    def time(self, value: object) -> int | None:
        found = number(value)
        return None if found is None else round(min(max(0.0, found * self.factor), LATEST_MS))


def _from_text(text: str) -> dict[str, object]:
    """A section as some write it: lines of text, perhaps under "[Chorus]"."""
    lines = [line for line in text.splitlines() if line.strip()]
    if lines and (header := HEADER.fullmatch(lines[0].strip())):
        return {"section_type": header[1].strip().lower(), "lines": lines[1:]}
    return {"lines": lines}


def _listed(value: object, most: int) -> Sequence[object]:
    """The elements of a list, the lines of a text, nothing otherwise."""
    if isinstance(value, str):
        value = value.splitlines()
    return value[:most] if isinstance(value, list | tuple) else ()


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _text(raw: Mapping[str, object]) -> str:
    text = raw.get("text")
    return one_line(text, LONGEST_LINE) if isinstance(text, str) else ""


def _times(raw: object) -> Iterator[float]:
    """Every time in an unread section: its own, then those of its lines and words."""
    told = _mapping(raw)
    yield from (time for key in ("start", "end") if (time := number(told.get(key))) is not None)
    for name, most in (("lines", MOST_LINES), ("words", MOST_WORDS)):
        for part in _listed(told.get(name), most):
            yield from _times(part)
