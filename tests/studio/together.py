"""Calls of the same moment: each in a thread and on a database connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connections

T = TypeVar("T")
ANSWER_SECONDS = 60.0


def together(calls: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """What each call returned or raised, in their order; none begins before all are ready."""
    gate = Barrier(len(calls), timeout=ANSWER_SECONDS)

    def run(call: Callable[[], T]) -> T | Exception:
        try:
            gate.wait()
            return call()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [done.result(ANSWER_SECONDS) for done in [pool.submit(run, call) for call in calls]]
