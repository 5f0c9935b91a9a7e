"""The ID3v2.3 tag that turns streamed frames into a file that says what it is (id3.org, version 2.3.0)."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence

from PIL import Image

from ..protocol.events import LineTime, SectionTime

ARTIST = "Duplet"
_PICTURE_SIZE = 512
_LATIN, _UTF16 = b"\0", b"\1"
_FRONT_COVER = b"\x03"
_MILLISECONDS, _LYRICS = b"\x02", b"\x01"
"""SYLT: what its times count, and what its text is."""


def id3(*, title: str, genre: str, bpm: int, cover: bytes, sections: Sequence[SectionTime]) -> bytes:
    """The whole tag, to be put in front of the MP3 frames. `cover` is any picture; it goes in as a JPEG."""
    frames = [
        _frame("TIT2", _UTF16 + _text(title)),
        _frame("TPE1", _UTF16 + _text(ARTIST)),
        _frame("TCON", _UTF16 + _text(genre)),
        _frame("TBPM", _LATIN + str(bpm).encode("ascii")),
        _frame("TXXX", _UTF16 + _text("AI_GENERATED") + bytes(2) + _text("true")),
        _frame("APIC", _LATIN + b"image/jpeg\0" + _FRONT_COVER + b"\0" + _jpeg(cover)),
    ]
    lines = [line for section in sections for line in section["lines"]]
    if lines:
        nameless = _text("") + bytes(2)
        written = "\n\n".join("\n".join(line["text"] for line in part["lines"]) for part in sections if part["lines"])
        frames.append(_frame("USLT", _UTF16 + b"eng" + nameless + _text(written)))
        timed = b"".join(_synchronized(line) for line in lines)
        frames.append(_frame("SYLT", _UTF16 + b"eng" + _MILLISECONDS + _LYRICS + nameless + timed))
    body = b"".join(frames)
    return b"ID3\x03\0\0" + _syncsafe(len(body)) + body


def _frame(name: str, body: bytes) -> bytes:
    return name.encode("ascii") + struct.pack(">I", len(body)) + bytes(2) + body


def _syncsafe(size: int) -> bytes:
    """Four bytes of seven bits, so that a size never looks like the start of a frame of sound."""
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))


def _text(text: str) -> bytes:
    """UTF-16 with its byte order mark, not terminated. What is no Unicode text (a lone surrogate) becomes "?".

    A NUL would end the text and begin something else.
    """
    return b"\xff\xfe" + text.replace("\0", "").encode("utf-16-le", "replace")


def _synchronized(line: LineTime) -> bytes:
    return _text(line["text"] + "\n") + bytes(2) + struct.pack(">I", line["start"])


def _jpeg(picture: bytes) -> bytes:
    with Image.open(io.BytesIO(picture)) as image:
        small = image.convert("RGB")
    small.thumbnail((_PICTURE_SIZE, _PICTURE_SIZE))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=85)
    return out.getvalue()
