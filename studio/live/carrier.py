"""Hints from process to process over Redis: one subscription a process, one message for all that happened in a moment.

Redis is at-most-once and may be gone: whatever is lost on the way is found in the database (`studio.live.watch`). Each
process hears its own messages too, which is how it knows that the way is open.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
import time
import uuid
from collections import deque
from typing import Any

from redis import RedisError

from studio.live.announce import LOOK, Hub, Message
from studio.songs import generations

log = logging.getLogger(__name__)

GROUP = "songs"
GATHER_SECONDS = 0.01
"""How long a hint waits for others to be sent with."""
BEAT_SECONDS = 1.0
"""Something is sent at least so often, and be it nothing."""
SILENCE_SECONDS = 3.0
"""After so long without hearing ourselves the way counts as closed."""
PAUSE_SECONDS = 1.0
MOST_WAITING = 2000
"""Hints that wait while Redis does not take any; older ones are dropped."""
LAYER_FAULTS = (RedisError, OSError, RuntimeError)
"""What a channel layer raises when its server is away; RuntimeError where it was emptied under a subscription."""


class Carrier:
    """Carries this process's hints to others and theirs to this process's readers. Used from one event loop only."""

    def __init__(self, hub: Hub, layer: Any) -> None:
        self._hub, self._layer = hub, layer
        self._name = secrets.token_hex(8)
        self._waiting: deque[tuple[str, str | None]] = deque(maxlen=MOST_WAITING)
        self._changed: set[str] = set()
        self._wake = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._heard = -SILENCE_SECONDS
        self._was_open = False

    @property
    def is_open(self) -> bool:
        """What this process sends does come back."""
        return time.monotonic() - self._heard < SILENCE_SECONDS

    async def run(self) -> None:
        """Carry until cancelled."""
        self._hub.carry = self.carry
        generations.changed.connect(self._hear_of_change, weak=False)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._send())
                tasks.create_task(self._receive())
        finally:
            self._hub.carry = None
            generations.changed.disconnect(self._hear_of_change)

    def carry(self, generation_id: uuid.UUID, message: Message | None) -> None:
        """Take a hint along. Never waits."""
        self._waiting.append((str(generation_id), message.text if message else None))
        self._wake.set()

    async def flush(self) -> None:
        """Send what waits, if that is possible at all."""
        with contextlib.suppress(*LAYER_FAULTS):
            await self._send_waiting()

    def _hear_of_change(self, sender: Any, generation_id: uuid.UUID, **_: Any) -> None:
        """A song was made or is to be cancelled here, told from whatever thread saved it: a relay may be elsewhere."""
        if sender is not self:

            def note() -> None:
                self._changed.add(str(generation_id))
                self._wake.set()

            with contextlib.suppress(RuntimeError):  # the loop may just have ended
                self._loop.call_soon_threadsafe(note)

    async def _send(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(BEAT_SECONDS):
                    await self._wake.wait()
            self._wake.clear()
            await asyncio.sleep(GATHER_SECONDS)
            try:
                await self._send_waiting()
            except LAYER_FAULTS:
                await asyncio.sleep(PAUSE_SECONDS)
            self._tell_whether_open()

    async def _send_waiting(self) -> None:
        hints, changed = list(self._waiting), list(self._changed)
        self._waiting.clear()
        self._changed.clear()
        await self._layer.group_send(GROUP, {"from": self._name, "hints": hints, "changed": changed})

    def _tell_whether_open(self) -> None:
        if self.is_open != self._was_open:
            self._was_open = self.is_open
            if self._was_open:
                log.info("Redis carries hints between processes.")
                for generation_id in self._hub.followed():  # whatever was lost meanwhile
                    self._hub.deliver(generation_id, LOOK)
            else:
                log.warning("Redis does not answer: the database is asked for news instead.")

    async def _receive(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError, *LAYER_FAULTS):
                channel = await self._layer.new_channel()
                await self._layer.group_add(GROUP, channel)
                while True:
                    async with asyncio.timeout(SILENCE_SECONDS):
                        message = await self._layer.receive(channel)
                    self._take_in(message)
            with contextlib.suppress(*LAYER_FAULTS):
                await self._layer.flush()  # a new connection: the old one may be dead without knowing it
            await asyncio.sleep(PAUSE_SECONDS)

    def _take_in(self, message: dict[str, Any]) -> None:
        if message["from"] == self._name:
            self._heard = time.monotonic()
            return
        for generation_id, told in message["hints"]:
            self._hub.deliver(uuid.UUID(generation_id), Message(**json.loads(told)) if told else LOOK)
        for generation_id in message["changed"]:
            generations.changed.send(sender=self, generation_id=uuid.UUID(generation_id))
