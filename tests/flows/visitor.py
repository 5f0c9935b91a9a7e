"""Somebody at the other end of a real server: pages over HTTP, songs over a socket."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from tests.server import Server

SONG = re.compile(r'data-song="([0-9a-f-]{36})"')


class Visitor:
    """A browser without a window: keeps cookies, sends forms with their token, opens sockets from this site's pages."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.http = httpx.Client(base_url=server.url, follow_redirects=True, timeout=30, trust_env=False)

    def close(self) -> None:
        """Leave."""
        self.http.close()

    def sign_in(self, email: str = "alice@example.org") -> Visitor:
        """By a link, as printed at the first start."""
        assert self.http.get(self.server.sign_in_link(email)).status_code == 200
        return self

    def send(self, path: str, **fields: str) -> httpx.Response:
        """A form of this site, with the token its pages carry."""
        page = self.http.get("/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, page[:500]
        fields["csrfmiddlewaretoken"] = token[1]
        return self.http.post(path, data=fields, headers={"Origin": self.server.url})

    def make(self, prompt: str, **fields: str) -> str:
        """The id of a new song."""
        answer = self.send("/", prompt=prompt, **fields)
        assert answer.status_code == 200
        found = SONG.search(answer.text)
        assert found, answer.text[:2000]
        return found[1]

    @asynccontextmanager
    async def watch(self, song: str, after: int | str | None = None, **headers: str) -> AsyncIterator[ClientConnection]:
        """The song's socket, with the cookies and the origin that a page of this site has."""
        address = f"ws://localhost:{self.server.port}/ws/generations/{song}/"
        address += "" if after is None else f"?after={after}"
        cookie = "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())
        said = {"Cookie": cookie, "Origin": self.server.url, **headers}
        async with connect(address, additional_headers=said, proxy=None) as socket:
            yield socket

    async def hear(self, song: str, after: int | None = None) -> list[dict[str, Any]]:
        """Everything that is told of a song until the server says that it is all."""
        async with self.watch(song, after) as socket:
            return [json.loads(message) async for message in socket]
