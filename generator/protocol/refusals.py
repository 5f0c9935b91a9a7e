"""What a host says instead of making a song, in any of its shapes, as one of our errors.

The body decides before the HTTP status does: documented errors come with any status, as events of a stream, or as JSON
where a stream was asked for. HTML is never read, let alone shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generator.protocol import reading
from generator.protocol.errors import (
    BrokenAnswer,
    ErrorCode,
    NoBalance,
    Refused,
    Rejected,
    UpstreamBusy,
    UpstreamError,
    WrongKey,
)

FIELDS = {
    "prompt": "the prompt",
    "lyrics": "the lyrics",
    "reference_url": "the reference audio",
    "instrumental_url": "the instrumental",
    "vocal_url": "the voice",
    "melody_url": "the melody",
}
"""The six parameters, as people call them."""
LONGEST_WAIT = 1800.0
"""Seconds. A host that asks for more is not busy but closed; and no song waits longer."""
TELLS: tuple[tuple[ErrorCode, re.Pattern[str]], ...] = (
    ("upstream_busy", re.compile(r"rate limit|too many requests|temporarily unavailable|try again in a moment", re.I)),
    ("no_credits", re.compile(r"insufficient (balance|credit|fund)|not enough (balance|credit)|no credits", re.I)),
    ("rejected_words", re.compile(r"nsfw", re.I)),
    (
        "rejected_prompt",
        re.compile(r"(invalid|empty|missing) .{0,20}prompt|prompt .{0,20}(empty|required)", re.I),
    ),
    ("upstream_auth", re.compile(r"(invalid|missing|wrong|unknown|no|revoked|expired) (api.?key|token)", re.I)),
)
"""The document's own sentences first, then their like as seen elsewhere. Tried in this order, on 900 characters."""
CODES: dict[str, ErrorCode] = {
    "no_credits": "no_credits",
    "rate_limited": "upstream_busy",
    "upstream_busy": "upstream_busy",
    "rejected_words": "rejected_words",
    "rejected_prompt": "rejected_prompt",
    "rejected_input": "rejected_input",
}
"""What a host that is itself a Duplet says in `error_code`, as we say it; all others mean that it failed."""


def told(host: str, body: Mapping[str, Any]) -> UpstreamError | Rejected | None:
    """The failure that an event, or a JSON body with a good status, tells; None if it tells none."""
    return _read(host, body, None, None) if reading.failure(body) else None


def answered(
    host: str, http: int, body: Mapping[str, Any] | None, retry_after: float | None = None
) -> UpstreamError | Rejected:
    """The error that an answer with HTTP status `http` (3xx to 5xx) means; `body` is its JSON object, if it is one.

    `retry_after` is in seconds, if the host said so.
    """
    if retry_after is not None:
        retry_after = min(retry_after, LONGEST_WAIT)
    return _read(host, body or {}, http, retry_after)


def _read(host: str, body: Mapping[str, Any], http: int | None, retry_after: float | None) -> UpstreamError | Rejected:
    text = reading.words(body)
    raw = " ".join(filter(None, (f"HTTP {http}" if http else "", text)))
    said = body.get("error_code")
    code = CODES.get(said) if isinstance(said, str) else None
    if code is None:
        code = next((code for code, tell in TELLS if tell.search(text)), None)
    match code:
        case "upstream_busy":
            return UpstreamBusy(host, raw=raw, retry_after=retry_after)
        case "no_credits":
            return NoBalance(host, raw=raw)
        case "upstream_auth":
            return WrongKey(host, raw=raw)
        case "rejected_words":
            return Rejected(
                f"{host} refuses some of these words. Change the lyrics or the prompt and try again.",
                "rejected_words",
                _field(body) or "lyrics",
                raw=raw,
            )
        case "rejected_prompt" | "rejected_input":
            return _rejected(host, _field(body) or "prompt", raw)
    return _by_status(host, http, body, retry_after, raw)


def _by_status(
    host: str, http: int | None, body: Mapping[str, Any], retry_after: float | None, raw: str
) -> UpstreamError | Rejected:
    match http:
        case 401:
            return WrongKey(host, raw=raw)
        case 403:
            return WrongKey(host, raw=raw, says="{host} forbids this site to make songs (403).")
        case 402:
            return NoBalance(host, raw=raw)
        case 404 | 405:
            return BrokenAnswer(host, raw=raw, bought=False, says="{host} has no v6 songs at the address set here.")
        case 429 | 503:
            return UpstreamBusy(host, raw=raw, retry_after=retry_after)
        case int() if 300 <= http < 400:
            says = "{host} sends us on to another address, and we do not follow. Its final address has to be set."
            return BrokenAnswer(host, raw=raw, bought=False, says=says)
        case int() if 400 <= http < 500:
            field = _field(body)
            return _rejected(host, field, raw) if field else Refused(host, raw=raw, bought=False)
        case int() if http >= 500:
            return Refused(host, raw=raw, says=f"{{host}} had a fault of its own ({http}).")
        case _:
            field = _field(body)
            return _rejected(host, field, raw) if field else Refused(host, raw=raw)


def _rejected(host: str, field: str, raw: str) -> Rejected:
    code: ErrorCode = "rejected_prompt" if field == "prompt" else "rejected_input"
    sentence = f"{host} did not accept {FIELDS[field]}. Change it and try again."
    return Rejected(sentence, code, field, raw=raw)


def _field(body: Mapping[str, Any]) -> str:
    """The parameter that a refusal names: in `field`, in FastAPI's `loc`, or at the head of its text."""
    if found := _named(body.get("field")):
        return found
    detail = body.get("detail")
    if isinstance(detail, str):
        return _named(detail.split(":")[0].split(" ")[0].strip("\"'`"))
    for entry in detail[:8] if isinstance(detail, list) else ():
        places = entry.get("loc") if isinstance(entry, Mapping) else None
        for place in reversed(places[:8]) if isinstance(places, list) else ():
            if found := _named(place):
                return found
    return ""


def _named(value: object) -> str:
    return value if isinstance(value, str) and value in FIELDS else ""
