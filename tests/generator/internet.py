"""A whole internet on one machine, and the door let loose in it: `python -m tests.generator.internet`.

To be started in a network namespace where every address is this machine's own: then what is really connected to, by
whatever way, is seen from the other side. Prints what each case came to, as JSON.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import socket
import ssl
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote, unquote

from generator import connection, outbound
from generator.protocol.errors import AudioUnusable
from tests.certificates import self_signed, shown
from tests.generator.outbound_addresses import BAD, PUBLIC, SPELLINGS, literal
from tests.generator.outbound_watch import Names

PORTS = (22, 80, 443, 8000)
"""443 speaks TLS, the others do not."""
GOOD = "93.184.216.34"
ALLOWED = outbound.Allowance(stall=5.0, whole=15.0)


@dataclass
class Internet:
    """Every host there is: "/sound" is a file at all of them, "/to?address" leads elsewhere."""

    tls: ssl.SSLContext
    reached: list[str] = field(default_factory=list)
    """"address port", as they were connected to."""

    async def open(self) -> None:
        """Listen at every address."""
        for port in PORTS:
            every = socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=100)
            await asyncio.start_server(self._connected, sock=every)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = writer.get_extra_info("sockname")[:2]
        self.reached.append(f"{host.removeprefix('::ffff:')} {port}")
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            if port == 443:
                await writer.start_tls(self.tls)
            path = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1].decode()
            if path.startswith("/to?"):
                writer.write(b"HTTP/1.1 302 Found\r\nLocation: " + unquote(path[4:]).encode() + b"\r\n\r\n")
            else:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nContent-Length: 5\r\n\r\nsound")
            await writer.drain()
        writer.close()


def cases(names: Names) -> Iterator[tuple[str, str]]:
    """(what is tried, the address that is asked for), with the names told as they are wanted."""
    names.tell("good.example", [GOOD])
    yield "fine", "http://good.example/sound"
    yield "fine", "https://good.example/sound"
    yield "fine", "http://good.example/to?" + quote("https://good.example/to?https://good.example/sound")
    for address in PUBLIC:
        yield "fine", f"http://{literal(address)}/sound"
    names.tell("someone.example", [GOOD])
    yield "another's certificate", "https://someone.example/sound"
    yield "an address's certificate", f"https://{GOOD}/sound"
    yield "less secure", "https://good.example/to?http://good.example/sound"
    for address in BAD:
        names.tell("bad.example", [address])
        names.tell("both.example", [GOOD, address])
        for host in (literal(address), "bad.example", "both.example"):
            yield "inside", f"https://{host}/sound"
            yield "sent inside", f"http://good.example/to?http://{host}/sound"
        names.tell("rebind.example", [GOOD], [address])
        yield "sent inside", "http://rebind.example/to?http://rebind.example/sound"
    for written in SPELLINGS.values():
        yield "inside", written
        if written.isprintable() and written.partition(":")[0] in ("http", "https", "ftp", "gopher", "ws", "file"):
            yield "sent somewhere odd", "http://good.example/to?" + quote(written)
    dice = random.Random(4)
    for _ in range(200):
        names.tell("dice.example", *[dice.choices([*BAD, *PUBLIC], k=dice.choice([1, 1, 2])) for _ in range(4)])
        yield "dice", "http://dice.example/to?http://dice.example/sound"


async def tried(address: str) -> str:
    """What comes of one address: the file's text, or why there is none."""
    try:
        pieces = [piece async for piece in outbound.fetch(address, allowance=ALLOWED)]
    except AudioUnusable as fault:
        return fault.code
    return b"".join(pieces).decode()


async def main(folder: Path) -> None:
    certificate = self_signed(folder / "both.pem", "good.example")
    connection.tls().load_verify_locations(certificate)
    names, internet = Names(), Internet(shown(certificate))
    socket.getaddrinfo = names  # type: ignore[assignment]
    await internet.open()
    found: list[tuple[str, str, str, list[str]]] = []
    for case, address in cases(names):
        internet.reached.clear()
        outcome = await tried(address)
        await asyncio.sleep(0)  # what was accepted is written down by now
        found.append((case, ascii(address), outcome, list(internet.reached)))
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    with TemporaryDirectory() as kept:
        asyncio.run(main(Path(kept)))
