"""The API on the wire of a running server: what naive programs need, and what hostile ones get."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator

import httpx

from tests.flows.scripted_site import SLOW, ScriptedSite

SONG = {"prompt": "A cheerful pop song about friendship and adventure.", "lyrics": "together we are home"}


def request(key: str, body: bytes, *headers: str, length: int | None = None) -> bytes:
    """A request as it goes over the wire."""
    lines = [
        "POST /v6/generate/song HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {key}",
        "Content-Type: application/json",
        f"Content-Length: {len(body) if length is None else length}",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def chunks(wire: socket.socket) -> Iterator[bytes]:
    """The chunks of an answer's body, as the server cut them."""
    with wire.makefile("rb") as file:
        while (line := file.readline()) not in (b"\r\n", b""):
            assert b"gzip" not in line.lower()
        while size := int(file.readline(), 16):
            yield file.read(size)
            assert file.read(2) == b"\r\n"


def test_every_event_is_one_chunk_and_the_body_ends_after_the_last(scripted_site: ScriptedSite, key: str) -> None:
    with socket.create_connection(("localhost", scripted_site.port), timeout=30) as wire:
        wire.sendall(request(key, json.dumps(SONG).encode(), "Accept-Encoding: gzip, deflate, br"))
        written = list(chunks(wire))
    events = [json.loads(chunk.removeprefix(b"data: ")) for chunk in written]
    assert all(chunk.startswith(b"data: {") and chunk.endswith(b"}\n\n") for chunk in written)
    assert all(chunk.count(b"\n") == 2 and chunk.isascii() for chunk in written)
    assert [event["isComplete"] for event in events] == [False] * (len(events) - 1) + [True]
    assert max(map(len, written)) > 15_000  # words with their times: the size at which naive programs begin to stumble


def test_the_first_event_comes_at_once_and_whoever_leaves_then_finds_the_song_later(
    scripted_site: ScriptedSite, key: str
) -> None:
    with socket.create_connection(("localhost", scripted_site.port), timeout=30) as wire:
        wire.sendall(request(key, json.dumps(SONG).encode(), "Idempotency-Key: left"))
        began = time.monotonic()
        assert json.loads(next(chunks(wire)).removeprefix(b"data: "))["status"] == "initializing"
        assert time.monotonic() - began < 2
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "left"}
    again = httpx.post(
        f"{scripted_site.url}/v6/generate/song/sync", json=SONG, headers=headers, timeout=30, trust_env=False
    )
    assert len(again.json()["audio_data"]) == 2
    told = httpx.get(
        f"{scripted_site.url}/status/generation/{again.json()['message_id']}", headers=headers, trust_env=False
    )
    assert told.json()["status"] == "completed"


def test_three_hundred_megabytes_are_refused_unread_and_in_json(scripted_site: ScriptedSite, key: str) -> None:
    with socket.create_connection(("localhost", scripted_site.port), timeout=10) as wire:
        wire.sendall(request(key, b'{"prompt": "', length=300_000_000))
        answer = wire.recv(4096)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 413 ")
    assert b"Content-Type: application/json" in head
    assert "larger" in json.loads(body)["detail"]


def test_many_streams_at_once_are_all_told(scripted_site: ScriptedSite, key: str) -> None:
    wires = [socket.create_connection(("localhost", scripted_site.port), timeout=30) for _ in range(30)]
    try:
        for wire in wires:
            wire.sendall(request(key, json.dumps({"prompt": SLOW}).encode()))
        for wire in wires:
            assert b"initializing" in next(chunks(wire))
        assert httpx.get(f"{scripted_site.url}/healthz", timeout=5, trust_env=False).status_code == 200
    finally:
        for wire in wires:
            wire.close()


def test_the_key_stands_in_no_log(scripted_site: ScriptedSite, key: str) -> None:
    httpx.post(f"{scripted_site.url}/v6/generate/song", headers={"Authorization": f"Bearer {key}x"}, trust_env=False)
    assert key.split("_")[2] not in scripted_site.log()
