"""Archives that are written while they are sent, read back by another program."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import pytest

from generator import zipped
from generator.zipped import Entry, entry

AT = datetime(2026, 11, 23, 2, 51, 38, tzinfo=UTC)


async def written(entries: list[Entry]) -> bytes:
    return b"".join([piece async for piece in zipped.archive(entries, AT)])


def slow(name: str, *pieces: bytes, size: int | None = None) -> Entry:
    async def read() -> AsyncGenerator[bytes]:
        for piece in pieces:
            yield piece

    return Entry(name, len(b"".join(pieces)) if size is None else size, read)


async def test_another_program_finds_every_file_whole() -> None:
    entries = [slow("Ä/take 🎵.mp3", b"a" * 70_000, b"b"), entry("Ä/empty", b""), entry("Ä/words.txt", b"la\n")]
    body = await written(entries)
    assert len(body) == zipped.size(entries)
    with zipfile.ZipFile(io.BytesIO(body)) as found:
        assert found.testzip() is None
        assert found.namelist() == [each.name for each in entries]
        assert found.read("Ä/take 🎵.mp3") == b"a" * 70_000 + b"b"
        assert found.read("Ä/words.txt") == b"la\n"
        assert {info.date_time for info in found.infolist()} == {(2026, 11, 23, 2, 51, 38)}
        assert not [info for info in found.infolist() if info.flag_bits & 8]  # sizes stand at the head of each


async def test_it_holds_one_piece_at_a_time() -> None:
    read: list[int] = []

    async def pieces() -> AsyncGenerator[bytes]:
        for number in range(100):
            read.append(number)
            yield bytes(1000)

    sent = zipped.archive([Entry("sound", 100_000, pieces)], AT)
    await anext(sent)
    assert len(read) == 100  # the checksum
    await anext(sent)
    assert len(read) == 101
    await sent.aclose()


async def test_a_file_is_closed_at_once_when_nobody_reads_on() -> None:
    closed = []

    async def pieces() -> AsyncGenerator[bytes]:
        try:
            yield b"one"
            yield b"two"
        finally:
            closed.append(1)

    sent = zipped.archive([Entry("sound", 6, pieces)], AT)
    await anext(sent)
    await anext(sent)
    await sent.aclose()
    assert len(closed) == 2


@pytest.mark.parametrize("told", [2, 4])
async def test_a_file_that_has_another_size_than_it_said_breaks_the_archive_off(told: int) -> None:
    with pytest.raises(EOFError):
        await written([slow("sound", b"123", size=told)])


def test_what_no_program_could_read_is_refused() -> None:
    with pytest.raises(ValueError, match="one name"):
        zipped.size([entry("a", b""), entry("a", b"1")])
    with pytest.raises(ValueError, match="too large"):
        zipped.size([slow("a", size=2**32)])
