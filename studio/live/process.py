"""What runs beside the pages of a process, from its start to its end: news of others, and where asked for, songs."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from typing import Any

from channels.layers import get_channel_layer
from django.conf import settings
from django.core.checks import Tags, run_checks
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.migrations.executor import MigrationExecutor

from studio.live import supervisor
from studio.live.announce import hub
from studio.live.carrier import Carrier
from studio.live.journal import reader
from studio.live.postman import Postman
from studio.live.watch import Watch

log = logging.getLogger(__name__)

FLUSH_SECONDS = 1.0
"""How long the end of a process waits for its last hints to be carried."""

_tasks: list[asyncio.Task[None]] = []
_carrier: Carrier | None = None
_postman = Postman()


async def start(*, makes_songs: bool) -> None:
    """Listen to other processes, and make songs here as well if `makes_songs`. Once, on the running loop."""
    global _carrier  # noqa: PLW0603  one for each process, as the module says
    loop, context = asyncio.get_running_loop(), contextvars.Context()
    layer = get_channel_layer("processes")
    if layer is None:
        _tasks.append(loop.create_task(Watch().run(hub, reader), context=context))
    else:
        carrier = _carrier = Carrier(hub, layer)
        _tasks.append(loop.create_task(carrier.run(), context=context))
        _tasks.append(loop.create_task(Watch().run(hub, reader, lambda: carrier.is_open), context=context))
    if makes_songs:
        await supervisor.start()
        if settings.MAIL_HOST:
            _postman.start()


async def drain() -> None:
    """Give songs back, then stop listening."""
    await _postman.drain()
    await supervisor.drain()
    reader.hurry()
    if _carrier is not None:
        await asyncio.wait([asyncio.create_task(_carrier.flush())], timeout=FLUSH_SECONDS)
    for task in _tasks:
        task.cancel()
    await asyncio.gather(*_tasks, return_exceptions=True)
    _tasks.clear()


def away(error: OperationalError) -> str:
    """What to say where the database did not answer at the start. A pool only says that it waited in vain."""
    own: Any = connections[DEFAULT_DB_ALIAS]
    if own.vendor == "postgresql":
        try:
            own.Database.connect(**own.get_connection_params()).close()
        except own.Database.OperationalError as reason:
            return f"The database does not answer: {' '.join(str(reason).split())}"
    return f"The database does not answer: {error}"


def obstacle() -> str:
    """Why this process cannot begin with its database, in a sentence; empty where it can."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        steps = "1 step" if missing == 1 else f"{missing} steps"
        return f"The database is {steps} behind. Run `make run`, or `manage.py migrate` and start again."
    found = run_checks(tags=[Tags.database], databases=[DEFAULT_DB_ALIAS])
    for message in found:
        log.log(message.level, "%s %s", message.msg, message.hint)
    return next((f"{message.msg} {message.hint}" for message in found if message.is_serious()), "")
