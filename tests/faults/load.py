"""People who keep asking for songs, and ask again with the same form where the server dies under their hands."""

from __future__ import annotations

import itertools
import re
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import httpx

from tests.flows.visitor import Visitor
from tests.server import Server

FIELD = re.compile(r'name="(csrfmiddlewaretoken|form_token)"[^>]*value="([^"]+)"')


class Load:
    """`with Load(site, people) as load`: each of them asks for one song after the other until the block ends."""

    def __init__(self, site: Server, people: Sequence[str], *, words: str = "", pause: float = 0.2) -> None:
        """`words` end every prompt; `pause` seconds lie between two songs of one person."""
        self._site, self._words, self._pause = site, words, pause
        self._visitors = [Visitor(site).sign_in(email) for email in people]
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(v, n)) for n, v in enumerate(self._visitors)]
        self.asked: list[str] = []
        """Prompts of songs that were answered for."""
        self.slowest = 0.0
        """Seconds that the slowest answer took."""
        self.faults: list[BaseException] = []

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(120)
        for visitor in self._visitors:
            visitor.close()
        if error is None:
            assert not self.faults, self.faults

    def wait_for_more(self, songs: int, seconds: float = 60.0) -> None:
        """Until so many more songs have been asked for."""
        wanted, until = len(self.asked) + songs, time.monotonic() + seconds
        while len(self.asked) < wanted:
            assert not self.faults, self.faults
            assert time.monotonic() < until, f"{len(self.asked)} of {wanted} songs were asked for"
            time.sleep(0.05)

    def _ask(self, visitor: Visitor, person: int) -> None:
        try:
            for number in itertools.count():
                if self._over.is_set():
                    return
                self._send(visitor, f"Song {number} of person {person}{self._words}")
                time.sleep(self._pause)
        except BaseException as fault:
            self.faults.append(fault)

    def _send(self, visitor: Visitor, prompt: str) -> None:
        """The form, filled in once and sent until there is an answer."""
        fields: dict[str, str] = {}
        until = time.monotonic() + 90
        while True:
            began = time.monotonic()
            try:
                fields = fields or dict(FIELD.findall(visitor.http.get("/").raise_for_status().text))
                answer = visitor.http.post("/", data={**fields, "prompt": prompt}, headers={"Origin": self._site.url})
            except httpx.TransportError:
                assert time.monotonic() < until, f"no answer to {prompt!r}"
                time.sleep(0.1)
                continue
            assert answer.status_code == 200, answer.text[:1000]
            self.asked.append(prompt)
            self.slowest = max(self.slowest, time.monotonic() - began)
            return
