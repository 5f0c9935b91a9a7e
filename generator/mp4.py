"""Where the sound in an MP4 file lies (ISO/IEC 14496-12): the frames of its first track of sound, in their order.

Telephones write their voice memos so, browsers their recordings (in fragments). Only tables are read here; every number
in them is somebody else's, so each is held against the file before it is followed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from generator.child import UnfitError

Bytes = memoryview
Numbers = npt.NDArray[np.int64]
MOST_FRAMES = 200_000
"""Of sound; ten minutes at the highest rate have 56,000."""
_CODED = {b"alac": "Apple Lossless", b"ac-3": "Dolby Digital", b"ec-3": "Dolby Digital Plus", b"Opus": "Opus in MP4"}
_LOCKED = (b"enca", b"drms")


class Span(NamedTuple):
    """A box without its head: where it begins and ends in the file, in bytes."""

    kind: bytes
    start: int
    end: int


class Track(NamedTuple):
    """`config`: what the decoder must know (AudioSpecificConfig). `places`, `sizes`: (n,) bytes of each frame. `skip`:
    seconds that come first and shall not be heard. `lasts`: seconds that shall be, None where the file does not say."""

    config: bytes
    places: Numbers
    sizes: Numbers
    skip: float
    lasts: float | None


def track(data: Bytes) -> Track:
    """The first track of sound in a file. Raises `UnfitError` where there is none that can be decoded."""
    try:
        return _track(data)
    except (struct.error, ValueError, IndexError, OverflowError):
        raise UnfitError("The audio does not play.") from None


def _track(data: Bytes) -> Track:
    whole = Span(b"", 0, len(data))
    movie = _only(data, whole, b"moov")
    for each in _boxes(data, movie):
        if each.kind == b"trak" and _kind(data, _only(data, each, b"mdia", b"hdlr")) == b"soun":
            break
    else:
        raise UnfitError("There is no sound in this file.")
    tables = _only(data, each, b"mdia", b"minf", b"stbl")
    config = _config(data, _only(data, tables, b"stsd"))
    places, sizes = _listed(data, tables)
    if not len(sizes):
        places, sizes = _in_fragments(data, whole, _number(data, _only(data, each, b"tkhd"), 12, 20))
    fits = (places >= 0) & (sizes > 0) & (places + sizes <= len(data))
    ends = len(fits) if fits.all() else int(np.argmin(fits))  # a file that was cut off plays as far as it goes
    if not ends:
        raise UnfitError("The audio ends before it begins.")
    skip, lasts = _edit(data, movie, each)
    return Track(config, places[:ends], sizes[:ends], skip, lasts)


def _boxes(data: Bytes, parent: Span) -> Iterator[Span]:
    at = parent.start
    while at + 8 <= parent.end:
        size, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            (size,), head = struct.unpack_from(">Q", data, at + 8), 16
        end = parent.end if size == 0 else at + size
        if end < at + head:
            return
        yield Span(kind, at + head, min(end, parent.end))
        at = end


def _find(data: Bytes, parent: Span, kind: bytes) -> Span | None:
    return next((box for box in _boxes(data, parent) if box.kind == kind), None)


def _only(data: Bytes, parent: Span, *path: bytes) -> Span:
    """The first box at the end of a path of kinds. Raises `UnfitError` where there is none."""
    here: Span | None = parent
    for kind in path:
        here = _find(data, here, kind) if here else None
    if here is None:
        raise UnfitError("The audio does not play: the file is not whole.")
    return here


def _kind(data: Bytes, handler: Span) -> bytes:
    return bytes(data[handler.start + 8 : handler.start + 12])


def _number(data: Bytes, box: Span, short: int, long: int, size: int = 4) -> int:
    """A number at the place it has in version 0 of a box, or at the one it has in version 1."""
    version = data[box.start]
    at = box.start + (long if version else short)
    return int.from_bytes(data[at : at + (size if version else 4)])


def _config(data: Bytes, described: Span) -> bytes:
    """The decoder's settings, out of the descriptors (ISO/IEC 14496-1, 7.2.6) of the first entry."""
    entry = next(_boxes(data, Span(b"", described.start + 8, described.end)), None)
    if entry is None or entry.kind in _LOCKED:
        raise UnfitError("The audio is locked to somebody's player. Save it as MP3, WAV, FLAC or Ogg first.")
    if entry.kind != b"mp4a":
        name = _CODED.get(entry.kind, "a kind")
        raise UnfitError(
            f"The audio in this file is {name} that cannot be read here. Save it as MP3, WAV, FLAC or Ogg first."
        )
    body = bytes(data[entry.start : entry.end])
    at = body.find(b"esds")  # version 1 of QuickTime lays it deeper
    if at < 0:
        raise UnfitError("The audio does not play.")
    at += 8
    while at < len(body):
        tag, at, size = _descriptor(body, at)
        if tag == 0x03:
            flags = body[at + 2]
            at += 3 + 2 * (flags >> 7 & 1) + (1 + body[at + 3] if flags >> 6 & 1 else 0) + 2 * (flags >> 5 & 1)
        elif tag == 0x04:
            at += 13
        elif tag == 0x05:
            return body[at : at + size]
        else:
            at += size
    raise UnfitError("The audio does not play.")


def _descriptor(body: bytes, at: int) -> tuple[int, int, int]:
    """Its tag, where it begins behind its head, and its size."""
    tag, size = body[at], 0
    for at in range(at + 1, at + 5):  # noqa: B020, PLR1704  at most four bytes of seven bits
        size = size << 7 | body[at] & 0x7F
        if not body[at] & 0x80:
            break
    return tag, at + 1, size


def _table(data: Bytes, box: Span, head: int, width: str) -> Numbers:
    """What stands in a table behind `head` bytes, the last four of which count it; never more than there is."""
    wide = np.dtype(width).itemsize
    count = int.from_bytes(data[box.start + head - 4 : box.start + head])
    count = min(count, (box.end - box.start - head) // wide)
    return np.frombuffer(data, width, max(0, count), box.start + head).astype(np.int64)


def _listed(data: Bytes, tables: Span) -> tuple[Numbers, Numbers]:
    """Places and sizes of frames as the tables of a whole file tell them."""
    stsz = _only(data, tables, b"stsz")
    each, count = struct.unpack_from(">II", data, stsz.start + 4)
    sizes = np.full(min(count, MOST_FRAMES), each, np.int64) if each else _table(data, stsz, 12, ">u4")[:MOST_FRAMES]
    short, long = _find(data, tables, b"stco"), _find(data, tables, b"co64")
    chunks = _table(data, short, 8, ">u4") if short else _table(data, long, 8, ">u8") if long else sizes[:0]
    runs = _only(data, tables, b"stsc")
    count = min(int.from_bytes(data[runs.start + 4 : runs.start + 8]), (runs.end - runs.start - 8) // 12)
    rows = np.frombuffer(data, ">u4", 3 * count, runs.start + 8).reshape(-1, 3).astype(np.int64)
    if not len(rows) or not len(chunks):
        return sizes[:0], sizes[:0]
    of = np.clip(np.searchsorted(rows[:, 0], np.arange(1, len(chunks) + 1), "right") - 1, 0, None)
    per = np.minimum(rows[of, 1], MOST_FRAMES)
    ends = np.minimum(np.cumsum(per), len(sizes))
    begins = np.concatenate([[0], ends[:-1]])
    before = np.concatenate([[0], np.cumsum(sizes)])
    chunk = np.repeat(np.arange(len(chunks)), ends - begins)
    sizes = sizes[: len(chunk)]
    return chunks[chunk] + before[: len(chunk)] - before[begins[chunk]], sizes


def _in_fragments(data: Bytes, whole: Span, wanted: int) -> tuple[Numbers, Numbers]:
    """The same of a file that was written as it was recorded."""
    usual = {}
    extends = _find(data, _only(data, whole, b"moov"), b"mvex")
    for box in _boxes(data, extends) if extends else ():
        if box.kind == b"trex":
            track_id, _, _, size = struct.unpack_from(">IIII", data, box.start + 4)
            usual[track_id] = size
    found: list[tuple[int, int]] = []
    for moof in _boxes(data, whole):
        for traf in _boxes(data, moof) if moof.kind == b"moof" else ():
            if traf.kind == b"traf":
                found += _fragment(data, traf, moof.start - 8, wanted, usual.get(wanted, 0))
        if len(found) > MOST_FRAMES:
            raise UnfitError("The audio is longer than 10 minutes.")
    places, sizes = np.array(found, np.int64).reshape(-1, 2).T
    return places, sizes


def _fragment(data: Bytes, traf: Span, base: int, wanted: int, usual: int) -> Iterator[tuple[int, int]]:
    """Place and size of each frame of a fragment, if it is of the wanted track."""
    head = _only(data, traf, b"tfhd")
    flags, track_id = struct.unpack_from(">II", data, head.start)
    if track_id != wanted:
        return
    at = head.start + 8
    if flags & 1:
        (base,) = struct.unpack_from(">Q", data, at)
        at += 8
    at += 4 * (flags >> 1 & 1) + 4 * (flags >> 3 & 1)
    if flags & 0x10:
        (usual,) = struct.unpack_from(">I", data, at)
    place = base
    for run in _boxes(data, traf):
        if run.kind != b"trun":
            continue
        told, count = struct.unpack_from(">II", data, run.start)
        at = run.start + 8
        if told & 1:
            place = base + struct.unpack_from(">i", data, at)[0]
            at += 4
        at += 4 * (told >> 2 & 1)
        fields = [told >> bit & 1 for bit in (8, 9, 10, 11)]
        wide = 4 * sum(fields)
        for _ in range(min(count, (run.end - at) // wide if wide else MOST_FRAMES)):
            size = struct.unpack_from(">I", data, at + 4 * fields[0])[0] if fields[1] else usual
            yield place, size
            place += size
            at += wide


def _edit(data: Bytes, movie: Span, each: Span) -> tuple[float, float | None]:
    """What the file's list of edits lets be heard: from which second, and for how many."""
    edits = _find(data, _find(data, each, b"edts") or Span(b"", 0, 0), b"elst")
    if edits is None:
        return 0.0, None
    own = _number(data, _only(data, each, b"mdia", b"mdhd"), 12, 20) or 1
    general = _number(data, _only(data, movie, b"mvhd"), 12, 20) or 1
    form = ">Qq" if data[edits.start] else ">Ii"
    step = struct.calcsize(form) + 4
    for at in range(edits.start + 8, edits.end - step + 1, step):
        lasts, start = struct.unpack_from(form, data, at)
        if start >= 0:
            return start / own, lasts / general or None
    return 0.0, None
