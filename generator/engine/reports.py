"""What is asked of the engine, what it says while it works, and how both cross a pipe: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from generator.protocol.errors import EngineFailed, GenerationError, Rejected, StorageFailed
from generator.protocol.events import SectionTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One song to be made, in two takes. The same prompt, lyrics and seed give the same bytes."""

    prompt: str
    lyrics: str | None
    seed: int
    folder: Path
    """Exists and is this job's alone: all its files are put there."""

    @property
    def cover(self) -> Path:
        """The cover, WebP."""
        return self.folder / "cover.webp"

    def stream(self, take: int) -> Path:
        """The MP3 file that grows while take `take` is rendered: final bytes without a tag."""
        return self.folder / f"take-{take}.growing.mp3"

    def audio(self, take: int) -> Path:
        """The finished MP3 file of take `take`, tag and all."""
        return self.folder / f"take-{take}.mp3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The song has its words, its name and its cover (`job.cover` is written); both takes can begin."""

    title: str
    inks: int
    """The cover's pair of inks, 1 to 6."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far one take is: percent, 0 to 100."""

    take: int
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Playable:
    """`job.stream(take)` holds a second of music or more, and grows."""

    take: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """`job.audio(take)` is written whole."""

    take: int
    duration_ms: int
    sections: list[SectionTime]
    peaks: list[int]
    """Loudness along the take's length: 400 values, 0 to 100."""
    understood: dict[str, str | int]
    """What the prompt was understood to ask for: tempo, key, metre, voice, style."""


Report = Planned | Progress | Playable | Finished


@dataclass(frozen=True, slots=True)
class Ready:
    """A worker has everything in memory and waits for its first command."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A worker's answer to every "cancel": whatever it did before, it does nothing now."""


Said = Report | Ready | Cancelled | GenerationError
KINDS: dict[str, type[Report | Ready | Cancelled]] = {
    "ready": Ready,
    "planned": Planned,
    "progress": Progress,
    "playable": Playable,
    "finished": Finished,
    "cancelled": Cancelled,
}
NAMES = {kind: name for name, kind in KINDS.items()}


def command(do: str, job: Job | None = None, **more: int) -> bytes:
    """The line that asks a worker for something: "plan", "take" (with `number`) or "cancel"."""
    asked = {**asdict(job), "folder": str(job.folder)} if job else {}
    return _line({"do": do, **asked, **more})


def read_command(line: bytes) -> tuple[str, Job | None, Mapping[str, Any]]:
    """What a line asks for: the verb, the job it is about, and the rest."""
    rest = json.loads(line)
    do = rest.pop("do")
    if "prompt" not in rest:
        return do, None, rest
    asked = {name: rest.pop(name) for name in ("prompt", "lyrics", "seed", "folder")}
    return do, Job(**{**asked, "folder": Path(asked["folder"])}), rest


def report(said: Said) -> bytes:
    """The line in which a worker says it."""
    if isinstance(said, GenerationError):
        field = {"field": said.field} if isinstance(said, Rejected) else {}
        return _line({"kind": "failed", "code": said.code, "sentence": said.sentence, **field})
    return _line({"kind": NAMES[type(said)], **asdict(said)})


def read_report(line: bytes) -> Said:
    """What a worker said. A failure comes back as the exception it was. Raises ValueError for anything else."""
    try:
        body = json.loads(line)
        kind = body.pop("kind")
        if kind != "failed":
            said: Report | Ready | Cancelled = KINDS[kind](**body)
            return said
        if "field" in body:
            return Rejected(body["sentence"], body["code"], body["field"])
        return StorageFailed() if body["code"] == "storage_failed" else EngineFailed(body["sentence"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a report: {line[:200]!r}") from error


def _line(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body).encode() + b"\n"
