"""What is asked of the engine, what it says while it works, and how both cross a pipe: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from generator.given import Given, heard_from
from generator.protocol.errors import EngineFailed, GenerationError, Rejected, StorageFailed
from generator.protocol.events import SectionTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One song to be made, in two takes. The same prompt, lyrics, seed and draft give the same bytes."""

    prompt: str
    lyrics: str | None
    seed: int
    folder: Path
    """Exists and is this job's alone: all its files are put there."""
    draft: str = ""
    """Words that an endpoint wrote for the song, as from `Lyricist.draft`; or nothing."""
    given: tuple[Given, ...] = ()
    """Sounds that the person gave, each with a part of its own in the song."""

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

    def midi(self, take: int) -> Path:
        """The notes of take `take`, there when its audio is."""
        return self.folder / f"take-{take}.mid"

    def stems(self, take: int) -> Path:
        """A ZIP archive of take `take` in its parts."""
        return self.folder / f"take-{take}.stems.zip"


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
    """`job.audio(take)` and `job.midi(take)` are written whole."""

    take: int
    duration_ms: int
    sections: list[SectionTime]
    peaks: list[int]
    """Loudness along the take's length: 400 values, 0 to 100."""
    understood: dict[str, str | int]
    """What the prompt was understood to ask for: tempo, key, metre, voice, style."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Separated:
    """`job.stems(take)` is written whole."""

    take: int
    size: int
    """Bytes of the take's sound, as it would be streamed now."""
    sha256: str
    """Of that sound: a take that was made before and ends in the same bytes is the one these stems add up to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """The engine would play other notes now than those the take was made of: there are no stems of it any more."""

    take: int


Report = Planned | Progress | Playable | Finished
"""What is said of a song that is being made."""
StemsReport = Progress | Separated | Changed
"""What is said of a take that is being taken apart; the last of it is no `Progress`."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A worker has everything in memory and waits for its first command."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A worker's answer to every "cancel": whatever it did before, it does nothing now."""


Spoken = Report | StemsReport | Ready | Cancelled
Said = Spoken | GenerationError
KINDS: dict[str, type[Spoken]] = {
    "ready": Ready,
    "planned": Planned,
    "progress": Progress,
    "playable": Playable,
    "finished": Finished,
    "separated": Separated,
    "changed": Changed,
    "cancelled": Cancelled,
}
NAMES = {kind: name for name, kind in KINDS.items()}


def command(do: str, job: Job | None = None, **more: int | str) -> bytes:
    """The line that asks a worker for something: "plan", "take" (with `number`), "stems" (also `midi`) or "cancel"."""
    asked: dict[str, Any] = {**asdict(job), "folder": str(job.folder)} if job else {}
    for sound in asked.get("given", ()):
        sound["path"] = str(sound["path"])
    return _line({"do": do, **asked, **more})


def read_command(line: bytes) -> tuple[str, Job | None, Mapping[str, Any]]:
    """What a line asks for: the verb, the job it is about, and the rest."""
    rest = json.loads(line)
    do = rest.pop("do")
    if "prompt" not in rest:
        return do, None, rest
    asked = {name: rest.pop(name) for name in ("prompt", "lyrics", "seed", "folder", "draft")}
    given = tuple(
        Given(role=sound["role"], path=Path(sound["path"]), heard=heard_from(sound["heard"]))
        for sound in rest.pop("given")
    )
    return do, Job(**{**asked, "folder": Path(asked["folder"]), "given": given}), rest


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
            said: Spoken = KINDS[kind](**body)
            return said
        if "field" in body:
            return Rejected(body["sentence"], body["code"], body["field"])
        return StorageFailed() if body["code"] == "storage_failed" else EngineFailed(body["sentence"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a report: {line[:200]!r}") from error


def _line(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body).encode() + b"\n"
