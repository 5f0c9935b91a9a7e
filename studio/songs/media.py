"""Sound and pictures over HTTP: stored takes by byte ranges, growing takes as they come, covers.

Daphne writes an answer without asking whether anybody reads it, so no answer with a range carries more than 1 MiB:
players ask on for the rest. A whole file without a range is sent in one piece (a take is a few megabytes).
"""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import BinaryIO

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.files.storage import Storage
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.crypto import constant_time_compare
from django.utils.http import content_disposition_header, quote_etag
from django.views.decorators.http import require_safe

from studio.songs import covers, filenames, generations, library, prints
from studio.songs.models import Generation, Version
from studio.songs.tagged import tagged
from studio.songs.views import PersonRequest

LARGEST_ANSWER = 1024 * 1024
"""Bytes an answer to a range request may carry at most."""
PIECE = 64 * 1024
PICTURES = {"webp": "image/webp", "png": "image/png", "jpg": "image/jpeg"}
SOUNDS = {"mp3": "audio/mpeg", "wav": "audio/wav", "flac": "audio/flac", "ogg": "audio/ogg"}
"""Types by the endings under which we keep files: what a host said of them plays no part."""
NO_TYPE = "application/octet-stream"
RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)
LOCKED = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
TAIL_SECONDS = 0.1
"""How often a growing take is looked at again."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Who a file is for: who may keep it, and on whose pages it may stand."""

    cache: str
    origins: str

    @property
    def headers(self) -> dict[str, str]:
        """What says so to caches and browsers."""
        return {**LOCKED, "Cache-Control": self.cache, "Cross-Origin-Resource-Policy": self.origins}


OWNER = Reach("private, no-store", "same-origin")
HOLDER = Reach("private, no-store", "cross-origin")
"""Whoever was given an address that nobody can guess, also on a page of their own."""
OWNER_AGAIN = Reach("private, no-cache", "same-origin")
"""For pictures of lists: shown again once the site has said that they are still the same, and still theirs."""
EVERYBODY = Reach("public, max-age=0, must-revalidate", "cross-origin")
"""Asked for again each time: a song may be shared no longer."""


@login_required
@require_safe
def take_audio(request: PersonRequest, pk: uuid.UUID, number: int) -> HttpResponseBase:
    """One stored take, for its owner; `?download=1` saves it under the song's name."""
    song = library.owned(request.user, pk)
    generations.seen(song)
    return audio_response(request, song, number, OWNER)


@login_required
@require_safe
def cover(request: PersonRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The song's cover, for its owner."""
    return cover_response(request, library.owned(request.user, pk), OWNER_AGAIN)


@require_safe
def bare_cover(request: HttpRequest, pk: uuid.UUID, key: str) -> HttpResponseBase:
    """The song's cover, for whoever holds its address."""
    generation = Generation.objects.filter(pk=pk, trashed_at=None).first()
    if generation is None or not constant_time_compare(generation.art_key, key):
        raise Http404("There is no such cover.")
    return cover_response(request, generation, HOLDER)


async def stream(request: HttpRequest, key: str) -> HttpResponseBase:
    """A take while it is being made, from its beginning and on to its end; once it is stored, the stored file.

    Works without signing in: whoever holds the address may hear the one take it belongs to.
    """
    version = await Version.objects.select_related("generation").filter(stream_key=key).afirst()
    if version is None or version.generation.trashed_at is not None:
        raise Http404("There is no such take.")
    if version.state == Version.State.STORED:
        return await sync_to_async(audio_response)(request, version.generation, version.number, HOLDER)
    if version.state != Version.State.PLAYABLE or version.generation.is_final:
        raise Http404("This take cannot be heard.")
    headers = {**HOLDER.headers, "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(grow(version), content_type=SOUNDS["mp3"], headers=headers)


async def grow(version: Version) -> AsyncIterator[bytes]:
    """The bytes of a take that is still being written; ends when its row says that nothing more will come."""
    offset = 0
    growing = Version.objects.filter(pk=version.pk, state=Version.State.PLAYABLE)
    fence = version.generation.lease_fence
    while True:
        lasts = await growing.values_list("generation__lease_fence", flat=True).afirst()
        fence = fence if lasts is None else lasts  # taken over: the same sound grows anew in another folder
        path = early_path(version, fence)
        while piece := await asyncio.to_thread(_read_at, path, offset):
            offset += len(piece)
            yield piece
        if lasts is None:
            return
        await asyncio.sleep(TAIL_SECONDS)


def audio_response(
    request: HttpRequest, generation: Generation, number: int, reach: Reach, *, has_words: bool = True
) -> HttpResponseBase:
    """The stored audio of one version, or 404 while there is none.

    It is played as it lies there. An MP3 that is saved (`?download=1`), or whose words are not for whoever hears it
    (`has_words` False), carries a tag of now instead of its own.
    """
    version = next((v for v in generation.versions.all() if v.number == number), None)
    if version is None or version.state != Version.State.STORED:
        raise Http404("This take is not there.")
    name = filenames.take_name(generation.name, version.letter, version.ending)
    is_saved = "download" in request.GET
    storage, stored = version.audio.storage, str(version.audio.name)
    if version.ending == "mp3" and (is_saved or not has_words):
        version.generation = generation
        made = tagged(version, has_words=has_words)
        response = ranged(request, storage, stored, size=made.size, etag=made.etag, head=made.tag, skip=made.first)
    else:
        response = ranged(request, storage, stored, size=version.size, etag=version.sha256)
    response["Content-Type"] = SOUNDS.get(version.ending, NO_TYPE)
    response["Content-Disposition"] = content_disposition_header(is_saved, name) or "inline"
    _say(response, reach.headers)
    return response


def ranged(
    request: HttpRequest, storage: Storage, name: str, *, size: int, etag: str, head: bytes = b"", skip: int = 0
) -> HttpResponseBase:
    """A stored file by RFC 9110: 200 whole, 206 for one range (at most 1 MiB), 304 if known, 416 beyond its end.

    `head` is put in front of what remains of the file without its first `skip` bytes; `size` is that of the whole.
    Several ranges at once, malformed ones, and a range whose `If-Range` no longer holds are answered with the whole.
    """
    tag = quote_etag(etag)
    headers = {**LOCKED, "Accept-Ranges": "bytes", "ETag": tag}
    known = {part.strip().removeprefix("W/") for part in request.headers.get("If-None-Match", "").split(",")}
    if tag in known or "*" in known:
        return HttpResponse(status=304, headers=headers)
    first, last, status = 0, size - 1, 200
    asked = RANGE.fullmatch(request.headers.get("Range", "").strip())
    if asked and request.method == "GET" and request.headers.get("If-Range", tag) == tag and any(asked.groups()):
        begin, end = asked.groups()
        first, last = (int(begin), min(int(end or size), size - 1)) if begin else (max(0, size - int(end)), size - 1)
        if begin and end and int(end) < int(begin):
            first, last = 0, size - 1
        elif first >= size or (not begin and int(end) == 0):
            return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
        else:
            status, last = 206, min(last, first + LARGEST_ANSWER - 1)
            headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    headers["Content-Length"] = str(last - first + 1)
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    begins = head[first : last + 1]
    begin = max(first, len(head)) - len(head) + skip
    body = behind(begins, pieces(storage, name, begin, last - first + 1 - len(begins)))
    return StreamingHttpResponse(body, status=status, headers=headers)


def cover_response(request: HttpRequest, generation: Generation, reach: Reach) -> HttpResponseBase:
    """The artwork if it has come, else our own print. Its address changes when the picture does.

    `?w=` asks for it in one of the widths of `generator.thumbnails`, in pixels; another is answered with the whole.
    """
    if generation.album_art:
        return picture_response(request, generation.album_art, generation.pk.hex, reach)
    svg = prints.draw(generation.seed, generation.inks)
    response = HttpResponse(svg, content_type="image/svg+xml")
    locked = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    _say(response, {**reach.headers, "Content-Security-Policy": locked})
    return response


def picture_response(request: HttpRequest, picture: FieldFile, tag: str, reach: Reach) -> HttpResponseBase:
    """A kept picture, in the width that `?w=` asks for if it is one of ours. `tag` names what it is a picture of."""
    storage, name = picture.storage, str(picture.name)
    if width := covers.WIDTHS.get(request.GET.get("w", "")):
        name = covers.kept(storage, name, width)
    size = storage.size(name)
    response = ranged(request, storage, name, size=size, etag=f"{tag}-{name.rpartition('/')[2]}-{size}")
    response["Content-Type"] = PICTURES.get(name.rpartition(".")[2], NO_TYPE)
    _say(response, reach.headers)
    return response


def saved(response: HttpResponseBase, kind: str, name: str) -> HttpResponseBase:
    """`response` as a file of this type that its owner's browser saves under this name."""
    response["Content-Type"] = kind
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    _say(response, OWNER.headers)
    return response


def _say(response: HttpResponseBase, headers: dict[str, str]) -> None:
    for name, value in headers.items():
        response[name] = value


def early_path(version: Version, fence: int) -> str:
    """Where the growing audio of a version lies while the lease with this fence lasts."""
    return str(settings.EARLY_DIR / str(version.generation_id) / str(fence) / f"{version.number}.mp3")


async def behind(head: bytes, file: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """A head, then a file."""
    async with aclosing(file):
        if head:
            yield head
        async for piece in file:
            yield piece


async def pieces(storage: Storage, name: str, first: int, length: int) -> AsyncGenerator[bytes]:
    """`length` bytes of a stored file from `first` on, a little at a time."""
    file = await asyncio.to_thread(_open_at, storage, name, first)
    try:
        while length > 0 and (piece := await asyncio.to_thread(file.read, min(PIECE, length))):
            length -= len(piece)
            yield piece
    finally:
        await asyncio.to_thread(file.close)


def _open_at(storage: Storage, name: str, first: int) -> BinaryIO:
    file: BinaryIO = storage.open(name)  # type: ignore[assignment]  # Django's File is a binary file in all but its base
    file.seek(first)
    return file


def _read_at(path: str, offset: int) -> bytes:
    try:
        with open(path, "rb") as file:  # noqa: PTH123  a hot path: no Path object for each look
            file.seek(offset)
            return file.read(PIECE)
    except FileNotFoundError:
        return b""
