"""What the API promises, as data: the reference page shows it, the OpenAPI document states it, tests hold it to it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from django.conf import settings

from generator.upstream import VERSIONS
from studio.accounts import ledger
from studio.accounts.limits import Allowance
from studio.api import errors, idempotency
from studio.api.errors import ApiError
from studio.songs import engine
from studio.songs.forms import LONGEST_ADDRESS

NOT_TAKEN = "The engine in use here does not take it."
SAMPLES = Path(__file__).parent / "samples"
MESSAGE_ID = "0e5c9a1e-4f0b-4c55-9f0e-1f2f3c7a9d21"
NAME = "Together We Are Home"
"""What examples are about."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One field of the request body; all are strings."""

    name: str
    says: str
    most: int
    """Characters."""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """One kind of event of the stream."""

    name: str
    says: str
    event: dict[str, Any]
    """An example; its keys are the fields that are sent."""

    @property
    def fields(self) -> list[str]:
        """What it sends beyond what every event has."""
        return [name for name in self.event if name not in ("isComplete", "status", "chunkIndex")]

    @property
    def line(self) -> str:
        """The example as it stands in the stream."""
        return f"data: {json.dumps(self.event, ensure_ascii=False)}\n\n"


@dataclass(frozen=True, slots=True)
class Problem:
    """One way in which a request can be refused."""

    says: str
    error: ApiError


@dataclass(frozen=True, slots=True)
class Limit:
    """One published limit."""

    says: str
    value: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One code sample, ready to run but for the key."""

    language: str
    code: str


def parameters() -> list[Parameter]:
    """The six fields of the request body."""
    told = [
        ("prompt", "What the song should sound like: a style, a mood, a story.", settings.LIMIT_PROMPT),
        ("lyrics", "The words to sing. Written for you if you leave them out.", settings.LIMIT_LYRICS),
        ("reference_url", "Address of audio that the song should resemble.", LONGEST_ADDRESS),
        ("instrumental_url", "Address of an instrumental to sing over.", LONGEST_ADDRESS),
        ("vocal_url", "Address of a voice to play to.", LONGEST_ADDRESS),
        ("melody_url", "Address of a melody to follow.", LONGEST_ADDRESS),
    ]
    taken = engine.current().inputs
    return [
        Parameter(name, says if name in taken else f"{says} {NOT_TAKEN}", most, required=name == "prompt")
        for name, says, most in told
    ]


def stages() -> list[Stage]:
    """The events of one stream in their order, as the document shows them."""
    named = {"message_id": MESSAGE_ID, "album_art": _art(), "song_name": NAME}
    told: list[tuple[str, str, dict[str, Any]]] = [
        ("initializing", "The request has arrived.", {}),
        ("validated", "It is accepted, and charged from here on. Keep the message_id.", named),
        ("streaming", "Work begins.", named),
        ("processing", "Work goes on.", named),
        ("running", "Percent of every version that is not finished. Sent often.", {**named, "progress": 2}),
        (
            "streaming",
            "This version can be heard while it is being made.",
            {**named, "stream_url": _audio(1), "version": 1, "streaming_ready": True},
        ),
        ("completed", "This version is whole.", {**named, "audio_url": _audio(1), "version": 1, "progress": 100}),
        ("uploading", "This version is being kept.", {"message_id": MESSAGE_ID, "version": 1}),
        (
            "completed",
            "The last event of this version: its words, with their times in milliseconds.",
            {"message_id": MESSAGE_ID, "version": 1, "lyrics_sections": [_section()]},
        ),
    ]
    return [
        Stage(status, says, {"isComplete": False, "status": status, "chunkIndex": index, **fields})
        for index, (status, says, fields) in enumerate(told)
    ]


def failure() -> Stage:
    """The event with which a song ends that does not come, or of which only one version came."""
    told = {"isComplete": True, "status": "failed", "chunkIndex": 5, "message_id": MESSAGE_ID}
    return Stage("failed", "No more versions come.", {**told, **_fault()})


def answer() -> dict[str, Any]:
    """The synchronous answer."""
    audio = [{"audio_url": _audio(version), "song_name": NAME} for version in VERSIONS]
    return {"message_id": MESSAGE_ID, "audio_data": audio, "album_art": _art(), "song_name": NAME}


def failed_answer() -> dict[str, Any]:
    """The synchronous answer where no version came."""
    told = {"success": False, "message": "This song could not be made."}
    return {**told, **_fault(), "message_id": MESSAGE_ID}


def status_answer() -> dict[str, Any]:
    """The answer of the status endpoint about a song whose first version is whole."""
    whole = {"version": 1, "status": "completed", "audio_url": _audio(1), "lyrics_sections": [_section()]}
    return {
        **answer(),
        "audio_data": answer()["audio_data"][:1],
        "status": "running",
        "progress": 62,
        "isComplete": False,
        "versions": [whole, {"version": 2, "status": "running"}],
        "credits_charged": settings.CREDITS_PER_SONG,
    }


def problems() -> list[Problem]:
    """Every refusal, in the order of its status."""
    empty = Allowance(granted=False, limit=60, left=0, full_in=60, retry_in=1)
    return [
        Problem("The prompt is missing or empty.", errors.invalid_prompt()),
        Problem("Prompt or lyrics hold words that this server does not sing.", errors.nsfw()),
        Problem("The body cannot be read.", errors.malformed("The body is not valid JSON in UTF-8.")),
        Problem("The key is missing, mistyped, unknown or revoked.", errors.no_key("This API key is not valid.")),
        Problem("The balance does not cover a song.", errors.insufficient_balance()),
        Problem("There is no such generation in this account.", errors.no_such_generation()),
        Problem("The address answers to another method.", errors.other_method("POST, OPTIONS")),
        Problem("The Idempotency-Key was used for another request.", errors.key_reused()),
        Problem("The body is too large.", errors.too_large()),
        Problem("The body is not declared as JSON.", errors.not_json()),
        Problem(
            "A wrong type, a value over its limit, or one that cannot become a song.",
            errors.unprocessable("lyrics", "it must be a string."),
        ),
        Problem("Too many requests, or too many songs. Wait for Retry-After.", errors.rate_limited(empty)),
        Problem("The server is not ready. Wait for Retry-After.", errors.unavailable("The database does not answer.")),
    ]


def limits() -> list[Limit]:
    """What one account and one request may do, as this server is set up."""
    each = [
        ("Requests a minute, for each key", settings.LIMIT_REQUESTS_PER_MINUTE, ""),
        ("Songs a minute, for each account", settings.LIMIT_CREATIONS_PER_MINUTE, ""),
        ("Songs made at once, for each account; more wait their turn", settings.LIMIT_RUNNING_PER_USER, ""),
        ("Prompt", settings.LIMIT_PROMPT, " characters"),
        ("Lyrics", settings.LIMIT_LYRICS, " characters"),
        ("An address of given audio", LONGEST_ADDRESS, " characters"),
        ("Request body", settings.LIMIT_BODY // 1024, " KiB"),
        ("Idempotency-Key", idempotency.LONGEST, " characters, kept for 24 hours"),
    ]
    price = settings.CREDITS_PER_SONG
    cost = [Limit("A song; given back if no version of it comes", ledger.in_words(price))] if price else []
    return cost + [Limit(says, f"{value:,}{unit}" if value else "no limit") for says, value, unit in each]


def samples(kind: str) -> list[Sample]:
    """The document's own three samples for `kind`, "streaming" or "sync", filled with this server's address."""
    names = {"python": "Python", "javascript": "JavaScript", "curl": "cURL"}
    return [Sample(name, _filled(SAMPLES / f"{kind}.{language}.txt")) for language, name in names.items()]


def _filled(sample: Path) -> str:
    return Template(sample.read_text("utf-8")).substitute(address=settings.PUBLIC_URL)


def _art() -> str:
    return f"{settings.PUBLIC_URL}/art/…"


def _audio(version: int) -> str:
    return f"{settings.PUBLIC_URL}/stream/…{version}.mp3"


def _section() -> dict[str, Any]:
    text = "Together we are home"
    word = {"start": 4200, "end": 4800, "text": "Together"}
    line = {"start": 4200, "end": 6900, "text": text, "words": [word]}
    return {"section_type": "verse", "start": 4200, "end": 21400, "lines": [line]}


def _fault() -> dict[str, str]:
    return {"error": "The engine stopped while it was making this song.", "error_code": "engine_failed"}
