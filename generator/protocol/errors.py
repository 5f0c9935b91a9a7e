"""Why a song did not come, in words of a closed list, and what may be done about it.

Every error says two things. *Retryable*: the same request may well succeed later. *Bought*: whether the host has billed
for it: yes, no, or ? where nobody can know; a request that may have been bought is never sent again by itself.

                                                            code                        retryable   bought
GenerationError            anything that ends a song early
├── Rejected               the request is at fault          rejected_prompt,            no          no
│                                                           rejected_words, rejected_input
├── EngineFailed           the embedded engine broke        engine_failed               yes         no
├── AudioUnusable          "done", but no audio that plays  audio_unavailable,          yes         yes
│                                                           audio_rejected
├── StorageFailed          no room to keep what came        storage_failed              yes         yes
└── UpstreamError          between us and a v6 host
    ├── Unreachable        no connection at all             upstream_unreachable        yes         no
    ├── Untrusted          no connection we may trust       upstream_tls                no          no
    ├── WrongKey           it does not know this site       upstream_auth               no          no
    ├── UpstreamBusy       it asks us to wait               upstream_busy               yes         no
    ├── NoBalance          this site's account is empty     no_credits                  no          no
    ├── Refused            it gave up, and said so          upstream_refused            yes         ?
    ├── BrokenAnswer       what it sent is not v6           upstream_protocol           no          ?
    ├── Stalled            it fell silent                   upstream_stalled            yes         ?
    ├── StreamLost         the line broke                   stream_lost                 yes         ?
    └── Unsettled          nobody can say yet how it ended  that of its cause           yes         ?

The last five are `bought = True` once the host had accepted the request, and False where it cannot have been.
"""

# ruff: noqa: N818  a reader meets these names in except clauses, where "Rejected" needs no "Error" behind it

from __future__ import annotations

from typing import ClassVar, Literal, Self

from generator.protocol.text import one_line

ErrorCode = Literal[
    "upstream_unreachable",
    "upstream_auth",
    "upstream_busy",
    "upstream_refused",
    "upstream_tls",
    "upstream_protocol",
    "upstream_stalled",
    "stream_lost",
    "rejected_prompt",
    "rejected_words",
    "rejected_input",
    "no_credits",
    "rate_limited",
    "audio_unavailable",
    "audio_rejected",
    "engine_failed",
    "storage_failed",
    "cancelled",
]
RAW_LENGTH = 300


class GenerationError(Exception):
    """Ends a song early. `sentence` is fit for a person's eyes; `code` is stable and from the closed list.

    `raw` is what the other side said, cleaned, of at most 300 characters: for the operator's log, never for a page.
    """

    retryable: bool = False
    bought: bool | None = None
    """Whether the host has billed for it: True, False, or None where nobody can know."""

    def __init__(self, sentence: str, code: ErrorCode, *, raw: object = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code: ErrorCode = code
        self.raw = one_line(raw, RAW_LENGTH)


class Rejected(GenerationError):
    """The request cannot be made into a song. `field` names the part of it that is at fault, as on the wire."""

    bought = False

    def __init__(self, sentence: str, code: ErrorCode, field: str, *, raw: object = "") -> None:
        super().__init__(sentence, code, raw=raw)
        self.field = field


class EngineFailed(GenerationError):
    """The embedded engine broke while it made the song."""

    retryable = True
    bought = False

    def __init__(self, sentence: str = "The engine stopped while it was making this song.") -> None:
        super().__init__(sentence, "engine_failed")


class AudioUnusable(GenerationError):
    """A finished version could not be fetched, or what came does not play."""

    retryable = True
    bought = True

    def __init__(
        self, sentence: str, code: Literal["audio_unavailable", "audio_rejected"], *, raw: object = ""
    ) -> None:
        super().__init__(sentence, code, raw=raw)


class StorageFailed(GenerationError):
    """What came could not be written: the disk is full, or the store does not answer."""

    retryable = True
    bought = True

    def __init__(self, *, raw: object = "") -> None:
        sentence = "This site has no room to keep the song. Whoever runs it has to make some."
        super().__init__(sentence, "storage_failed", raw=raw)


class UpstreamError(GenerationError):
    """What went wrong between us and a v6 host. `host` is its name, as people see it."""

    kind: ClassVar[ErrorCode] = "upstream_refused"
    says: ClassVar[str] = "{host} could not make this song."
    todo: ClassVar[str] = ""
    """What to do next, where that does not depend on whether the song was bought."""

    def __init__(self, host: str, *, raw: object = "", says: str | None = None, bought: bool | None = None) -> None:
        """`says` and `bought` stand in for what this kind of error says by default."""
        self.host = host
        self.bought = self.bought if bought is None else bought
        self._says = says
        sentence = (says or self.says).format(host=host)
        super().__init__(f"{sentence} {self.todo or _TODO[self.bought]}", self.kind, raw=raw)

    def knowing(self, *, bought: bool) -> Self:
        """The same fault where it is known whether the host had accepted, and billed, a request before."""
        return type(self)(self.host, raw=self.raw, says=self._says, bought=bought)


_TODO: dict[bool | None, str] = {
    True: "It had taken the order before, so it was not ordered again. Make it again if you like.",
    False: "Nothing was ordered. Try again in a few minutes.",
    None: "Whether it took the order is not known, so nothing was ordered twice. Make it again if you like.",
}


class Unreachable(UpstreamError):
    """No connection came about: nobody answers at that address, or there is no such name."""

    kind = "upstream_unreachable"
    says = "{host} cannot be reached."
    retryable = True
    bought = False


class Untrusted(UpstreamError):
    """The connection could not be secured: a certificate that is expired, another's or nobody's, or no TLS at all."""

    kind = "upstream_tls"
    says = "{host} could not prove who it is, so nothing was sent to it."
    todo = "Whoever runs this site has to look at the host's address and certificate."
    bought = False


class WrongKey(UpstreamError):
    """The host does not know this site's key, or forbids it to make songs."""

    kind = "upstream_auth"
    says = "{host} does not accept this site's key."
    todo = "Nothing was ordered. Whoever runs this site has to set a valid key."
    bought = False


class UpstreamBusy(UpstreamError):
    """The host asks us to come back later: in `retry_after` seconds, if it said when."""

    kind = "upstream_busy"
    says = "{host} is busy and takes no more songs just now."
    retryable = True
    bought = False

    def __init__(
        self,
        host: str,
        *,
        raw: object = "",
        says: str | None = None,
        bought: bool | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(host, raw=raw, says=says, bought=bought)
        self.retry_after = retry_after
        self.orders = 1
        """How often the song was ordered in vain before this was raised."""


class NoBalance(UpstreamError):
    """This site's account with the host is empty."""

    kind = "no_credits"
    says = "This site's account with {host} has no balance left."
    todo = "Nothing was ordered. Whoever runs this site has to top it up."
    bought = False


class Refused(UpstreamError):
    """The host said that it failed, or that it will not."""

    kind = "upstream_refused"
    todo = "Make it again if you like, or change the prompt a little."
    retryable = True


class BrokenAnswer(UpstreamError):
    """What came is not the v6 protocol: HTML, a redirect, noise, more than anybody may send."""

    kind = "upstream_protocol"
    says = "{host} sent an answer that makes no sense here."


class Stalled(UpstreamError):
    """Nothing was heard for longer than a host that still works would take."""

    kind = "upstream_stalled"
    says = "{host} fell silent."
    retryable = True


class StreamLost(UpstreamError):
    """The line broke, or ended before everything had been told."""

    kind = "stream_lost"
    says = "The line to {host} broke before the song was whole."
    retryable = True


class Unsettled(UpstreamError):
    """Nobody can say yet how the song ended: the host does not answer any more, or never gave it an id.

    `cause` is the fault that it is for good if nothing more is heard.
    """

    retryable = True

    def __init__(self, cause: Stalled | StreamLost, *, raw: object = "") -> None:
        super().__init__(cause.host, raw=raw or cause.raw, says=cause.says, bought=cause.bought)
        self.code = cause.code
        self.cause = cause

    def knowing(self, *, bought: bool) -> Self:
        """The same where more is known: see `UpstreamError.knowing`."""
        return type(self)(self.cause.knowing(bought=bought), raw=self.raw)
