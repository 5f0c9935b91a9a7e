"""Two questions that machines ask: does this process live, and can it do its work?"""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from studio.live import supervisor

ROOM = 16 * 1024 * 1024
"""Bytes that must fit into the storage: both takes of a long song."""
KEPT_SECONDS = 2.0
"""How long an answer stands: whoever asks often costs nothing."""
ANSWER_SECONDS = 3.0
"""What has not answered by then is called silent."""
SILENT = "silent"


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Whether this process answers. It asks nobody else: a new process would not help a database."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@require_safe
async def readyz(_request: HttpRequest) -> HttpResponse:
    """200 while everything is there that songs need, else 503: one plain word for each part."""
    parts = {name: await look.word() for name, look in LOOKS.items()}
    text = "".join(f"{name}: {word}\n" for name, word in parts.items())
    status = 200 if {"ok", "elsewhere"} >= set(parts.values()) else 503
    return HttpResponse(text, status=status, content_type="text/plain", headers={"Cache-Control": "no-store"})


class Look:
    """One part, looked at in a thread: by one at a time, however many ask, and however long it takes."""

    def __init__(self, ask: Callable[[], str]) -> None:
        self._ask = ask
        self._word, self._until = SILENT, 0.0
        self._asking: asyncio.Task[None] | None = None

    async def word(self) -> str:
        """How it stands."""
        if time.monotonic() >= self._until:
            if self._asking is None or self._asking.done():
                self._asking = asyncio.create_task(self._look())
            done, _ = await asyncio.wait({self._asking}, timeout=ANSWER_SECONDS)
            if not done:
                return SILENT
        return self._word

    async def _look(self) -> None:
        self._word = await asyncio.to_thread(self._ask)
        self._until = time.monotonic() + KEPT_SECONDS


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "away"
    finally:
        connection.close()
    return "ok"


def _storage() -> str:
    """Whether a song fits in: asked by reserving the room for one, and letting it go."""
    probe = Path(settings.MEDIA_ROOT) / f".room-{secrets.token_hex(8)}"
    try:
        probe.parent.mkdir(parents=True, exist_ok=True)
        with probe.open("wb") as file:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, ROOM)
            else:
                file.write(bytes(ROOM))
    except OSError:
        return "full"
    finally:
        with suppress(OSError):
            probe.unlink()
    return "ok"


def _songs() -> str:
    if settings.RELAY == "apart":
        return "elsewhere"
    return "ok" if supervisor.is_awake() else "asleep"


LOOKS = {"database": Look(_database), "storage": Look(_storage), "songs": Look(_songs)}
