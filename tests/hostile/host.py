"""The host that plays the table of faults: one order at a time, told apart by a word in the prompt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from fnmatch import fnmatch
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from tests.hostile.fault import WHOLE, Case, Does, Fault
from tests.hostile.telling import GOOD, UNKNOWN, lies
from tests.upstream_host import SONG, Asked, Host, Wire

FAULT = re.compile(r"fault: ([a-z0-9-]+)$")
STATUSES = ("GET /status/*", "GET /v5/status*")


class HostileHost:
    """`with HostileHost(table) as host`: what it was asked for is in `posts` and in `keys_seen`."""

    def __init__(self, table: Sequence[Fault]) -> None:
        self._faults = {fault.name: fault for fault in table}
        self._ids = {fault.known_as: fault for fault in table}
        self._host = Host()
        self._canary = Host()
        self._turns: Counter[tuple[str, str]] = Counter()
        self.posts: Counter[str] = Counter()
        """How often each prompt was ordered."""
        self.site = ""
        """The address of the site that orders here."""
        self._host.on(SONG, self._ordered)
        for route in STATUSES:
            self._host.on(route, self._asked_after)
        self._host.on("GET /files/*", self._fetched)

    @property
    def url(self) -> str:
        """Its address."""
        return self._host.url

    @property
    def asked(self) -> list[Asked]:
        """Every request that came."""
        return self._host.asked

    @property
    def canary_asked(self) -> list[Asked]:
        """Requests that came to the address beside it, which only its hostile answers name."""
        return self._canary.asked

    def __enter__(self) -> Self:
        self._host.__enter__()
        self._canary.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._host.__exit__(kind, error, at)
        self._canary.__exit__(kind, error, at)

    async def _ordered(self, host: Host, wire: Wire, asked: Asked) -> None:
        prompt = asked.json["prompt"]
        self.posts[prompt] += 1
        found = FAULT.search(prompt)
        fault = self._faults[found[1]] if found else self._bystander(prompt)
        await self._turn(fault, "order", fault.order or (GOOD,))(self._case(fault), wire, asked)

    async def _asked_after(self, host: Host, wire: Wire, asked: Asked) -> None:
        parts = urlsplit(asked.path)
        said = parse_qs(parts.query).get("message_id", [""])[0] or unquote(parts.path.rpartition("/")[2])
        fault = self._ids.get(said) or next(iter(self._faults.values()))
        does = self._turn(fault, "status", fault.status) if said in self._ids and fault.status else UNKNOWN
        await does(self._case(fault), wire, asked)

    async def _fetched(self, host: Host, wire: Wire, asked: Asked) -> None:
        name, _, file = urlsplit(asked.path).path.removeprefix("/files/").partition("/")
        fault = self._faults.get(name) or self._bystander(name)
        answers = next((does for pattern, does in fault.files.items() if fnmatch(file, pattern)), ())
        does = self._turn(fault, file, answers) if answers else lies(file)
        await does(self._case(fault), wire, asked)

    def _turn(self, fault: Fault, what: str, answers: Sequence[Does]) -> Does:
        """The next of these answers; the last stays."""
        turn = self._turns[fault.name, what]
        self._turns[fault.name, what] += 1
        return answers[min(turn, len(answers) - 1)]

    def _case(self, fault: Fault) -> Case:
        return Case(fault, self.url, self.site, self._canary.url)

    def _bystander(self, prompt: str) -> Fault:
        """Somebody else's good song."""
        return Fault(name=re.sub(r"[^a-z0-9]+", "-", prompt.lower()), end=WHOLE)
