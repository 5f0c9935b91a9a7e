"""The socket on which a browser watches one song. It only reads: the journal's `follow` does the rest."""

from __future__ import annotations

import asyncio
import contextlib
import json
import uuid
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer
from django.http import Http404

from studio.live import journal
from studio.songs import library

NOT_YOURS = 4404
"""Close code: there is no such song, or it is somebody else's."""
TOLD_ALL = 1000


class GenerationConsumer(AsyncWebsocketConsumer):
    """`/ws/generations/<uuid>/?after=<seq>`: every promise after the cursor, then what happens."""

    _telling: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Let the owner in; anybody else is closed with `NOT_YOURS` after the handshake, so that browsers see why."""
        await self.accept()
        generation_id = self.scope["url_route"]["kwargs"]["pk"]
        if not await self._may_watch(generation_id):
            await self.close(NOT_YOURS)
            return
        # A loop in a handler never sees the disconnect: a task of its own does.
        self._telling = asyncio.create_task(self._tell(generation_id, self._cursor()))

    async def disconnect(self, code: int) -> None:  # noqa: ARG002  Channels hands it over
        """Stop reading. The song itself goes on."""
        if self._telling:
            self._telling.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._telling

    async def _tell(self, generation_id: uuid.UUID, after: int) -> None:
        async with contextlib.aclosing(journal.follow(generation_id, after)) as messages:
            async for message in messages:
                await self.send(text_data=json.dumps(message.as_json(), separators=(",", ":")))
        await self.close(TOLD_ALL)

    async def _may_watch(self, generation_id: uuid.UUID) -> bool:
        user: Any = self.scope["user"]
        if not user.is_authenticated:
            return False
        try:
            await journal.reader.run(library.owned, user, generation_id)
        except Http404:
            return False
        return True

    def _cursor(self) -> int:
        query = self.scope["query_string"].decode("latin-1")
        after = dict(part.partition("=")[::2] for part in query.split("&")).get("after", "")
        return int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
