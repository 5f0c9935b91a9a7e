"""What the door is held against: names that lie, a port nobody may touch, and an eye on every connection."""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Names:
    """Stands in for the resolver, at the last step before it: names have the answers given here, one after the other.

    Numbers, in whatever disguise, are read by the real one.
    """

    def __init__(self) -> None:
        self.answers: dict[str, list[list[str]]] = {}
        self.asked: list[str] = []
        self._real = socket.getaddrinfo

    def tell(self, name: str, *answers: list[str]) -> None:
        """Let `name` lead to these addresses at the first question, to those at the next; the last stay."""
        self.answers[name] = list(answers)

    def __call__(
        self, host: Any, port: Any, family: int = 0, kind: int = 0, proto: int = 0, flags: int = 0
    ) -> list[tuple[Any, ...]]:
        """As `socket.getaddrinfo`."""
        self.asked.append(str(host))
        answers = self.answers.get(str(host).lower().removesuffix("."))
        if answers is None:
            return list(self._real(host, port, family, kind, proto, flags | socket.AI_NUMERICHOST))
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [self._row(address, int(port)) for address in found]

    def _row(self, address: str, port: int) -> tuple[Any, ...]:
        if ":" in address:
            return (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
        return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))


class Watch:
    """Sees every connection that this process tries, and lets through only those to `open_to`."""

    def __init__(self) -> None:
        self.tried: list[tuple[str, int]] = []
        self.open_to: set[tuple[str, int]] = set()

    def see(self, event: str, arguments: tuple[Any, ...]) -> None:
        """An audit hook: Python calls it before the kernel is asked. Raises OSError where the way is closed."""
        if event == "socket.connect" and isinstance(arguments[1], tuple):
            place = (str(arguments[1][0]), int(arguments[1][1]))
            self.tried.append(place)
            if place not in self.open_to:
                raise OSError(errno.ENETUNREACH, "There is no internet in tests.")

    @property
    def beyond(self) -> list[tuple[str, int]]:
        """What it was tried to reach beside the places that are open."""
        return [place for place in self.tried if place not in self.open_to]


_watches: list[Watch] = []


def _seen(event: str, arguments: tuple[Any, ...]) -> None:
    for watch in _watches:
        watch.see(event, arguments)


sys.addaudithook(_seen)  # for good: there is no way to take one away


@contextmanager
def watching() -> Iterator[Watch]:
    """Sees all connections until the end of the block."""
    watch = Watch()
    _watches.append(watch)
    try:
        yield watch
    finally:
        _watches.remove(watch)


class Canary:
    """A port of this machine that nobody may touch."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.port = int(self._socket.getsockname()[1])

    def touched(self) -> bool:
        """Whether somebody has connected."""
        try:
            self._socket.accept()[0].close()
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Give the port back."""
        self._socket.close()
