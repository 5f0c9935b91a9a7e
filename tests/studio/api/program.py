"""A program as its author would write it: JSON out, JSON or events in, a key in the header."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from django.test import AsyncClient, Client

SONG = {
    "prompt": "A cheerful pop song about friendship and adventure.",
    "lyrics": "Through every road we roam, together we are home",
}
STREAM, SYNC, STATUS = "/v6/generate/song", "/v6/generate/song/sync", "/status/generation/"


@dataclass(frozen=True, slots=True)
class Program:
    """Calls with `key`; an empty one sends no header."""

    key: str

    def post(
        self, body: Any = SONG, path: str = SYNC, *, content_type: str = "application/json", **headers: str
    ) -> Any:
        """The answer to a POST; a body that is no bytes is sent as JSON. Song bodies are left unread."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return Client(raise_request_exception=False).post(
            path, data, content_type=content_type, headers={**self.headers, **headers}
        )

    def get(self, path: str, **headers: str) -> Any:
        """The answer to a GET."""
        return Client(raise_request_exception=False).get(path, headers={**self.headers, **headers})

    async def open(self, body: Any = SONG, path: str = STREAM, **headers: str) -> Any:
        """The answer to a POST whose body comes little by little."""
        data = json.dumps(body).encode()
        return await AsyncClient().post(
            path, data, content_type="application/json", headers={**self.headers, **headers}
        )

    async def events(self, body: Any = SONG, **headers: str) -> list[dict[str, Any]]:
        """All events of a new song's stream."""
        return await events(await self.open(body, **headers))

    async def wait(self, body: Any = SONG, **headers: str) -> dict[str, Any]:
        """The synchronous answer."""
        return dict(json.loads(b"".join(await pieces(await self.open(body, SYNC, **headers)))))

    @property
    def headers(self) -> dict[str, str]:
        """What every call carries."""
        return {"authorization": f"Bearer {self.key}"} if self.key else {}


async def pieces(response: Any) -> list[bytes]:
    """What is written, write by write."""
    assert response.status_code == 200, response.content
    async with asyncio.timeout(10):
        return [piece async for piece in response]


async def events(response: Any) -> list[dict[str, Any]]:
    """The events of a stream. Each is one write: a line, and an empty one."""
    found = []
    for piece in await pieces(response):
        assert piece.startswith(b"data: {")
        assert piece.endswith(b"}\n\n")
        assert piece.count(b"\n") == 2
        assert piece.isascii()
        found.append(json.loads(piece[6:]))
    return found
