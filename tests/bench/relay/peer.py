"""The relay to be measured against: Starlette, uvicorn and aiohttp, one socket a song. It signs nobody in, and keeps
nothing: what the host tells is handed on as it came, and a closed tab ends the song.

    python -m tests.bench.relay.peer PORT UPSTREAM
"""

from __future__ import annotations

import sys

import aiohttp
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

upstream = sys.argv[2] if len(sys.argv) > 2 else ""
sessions: list[aiohttp.ClientSession] = []


async def relay(socket: WebSocket) -> None:
    """`/ws/<song>`: order it, and hand its events on."""
    await socket.accept()
    if not sessions:
        no_limit = aiohttp.ClientTimeout(total=None)
        sessions.append(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=no_limit))
    order = {"prompt": f"song {socket.path_params['song']}"}
    async with sessions[0].post(f"{upstream}/v6/generate/song", json=order) as answer:
        async for line in answer.content:
            if line.startswith(b"data: "):
                await socket.send_text(line[6:].strip().decode())
    await socket.close()


app = Starlette(routes=[WebSocketRoute("/ws/{song:int}", relay)])

if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", ws_per_message_deflate=False, backlog=4096)
