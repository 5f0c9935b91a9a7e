"""What one upstream event changes in the rows of its generation. Pure bookkeeping: the journal opens the transaction.

Every promise is applied once: told again (after a restart, by a host that repeats itself) it changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from django.utils import timezone

from generator.protocol import events as v6
from generator.protocol import lyrics
from generator.protocol.text import one_line
from studio.accounts import ledger
from studio.songs import origins, ready_mail
from studio.songs.models import Generation, Section, Status, Version

MOST_FACTS = 20
LONGEST_FACT = 400
"""What is told of a take's making: our own engine's longest sentence has about 200 characters."""
Kind = Literal["validated", "playable", "stored", "finished", "failed"]


@dataclass(frozen=True, slots=True)
class Stored:
    """A version's audio as it lies in storage."""

    name: str
    size: int
    sha256: str
    duration_ms: int
    peaks: tuple[int, ...]
    midi: str = ""
    """The name of its notes in storage, where there are any."""


def apply(row: Generation, versions: Mapping[int, Version], event: v6.Event, stored: Stored | None) -> Kind | None:
    """Change `row` and `versions` (and save the versions) by `event`; which promise that is, None if it is none.

    `stored` belongs to an `AudioReady`: a version counts as saved only with its file.
    """
    match event:
        case v6.Validated():
            return _validated(row, event)
        case v6.StreamReady():
            row.title = row.title or clean(event.song_name, 200)  # some hosts name a song late
            return _playable(versions[event.version])
        case v6.AudioReady() if event.version is not None and stored is not None:
            row.title = row.title or clean(event.song_name, 200)
            return _stored(row, versions[event.version], stored)
        case v6.Finished():
            return _finished(row, versions, event)
        case v6.Failed():
            return _failed(row, versions, event)
        case _:
            return None


def clean(text: object, limit: int) -> str:
    """A host's words as one line of at most `limit` characters that reorders nothing around it."""
    return one_line(text, limit)


def _validated(row: Generation, event: v6.Validated) -> Kind | None:
    if row.accepted_at:
        return None
    row.accepted_at = timezone.now()
    row.upstream_message_id = clean(event.message_id, 200)
    row.title = row.title or clean(event.song_name, 200)
    inks = event.extra.get("inks")
    if isinstance(inks, int) and 1 <= inks <= 6:
        row.inks = inks
    row.given = origins.with_heard(row, event.extra.get("heard"))
    return "validated"


def _playable(version: Version) -> Kind | None:
    if version.state != Version.State.WAITING:
        return None
    version.state = Version.State.PLAYABLE
    version.save(update_fields=["state"])
    return "playable"


def _stored(row: Generation, version: Version, stored: Stored) -> Kind | None:
    if version.state == Version.State.STORED:
        return None
    ledger.capture(row.pk)  # the first take that is there is what the credit was reserved for
    version.state = Version.State.STORED
    version.audio.name, version.midi.name = stored.name, stored.midi
    version.size, version.sha256 = stored.size, stored.sha256
    version.duration_ms, version.peaks = stored.duration_ms, list(stored.peaks)
    version.save()
    return "stored"


def _finished(row: Generation, versions: Mapping[int, Version], event: v6.Finished) -> Kind | None:
    version = versions[event.version]
    if version.is_finished or version.state != Version.State.STORED:
        return None
    version.is_finished = True
    version.understood = _understood(event.extra.get("understood"))
    version.save(update_fields=["is_finished", "understood"])
    version.sections.all().delete()
    Section.objects.bulk_create(_sections(version, lyrics.fitted(event.lyrics_sections, version.duration_ms)))
    if all(v.is_finished for v in versions.values()):
        _end(row, Status.COMPLETED)
    return "finished"


def _failed(row: Generation, versions: Mapping[int, Version], event: v6.Failed) -> Kind | None:
    saved = [v for v in versions.values() if v.state == Version.State.STORED]
    for version in versions.values():
        if version not in saved:
            version.state = Version.State.FAILED
            version.save(update_fields=["state"])
    row.error_code = clean(event.extra.get("error_code"), 32)
    row.error = clean(event.error, 300)
    if len(saved) == len(versions):
        _end(row, Status.COMPLETED)  # both takes are here: what broke afterwards cost nobody anything
        row.error_code = row.error = ""
    elif saved:
        _end(row, Status.PARTIAL)
    else:
        _end(row, Status.CANCELLED if row.error_code == "cancelled" else Status.FAILED)
        ledger.release(row.pk)
    return "failed"


def _end(row: Generation, status: Status) -> None:
    row.status = status
    row.finished_at = timezone.now()
    row.progress = 100 if status == Status.COMPLETED else row.progress
    row.lease_owner, row.lease_until, row.retry_at = "", None, None
    if status in (Status.COMPLETED, Status.PARTIAL):
        ready_mail.due(row)


def _sections(version: Version, sections: Sequence[v6.SectionTime]) -> list[Section]:
    return [
        Section(
            version=version,
            position=position,
            kind=clean(section["section_type"], 40),
            start_ms=section["start"],
            end_ms=section["end"],
            lines=list(section["lines"]),
        )
        for position, section in enumerate(sections)
    ]


def _understood(told: object) -> dict[str, Any]:
    if not isinstance(told, Mapping):
        return {}
    facts = islice(told.items(), MOST_FACTS)
    return {clean(k, 40): v if isinstance(v, int) else clean(v, LONGEST_FACT) for k, v in facts}
