"""Any host of the v6 protocol as an upstream: one order, its stream, and how it ended where the stream does not tell.

A song that was bought is not given up with its line: the host's status endpoint is asked until it says how it ended.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncGenerator, Collection, Iterator
from contextlib import aclosing
from typing import Any
from urllib.parse import quote

from generator import outbound
from generator.protocol import events as v6
from generator.protocol import reading, refusals
from generator.protocol.errors import (
    AudioUnusable,
    BrokenAnswer,
    GenerationError,
    Rejected,
    Stalled,
    StreamLost,
    Unsettled,
    UpstreamBusy,
    UpstreamError,
    WrongKey,
)
from generator.protocol.merging import Merge
from generator.upstream import SongRequest
from generator.upstream.line import BREAKS, Line, Patience
from generator.upstream.stream import read_events

STATUS = ("/status/generation/{id}", "/status/generations/{id}", "/v5/status?message_id={id}")
"""All three spellings are in use."""
NO_SUCH = (400, 404, 405, 410, 422)
"""Statuses that hosts answer with when they know no song of that id."""
STRANGER = 3
"""So many times, and for as long as `Patience.reach`, must a host say that it knows no such song to be believed."""
UNSETTLED = (Stalled, StreamLost, BrokenAnswer)
"""Faults of the line: the song itself may well go on."""


class Http:
    """One v6 host: an `Upstream`. Make one for each process; it may be used on several event loops."""

    inputs = frozenset(refusals.FIELDS)
    makes_again = False

    def __init__(self, url: str, key: str, *, allow: Collection[str] = (), patience: Patience | None = None) -> None:
        """`url` is the host's base address, `key` its API key; its audio lies at public addresses, or in `allow`.

        `allow` is what `outbound.fetch` takes. Raises ValueError if one of them cannot be what it should.
        """
        for named in allow:
            outbound.place(named)
        self._allow = frozenset(allow)
        self._patience = patience or Patience()
        self._line = Line(url, key, self._patience)
        self._streams: set[str] = set()
        self.name = self._line.name

    def check(self, request: SongRequest) -> None:
        """Refuse an empty prompt; what else a host refuses is its own to say."""
        if not request.prompt.strip():
            raise Rejected("Say in a few words what song you would like.", "rejected_prompt", "prompt")

    def generate(self, request: SongRequest) -> AsyncGenerator[v6.Event, None]:
        """The song's events; see `Merge` for their order. Raises any `UpstreamError`, and `Rejected`.

        `Unsettled` means that the order may have been taken. Closing it leaves the host to itself: the protocol knows
        no way to cancel.
        """
        self.check(request)
        return self._song(Merge(self.name), request)

    def resume(self, message_id: str) -> AsyncGenerator[v6.Event, None]:
        """The events of a song that was ordered before, as far as the host's status endpoint tells them.

        For a song whose process ended after `Validated`, which is not told again. Orders nothing. Raises as `generate`.
        """
        return self._song(Merge(self.name, message_id=message_id, accepted=True), None)

    def take_up(self, request: SongRequest, message_id: str) -> AsyncGenerator[v6.Event, None]:  # noqa: ARG002
        """The events of a song ordered before: see `resume`. Raises `Unsettled` where no id is known to ask for."""
        if not message_id:
            raise self._line.logged(Unsettled(StreamLost(self.name), raw="its id was never heard"))
        return self.resume(message_id)

    async def status(self, message_id: str) -> dict[str, Any] | None:
        """What the host says of one song, unread; None if it knows no such song. Raises `UpstreamError`, `Rejected`."""
        for path in STATUS if message_id.strip(".") else ():  # dots alone would be another address
            response, body = await self._line.get(path.format(id=quote(message_id, safe="")))
            if response.status_code == 200 and body is not None:
                return body
            if response.status_code not in NO_SUCH:
                raise self._line.refusal(response, body)
        return None

    async def open(self, address: str) -> AsyncGenerator[bytes, None]:
        """The bytes behind one of this host's addresses; asked for again if a file is not there yet, or breaks off.

        The key does not go along. Raises `AudioUnusable`.
        """
        now, waits = asyncio.get_running_loop().time, iter(self._patience.fetches)
        whole = outbound.joined(f"{self._line.base}/", address)
        growing = address in self._streams
        stall, longest = self._patience.stall, self._patience.audio
        if growing:
            stall, longest = self._patience.event, self._patience.song
        until, given = now() + longest, 0
        while True:
            allowance = outbound.Allowance(stall=stall, whole=until - now())
            known = given
            try:
                async with aclosing(outbound.fetch(whole, allowance=allowance, allow=self._allow)) as pieces:
                    async for piece in pieces:
                        new, known = piece[known:], max(0, known - len(piece))
                        given += len(new)
                        if new:
                            yield new
                return
            except AudioUnusable as fault:
                wait = next(waits, None)
                if fault.code != "audio_unavailable" or wait is None or now() + wait > until:
                    raise self._line.logged(fault) from None
            await asyncio.sleep(wait)

    async def test(self) -> None:
        """See whether songs could be ordered here, without ordering any: ask for a song that cannot exist.

        Raises an `UpstreamError` whose sentence says what is wrong. A host that tells everybody that there is no such
        song, whatever the key, cannot be caught by this.
        """
        try:
            async with asyncio.timeout(self._patience.test):
                for path in STATUS[:2]:
                    if await self._sounds_like_v6(path.format(id=uuid.uuid4())):
                        return
        except TimeoutError:
            raise self._line.logged(Stalled(self.name, bought=False)) from None
        except UpstreamError as fault:
            raise self._line.logged(fault.knowing(bought=False)) from None
        says = "{host} answers, but not as a v6 host does. Its address may be wrong."
        raise self._line.logged(BrokenAnswer(self.name, says=says, bought=False))

    async def warm(self) -> None:
        """Nothing needs to be made ready."""

    async def close(self) -> None:
        """Let go of all connections."""
        await self._line.close()

    async def _song(self, merge: Merge, request: SongRequest | None) -> AsyncGenerator[v6.Event, None]:
        """Everything there is to tell of a song: from its order, if there is one to make, then from its status."""
        until = asyncio.get_running_loop().time() + self._patience.song
        fault: GenerationError | None = None
        written = (request.prompt, request.lyrics or "") if request else ()
        if request:
            try:
                async with aclosing(self._told(merge, request, until)) as events:
                    async for event in events:
                        yield event
            except GenerationError as error:
                fault = merge.since_acceptance(error)
        if merge.message_id and not merge.over and (fault is None or isinstance(fault, UNSETTLED)):
            if fault:
                self._line.logged(fault, written)
            try:
                async with aclosing(self._settled(merge, until)) as events:
                    async for event in events:
                        yield event
                fault = None
            except GenerationError as error:
                fault = merge.since_acceptance(error)
        for event in merge.close():
            yield event
        if not merge.whole:
            fault = fault or merge.fault or merge.since_acceptance(StreamLost(self.name))
            raise self._line.logged(_ending(fault, merge.message_id), written)

    async def _told(self, merge: Merge, request: SongRequest, until: float) -> AsyncGenerator[v6.Event, None]:
        """What the host tells by itself when the song is ordered. Ends with its stream, or with the song."""
        streams: set[str] = set()
        try:
            async with aclosing(self._bodies(request, until)) as bodies:
                async for body in bodies:
                    for event in merge.take(body):
                        if isinstance(event, v6.StreamReady):
                            streams.add(event.stream_url)
                            self._streams.add(event.stream_url)
                        yield event
                    if merge.over:
                        return
                    del body
        finally:
            self._streams -= streams

    async def _bodies(self, request: SongRequest, until: float) -> AsyncGenerator[dict[str, Any], None]:
        """The host's events, unread, or the one body that it answered with instead."""
        fields = {name: getattr(request, name) for name in refusals.FIELDS}
        asked = {name: value for name, value in fields.items() if value is not None}
        response, body = await self._line.order(asked, request.orders)
        try:
            if body is not None:
                yield body
                return
            packing = response.headers.get("content-encoding", "")
            stream = read_events(response.aiter_raw(), packing, gap=self._patience.event, until=until)
            async with aclosing(stream) as bodies:
                async for told in bodies:
                    yield told
                    del told
        except BREAKS as error:
            raise self._line.fault(error) from None
        finally:
            await response.aclose()

    async def _settled(self, merge: Merge, until: float) -> AsyncGenerator[v6.Event, None]:
        """What the status endpoint tells until the song is over.

        Raises `StreamLost` where it knows no such song, `Unsettled` where it is out of reach, `Stalled`.
        """
        now = asyncio.get_running_loop().time
        heard_at, strange, waits = now(), 0, _endless(self._patience.polls)
        while now() < until:
            await asyncio.sleep(next(waits))
            body: dict[str, Any] | None = None
            try:
                body = await self.status(merge.message_id)
                strange += body is None
            except GenerationError as fault:
                self._line.logged(fault)
            standing = reading.standing(body) if body else "unsaid"
            if body and (standing == "unsaid" or reading.song(body) not in ("", merge.message_id)):
                strange += 1  # of another song: that one is somebody else's
            elif body:
                heard_at, strange = now(), 0
                for event in merge.take(body):
                    yield event
                if standing == "over" or merge.over:
                    return
            if now() - heard_at > self._patience.reach:
                if strange >= STRANGER:
                    raise StreamLost(self.name, raw="its status endpoint knows no such song", bought=True)
                lost = StreamLost(self.name, bought=True)
                raise Unsettled(lost, raw="its status endpoint is out of reach")
        raise Stalled(self.name, raw="no end within the longest time", bought=True)

    async def _sounds_like_v6(self, path: str) -> bool:
        """Whether a question about a song that does not exist is answered as v6 hosts do. Raises what is told else."""
        response, body = await self._line.get(path)
        if response.status_code not in (200, 400, 404, 422):
            raise self._line.refusal(response, body)
        fault = refusals.told(self.name, body) if body else None
        if isinstance(fault, WrongKey | UpstreamBusy):
            raise fault
        return body is not None


def _ending(fault: GenerationError, message_id: str) -> GenerationError:
    """`fault`, or that nobody knows: the line broke after the order left, and no id is there to ask for."""
    if isinstance(fault, Stalled | StreamLost) and fault.bought is not False and not message_id:
        return Unsettled(fault)
    return fault


def _endless(waits: tuple[float, ...]) -> Iterator[float]:
    yield from waits
    while True:
        yield waits[-1]
