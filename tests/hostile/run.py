"""The whole table against running servers, many songs at a time, and everything that is said of them afterwards."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.flows.visitor import Visitor
from tests.hostile.fault import QUICK, Fault
from tests.hostile.host import HostileHost
from tests.hostile.places import places
from tests.hostile.site import PLACES, HastySite, HostileSite
from tests.hostile.table import TABLE
from tests.server import REPOSITORY

ALICE, BOB = "alice@example.org", "bob@example.org"
FINAL = frozenset(("completed", "partial", "failed", "cancelled"))
AT_ONCE = {True: 60, False: 10}
"""So many songs are under way together whose host leaves them waiting, and so many that keep decoders busy."""
BYSTANDERS = 12
BYSTANDER, FAULT = "A bystander's song, number", "fault: "
LOOK_SECONDS = 0.25
GIVEN_UP = {fault.prompt: fault.given_up for fault in TABLE if fault.given_up}
EMPTY: dict[str, Any] = {}


@dataclass(slots=True)
class Outcome:
    """What is said of one song, everywhere."""

    row: dict[str, Any]
    seen: list[str]
    """Statuses in the order in which they were visible."""
    booked: list[tuple[str, int]]
    status: dict[str, Any]
    """The API's answer."""
    told: list[dict[str, Any]]
    """The socket's messages, from the beginning."""
    card: str
    page: str
    stored: dict[int, int]
    """Version to the number of bytes that its address gives."""


@dataclass(slots=True)
class Run:
    """One run of the table."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    """By the fault's name."""
    posts: dict[str, int] = field(default_factory=dict)
    bystanders: list[Outcome] = field(default_factory=list)
    before: int = 0
    """Bytes of memory of the server before the first fault."""
    most: int = 0
    """… and at most, while faults were under way."""
    log: str = ""
    canary_asked: list[str] = field(default_factory=list)
    keys_at: set[str] = field(default_factory=set)
    """Paths to which the key went along."""
    audits: list[tuple[int, str]] = field(default_factory=list)
    seconds: float = 0.0


def run(folder: Path, table: Sequence[Fault], *, seconds: float = 600.0, kind: type[HostileSite] = HastySite) -> Run:
    """Play the table. Fails where its songs are not asked for within `seconds`, or not over in as many again."""
    here = [fault for fault in table if not fault.at]
    elsewhere = [fault for fault in table if fault.at]
    done = Run()
    begun = time.monotonic()
    with ExitStack() as stack:
        host = stack.enter_context(HostileHost(here))
        sites = [_started(stack, kind(_made(folder / "site"), host.url))]
        host.site = sites[0].url
        if elsewhere:
            found, trusted, hosts = stack.enter_context(places(_made(folder / "places")))
            also = {PLACES: json.dumps(found), "SSL_CERT_FILE": str(trusted)}
            sites.append(_started(stack, HastySite(_made(folder / "elsewhere"), host.url, **also)))
        visits = [_Visit(site) for site in sites]
        bob = Visitor(sites[0]).sign_in(BOB)
        stack.callback(bob.close)
        _play(done, visits, [here, elsewhere], bob, seconds)
        for visit, faults in zip(visits, [here, elsewhere], strict=False):
            visit.read(done, faults)
        done.bystanders = asyncio.run(_readings(bob, [r for p, r in sites[0].songs().items() if BYSTANDER in p]))
        done.posts = {fault.name: host.posts[fault.prompt] for fault in here}
        done.posts |= {fault.name: 0 for fault in elsewhere}
        if elsewhere:
            assert not [asked for place in hosts for asked in place.asked], (
                "an order went where nobody is to be trusted"
            )
        done.canary_asked = [asked.path for asked in host.canary_asked]
        done.keys_at = {asked.path for asked in host.asked if "authorization" in asked.headers}
        done.audits = [_audit(site) for site in sites]
        for site in sites:
            site.stop()
            done.log += site.log()
    done.seconds = time.monotonic() - begun
    return done


class _Visit:
    """Alice at one site: she asks for songs, and looks at them."""

    def __init__(self, site: HostileSite) -> None:
        self.site = site
        self.alice = Visitor(site).sign_in(ALICE)
        self.key = site.command("api_key", ALICE).splitlines()[-1]
        self.seen: dict[str, list[str]] = {}
        self._token = self.alice.http.get("/").text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]

    def make(self, prompt: str) -> None:
        """Ask for a song, by the form."""
        self._send("/", prompt=prompt, lyrics="")

    def _send(self, path: str, **fields: str) -> None:
        fields["csrfmiddlewaretoken"] = self._token
        headers = {"Origin": self.site.url}
        answer = self.alice.http.post(path, data=fields, headers=headers, follow_redirects=False)
        assert answer.status_code == 302, answer.text[:2000]

    def statuses(self) -> dict[str, str]:
        """Every song's status by its prompt."""
        return {prompt: seen[-1] for prompt, seen in list(self.seen.items())}

    def look(self) -> None:
        """Note what is new."""
        rows = self.site.songs()
        for prompt, row in rows.items():
            seen = self.seen.setdefault(prompt, [])
            if seen[-1:] != [row["status"]]:
                seen.append(row["status"])
                if GIVEN_UP.get(prompt) == row["status"]:
                    self._send(f"/songs/{row['id']}/cancel/")

    def read(self, done: Run, faults: Sequence[Fault]) -> None:
        """What is said of these faults' songs."""
        rows, booked = self.site.songs(), self.site.booked()
        found = asyncio.run(_readings(self.alice, [rows[fault.prompt] for fault in faults], self.key))
        for fault, outcome in zip(faults, found, strict=True):
            outcome.seen, outcome.booked = self.seen[fault.prompt], booked.get(outcome.row["id"], [])
            done.outcomes[fault.name] = outcome
        self.alice.close()


def _play(done: Run, visits: list[_Visit], tables: list[Sequence[Fault]], bob: Visitor, seconds: float) -> None:
    """Ask for every song of the tables: those that take long first, the others as fast as they are made."""
    main = visits[0]
    over = threading.Event()
    watch = threading.Thread(target=_watch, args=(done, visits, over))
    watch.start()
    try:
        for number in range(3):
            _send(bob, number)
        _until(lambda: len(main.statuses()) == 3 and _over(visits, BYSTANDER) == 3, 60)
        done.before = done.most = main.site.memory()
        for visit, table in zip(visits[1:], tables[1:], strict=False):
            for fault in table:
                visit.make(fault.prompt)
        _ask(main, tables[0], bob, seconds)
        wanted = sum(map(len, tables))
        _until(lambda: _over(visits, FAULT) >= wanted, seconds)
    finally:
        over.set()
        watch.join()


def _waits(fault: Fault) -> bool:
    """Whether its song does little but wait."""
    return fault.seconds > QUICK and not fault.end.kept


def _ask(main: _Visit, table: Sequence[Fault], bob: Visitor, seconds: float) -> None:
    """Ask for a song for each fault: many that wait for a silent host, few that keep this machine busy."""
    waiting = {long: [fault.prompt for fault in table if _waits(fault) is long] for long in (True, False)}
    asked: dict[bool, list[str]] = {True: [], False: []}
    until, every = time.monotonic() + seconds, len(table) // BYSTANDERS + 1
    while any(waiting.values()):
        assert time.monotonic() < until, f"not asked for within {seconds:.0f} s: {waiting}"
        statuses = main.statuses()
        for long, most in AT_ONCE.items():
            under_way = sum(statuses.get(prompt) not in FINAL for prompt in asked[long])
            for _ in range(min(most - under_way, len(waiting[long]))):
                prompt = waiting[long].pop(0)
                main.make(prompt)
                asked[long].append(prompt)
                if sum(map(len, asked.values())) % every == 0:
                    _send(bob, 100 + len(asked[long]))
        time.sleep(LOOK_SECONDS)


def _over(visits: list[_Visit], words: str) -> int:
    """How many songs of such prompts have ended."""
    return sum(status in FINAL for visit in visits for prompt, status in visit.statuses().items() if words in prompt)


def _until(holds: Any, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"not within {seconds:.0f} s"
        time.sleep(LOOK_SECONDS)


def _watch(done: Run, visits: list[_Visit], over: threading.Event) -> None:
    """Note what becomes of the songs, and how large the server grows."""
    while not over.wait(LOOK_SECONDS):
        for visit in visits:
            visit.look()
        done.most = max(done.most, visits[0].site.memory())


def _send(visitor: Visitor, number: int) -> None:
    assert visitor.send("/", prompt=f"{BYSTANDER} {number}").status_code == 200


async def _readings(visitor: Visitor, rows: Sequence[dict[str, Any]], key: str = "") -> list[Outcome]:
    """What the pages, the API and the sockets say of these songs."""
    cookies, url = dict(visitor.http.cookies.items()), visitor.server.url
    limit = asyncio.Semaphore(6)
    async with httpx.AsyncClient(base_url=url, cookies=cookies, timeout=60, trust_env=False) as client:

        async def read(row: dict[str, Any]) -> Outcome:
            async with limit:
                song = row["id"]
                card = await client.get(f"/songs/{song}/card/")
                page = await client.get(f"/songs/{song}/")
                bearer = {"Authorization": f"Bearer {key}"}
                status = await client.get(f"/status/generation/{song}", headers=bearer) if key else None
                stored = {}
                for number in (1, 2):
                    answer = await client.get(f"/songs/{song}/take-{number}.mp3")
                    if answer.status_code == 200:
                        stored[number] = len(answer.content)
                assert (card.status_code, page.status_code) == (200, 200)
                told = await _heard(visitor, song)
                said = status.json() if status else EMPTY
                return Outcome(row, [], [], said, told, card.text, page.text, stored)

        return await asyncio.gather(*map(read, rows))


async def _heard(visitor: Visitor, song: str) -> list[dict[str, Any]]:
    """What a socket tells of a song that is over; what it told until then where it does not come to its end."""
    told: list[dict[str, Any]] = []
    with suppress(TimeoutError):
        async with asyncio.timeout(20), visitor.watch(song, 0) as socket:
            async for message in socket:
                told.append(json.loads(message))
    return told


def _started(stack: ExitStack, site: HostileSite) -> HostileSite:
    site.start()
    stack.callback(lambda: site.kill() if site.process else None)
    return site


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _audit(site: HostileSite) -> tuple[int, str]:
    """The site's own check of its invariants."""
    command = [sys.executable, "manage.py", "audit"]
    done = subprocess.run(command, cwd=REPOSITORY, env=site.env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr
