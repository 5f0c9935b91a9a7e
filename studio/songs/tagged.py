"""What a take says of itself when it is saved: its song's title, artist, cover and words as they are at that moment.

The tag comes from rows and is put in front of the stored sound while that is sent; whatever tags the file had are left
out. So songs of other hosts carry the same as those of our own engine.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings

from generator import id3
from generator.protocol.events import SectionTime
from studio.songs import pictures
from studio.songs.models import Generation, Version

FASTEST = 400
"""Beats a minute; what a host says beyond that is no tempo."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """An MP3 as it is saved: the tag, then a piece of the stored file."""

    tag: bytes
    first: int
    """Where the sound begins in the stored file, in bytes."""
    last: int
    """One behind its last byte."""
    etag: str
    """Another one when the tag or the sound is another."""

    @property
    def size(self) -> int:
        """Bytes of the whole."""
        return len(self.tag) + self.last - self.first


def tagged(version: Version, *, has_words: bool = True) -> Tagged:
    """The stored MP3 of `version` with a tag of now; `has_words` False leaves the words out. Raises OSError."""
    tag = _tag(version, has_words=has_words)
    file: BinaryIO
    with version.audio.storage.open(str(version.audio.name)) as file:  # type: ignore[assignment]  # Django's File is one
        first, last = id3.sound(file, version.size)
    return Tagged(tag, first, last, f"{version.sha256[:32]}-{hashlib.sha256(tag).hexdigest()[:32]}")


def artist(generation: Generation) -> str:
    """Who a file says a song is by: its owner's chosen name, or this site's where there is none."""
    return generation.owner.name or settings.SITE_NAME


def sections(version: Version) -> list[SectionTime]:
    """The parts of a take in the words of the protocol."""
    return [
        {"section_type": row.kind, "start": row.start_ms, "end": row.end_ms, "lines": row.lines}  # type: ignore[typeddict-item]  # rows hold what `read_sections` gave
        for row in version.sections.all()
    ]


def _tag(version: Version, *, has_words: bool) -> bytes:
    song, facts = version.generation, version.understood
    is_ours = bool(version.midi)
    tempo = facts.get("tempo")
    return id3.tag(
        title=song.name,
        artist=artist(song),
        album=song.name,
        track=f"{version.number}/2",
        subtitle=f"Take {version.letter}",
        genre=str(facts.get("style") or "").capitalize(),
        bpm=tempo if isinstance(tempo, int) and 0 < tempo <= FASTEST else 0,
        year=song.created_at.year,
        duration_ms=version.duration_ms,
        cover=pictures.small(song),
        software=id3.SOFTWARE if is_ours else "",
        language="eng" if is_ours else "und",
        sections=sections(version) if has_words else [],
    )
