"""Sends what is due: a mail for each song whose owner asked to be told of its end. It delays nothing and nobody.

A mail is claimed by taking its moment out of the row, so of several processes one sends it. Where the mail host does
not take it, it is put back and tried again, for an hour. A process that dies between the two has sent it, or never
does: once is promised, not at least once.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import logging
import smtplib
import uuid
from datetime import timedelta

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from studio.live.journal import writer
from studio.songs import ready_mail
from studio.songs.models import Generation

log = logging.getLogger(__name__)

ROUND_SECONDS = 10.0
MOST_AT_ONCE = 20
AGAIN = timedelta(minutes=2)
GIVE_UP = timedelta(hours=1)
"""After the end of the song."""


class Postman:
    """Sends this process's share of what is due, one mail after the other, on one event loop."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look for what is due."""
        self._task = asyncio.get_running_loop().create_task(self._run(), context=contextvars.Context())

    async def drain(self) -> None:
        """Stop. What is due waits for the next who looks."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                await send_due()
            except Exception:
                log.exception("Mails about songs could not be looked after; it goes on.")
            await asyncio.sleep(ROUND_SECONDS)


async def send_due() -> None:
    """Send every mail whose moment has come."""
    for pk, mail in await writer.run(claim):
        try:
            await asyncio.to_thread(mail.send)
        except (OSError, smtplib.SMTPException) as fault:
            log.warning("The mail host did not take a mail about song %s: %s", pk, type(fault).__name__)
            await writer.run(put_back, pk)


def claim() -> list[tuple[uuid.UUID, EmailMultiAlternatives]]:
    """What is to be sent now, by this process and no other; those left out whose owners do not want it any more."""
    now, mine = timezone.now(), []
    for song in Generation.objects.filter(mail_due_at__lte=now).select_related("owner")[:MOST_AT_ONCE]:
        taken = Generation.objects.filter(pk=song.pk, mail_due_at=song.mail_due_at).update(mail_due_at=None)
        wanted = song.owner.mail_when_ready and song.owner.is_active and song.trashed_at is None
        if taken and wanted:
            mine.append((song.pk, ready_mail.mail(song)))
    return mine


def put_back(pk: uuid.UUID) -> None:
    """Have it tried again in a while, as long as the song's end is news."""
    with contextlib.suppress(Generation.DoesNotExist):
        song = Generation.objects.only("finished_at").get(pk=pk)
        if song.finished_at and timezone.now() - song.finished_at < GIVE_UP:
            Generation.objects.filter(pk=pk).update(mail_due_at=timezone.now() + AGAIN)
