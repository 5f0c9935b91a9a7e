"""Who is inside: the open sockets of this process, how many one person has, and whether each may still be there.

A socket is let in once and stays for as long as its song takes. Meanwhile its person may have signed out, changed the
password, or been switched off; all of it shows in the session's row, which is looked at again and again, for all
sockets together.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError

from studio.accounts import sessions
from studio.live.journal import reader

log = logging.getLogger(__name__)

LOOK_SECONDS = 20.0
"""How often it is asked who may still be there: whoever signs out hears nothing more within so long."""


@dataclass(frozen=True, slots=True, eq=False)
class Visit:
    """One open socket."""

    user_id: int
    session_key: str
    send_away: Callable[[], Awaitable[None]]
    """Closes it."""


class Doorkeeper:
    """Use it from one event loop only."""

    def __init__(self) -> None:
        self._visits: set[Visit] = set()
        self._of_user: Counter[int] = Counter()
        self._looking: asyncio.Task[None] | None = None

    def let_in(self, visit: Visit) -> bool:
        """Whether this person may have another socket; then it is watched until `let_out`."""
        most = settings.LIMIT_SOCKETS_PER_USER
        if most and self._of_user[visit.user_id] >= most:
            return False
        self._visits.add(visit)
        self._of_user[visit.user_id] += 1
        if self._looking is None or self._looking.done():
            loop, context = asyncio.get_running_loop(), contextvars.Context()
            self._looking = loop.create_task(self._look(), context=context)
        return True

    def let_out(self, visit: Visit) -> None:
        """The socket is closed."""
        if visit in self._visits:
            self._visits.remove(visit)
            self._of_user[visit.user_id] -= 1
            if not self._of_user[visit.user_id]:
                del self._of_user[visit.user_id]

    async def _look(self) -> None:
        """Send away whose session has ended, again and again while anybody is inside."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if not self._visits:
                self._looking = None
                return
            asked = list(self._visits)
            try:
                still_in = await reader.run(_still_in, {visit.session_key for visit in asked})
            except DatabaseError as error:
                log.warning("It could not be asked who is still signed in (%s); asking again.", error)
                continue
            for visit in asked:
                if still_in.get(visit.session_key) != visit.user_id and visit in self._visits:
                    self.let_out(visit)
                    await visit.send_away()


def _still_in(keys: Collection[str]) -> dict[str, int]:
    return {key: user.pk for key, user in sessions.people(keys).items()}


doorkeeper = Doorkeeper()
