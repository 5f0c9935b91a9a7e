"""Why a song did not come, in words of a closed list, and what may be done about it.

GenerationError            anything that ends a song early
├── Rejected               the request itself cannot be made into a song; asking again unchanged is no use
├── EngineFailed           the embedded engine broke; nothing was billed, asking again is safe
└── AudioUnusable          the host said "done", but its audio could not be fetched or does not play
"""

from __future__ import annotations

from typing import ClassVar, Literal

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


class GenerationError(Exception):
    """Ends a song early. `sentence` is fit for a person's eyes; `code` is stable and from the closed list."""

    retryable: ClassVar[bool] = False
    bought: ClassVar[bool | None] = None
    """Whether the host has billed for it: True, False, or None where nobody can know."""

    def __init__(self, sentence: str, code: ErrorCode) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code: ErrorCode = code


class Rejected(GenerationError):
    """The request cannot be made into a song. `field` names the part of it that is at fault, as on the wire."""

    bought = False

    def __init__(self, sentence: str, code: ErrorCode, field: str) -> None:
        super().__init__(sentence, code)
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

    def __init__(self, sentence: str, code: Literal["audio_unavailable", "audio_rejected"]) -> None:
        super().__init__(sentence, code)
