"""Bodies that are larger than this site accepts: refused before they are read, however they are announced."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.frames import CloseCode
from websockets.sync.client import connect

from tests.flows.visitor import Visitor
from tests.server import Server

pytestmark = pytest.mark.either_database

TOO_LARGE = 300_000_000
PLACES = ["/", "/account/login/", "/v6/generate/song", "/v6/generate/song/sync", "/nowhere/", "/healthz"]
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
FLAT_MB = 24
"""What a server's memory may grow by, whatever is thrown at it."""


class Wire:
    """One connection, byte by byte."""

    def __init__(self, server: Server) -> None:
        self.socket = socket.create_connection(("localhost", server.port), timeout=20)

    def ask(self, first: str, *headers: str, body: bytes = b"") -> None:
        self.socket.sendall("\r\n".join([first, "Host: localhost", *headers, "", ""]).encode() + body)

    def heard(self) -> bytes:
        """Everything until the other side is done; a reset counts as done."""
        said = b""
        try:
            while piece := self.socket.recv(65536):
                said += piece
        except ConnectionResetError:
            pass
        return said

    def push(self, piece: bytes, times: int) -> None:
        """Send without listening, for as long as the other side takes it."""
        try:
            for _ in range(times):
                self.socket.sendall(piece)
        except OSError:
            pass


@contextmanager
def wire(server: Server) -> Iterator[Wire]:
    opened = Wire(server)
    try:
        yield opened
    finally:
        opened.socket.close()


def statuses(said: bytes) -> list[int]:
    return [int(found) for found in re.findall(rb"(?:^|(?<=\n)|(?<=[}>.]))HTTP/1\.[01] (\d{3}) ", said)]


def peak_mb(server: Server) -> float:
    assert server.process
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{server.process.pid}/status").read_text())
    assert peak
    return int(peak[1]) / 1024


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/1.0"])
def test_an_announced_body_is_refused_at_its_headers(server: Server, place: str, version: str) -> None:
    with wire(server) as line:
        line.ask(f"POST {place} {version}", f"Content-Length: {TOO_LARGE}", "Content-Type: application/json")
        assert statuses(line.heard()) == [413]  # nothing of the body was ever sent


@pytest.mark.parametrize("place", PLACES)
def test_who_asks_first_is_refused_without_being_told_to_go_on(server: Server, place: str) -> None:
    with wire(server) as line:
        line.ask(f"POST {place} HTTP/1.1", f"Content-Length: {TOO_LARGE}", "Expect: 100-continue")
        assert statuses(line.heard()) == [413]


def test_who_asks_first_for_a_small_body_is_told_to_go_on(server: Server) -> None:
    with wire(server) as line:
        line.ask("POST /v6/generate/song HTTP/1.1", "Content-Length: 2", "Expect: 100-continue", "Connection: close")
        assert line.socket.recv(25).startswith(b"HTTP/1.1 100 ")
        line.socket.sendall(b"{}")
        assert b"401" in line.heard()


@pytest.mark.parametrize("place", ["/", "/v6/generate/song"])
def test_a_body_in_chunks_is_cut_at_the_limit(server: Server, place: str) -> None:
    with wire(server) as line:
        line.ask(f"POST {place} HTTP/1.1", "Transfer-Encoding: chunked")
        line.push(b"10000\r\n" + b"x" * 65536 + b"\r\n", 17)
        assert statuses(line.heard()) == [413]


def test_one_endless_chunk_is_cut_as_well(server: Server) -> None:
    with wire(server) as line:
        line.ask("POST / HTTP/1.1", "Transfer-Encoding: chunked", body=b"7fffffff\r\n")
        line.push(b"x" * 65536, 17)
        assert statuses(line.heard()) == [413]


def test_what_follows_a_refused_body_on_its_connection_is_not_answered(server: Server) -> None:
    with wire(server) as line:
        line.ask("GET /healthz HTTP/1.1")
        line.ask("POST / HTTP/1.1", f"Content-Length: {TOO_LARGE}")
        line.ask("GET /healthz HTTP/1.1")
        assert statuses(line.heard()) in ([200, 413], [413])


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(("Content-Length: 5", "Transfer-Encoding: chunked"), id="two ways at once"),
        pytest.param(("Content-Length: 5", "Content-Length: 6"), id="two lengths"),
        pytest.param(("Content-Length: -1",), id="less than nothing"),
        pytest.param(("Content-Length: +5",), id="a sign"),
        pytest.param(("Content-Length: 0x10",), id="another notation"),
        pytest.param(("Transfer-Encoding: gzip, chunked",), id="packed"),
        pytest.param(("Transfer-Encoding: xchunked",), id="nearly chunked"),
    ],
)
def test_an_ambiguous_length_is_refused_and_the_connection_ends(server: Server, headers: tuple[str, ...]) -> None:
    with wire(server) as line:
        line.ask("POST / HTTP/1.1", *headers, body=b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        said = line.heard()
    assert statuses(said)[:1] in ([400], [501], [])
    assert b"ok\n" not in said  # the second request was only the first one's body


@pytest.mark.parametrize(
    "flood",
    [
        pytest.param(POST + b"Content-Length: 300000000\r\n\r\n", id="an announced body"),
        pytest.param(b"POST / HTTP/1.0\r\nContent-Length: 300000000\r\n\r\n", id="an old client's body"),
        pytest.param(POST + b"Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n", id="a chunk"),
        pytest.param(POST + b"Transfer-Encoding: chunked\r\n\r\n", id="a chunk's length"),
        pytest.param(b"GET /", id="an address"),
        pytest.param(b"GET / HTTP/1.1\r\nX: ", id="a header"),
    ],
)
def test_three_hundred_megabytes_cost_no_memory(server: Server, flood: bytes) -> None:
    before = peak_mb(server)
    with wire(server) as line:
        line.socket.sendall(flood)
        line.push(b"7" * 1_000_000, 300)
    assert server.answers()
    assert peak_mb(server) - before < FLAT_MB


def test_headers_without_end_are_cut(server: Server) -> None:
    before = peak_mb(server)
    with wire(server) as line:
        line.socket.sendall(b"GET / HTTP/1.1\r\n")
        line.push(b"X: %s\r\n" % (b"y" * 8000), 10_000)
    assert server.answers()
    assert peak_mb(server) - before < FLAT_MB


@pytest.mark.parametrize("pieces", [[17_000], [9_000, 9_000], [1_000] * 20], ids=["whole", "in two", "in twenty"])
def test_a_socket_ends_at_a_message_of_more_than_sixteen_kibibytes(server: Server, pieces: list[int]) -> None:
    with closing(Visitor(server)) as visitor:
        song = visitor.sign_in().make("A short song")
        cookies = "; ".join(f"{name}={value}" for name, value in visitor.http.cookies.items())
    headers = {"Origin": server.url, "Cookie": cookies}
    address = f"ws://localhost:{server.port}/ws/generations/{song}/"
    line = connect(address, additional_headers=headers, proxy=None)
    with suppress(ConnectionClosedError), line:  # the server may hang up while this still sends
        line.send(["x" * size for size in pieces])
        for _ in line:
            pass
    assert line.close_code in (CloseCode.ABNORMAL_CLOSURE, CloseCode.MESSAGE_TOO_BIG)  # a song's end is a normal one


def test_an_archive_that_somebody_brings_is_never_held_in_memory(server: Server) -> None:
    """Who sends it is not signed in, so nothing comes of it; but all of it has come by then."""
    before, size = peak_mb(server), 120 * 1024 * 1024
    with wire(server) as line:
        line.ask(
            "POST /account/import/ HTTP/1.1",
            *(f"Content-Length: {size}", "Cookie: a=b", "Content-Type: multipart/form-data; boundary=x"),
        )
        line.push(bytes(1024 * 1024), size // 1024**2)
        said = line.socket.recv(4096)
    assert statuses(said)[0] in (302, 400, 403)
    assert peak_mb(server) - before < FLAT_MB
