"""Somebody who asks for a page again and again while things break, and notes what came."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Self

import httpx

from tests.flows.visitor import Visitor
from tests.server import Server

PAUSE_SECONDS = 0.1


class Prober:
    """`with Prober(site, visitor, path) as pages`: answers to a signed-in GET, one after the other."""

    def __init__(self, site: Server, visitor: Visitor, path: str, seconds: float = 90.0) -> None:
        cookies = dict(visitor.http.cookies.items())
        self._http = httpx.Client(base_url=site.url, cookies=cookies, trust_env=False, timeout=seconds)
        self._path, self._over = path, threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self.answers: list[tuple[float, int]] = []
        """When each came, by the monotonic clock, and its status; 599 for none."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._thread.join(120)
        self._http.close()

    def wait_for_more(self, answers: int, seconds: float = 120.0) -> None:
        """Until so many more have come."""
        wanted, until = len(self.answers) + answers, time.monotonic() + seconds
        while len(self.answers) < wanted:
            assert time.monotonic() < until, self.answers[-10:]
            time.sleep(0.05)

    def first_good_after(self, moment: float) -> float:
        """When the first page came that was asked for in vain no longer."""
        return next(at for at, status in self.answers if at > moment and status == 200)

    def _ask(self) -> None:
        while not self._over.wait(PAUSE_SECONDS):
            try:
                status = self._http.get(self._path).status_code
            except httpx.TransportError:
                status = 599
            self.answers.append((time.monotonic(), status))
