"""ZIP archives that are written while they are sent (PKWARE's APPNOTE, 6.3): nothing is held whole, nothing is packed.

Sound does not get smaller by packing. So all sizes are known before the first byte, the archive's own as well, and
every entry says its size and checksum at its head, which all programs can read.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime

LARGEST = 2**32 - 2
MOST = 65_534
"""Bytes of an archive and its entries that need none of the extensions for large ones."""
_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_VERSION, _UTF8, _STORED = 20, 0x800, 0
_UNIX, _PLAIN_FILE = 3 << 8, 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in an archive. `read` gives its `size` bytes from their beginning, each time it is called."""

    name: str
    size: int
    read: Callable[[], AsyncGenerator[bytes]]


def entry(name: str, body: bytes) -> Entry:
    """An entry that is held whole: words, and whatever else is small."""

    async def read() -> AsyncGenerator[bytes]:
        yield body

    return Entry(name, len(body), read)


def size(entries: Iterable[Entry]) -> int:
    """Bytes of the archive of these entries. Raises `ValueError` where it would be too large, or a name comes twice."""
    listed = list(entries)
    if len({each.name for each in listed}) < len(listed):
        raise ValueError("Two entries of an archive have one name.")
    whole = 22 + sum(30 + 46 + 2 * len(each.name.encode()) + each.size for each in listed)
    if whole > LARGEST or len(listed) > MOST:
        raise ValueError("The archive would be too large.")
    return whole


async def archive(entries: Sequence[Entry], made_at: datetime) -> AsyncGenerator[bytes]:
    """The archive's bytes. Every entry is read twice, the first time for its checksum; `made_at` is their time.

    Raises `EOFError` where an entry gives other bytes than it said: what was sent by then is no archive.
    """
    central, at, when = [], 0, _dos(made_at)
    for each in entries:
        name, checksum, count = each.name.encode(), 0, 0
        async with aclosing(each.read()) as pieces:
            async for piece in pieces:
                checksum, count = zlib.crc32(piece, checksum), count + len(piece)
        if count != each.size:
            raise EOFError(f"{each.name} has {count} bytes instead of {each.size}.")
        said = struct.pack("<HHHIIIIHH", _VERSION, _UTF8, _STORED, when, checksum, count, count, len(name), 0)
        yield _LOCAL + said + name
        sent = 0
        async with aclosing(each.read()) as pieces:
            async for piece in pieces:
                sent += len(piece)
                yield piece
        if sent != count:
            raise EOFError(f"{each.name} has changed.")
        central.append(
            _CENTRAL
            + struct.pack("<H", _UNIX | _VERSION)
            + said
            + struct.pack("<HHHII", 0, 0, 0, _PLAIN_FILE, at)
            + name
        )
        at += 30 + len(name) + count
    listing = b"".join(central)
    yield listing + _END + struct.pack("<HHHHIIH", 0, 0, len(central), len(central), len(listing), at, 0)


def _dos(at: datetime) -> int:
    """Date and time in 32 bits, to two seconds, from 1980 on."""
    date = max(0, at.year - 1980) << 9 | at.month << 5 | at.day
    return date << 16 | at.hour << 11 | at.minute << 5 | at.second // 2
