"""The ID3v2.3 tag with which an MP3 says what it is (id3.org, version 2.3.0), and where the sound of a file lies.

A tag is made of rows, not of a file: so a file can be given a new one while it is sent, and what lies on disk stays.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from typing import BinaryIO

from PIL import Image

from generator.protocol.events import LineTime, SectionTime
from generator.protocol.text import one_line

MADE = "Made with AI"
"""The comment that every tag carries, beside a field that programs read: AI_GENERATED is "true"."""
SOFTWARE = "Duplet, LAME at a constant bit rate"
"""What made the sound of our own engine."""
LARGEST_PICTURE = 300_000
"""Bytes of the cover in a tag."""
_PICTURE_SIZE = 512
_QUALITIES = (85, 70, 50)
_LATIN, _UTF16 = b"\0", b"\1"
_FRONT_COVER = b"\x03"
_MILLISECONDS, _LYRICS = b"\x02", b"\x01"
"""SYLT: what its times count, and what its text is."""
_LONGEST = 400
_LONGEST_LINE = 2000
"""Characters of a field of one line, and of a line of the words."""
_LATEST = 2**32 - 1
_MOST_TAGS = 16
"""Tags in a row that are looked through; more than two are a mistake of some program."""
_V1, _V1_LONGER, _APE, _LYRICS3 = 128, 227, 32, 15
"""Bytes of the marks at the end of a file: ID3v1, what some programs put before it, APEv2's footer, Lyrics3's."""


def tag(
    *,
    title: str,
    artist: str,
    sections: Sequence[SectionTime],
    cover: bytes = b"",
    album: str = "",
    track: str = "",
    subtitle: str = "",
    genre: str = "",
    bpm: int = 0,
    year: int = 0,
    duration_ms: int = 0,
    software: str = "",
    language: str = "eng",
) -> bytes:
    """The whole tag, to be put in front of the MP3 frames; what is empty or 0 is left out.

    `cover` is a JPEG as `jpeg` makes it; `track` a number or two as "1/2"; `language` a code of ISO 639-2. Text is one
    line without control characters, in Latin-1 where that can write it and in UTF-16 elsewhere.
    """
    fields = {
        "TIT2": title,
        "TIT3": subtitle,
        "TPE1": artist,
        "TALB": album,
        "TRCK": track,
        "TYER": f"{year:04}" if year else "",
        "TCON": genre,
        "TBPM": str(bpm) if bpm > 0 else "",
        "TLEN": str(duration_ms) if duration_ms > 0 else "",
        "TSSE": software,
    }
    frames = [_text_frame(name, value) for name, text in fields.items() if (value := one_line(text, _LONGEST))]
    frames.append(_frame("TXXX", _LATIN + b"AI_GENERATED\0true"))
    frames.append(_frame("COMM", _LATIN + b"eng\0" + MADE.encode("ascii")))
    if cover:
        frames.append(_frame("APIC", _LATIN + b"image/jpeg\0" + _FRONT_COVER + b"\0" + cover))
    frames += _words(sections, language.encode("ascii"))
    body = b"".join(frames)
    return b"ID3\x03\0\0" + _syncsafe(len(body)) + body


def jpeg(picture: bytes) -> bytes:
    """Any picture that Pillow reads as a JPEG for a tag: at most 512 pixels wide and high, at most 300 KB."""
    with Image.open(io.BytesIO(picture)) as image:
        small = image.convert("RGB")
    small.thumbnail((_PICTURE_SIZE, _PICTURE_SIZE))
    for quality in _QUALITIES:
        out = io.BytesIO()
        small.save(out, "JPEG", quality=quality)
        if out.tell() <= LARGEST_PICTURE:
            break
    return out.getvalue()


def sound(file: BinaryIO, size: int) -> tuple[int, int]:
    """Where the frames of an MP3 of `size` bytes begin and end without the tags around them: (first, one behind).

    Left out are ID3v2 and APE tags at the head, and ID3v1, APE and Lyrics3 tags at the end, several in a row as well.
    A tag that says it is larger than the file is taken for sound. So is all of a file that is nothing but tags.
    """
    first, last = 0, size
    for _ in range(_MOST_TAGS):
        length = _head_tag(_at(file, first, _APE))
        if not 0 < length < last - first:
            break
        first += length
    for _ in range(_MOST_TAGS):
        length = _end_tag(file, first, last)
        if not 0 < length < last - first:
            break
        last -= length
    return first, last


def _at(file: BinaryIO, begin: int, length: int) -> bytes:
    file.seek(begin)
    return file.read(length)


def _head_tag(head: bytes) -> int:
    """Bytes of the tag that begins so; 0 where none does."""
    if head[:3] == b"ID3" and len(head) >= 10 and head[3] != 0xFF and max(head[6:10]) < 0x80:
        length = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
        return 10 + length + (10 if head[3] >= 4 and head[5] & 0x10 else 0)
    if head[:8] == b"APETAGEX" and len(head) == _APE:
        return _APE + _ape_size(head)
    return 0


def _end_tag(file: BinaryIO, first: int, last: int) -> int:
    """Bytes of the tag that ends at `last`; 0 where none does."""
    end = _at(file, max(first, last - _V1 - _V1_LONGER), min(last - first, _V1 + _V1_LONGER))
    if end[-_V1:][:3] == b"TAG" and len(end) >= _V1:
        return _V1 + (_V1_LONGER if len(end) == _V1 + _V1_LONGER and end[:4] == b"TAG+" else 0)
    if end[-_APE:][:8] == b"APETAGEX" and len(end) >= _APE:
        has_header = bool(struct.unpack("<I", end[-12:-8])[0] & 0x80000000)
        return _ape_size(end[-_APE:]) + (_APE if has_header else 0)
    if end.endswith(b"LYRICS200") and end[-_LYRICS3:-9].isdigit():
        return int(end[-_LYRICS3:-9]) + _LYRICS3
    return 0


def _ape_size(mark: bytes) -> int:
    """What an APE header or footer says: bytes of all items and the footer."""
    return int(struct.unpack("<I", mark[12:16])[0])


def _words(sections: Sequence[SectionTime], language: bytes) -> list[bytes]:
    """The words as a whole, and line by line with the times at which they are sung."""
    parts = [[line for line in section["lines"] if _line(line)] for section in sections]
    lines = sorted((line for part in parts for line in part), key=lambda line: line["start"])
    if not lines:
        return []
    written = "\n\n".join("\n".join(map(_line, part)) for part in parts if part)
    mark, end = _writing(written)
    timed = b"".join(
        _encoded(f"{_line(line)}\n", mark) + end + struct.pack(">I", min(max(0, line["start"]), _LATEST))
        for line in lines
    )
    nameless = _encoded("", mark) + end
    return [
        _frame("USLT", mark + language + nameless + _encoded(written, mark)),
        _frame("SYLT", mark + language + _MILLISECONDS + _LYRICS + nameless + timed),
    ]


def _line(line: LineTime) -> str:
    return one_line(line["text"], _LONGEST_LINE)


def _text_frame(name: str, text: str) -> bytes:
    mark, _ = _writing(text)
    return _frame(name, mark + _encoded(text, mark))


def _writing(text: str) -> tuple[bytes, bytes]:
    """How a text is written, and what ends it: Latin-1 where that has all its letters, else UTF-16."""
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return _UTF16, bytes(2)
    return _LATIN, bytes(1)


def _encoded(text: str, mark: bytes) -> bytes:
    """`text` in that writing, not terminated; UTF-16 with its byte order mark."""
    return text.encode("latin-1") if mark == _LATIN else b"\xff\xfe" + text.encode("utf-16-le")


def _frame(name: str, body: bytes) -> bytes:
    return name.encode("ascii") + struct.pack(">I", len(body)) + bytes(2) + body


def _syncsafe(size: int) -> bytes:
    """Four bytes of seven bits, so that a size never looks like the start of a frame of sound."""
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
