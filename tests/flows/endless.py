"""Our server with an application that never stops talking: `python -m tests.flows.endless PORT`.

Sockets that nobody reads are dropped after two seconds here, so that a test need not wait for thirty.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

MESSAGE = "x" * 10_000


async def talk(scope: Any, receive: Any, send: Any) -> None:
    """Accept whatever comes and send to it for as long as it is there; to `/once`, a short answer."""
    await receive()
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        await repeat(receive, send, {"type": "websocket.send", "text": MESSAGE})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    if scope["path"] != "/once":
        await repeat(receive, send, {"type": "http.response.body", "body": MESSAGE.encode(), "more_body": True})
    await send({"type": "http.response.body", "body": b"ok"})


async def repeat(receive: Any, send: Any, message: dict[str, Any]) -> None:
    """Send the same again and again until whoever it is for is gone."""
    gone = asyncio.ensure_future(receive())
    while not gone.done() or not gone.result()["type"].endswith(".disconnect"):
        await send(message)
        if gone.done() and not gone.result()["type"].endswith(".disconnect"):
            gone = asyncio.ensure_future(receive())
        await asyncio.sleep(0)


async def nothing() -> None:
    """There is nothing to start and nothing to drain."""


def main(port: int) -> None:
    """Serve until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    import django

    django.setup()
    from studio import outflow
    from studio.server import SiteServer

    outflow.SOCKET_UNREAD = 2.0
    server = SiteServer(
        talk,
        host="127.0.0.1",
        port=port,
        largest_body=1024,
        too_large="",
        behind_proxy=False,
        log_requests=False,
        start=nothing,
        drain=nothing,
    )
    server.serve(lambda: None)


if __name__ == "__main__":
    main(int(sys.argv[1]))
