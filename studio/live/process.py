"""What runs beside the pages of a process, from its start to its end: news of others, and where asked for, songs."""

from __future__ import annotations

import asyncio
import contextvars
import logging

from channels.layers import get_channel_layer
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from studio.live import supervisor
from studio.live.announce import hub
from studio.live.carrier import Carrier
from studio.live.journal import reader
from studio.live.watch import Watch

log = logging.getLogger(__name__)

FLUSH_SECONDS = 1.0
"""How long the end of a process waits for its last hints to be carried."""

_tasks: list[asyncio.Task[None]] = []
_carrier: Carrier | None = None


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


async def drain() -> None:
    """Give songs back, then stop listening."""
    await supervisor.drain()
    reader.hurry()
    if _carrier is not None:
        await asyncio.wait([asyncio.create_task(_carrier.flush())], timeout=FLUSH_SECONDS)
    for task in _tasks:
        task.cancel()
    await asyncio.gather(*_tasks, return_exceptions=True)
    _tasks.clear()


def migrations_missing() -> int:
    """How many steps the database is behind what this code expects."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
