"""One event, or one status answer, as a host wrote it, with every key optional. What it means is settled elsewhere.

Hosts differ in what they leave out, in whether numbers are strings, and in where they put the finished audio; all of
that is read here, so that the rest of the house meets one shape.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from generator.protocol.events import SectionTime
from generator.protocol.lyrics import number, read_sections
from generator.protocol.text import one_line

KNOWN = frozenset(
    (
        "isComplete",
        "status",
        "chunkIndex",
        "message_id",
        "stream_url",
        "version",
        "album_art",
        "song_name",
        "progress",
        "streaming_ready",
        "audio_url",
        "error",
        "lyrics_sections",
        "audio_data",
        "versions",
        "success",
        "message",
        "detail",
        "error_code",
    )
)
"""Fields of the document, and of the answers that go with it; all others are kept as `extra`."""
LONGEST_ID = 200
LONGEST_NAME = 200
LONGEST_ADDRESS = 4096
LARGEST_EXTRA = 8 * 1024
"""Characters of JSON that an unknown field may take; a larger one is dropped."""
MOST_EXTRA = 32
MOST_PARTS = 8
FINISHED = frozenset(("completed", "complete", "finished", "succeeded", "success", "done", "ready", "partial"))
LISTED = "listed"
"""The status of what is told as an element of a list: hosts have many words for it, and its address decides."""
UNBEGUN = frozenset(("initializing", "initialising", "queued", "pending", "accepted", "job_created", "interrupted"))
"""Status words that promise nothing yet: a request is not billed by them."""
FAILED = frozenset(
    (
        "failed",
        "failure",
        "error",
        "errored",
        "cancelled",
        "canceled",
        "timeout",
        "timed_out",
        "rejected",
        "aborted",
        "expired",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one event, or one element of a status answer, tells. Empty or None where it does not say."""

    status: str = ""
    """In lower case; open-ended."""
    message_id: str = ""
    album_art: str = ""
    song_name: str = ""
    label: str = ""
    """The version, as this host counts them."""
    progress: int | None = None
    """Percent, 0 to 100."""
    stream_url: str = ""
    """Only where it can be played already."""
    audio_url: str = ""
    sections: list[SectionTime] | None = None
    error: str = ""
    """Not empty where this tells a failure of its own version."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Fields outside the document, as they came."""


def heard(body: Mapping[str, Any]) -> list[Heard]:
    """Everything an event or a status answer tells: itself, then each version that it lists."""
    body = _unwrapped(body)
    told = [_one(body)]
    for name in ("versions", "audio_data"):
        parts = body.get(name)
        for part in parts[:MOST_PARTS] if isinstance(parts, list) else ():
            if isinstance(part, str):
                part = {"audio_url": part}  # noqa: PLW2901  the same in its usual shape
            if isinstance(part, Mapping):
                told.append(replace(_one({"message_id": body.get("message_id"), **part}), status=LISTED))
    return told


def standing(body: Mapping[str, Any]) -> Literal["working", "over", "unsaid"]:
    """Whether a status answer speaks of a song that is still being made; "unsaid" where it is no such answer."""
    body = _unwrapped(body)
    status = _word(body.get("status"))
    if status in FINISHED or status in FAILED:
        return "over"
    if status:
        return "working"
    return "over" if body.get("audio_data") else "unsaid"


def song(body: Mapping[str, Any]) -> str:
    """The id of the song that a body speaks of; empty where it does not say."""
    return _id(_unwrapped(body).get("message_id"))


def failure(body: Mapping[str, Any]) -> bool:
    """Whether a body tells a failure, in any of the ways that are documented or seen."""
    body = _unwrapped(body)
    if body.get("success") in (False, "false", "False") or body.get("error"):
        return True
    if not body.get("status"):
        return bool(body.get("detail"))
    return _word(body.get("status")) in FAILED


def words(body: Mapping[str, Any]) -> str:
    """What a body says for people or operators about a failure: its message, detail and error as one text."""
    body = _unwrapped(body)
    found = (_said(body.get(key)) for key in ("message", "detail", "error"))
    return " | ".join(dict.fromkeys(text for text in found if text))


def address(value: object) -> str:
    """An address, absolute or not, or nothing."""
    fits = isinstance(value, str) and len(value) <= LONGEST_ADDRESS
    return one_line(value, LONGEST_ADDRESS) if fits else ""


def label(value: object) -> str:
    """How a host calls a version: 1, "1", 1.0 and "v1" are the same."""
    found = number(value.lower().removeprefix("v") if isinstance(value, str) else value)
    if found is not None:
        return f"{found:g}"
    return one_line(value, 40) if isinstance(value, str) else ""


def _one(body: Mapping[str, Any]) -> Heard:
    percent = number(_percent(body.get("progress")))
    sections = body.get("lyrics_sections")
    return Heard(
        status=_word(body.get("status")),
        message_id=_id(body.get("message_id")),
        album_art=address(body.get("album_art")),
        song_name=one_line(body.get("song_name"), LONGEST_NAME) if isinstance(body.get("song_name"), str) else "",
        label=label(body.get("version")),
        progress=None if percent is None else round(min(max(0.0, percent), 100.0)),
        stream_url="" if body.get("streaming_ready") is False else address(body.get("stream_url")),
        audio_url=address(body.get("audio_url")),
        sections=None if sections is None else read_sections(sections),
        error=words(body) or _word(body.get("status")) if failure(body) else "",
        extra=_extra(body),
    )


def _unwrapped(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Some put what they have to say into one field of an envelope."""
    for name in ("data", "result"):
        inner = body.get(name)
        if isinstance(inner, Mapping) and not body.get("status") and body.get("success") is not False:
            return inner
    return body


def _said(value: object) -> str:
    """The text in a message, however it is wrapped: plain, {"message": ...}, or FastAPI's list of {"loc", "msg"}."""
    match value:
        case str():
            return one_line(value, 300)
        case list():
            return "; ".join(text for text in map(_said, value[:MOST_PARTS]) if text)
        case Mapping():
            places = value.get("loc")
            place = ".".join(str(p) for p in places[:MOST_PARTS]) if isinstance(places, list) else ""
            text = next((_said(value[key]) for key in ("message", "msg", "detail", "error") if value.get(key)), "")
            return f"{place}: {text}" if place else text
        case _:
            return ""


def _word(value: object) -> str:
    return one_line(value, 40).lower().replace(" ", "_").replace("-", "_") if isinstance(value, str) else ""


def _id(value: object) -> str:
    return one_line(value, LONGEST_ID) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _percent(value: object) -> object:
    return value.strip().removesuffix("%") if isinstance(value, str) else value


def _extra(body: Mapping[str, Any]) -> dict[str, Any]:
    unknown = [name for name in body if name not in KNOWN][:MOST_EXTRA]
    return {name: body[name] for name in unknown if len(json.dumps(body[name])) <= LARGEST_EXTRA}
