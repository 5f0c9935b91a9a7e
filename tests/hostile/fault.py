"""What a fault is: what the host does, and how the song must end all the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from tests.upstream_host import Asked, Wire

KEY = "sk-hostile-0f1e2d3c4b5a69788796a5b4c3d2e1f0"
"""What the site is known by at the host. The host tries to have it shown."""
WORDS = "words-of-the-host-alone"
"""Stands in everything that the host says of its own faults; for the operator's log and for nobody else."""
ID = "upstream-id-"
"""Begins what the host calls its songs."""
QUICK = 45.0
"""Seconds within which a song must be over whose host leaves nothing in doubt. Machines that run tests are busy."""
DOUBTED = 90.0
"""Seconds for songs of which the host leaves everything in doubt, with the site's patience shortened."""


@dataclass(frozen=True, slots=True)
class Case:
    """One fault as the host plays it."""

    fault: Fault
    host: str
    """Its address."""
    site: str
    """The address of the site that is served."""
    canary: str
    """An address beside the host's: nobody may ever connect to it."""

    def filled(self, text: str) -> str:
        """`text` with this fault's own addresses and ids."""
        own = {
            "$HOST": self.host,
            "$FILES": f"{self.host}/files/{self.fault.name}",
            "$SITE": self.site,
            "$CANARY": self.canary,
            "$ID": self.fault.known_as,
            "$NAME": self.fault.name,
        }
        for word, meaning in own.items():
            text = text.replace(word, meaning)
        return text


Does = Callable[[Case, Wire, Asked], Awaitable[None]]
"""One answer of the host."""


@dataclass(frozen=True, slots=True)
class End:
    """How a song ends: its final status, the error code (any of these), and how many takes are kept."""

    status: str
    kept: int
    codes: tuple[str, ...] = ("",)


WHOLE = End("completed", 2)


def lost(*codes: str) -> End:
    """Nothing came, nothing is charged."""
    return End("failed", 0, codes)


CANCELLED = End("cancelled", 0, ("cancelled",))


def half(*codes: str) -> End:
    """One take came."""
    return End("partial", 1, codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One row of the table."""

    name: str
    """Lower case, digits and hyphens: it stands in the prompt and in addresses."""
    order: tuple[Does, ...] = ()
    """What the host answers to one order after the other; the last answer stays."""
    end: End
    posts: tuple[int, ...] = (1,)
    """How many orders the host may have seen. More than one only where none of them can have been bought."""
    status: tuple[Does, ...] = ()
    """What its status endpoint answers; without any it knows no such song."""
    files: Mapping[str, tuple[Does, ...]] = field(default_factory=dict)
    """What lies under names like "audio-1.mp3" or "audio-*"; without any, good sound and a good picture."""
    seconds: float = QUICK
    """From the order to the true end."""
    passes: tuple[str, ...] = ()
    """Statuses that must have been visible on the way."""
    given_up: str = ""
    """Its owner cancels the song as soon as it is seen in this status."""
    message_id: str | None = None
    """What the host calls this song, where that is a fault by itself."""
    at: str = ""
    """Where its host is: "" for the one that plays the table, else the name of a place where nobody answers well."""

    @property
    def known_as(self) -> str:
        """What the host calls this song."""
        return f"{ID}{self.name}" if self.message_id is None else self.message_id

    @property
    def prompt(self) -> str:
        """What the song's owner asks for: the host tells its faults apart by the last word."""
        return f"A quiet song about the sea, fault: {self.name}"
