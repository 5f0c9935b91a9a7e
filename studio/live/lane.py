"""A thread of one's own to the database.

Django's shared thread for synchronous work is where every view waits; a journal that queues there writes 106 rows a
second while consumers dispatch, against 1,543 from a thread of its own, and with a fresh connection for each call 95.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connections

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger(__name__)

PAUSES = (0.1, 0.5, 2.0, 5.0)
"""Seconds between tries while the database does not answer: a restart of it is outlived."""


class Lane:
    """One thread with one lasting connection; calls run in the order in which they were made."""

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `call` returns. It must be fit to run again: it does when the database could not be reached."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, contextvars.Context().run, partial(_try, call, *args, **kwargs))

    def close(self) -> None:
        """Wait for the calls under way and let the connection go."""
        self._thread.submit(connections.close_all)
        self._thread.shutdown(wait=True)


def _try(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    for pause in PAUSES:
        try:
            return call(*args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            log.warning("The database did not answer (%s); trying again in %s s.", error, pause)
            connections.close_all()
            time.sleep(pause)
    return call(*args, **kwargs)
