"""A song in one JSON body: the answer of the synchronous endpoint and that of the status endpoint."""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import AsyncGenerator
from typing import Any

from django.http import StreamingHttpResponse

from studio.api.stream import DELETED, heard
from studio.live import journal
from studio.songs import addresses
from studio.songs.models import FINAL, Generation, Section, Status, Version

Body = dict[str, Any]


def synchronous(generation_id: uuid.UUID) -> StreamingHttpResponse:
    """The song once it is made. Waiting costs no thread; a space now and then keeps proxies from giving up."""
    return StreamingHttpResponse(_when_over(generation_id), content_type="application/json")


def result(row: Generation) -> Body:
    """The document's synchronous answer for a song that is over, and what it cost where songs cost something.

    Addresses of sound come first: some programs take the first address they find. A song of which no take came is
    told as a failure, with status 200, because it was accepted: nothing may ask for it again by itself.
    """
    if row.status not in (Status.COMPLETED, Status.PARTIAL):
        message = "This song was cancelled." if row.status == Status.CANCELLED else "This song could not be made."
        return {"success": False, "message": message, **_fault(row), "message_id": str(row.pk), **_price(row)}
    return {**_song(row), **_fault(row), **_price(row)}


def status(row: Generation) -> Body:
    """The song as it stands now. What is not stored has no address here: programs stop at the first one they see."""
    return {
        **_song(row),
        "status": row.status,
        "progress": row.progress,
        "isComplete": row.is_final,
        "versions": [_version(row, version) for version in row.versions.all()],
        "credits_charged": row.credits_charged,
        **_fault(row),
    }


def _song(row: Generation) -> Body:
    addressed = [_audio(row, version) for version in row.versions.all()]
    return {
        "message_id": str(row.pk),
        "audio_data": [{"audio_url": address, "song_name": row.name} for address in addressed if address],
        "album_art": addresses.whole(addresses.bare_cover(row)),
        "song_name": row.name,
    }


def _version(row: Generation, version: Version) -> Body:
    body: Body = {"version": version.number, "status": _version_status(row, version)}
    if address := _audio(row, version):
        body["audio_url"] = address
    if version.is_finished:
        body["lyrics_sections"] = [_section(section) for section in version.sections.all()]
    return body


def _version_status(row: Generation, version: Version) -> str:
    """One of the words that whole songs have."""
    if version.state == Version.State.STORED:
        return str(Status.COMPLETED)
    if version.state == Version.State.FAILED or row.status in FINAL:
        return str(Status.CANCELLED if row.status == Status.CANCELLED else Status.FAILED)
    return row.status


def _section(section: Section) -> Body:
    return {
        "section_type": section.kind,
        "start": section.start_ms,
        "end": section.end_ms,
        "lines": section.lines,
    }


def _fault(row: Generation) -> Body:
    """Why takes are missing; nothing where none are."""
    return {"error": row.error, "error_code": row.error_code} if row.error_code else {}


def _price(row: Generation) -> Body:
    return {"credits_charged": row.credits_charged} if row.cost else {}


def _audio(row: Generation, version: Version) -> str:
    """Where the stored take plays; empty where it does not, as for a song in the trash."""
    plays = version.state == Version.State.STORED and row.trashed_at is None
    return addresses.whole(addresses.stream(version)) if plays else ""


async def _when_over(generation_id: uuid.UUID) -> AsyncGenerator[bytes]:
    async with contextlib.aclosing(heard(generation_id)) as messages:
        async for message in messages:
            if message is None:
                yield b" "
    body = await journal.reader.run(_result_of, generation_id)
    yield json.dumps(body).encode("ascii")


def _result_of(generation_id: uuid.UUID) -> Body:
    row = Generation.objects.filter(pk=generation_id).prefetch_related("versions").first()
    if row is None:
        return {
            "success": False,
            "message": "This song could not be made.",
            "error": DELETED,
            "error_code": "cancelled",
            "message_id": str(generation_id),
        }
    return result(row)
