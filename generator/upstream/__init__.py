"""Who makes the songs: one contract, two kinds of host (the embedded engine, any v6 host over HTTP)."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol

from generator.given import Given
from generator.protocol.events import Event

VERSIONS = (1, 2)
"""Every request yields two versions of the song; people read "take A" and "take B"."""
ORDERS = 3
"""How often one song is ordered by itself in all. Only what cannot have been bought is ordered again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SongRequest:
    """One request, in the v6 document's words. Addresses are absolute http(s) URLs."""

    prompt: str
    lyrics: str | None = None
    reference_url: str | None = None
    instrumental_url: str | None = None
    vocal_url: str | None = None
    melody_url: str | None = None
    seed: int = 0
    """Not in the document: the same seed gives the same song where the host can promise that."""
    given: tuple[Given, ...] = ()
    """Sounds that are here already, decoded and heard; the roles in it have no address."""
    orders: int = ORDERS
    """How often it may be ordered at most, where an order before surely was not taken."""


class Upstream(Protocol):
    """A host that turns a request into two versions of a song."""

    name: str
    """For people: which engine made a song."""
    inputs: frozenset[str]
    """The v6 parameters this host understands, beginning with "prompt"."""
    makes_again: bool
    """Whether `take_up` makes the song once more from its beginning. False: the host goes on with it by itself."""

    def check(self, request: SongRequest) -> None:
        """Refuse at once, for free, what can never become a song here. Raises `Rejected`; takes < 5 ms."""

    def generate(self, request: SongRequest) -> AsyncGenerator[Event, None]:
        """The song's events in the document's order. Closing the iterator cancels the song where that is possible.

        Ends after both versions are finished, or with `Failed`; raises `GenerationError` where the host broke off.
        """

    def take_up(self, request: SongRequest, message_id: str) -> AsyncGenerator[Event, None]:
        """The events of a song that was ordered before by a process that has ended; it is never bought twice.

        `message_id` is "" where that process had not heard of its acceptance. Otherwise like `generate`. Raises
        `Unsettled` where nobody can say what became of it; asking again later may help.
        """

    def open(self, address: str) -> AsyncGenerator[bytes, None]:
        """The bytes behind an address that one of this host's events gave, as they come.

        A `stream_url` ends when its version is whole. Raises `AudioUnusable`.
        """

    async def warm(self) -> None:
        """Make ready what a first song would have to wait for. May do nothing; raises `GenerationError`."""

    async def close(self) -> None:
        """Let go of connections and child processes."""
