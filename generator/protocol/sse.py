"""Server-sent events, bytes to JSON objects and back, without any input or output of its own.

Reading follows the event stream format of the WHATWG HTML standard (section 9.2.6) with three differences: every event
must hold a JSON object, lines have limits, and lines that stand together without a blank line between them are events
of their own where only that makes sense (one of the v6 document's samples is written so). An event at the very end
counts even without its blank line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.protocol import json_text
from generator.protocol.json_text import NotJson

KEEP_ALIVE = b": keep-alive\n\n"
"""A comment: tells everyone on the way that the line is in use, and no client that anything happened."""
SLICE = 64 * 1024
"""Bytes that are taken apart at a time, so that millions of short lines are never in memory together."""
BOM = b"\xef\xbb\xbf"
FIELDS = (b"data", b"event", b"id", b"retry")
"""What lines of an event stream may begin with; comments begin with a colon."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one stream may hold, in bytes, and how many lines and events."""

    line: int = 1024 * 1024
    event: int = 1024 * 1024
    stream: int = 16 * 1024 * 1024
    lines: int = 400_000
    """Each costs time, however short it is: 16 MiB of empty comments took 8 s."""
    events: int = 20_000


class StreamTooLarge(Exception):  # noqa: N818  it says what is wrong with the stream
    """A stream went over one of its `Limits`; nothing more of it is read."""


def encode(body: Mapping[str, Any]) -> bytes:
    """One event, as naive clients need it: one line of ASCII with a space after the colon, and a blank line."""
    return b"data: " + json.dumps(body, ensure_ascii=True, allow_nan=False).encode("ascii") + b"\n\n"


class Decoder:
    """Turns the bytes of one stream, however they are cut, into its JSON objects.

    Every iterator that `feed` and `close` give must be read to its end before the next call.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.unreadable = 0
        """How many events held anything but a JSON object. They are left out, and so is one that was cut off."""
        self.noise = 0
        """How many lines belong to no event stream at all, as those of a page do."""
        self._limits = limits or Limits()
        self._size = self._lines = self._events = 0
        self._line = bytearray()
        self._data: list[str] = []
        self._data_size = 0
        self._after_cr = False
        self._first = True

    def feed(self, data: bytes) -> Iterator[dict[str, Any]]:
        """The events that `data` completes. Raises `StreamTooLarge`."""
        too_much = self._size + len(data) > self._limits.stream
        data = data[: self._limits.stream - self._size]
        self._size += len(data)
        for start in range(0, len(data), SLICE):
            yield from self._feed(data[start : start + SLICE])
        if too_much:
            raise StreamTooLarge(f"a stream of more than {self._limits.stream} bytes")

    def close(self) -> Iterator[dict[str, Any]]:
        """The event that the stream ended in, if it is a whole one. Raises `StreamTooLarge`."""
        unreadable = self.unreadable
        if self._line:
            self._take(bytes(self._line))
        yield from self._end_event()
        self.unreadable = unreadable  # what is not whole was cut off, and says nothing about its host

    def _feed(self, data: bytes) -> Iterator[dict[str, Any]]:
        if self._after_cr:
            data = data.removeprefix(b"\n")  # the other half of a CRLF that was cut in two
        self._after_cr = data.endswith(b"\r")
        lines = data.splitlines()  # of bytes: at CR, LF and CRLF alone
        rest = b"" if data.endswith((b"\r", b"\n")) or not lines else lines.pop()
        if lines and self._line:
            lines[0] = bytes(self._line) + lines[0]
            self._line.clear()
        self._lines += len(lines)
        if self._lines > self._limits.lines:
            raise StreamTooLarge(f"more than {self._limits.lines} lines")
        for line in lines:
            self._check(len(line))
            if line:
                self._take(line)
            elif self._data:
                yield from self._end_event()
            self._first = False
        self._line += rest
        self._check(len(self._line))

    def _check(self, length: int) -> None:
        if length > self._limits.line:
            raise StreamTooLarge(f"a line of more than {self._limits.line} bytes")

    def _take(self, line: bytes) -> None:
        """Keep a line if it is data; others are comments, or fields that v6 does not use."""
        if self._first:
            line = line.removeprefix(BOM)
        if not line.startswith(b"data:"):
            self.noise += not _belongs(line)
            return  # "data" alone is data too, of no length: it makes no event
        value = line[5:]
        self._data_size += len(value) + 1
        if self._data_size > self._limits.event:
            raise StreamTooLarge(f"an event of more than {self._limits.event} bytes")
        self._data.append(value.removeprefix(b" ").decode("utf-8", "replace"))

    def _end_event(self) -> Iterator[dict[str, Any]]:
        lines, self._data, self._data_size = self._data, [], 0
        if not any(lines):
            return
        for event in self._read(lines):
            self._events += 1
            if self._events > self._limits.events:
                raise StreamTooLarge(f"more than {self._limits.events} events")
            if event is None:
                self.unreadable += 1
            else:
                yield event

    def _read(self, lines: list[str]) -> list[dict[str, Any] | None]:
        """One event, or where only the lines by themselves make sense, one for each line; None where none does."""
        whole = _object("\n".join(lines))
        if whole is None and len(lines) > 1:
            each = [_object(line) for line in lines if line.strip()]
            if None not in each:
                return each
        return [whole]


def _belongs(line: bytes) -> bool:
    """Whether a line that is no data may stand in an event stream: a comment, a field, or the beginning of one."""
    name, colon, _ = line.partition(b":")
    return not name or name in FIELDS or (not colon and any(field.startswith(name) for field in FIELDS))


def _object(text: str) -> dict[str, Any] | None:
    try:
        return json_text.read_object(text, trailing_commas=True)
    except NotJson:
        return None
