"""The socket on which a browser watches one song. It only reads: the journal's `follow` does the rest."""

from __future__ import annotations

import asyncio
import contextlib
import uuid

from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.http import Http404, parse_cookie

from studio.accounts import sessions
from studio.live import journal
from studio.live.doorkeeper import Visit, doorkeeper
from studio.songs import library

NOT_YOURS = 4404
"""Close code: there is no such song, or it is somebody else's."""
SIGNED_OUT = 4401
"""Close code: whoever opened this is signed in no longer."""
TOO_MANY = 4429
"""Close code: this person has as many sockets as may be."""
TOLD_ALL = 1000


class GenerationConsumer(AsyncWebsocketConsumer):
    """`/ws/generations/<uuid>/?after=<seq>`: every promise after the cursor, then what happens."""

    _telling: asyncio.Task[None] | None = None
    _visit: Visit | None = None

    async def connect(self) -> None:
        """Let the owner in; anybody else is closed with `NOT_YOURS` after the handshake, so that browsers see why."""
        session_key = self._session_key()  # before the headers are let go of, see `studio.outflow`
        await self.accept()
        generation_id = self.scope["url_route"]["kwargs"]["pk"]
        user_id = await journal.reader.run(_owner, session_key, generation_id)
        if user_id is None:
            await self.close(NOT_YOURS)
            return
        visit = Visit(user_id, session_key, self._send_away)
        if not doorkeeper.let_in(visit):
            await self.close(TOO_MANY)
            return
        self._visit = visit
        # A loop in a handler never sees the disconnect: a task of its own does.
        self._telling = asyncio.create_task(self._tell(generation_id, self._cursor()))

    async def disconnect(self, code: int) -> None:  # noqa: ARG002  Channels hands it over
        """Stop reading. The song itself goes on."""
        if self._visit:
            doorkeeper.let_out(self._visit)
        if self._telling:
            self._telling.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._telling

    async def _send_away(self) -> None:
        if self._telling:
            self._telling.cancel()
        await self.close(SIGNED_OUT)

    async def _tell(self, generation_id: uuid.UUID, after: int) -> None:
        async with contextlib.aclosing(journal.follow(generation_id, after)) as messages:
            async for message in messages:
                await self.send(text_data=message.text)
                del message  # the next one may be long in coming
        await self.close(TOLD_ALL)

    def _session_key(self) -> str:
        said = b"; ".join(value for name, value in self.scope["headers"] if name == b"cookie").decode("latin-1")
        return str(parse_cookie(said).get(settings.SESSION_COOKIE_NAME, ""))

    def _cursor(self) -> int:
        query = self.scope["query_string"].decode("latin-1")
        after = dict(part.partition("=")[::2] for part in query.split("&")).get("after", "")
        return int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0


def _owner(session_key: str, generation_id: uuid.UUID) -> int | None:
    """The number of whoever is signed in by this session, if the song is theirs."""
    user = sessions.people({session_key}).get(session_key) if session_key else None
    if user is None:
        return None
    try:
        library.owned(user, generation_id)
    except Http404:
        return None
    return user.pk
