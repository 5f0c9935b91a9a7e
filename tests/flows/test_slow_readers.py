"""Whoever does not read costs no memory and no time; whoever sends too much on a socket is shut out."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode
from websockets.sync.client import connect

from studio.outflow import FLOODED
from tests.server import REPOSITORY, free_port

pytestmark = pytest.mark.either_database

READERS = 20
UPGRADE = (
    "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://localhost\r\n\r\n"
)
PAGE = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Endless:
    """A server that never stops talking."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        env = {**os.environ, "DATA_DIR": str(folder)}
        command = [sys.executable, "-m", "tests.flows.endless", str(self.port)]
        self.process = subprocess.Popen(command, cwd=REPOSITORY, env=env)
        until = time.monotonic() + 60
        while self.seconds_of_an_answer() is None and time.monotonic() < until:
            time.sleep(0.05)

    def seconds_of_an_answer(self) -> float | None:
        """How long a short answer takes somebody else; None where there is none."""
        begun = time.monotonic()
        try:
            httpx.get(f"http://localhost:{self.port}/once", timeout=10, trust_env=False)
        except httpx.TransportError:
            return None
        return time.monotonic() - begun

    def peak_mb(self) -> float:
        """The most memory it ever had."""
        peak = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{self.process.pid}/status").read_text())
        assert peak
        return int(peak[1]) / 1024

    def reader(self, request: str) -> socket.socket:
        """Somebody who asks and then reads nothing."""
        wire = socket.socket()
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wire.connect(("127.0.0.1", self.port))
        wire.sendall(request.encode())
        return wire


@pytest.fixture(scope="module")
def endless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endless]:
    server = Endless(tmp_path_factory.mktemp("endless"))
    try:
        yield server
    finally:
        server.process.terminate()
        server.process.wait(20)


@pytest.mark.parametrize("request_line", [PAGE, UPGRADE], ids=["answers", "sockets"])
def test_readers_who_never_read_fill_no_memory_and_hold_nobody_up(endless: Endless, request_line: str) -> None:
    before = endless.peak_mb()
    with contextlib.ExitStack() as readers:
        for _ in range(READERS):
            readers.enter_context(endless.reader(request_line))
        until, slowest = time.monotonic() + 4, 0.0
        while time.monotonic() < until:
            slowest = max(slowest, endless.seconds_of_an_answer() or 10.0)
    assert endless.peak_mb() - before < READERS * 0.5
    assert slowest < 2


def test_two_hundred_connections_that_never_finish_their_request_hold_nobody_up(endless: Endless) -> None:
    begun = (
        "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab",
    )
    with contextlib.ExitStack() as strangers:
        for number in range(200):
            strangers.enter_context(endless.reader(begun[number % 2]))
        assert max(endless.seconds_of_an_answer() or 10.0 for _ in range(20)) < 2


def test_a_socket_that_nobody_reads_is_dropped(endless: Endless) -> None:
    with endless.reader(UPGRADE) as wire:
        time.sleep(4)  # twice as long as this server waits
        wire.settimeout(10)
        with contextlib.suppress(ConnectionResetError):
            while wire.recv(1 << 20):
                pass


def test_a_socket_that_is_flooded_is_closed_and_others_are_not_held_up(endless: Endless) -> None:
    before = endless.peak_mb()
    with connect(f"ws://localhost:{endless.port}/", origin=None, proxy=None, max_size=None) as wire:
        with contextlib.suppress(ConnectionClosed):
            for _ in range(10_000):
                wire.send("x" * 10_000)
                wire.recv(5)
        # Who still sends when the server hangs up may lose the frame that says why.
        assert wire.close_code in (FLOODED, CloseCode.ABNORMAL_CLOSURE)
    assert endless.peak_mb() - before < 20
