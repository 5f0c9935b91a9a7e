"""An answer's bytes as they come: within deadlines, unpacked if need be, as the events or the one body they hold."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from typing import Any

from generator.outbound import next_piece
from generator.protocol.sse import Decoder, StreamTooLarge

LARGEST_BODY = 1024 * 1024
UNPACKED_BYTES = 64 * 1024
"""So much is unpacked at a time, whatever a few bytes may blow up to."""
TURN_BYTES = 16 * 1024
"""After so much of one stream others have their turn, though more of it may be here already."""
PIECE_WORTH = 256
"""Taking up a piece takes as long as reading so many bytes, and a host may send a byte a piece."""
ANY_ZLIB = 47
"""zlib's window size that also tells gzip from zlib by their heads."""


class Unpackable(Exception):  # noqa: N818  as below
    """The bytes are packed in a way that nobody asked for, or not as they claim."""


class NothingReadable(Exception):  # noqa: N818  the name says what is wrong with the answer
    """Something came, but no event that holds a JSON object."""


async def read_events(
    pieces: AsyncIterator[bytes], packing: str, *, gap: float, until: float
) -> AsyncGenerator[dict[str, Any], None]:
    """The JSON objects of an event stream.

    Raises TimeoutError `gap` seconds after the last event, whatever else came, and at `until` (the loop's clock);
    `StreamTooLarge`, `NothingReadable`, `Unpackable`.
    """
    loop, decoder, unpacker = asyncio.get_running_loop(), Decoder(), Unpacker(packing)
    heard_at, heard, since_turn = loop.time(), 0, 0
    while (piece := await next_piece(pieces, min(heard_at + gap, until) - loop.time())) is not None:
        for plain in unpacker.feed(piece):
            for event in decoder.feed(plain):
                heard += 1
                yield event
                heard_at = loop.time()  # the time that whoever reads took for it does not count
                del event  # nobody needs it while the next one is waited for, nor what follows here
            since_turn += PIECE_WORTH + len(plain)
            del plain
            if since_turn > TURN_BYTES:
                since_turn = 0
                await asyncio.sleep(0)  # a few bytes may unpack to megabytes: others have their turn between
        del piece
    for event in decoder.close():
        heard += 1
        yield event
    if not heard and (decoder.unreadable or decoder.noise):
        raise NothingReadable(f"{decoder.unreadable} events without a JSON object, {decoder.noise} lines of no stream")


async def read_body(pieces: AsyncIterator[bytes], packing: str, *, seconds: float) -> bytes:
    """The whole of a short answer. Raises TimeoutError, `StreamTooLarge` over 1 MiB, `Unpackable`."""
    body, unpacker = bytearray(), Unpacker(packing)
    until = asyncio.get_running_loop().time() + seconds
    while (piece := await next_piece(pieces, until - asyncio.get_running_loop().time())) is not None:
        for plain in unpacker.feed(piece):
            body += plain
            if len(body) > LARGEST_BODY:
                raise StreamTooLarge(f"a body of more than {LARGEST_BODY} bytes")
    return bytes(body)


class Unpacker:
    """Undoes the packing that some hosts, or what stands before them, apply although they were asked not to."""

    def __init__(self, packing: str) -> None:
        """`packing` is the Content-Encoding. Raises `Unpackable` for any but none, gzip and deflate."""
        packing = packing.strip().lower()
        if packing not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise Unpackable(f"packed as {packing[:40]!r}")
        self._inflate = None if packing in ("", "identity") else zlib.decompressobj(ANY_ZLIB)

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """What `piece` holds, in small parts. Raises `Unpackable` if it is not what it claims to be."""
        if self._inflate is None:
            yield piece
            return
        try:
            while True:
                plain = self._inflate.decompress(piece, UNPACKED_BYTES)
                piece = self._inflate.unconsumed_tail
                yield plain
                if len(plain) < UNPACKED_BYTES:
                    return
        except zlib.error as error:
            raise Unpackable(f"not packed as it says: {error}") from None
