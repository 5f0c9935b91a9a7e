"""`manage.py relay`: the songs without the site, in a process of their own."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError

from studio.live import process

log = logging.getLogger(__name__)

DRAIN_SECONDS = 15.0


class Command(BaseCommand):
    """Makes songs until SIGTERM or Ctrl+C. Any number may run beside the site, on one database and one DATA_DIR."""

    help = "Make the songs of this site until Ctrl+C, beside a `manage.py serve` with RELAY=apart."

    def handle(self, *_: Any, **__: Any) -> None:
        """Check that the database is ready, then work. Exits with 1 and a sentence where it is not."""
        try:
            sentence = process.obstacle()
        except OperationalError as error:
            sentence = process.away(error)
        if sentence:
            self.stderr.write(sentence)
            sys.exit(1)
        asyncio.run(self._work())

    async def _work(self) -> None:
        over, loop = asyncio.Event(), asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, over.set)
        await process.start(makes_songs=True)
        gc.collect()
        gc.freeze()  # what exists now stays: collections need not walk over it again
        self.stdout.write("Making songs (Ctrl+C stops it).")
        self.stdout.flush()
        await over.wait()
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                await process.drain()
        except TimeoutError:
            log.warning("Songs under way did not stop within %d seconds; the next start takes them up.", DRAIN_SECONDS)
