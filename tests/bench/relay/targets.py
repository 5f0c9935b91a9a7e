"""The two things that are measured, each as a process of its own: the plain relay, and Duplet as it really runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Protocol

import httpx

from tests.server import REPOSITORY, Server, free_port

Sockets = list[tuple[str, str]]
"""For each song the path of its socket, and the session cookie of whoever may watch it."""
START_SECONDS = 60.0
SOCKETS_A_PERSON = 15
TABS = 3
QUIET_SECONDS = 3.0
"""A process that has just started still tidies up."""


def command(module: str, *arguments: object, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
    """One of this package's programs, with pipes."""
    line = [sys.executable, "-m", f"tests.bench.relay.{module}", *map(str, arguments)]
    return subprocess.Popen(line, cwd=REPOSITORY, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def read_line(process: subprocess.Popen[str]) -> str:
    """What a program says next. Fails where it has nothing more to say."""
    assert process.stdout
    line = process.stdout.readline()
    assert line, f"{process.args!r} ended."
    return line


def write_line(process: subprocess.Popen[str], line: str) -> None:
    """Tell a program something."""
    assert process.stdin
    process.stdin.write(line + "\n")
    process.stdin.flush()


def end(process: subprocess.Popen[str]) -> None:
    """Stop a program of ours and let go of its pipes."""
    process.kill()
    process.communicate()


class Target(Protocol):
    """Something that relays songs from `upstream` to sockets."""

    name: str
    pid: int
    port: int

    def start(self, folder: Path, upstream: str, songs: int) -> None:
        """Have it run, idle."""

    def sockets(self, songs: int) -> Sockets:
        """Make the songs where the target has such a thing; where their sockets are."""

    def stop(self) -> None:
        """End it."""


class Plain:
    """`peer.py`: what a socket asks for is ordered when it opens."""

    name = "plain relay"
    pid = port = 0

    def start(self, folder: Path, upstream: str, songs: int) -> None:
        self.port = free_port()
        self._process = command("peer", self.port, upstream)
        self.pid = self._process.pid
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self._process.poll() is None, "The plain relay did not start."
            assert time.monotonic() < deadline, "The plain relay does not answer."
            time.sleep(0.05)
        time.sleep(QUIET_SECONDS)

    def sockets(self, songs: int) -> Sockets:
        return [(f"/ws/{number}", "") for number in range(songs)]

    def stop(self) -> None:
        end(self._process)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/", trust_env=False).status_code == 404
        except httpx.TransportError:
            return False


class Duplet:
    """`manage.py serve` with SQLite, sessions, journal and ledger; its songs are rows before anybody watches them."""

    name = "Duplet"
    pid = port = 0
    _seed: subprocess.Popen[str] | None = None

    def start(self, folder: Path, upstream: str, songs: int) -> None:
        limits = {"LIMIT_RUNNING_TOTAL": "10000", "LIMIT_RUNNING_PER_USER": "0", "LIMIT_CREATIONS_PER_MINUTE": "0"}
        data = folder / "data"
        data.mkdir(parents=True)
        self._server = Server(data, UPSTREAM_URL=upstream, UPSTREAM_API_KEY="only-for-this", **limits)
        self._server.start()
        assert self._server.process
        self.pid, self.port = self._server.process.pid, self._server.port
        people = max(1, songs * TABS // SOCKETS_A_PERSON)
        self._seed = command("seed", songs, people, env=self._server.env | {"PYTHONPATH": os.fspath(REPOSITORY)})
        assert read_line(self._seed) == "ready\n"
        httpx.get(f"{self._server.url}/", trust_env=False)
        time.sleep(QUIET_SECONDS)

    def sockets(self, songs: int) -> Sockets:
        assert self._seed
        write_line(self._seed, "make them")
        return [(path, cookie) for path, cookie in json.loads(read_line(self._seed))]

    def stop(self) -> None:
        if self._seed:
            end(self._seed)
        self._server.kill()

    def log(self) -> str:
        """What the server has written."""
        return self._server.log()
