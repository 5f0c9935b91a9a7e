"""A song's journal as the document's event stream.

The journal numbers promises; the stream counts its own chunks from 0 without holes. What the document shows and the
journal does not keep (`streaming` and `processing` after `validated`, `uploading` before a version's last event) is put
in its place here, so that every reader gets the whole sequence, also one that comes when the song is long over.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
import uuid
from collections.abc import AsyncGenerator, Iterator
from typing import Any

from django.http import StreamingHttpResponse

from generator.protocol import events as v6
from studio.accounts import keys
from studio.live import journal
from studio.live.announce import Message
from studio.songs.models import Status

Chunk = dict[str, Any]

KEEP_ALIVE_SECONDS = 12.0
"""How often something is sent while nothing happens: proxies close what is silent for a minute or less."""
LONG_EVENT = 4096
"""Bytes from which an event is long: only those with a song's words are."""
BREATH_SECONDS = 0.05
"""Pause before a long event. Programs like the document's JavaScript sample take each read for whole lines; a long
event that follows others without a pause was cut in two by such a read in 1 of 40 songs."""
HEADERS = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
DELETED = "This song was deleted while it was being made."


class Chunks:
    """Turns what the journal tells of one song into chunks; one instance for each reader."""

    def __init__(self, message_id: str) -> None:
        self._message_id = message_id
        self._named: dict[str, Any] = {}
        """What events from `validated` on carry; empty before."""
        self._count = 0
        self._progress = -1
        self._playable: set[int] = set()
        self._stored: set[int] = set()
        self._finished: set[int] = set()
        self.ended = False

    def begin(self) -> Chunk:
        """The very first chunk: the request has arrived."""
        return self._chunk(v6.Initializing())

    def of(self, message: Message) -> Iterator[Chunk]:
        """The chunks that `message` makes; often none."""
        event = message.event or {}
        if event and self._named:
            self._named["album_art"] = event.get("album_art", self._named["album_art"])
        match event:
            case {"status": "validated"}:
                yield from self._validated(event, message.state)
            case {"status": "streaming", "version": int(version), "stream_url": str(address)}:
                yield self._playable_now(version, address)
            case {"status": "completed", "version": int(version), "audio_url": str(address)}:
                yield from self._stored_now(version, address)
            case {"status": "completed", "version": int(version), "lyrics_sections": sections}:
                yield self._finished_now(version, sections, is_last=event["isComplete"])
            case {"status": "failed"}:
                yield from self._over(event, message.state)
            case _ if self._named and not message.state["is_final"]:
                yield from self._running(int(event.get("progress", message.state["progress"])))

    def gone(self) -> Chunk:
        """The last chunk of a song whose row is no more."""
        return self._chunk(self._failed(DELETED, "cancelled", None))

    def _validated(self, event: Chunk, state: dict[str, Any]) -> Iterator[Chunk]:
        self._named = {
            "message_id": self._message_id,
            "album_art": event["album_art"],
            "song_name": state["title"],
        }
        for kind in (v6.Validated, v6.Streaming, v6.Processing):
            yield self._chunk(kind(**self._named))
        if not state["is_final"]:
            yield from self._running(state["progress"])

    def _running(self, progress: int) -> Iterator[Chunk]:
        if progress != self._progress:
            self._progress = progress
            yield self._chunk(v6.Running(**self._named, progress=progress))

    def _playable_now(self, version: int, address: str) -> Chunk:
        self._playable.add(version)
        return self._chunk(v6.StreamReady(**self._named, version=version, stream_url=address))

    def _stored_now(self, version: int, address: str) -> Iterator[Chunk]:
        if version not in self._playable:
            yield self._playable_now(version, address)  # its early sound was lost; the address plays the whole take
        self._stored.add(version)
        yield self._chunk(v6.AudioReady(**self._named, version=version, audio_url=address))
        yield self._chunk(v6.Uploading(message_id=self._message_id, version=version))

    def _finished_now(self, version: int, sections: list[Any], *, is_last: bool) -> Chunk:
        self._finished.add(version)
        done = v6.Finished(message_id=self._message_id, version=version, lyrics_sections=sections, is_complete=is_last)
        return self._chunk(done)

    def _over(self, event: Chunk, state: dict[str, Any]) -> Iterator[Chunk]:
        """The host broke off. What is stored is whole all the same; both takes stored is no failure at all."""
        is_whole = state["status"] == Status.COMPLETED
        left = sorted(self._stored - self._finished)
        for version in left:
            yield self._finished_now(version, [], is_last=is_whole and version == left[-1])
        if not is_whole:
            lost = [take["number"] for take in state["takes"] if take["number"] not in self._stored]
            one = lost[0] if len(lost) == 1 else None
            yield self._chunk(self._failed(event["error"], event["error_code"], one))

    def _failed(self, error: str, code: str, version: int | None) -> v6.Failed:
        return v6.Failed(
            message_id=self._message_id, version=version, error=error, is_complete=True, extra={"error_code": code}
        )

    def _chunk(self, event: v6.Event) -> Chunk:
        chunk = event.wire(self._count)
        self._count += 1
        self.ended = event.is_complete
        return chunk


def event_stream(generation_id: uuid.UUID, key_id: int) -> StreamingHttpResponse:
    """The whole stream of a song, from `initializing` to its end. Whoever leaves it changes nothing about the song.

    It breaks off within `KEEP_ALIVE_SECONDS` once the key it was asked for with, by its row's number, is revoked.
    """
    return StreamingHttpResponse(_lines(generation_id, key_id), content_type="text/event-stream", headers=HEADERS)


async def heard(generation_id: uuid.UUID) -> AsyncGenerator[Message | None]:
    """What the journal tells of a song until it is final, and None every `KEEP_ALIVE_SECONDS`."""
    beat = time.monotonic() + KEEP_ALIVE_SECONDS
    async with contextlib.aclosing(journal.follow(generation_id, 0)) as messages:
        upcoming = asyncio.ensure_future(anext(messages, None))
        try:
            while True:
                await asyncio.wait({upcoming}, timeout=max(0.0, beat - time.monotonic()))
                if time.monotonic() >= beat:
                    beat = time.monotonic() + KEEP_ALIVE_SECONDS
                    yield None
                if not upcoming.done():
                    continue
                message = upcoming.result()
                if message is None:
                    return
                yield message
                upcoming = asyncio.ensure_future(anext(messages, None))
        finally:
            upcoming.cancel()
            await asyncio.wait({upcoming})


async def _lines(generation_id: uuid.UUID, key_id: int) -> AsyncGenerator[bytes]:
    chunks = Chunks(str(generation_id))
    yield _data(chunks.begin())
    async with contextlib.aclosing(heard(generation_id)) as messages:
        async for message in messages:
            if message is None:
                if not await journal.reader.run(keys.still_opens, key_id):
                    return
                yield b": keep-alive\n\n"
                continue
            for chunk in chunks.of(message):
                data = _data(chunk)
                if len(data) > LONG_EVENT:
                    await asyncio.sleep(BREATH_SECONDS)
                yield data
    if not chunks.ended:
        yield _data(chunks.gone())


def _data(chunk: Chunk) -> bytes:
    return f"data: {json.dumps(chunk)}\n\n".encode("ascii")
