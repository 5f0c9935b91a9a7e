"""What those cost who wait for a song: no thread and no connection of their own."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Mapping
from typing import Any

import pytest

from studio.handler import Handler
from tests.flows.scripted import Scripted, whole_song
from tests.flows.test_pipeline import working
from tests.studio.api.program import SONG, STREAM, SYNC, Program

pytestmark = pytest.mark.django_db(transaction=True)

WAITING = 12


class Visit:
    """One request as a server hands it to the application, from a client that leaves only when it is told to."""

    def __init__(self, program: Program, path: str) -> None:
        self.body = b""
        self.begun = asyncio.Event()
        """The first of the answer has been sent."""
        self._leave = asyncio.Event()
        self._asked = False
        headers = {**program.headers, "content-type": "application/json", "host": "localhost"}
        scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
        self._task = asyncio.create_task(Handler()(scope, self._receive, self._send))

    async def leave(self) -> None:
        """Go away, and wait until the application has noticed."""
        self._leave.set()
        await self._task

    async def _receive(self) -> dict[str, Any]:
        if self._asked:
            await self._leave.wait()
            return {"type": "http.disconnect"}
        self._asked = True
        return {"type": "http.request", "body": json.dumps(SONG).encode()}

    async def _send(self, message: Mapping[str, Any]) -> None:
        self.body += message.get("body", b"")
        self.begun.set()


@pytest.mark.parametrize("path", [STREAM, SYNC])
async def test_waiting_holds_no_thread(alice_program: Program, upstream: Scripted, path: str) -> None:
    upstream.script = [*whole_song()[:2], asyncio.Event()]
    async with working(upstream):
        before = threading.active_count()
        visits = [Visit(alice_program, path) for _ in range(WAITING)]
        async with asyncio.timeout(30):
            for visit in visits:
                await visit.begun.wait()
            while threading.active_count() - before > 4:  # the pipeline's own
                await asyncio.sleep(0.05)
        for visit in visits:
            await visit.leave()
    if path == STREAM:
        assert all(b"initializing" in visit.body for visit in visits)
