"""`manage.py serve` as a process: how it starts, what it refuses, how it ends."""

from __future__ import annotations

import contextlib
import http.client
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.frames import CloseCode
from websockets.sync.client import connect

from tests.server import REPOSITORY, Server

LINK = re.compile(r"http://localhost:\d+/signin/[\w-]+/")


pytestmark = pytest.mark.either_database


@pytest.fixture
def visitor(server: Server) -> Iterator[httpx.Client]:
    """A client that keeps its cookies, like a browser."""
    with httpx.Client(base_url=server.url, trust_env=False, timeout=10) as client:
        yield client


def test_the_first_start_prints_a_link_that_lets_the_owner_in(server: Server, visitor: httpx.Client) -> None:
    link = LINK.findall(server.log())[0]
    assert visitor.get(link, follow_redirects=True).url.path == "/"
    assert visitor.get("/library/").status_code == 200
    assert httpx.get(link, trust_env=False).status_code == 410


def test_a_later_start_prints_no_link_but_says_how_to_get_one(tmp_path: Path) -> None:
    site = Server(tmp_path, RELAY="apart")
    site.start()
    httpx.get(LINK.findall(site.log())[-1], trust_env=False)
    site.restart()
    site.stop()
    assert len(LINK.findall(site.log())) == 1
    assert "manage.py signin_link owner@localhost" in site.log()


@pytest.mark.thorough
def test_a_start_before_anybody_came_prints_a_fresh_link(tmp_path: Path) -> None:
    site = Server(tmp_path, RELAY="apart")
    site.start()
    site.restart()
    assert httpx.get(LINK.findall(site.log())[-1], trust_env=False).status_code == 302
    site.stop()
    assert len(set(LINK.findall(site.log()))) == 2


def test_a_taken_port_is_told_in_a_sentence(server: Server, tmp_path: Path) -> None:
    done = _run(Server(tmp_path, PORT=str(server.port)), "serve", "--prepare")
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {server.port} on 127.0.0.1 cannot be used")
    assert len(done.stderr.splitlines()) == 1
    assert "signin" not in done.stdout


@pytest.mark.either_database
def test_an_unprepared_database_is_told_in_a_sentence(tmp_path: Path) -> None:
    done = _run(Server(tmp_path), "serve")
    assert done.returncode == 1
    assert re.fullmatch(r"The database is \d+ steps behind\. Run `make run`.*\n", done.stderr)


def test_a_wrong_setting_is_told_in_a_sentence(tmp_path: Path) -> None:
    done = _run(Server(tmp_path, DEBUG="yes"), "serve")
    assert done.returncode == 1
    assert done.stderr == "A setting is wrong: DEBUG='yes' is neither 0 nor 1.\n"


@pytest.mark.parametrize("how", [pytest.param("interrupt", marks=pytest.mark.thorough), "stop"])
def test_it_ends_at_once_and_leaves_nothing_behind(tmp_path: Path, how: str) -> None:
    site = Server(tmp_path)
    site.start()
    assert site.process
    children = _children(site.process.pid)
    begun = time.monotonic()
    assert getattr(site, how)() == 0
    assert time.monotonic() - begun < 10
    assert "Traceback" not in site.log()
    until = time.monotonic() + 5
    while any(Path(f"/proc/{child}").exists() for child in children) and time.monotonic() < until:
        time.sleep(0.05)
    assert not [child for child in children if Path(f"/proc/{child}").exists()]
    site.start()
    site.stop()


def test_it_ends_cleanly_in_the_middle_of_answers(tmp_path: Path) -> None:
    site = Server(tmp_path, RELAY="apart")
    site.start()
    connections = [http.client.HTTPConnection("localhost", site.port, timeout=10) for _ in range(20)]
    for connection in connections:
        connection.request("GET", "/account/login/")
    assert site.stop() == 0
    for connection in connections:
        connection.close()


def test_a_body_over_the_limit_is_refused_at_its_headers(server: Server) -> None:
    with socket.create_connection(("localhost", server.port), timeout=10) as wire:
        wire.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300000000\r\n\r\n")
        assert wire.recv(4096).startswith(b"HTTP/1.1 413 ")


def test_a_chunked_body_is_cut_at_the_limit(server: Server) -> None:
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    with socket.create_connection(("localhost", server.port), timeout=10) as wire:
        wire.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        wire.sendall(chunk * 15)
        wire.settimeout(0.3)
        with pytest.raises(TimeoutError):
            wire.recv(4096)
        wire.settimeout(10)
        wire.sendall(chunk * 2)
        assert wire.recv(4096).startswith(b"HTTP/1.1 413 ")


def test_large_bodies_cost_no_memory(server: Server) -> None:
    assert server.process
    before = _peak_mb(server.process.pid)
    for _ in range(5):
        with socket.create_connection(("localhost", server.port), timeout=10) as wire:
            wire.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\r\n")
            try:
                for _ in range(1500):
                    wire.sendall(b"x" * 65536)
            except OSError:
                continue
    assert _peak_mb(server.process.pid) - before < 32


def test_what_only_a_proxy_may_say_is_not_believed(server: Server) -> None:
    claims = {"Daphne-Root-Path": "/elsewhere", "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "evil.example"}
    answer = httpx.get(f"{server.url}/", headers=claims, trust_env=False)
    assert answer.headers["Location"] == "/account/login/?next=/"


def test_a_foreign_host_name_is_refused(server: Server) -> None:
    assert httpx.get(f"{server.url}/", headers={"Host": "evil.example"}, trust_env=False).status_code == 400


def test_no_answer_names_the_server_and_each_says_what_browsers_may_do(server: Server) -> None:
    answer = httpx.get(f"{server.url}/account/login/", trust_env=False)
    assert "server" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    policy = answer.headers["Content-Security-Policy"]
    assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} <= set(policy.split("; "))


def test_a_page_of_somebody_signed_in_stays_in_no_cache(server: Server, visitor: httpx.Client) -> None:
    visitor.get(server.sign_in_link())
    assert visitor.get("/").headers["Cache-Control"] == "private, no-store"


def test_own_files_come_compressed_and_for_a_year(server: Server, visitor: httpx.Client) -> None:
    page = visitor.get("/account/login/").text
    styles = re.search(r'href="(/static/[^"]+\.css)"', page)
    assert styles
    answer = visitor.get(styles[1], headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("origin", ["http://evil.example", "https://localhost:{port}", "http://localhost:1", None])
def test_a_socket_from_a_foreign_origin_is_refused(server: Server, origin: str | None) -> None:
    address = f"ws://localhost:{server.port}/ws/generations/00000000-0000-4000-8000-000000000000/"
    headers = {"Origin": origin.format(port=server.port)} if origin else {}
    with pytest.raises(InvalidStatus) as refused, connect(address, additional_headers=headers):
        pass
    assert refused.value.response.status_code == 403


def test_a_socket_takes_small_messages_only(server: Server, visitor: httpx.Client) -> None:
    visitor.get(server.sign_in_link())
    visitor.get("/")
    visitor.post("/", data={"prompt": "A short song", "csrfmiddlewaretoken": visitor.cookies["csrf"]})
    song = re.search(r'data-song="([0-9a-f-]{36})"', visitor.get("/").text)
    assert song
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    headers = {"Origin": server.url, "Cookie": cookies}
    with connect(f"ws://localhost:{server.port}/ws/generations/{song[1]}/", additional_headers=headers) as wire:
        wire.send("x" * 10_000)
        assert song[1] in str(wire.recv(10))
        wire.send("x" * 20_000)
        with contextlib.suppress(ConnectionClosedError):
            for _ in wire:
                pass
    assert wire.close_code == CloseCode.ABNORMAL_CLOSURE  # dropped, where the song's end would have closed it


def test_the_log_of_requests_hides_links(tmp_path: Path) -> None:
    site = Server(tmp_path, RELAY="apart")
    _run(site, "migrate", "--verbosity=0")
    _run(site, "collectstatic", "--verbosity=0", "--no-input")
    command = [sys.executable, "manage.py", "serve", "--log-requests"]
    with subprocess.Popen(
        command, cwd=REPOSITORY, env=site.env, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    ) as p:
        until = time.monotonic() + 30
        while not site.answers() and time.monotonic() < until:
            time.sleep(0.05)
        httpx.get(f"{site.url}/signin/a-secret-token/", trust_env=False)
        p.send_signal(signal.SIGTERM)
        log = p.communicate(timeout=20)[1].decode()
    assert "GET /signin/[hidden]/ 410" in log
    assert "a-secret-token" not in log


def test_without_being_asked_it_logs_no_requests(server: Server, visitor: httpx.Client) -> None:
    visitor.get("/account/login/")
    visitor.get("/nowhere/")
    assert "/nowhere/" not in server.log()


def test_behind_a_proxy_it_asks_for_https_and_believes_the_proxy(tmp_path: Path) -> None:
    site = Server(tmp_path, RELAY="apart", PUBLIC_URL="https://songs.example.org")
    site.start()
    try:
        ask = httpx.Client(base_url=site.url, trust_env=False, headers={"Host": "songs.example.org"})
        plain = ask.get("/account/login/")
        assert (plain.status_code, plain.headers["Location"]) == (301, "https://songs.example.org/account/login/")
        answer = ask.get("/account/login/", headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"})
        assert answer.status_code == 200
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")
        assert "__Host-csrf" in answer.headers["Set-Cookie"]
        assert "Secure" in answer.headers["Set-Cookie"]
        assert ask.get("/healthz").status_code == 200
        ask.close()
    finally:
        site.stop()


def _run(site: Server, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=REPOSITORY, env=site.env, capture_output=True, text=True, timeout=60, check=False
    )


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed]


def _peak_mb(pid: int) -> float:
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert peak
    return int(peak[1]) / 1024
