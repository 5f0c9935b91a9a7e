"""The events of one v6 song stream, typed, in the order in which the document tells them.

A host sends: initializing, validated, streaming, processing, running (often), then for each of the two versions
streaming with an address, completed with an address, uploading, completed with the words. `wire()` gives the document's
JSON; fields that an event lacks are left out of it, never sent as null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypedDict


class WordTime(TypedDict):
    """One sung word; times in milliseconds from the start of the version."""

    start: int
    end: int
    text: str


class LineTime(TypedDict):
    """One line as it was written, with the times at which it is sung."""

    start: int
    end: int
    text: str
    words: list[WordTime]


class SectionTime(TypedDict):
    """One element of `lyrics_sections`: a verse, a chorus, an instrumental part (then without lines)."""

    section_type: str
    start: int
    end: int
    lines: list[LineTime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What every event of the stream carries."""

    status: ClassVar[str] = ""
    is_complete: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Fields outside the document, kept as they came."""

    def fields(self) -> dict[str, Any]:
        """This event's own fields, by their names on the wire."""
        return {}

    def wire(self, chunk_index: int) -> dict[str, Any]:
        """The event as JSON-ready data of the document's shape."""
        body = {"isComplete": self.is_complete, "status": self.status, "chunkIndex": chunk_index}
        return {**body, **{name: value for name, value in self.fields().items() if value is not None}, **self.extra}


@dataclass(frozen=True, slots=True, kw_only=True)
class Initializing(Event):
    """The request has arrived; nothing is billed yet and there is no id."""

    status: ClassVar[str] = "initializing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Event):
    """An event that says which song it belongs to."""

    message_id: str
    album_art: str | None = None
    song_name: str | None = None

    def fields(self) -> dict[str, Any]:
        return {"message_id": self.message_id, "album_art": self.album_art, "song_name": self.song_name}


@dataclass(frozen=True, slots=True, kw_only=True)
class Validated(Named):
    """The request is accepted, and billed, from here on."""

    status: ClassVar[str] = "validated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Streaming(Named):
    """Work begins. The same status word with an address is `StreamReady`."""

    status: ClassVar[str] = "streaming"


@dataclass(frozen=True, slots=True, kw_only=True)
class Processing(Named):
    """Work goes on; no number yet."""

    status: ClassVar[str] = "processing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Running(Named):
    """How far every version is that is not finished: percent, 0 to 100."""

    status: ClassVar[str] = "running"
    progress: int

    def fields(self) -> dict[str, Any]:
        return {**Named.fields(self), "progress": self.progress}


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamReady(Named):
    """A version can be heard while it is still being made."""

    status: ClassVar[str] = "streaming"
    version: int
    stream_url: str

    def fields(self) -> dict[str, Any]:
        mine = {"stream_url": self.stream_url, "version": self.version, "streaming_ready": True}
        return {**Named.fields(self), **mine}


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioReady(Named):
    """The first `completed` of a version: its whole audio can be fetched. Hosts may leave the number out."""

    status: ClassVar[str] = "completed"
    audio_url: str
    version: int | None = None

    def fields(self) -> dict[str, Any]:
        mine = {"audio_url": self.audio_url, "version": self.version, "progress": 100}
        return {**Named.fields(self), **mine}


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploading(Event):
    """A finished version is being put into storage."""

    status: ClassVar[str] = "uploading"
    message_id: str
    version: int

    def fields(self) -> dict[str, Any]:
        return {"message_id": self.message_id, "version": self.version}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished(Event):
    """The second `completed` of a version: its words with their times. The last thing a host says of it."""

    status: ClassVar[str] = "completed"
    message_id: str
    version: int
    lyrics_sections: Sequence[SectionTime] = ()

    def fields(self) -> dict[str, Any]:
        return {
            "message_id": self.message_id,
            "version": self.version,
            "lyrics_sections": list(self.lyrics_sections),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(Event):
    """The host gave up: `error` is its sentence, or ours where we serve."""

    status: ClassVar[str] = "failed"
    error: str
    message_id: str | None = None
    version: int | None = None

    def fields(self) -> dict[str, Any]:
        return {"message_id": self.message_id, "version": self.version, "error": self.error}
