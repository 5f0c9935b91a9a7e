"""What the owner of a song may save of it beside the stored sound: its words, WAV, and everything as one archive."""

from __future__ import annotations

import asyncio
import threading
import uuid
import weakref
from collections import Counter
from collections.abc import AsyncGenerator
from pathlib import Path

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from generator import child, wav, zipped
from studio.accounts.models import User
from studio.songs import addresses, everything, filenames, library, media, sheets, tagged
from studio.songs.models import Version
from studio.songs.views import PersonRequest

EACH, ALL = 2, 6
"""WAV files that one person may be given at once, and everybody together, by each process: a file that is decoded
takes a process and some 60 MB for as long as its reader takes."""
AGAIN_SECONDS = 15
"""Retry-After of who has to wait."""


class Turns:
    """Who is being given how many files just now."""

    def __init__(self) -> None:
        self._lock, self._held = threading.Lock(), Counter[int]()

    def take(self, person: int) -> bool:
        """One more for this person, if there may be."""
        with self._lock:
            if self._held[person] >= EACH or self._held.total() >= ALL:
                return False
            self._held[person] += 1
            return True

    def give_back(self, person: int) -> None:
        """One less."""
        with self._lock:
            self._held[person] -= 1
            if not self._held[person]:
                del self._held[person]


turns = Turns()


class Sound:
    """The body of a WAV answer. Whoever ends the answer closes it, also where nobody has begun to read it."""

    def __init__(self, decoding: wav.Decoding, person: int) -> None:
        """Has `decoding` and a turn of `person`, and gives back both."""
        self._decoding = decoding
        self.close = weakref.finalize(self, _ended, decoding, person)
        """Ends the decoder; more than once if you like."""

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        try:
            while piece := await asyncio.to_thread(self._decoding.read, media.PIECE):
                yield piece
        finally:
            await asyncio.to_thread(self.close)


def _ended(decoding: wav.Decoding, person: int) -> None:
    decoding.close()
    turns.give_back(person)


@login_required
@require_safe
def words(request: PersonRequest, pk: uuid.UUID, number: int, ending: str) -> HttpResponseBase:
    """A take's words as LRC, WebVTT or plain text. `?words=1` gives LRC the time of every word as well."""
    version = library.stored_take(request.user, pk, number)
    listed = sheets.parts(version)
    if not listed:
        raise Http404("No words are sung in this take.")
    by_word = ending == "lrc" and "words" in request.GET
    title, letter = version.generation.name, version.letter
    name = filenames.by_word_name(title, letter) if by_word else filenames.take_name(title, letter, ending)
    return media.saved(
        HttpResponse(sheets.written(version, listed, ending, by_word=by_word)), sheets.KINDS[ending], name
    )


@login_required
@require_safe
async def take_wav(request: HttpRequest, pk: uuid.UUID, number: int) -> HttpResponseBase:
    """A take as WAV, decoded while it is sent. One that is kept as WAV is given as it is."""
    user = await request.auser()
    assert isinstance(user, User)
    version = await sync_to_async(library.stored_take)(user, pk, number)
    song = version.generation
    if version.ending == "wav":
        return redirect(f"{addresses.audio(song, version)}?download=1")
    if not turns.take(user.pk):
        page = await sync_to_async(render)(request, "busy.html", {"back": addresses.song(song)}, status=429)
        page["Retry-After"], page["Cache-Control"] = str(AGAIN_SECONDS), "no-store"
        return page
    try:
        artist = await sync_to_async(tagged.artist)(song)
        decoding = await asyncio.to_thread(wav.Decoding, Path(version.audio.path), title=song.name, artist=artist)
    except child.UnfitError:
        turns.give_back(user.pk)
        raise Http404("This take cannot be decoded.") from None
    except BaseException:
        turns.give_back(user.pk)
        raise
    sound = Sound(decoding, user.pk)
    response: HttpResponseBase
    if request.method == "HEAD":
        await asyncio.to_thread(sound.close)
        response = HttpResponse()
    else:
        response = StreamingHttpResponse(sound)
    response["Content-Length"] = str(decoding.size)
    return media.saved(response, media.SOUNDS["wav"], filenames.take_name(song.name, version.letter, "wav"))


@login_required
@require_safe
def whole(request: PersonRequest, pk: uuid.UUID) -> HttpResponseBase:
    """All that belongs to a finished song, as one archive."""
    song = library.owned(request.user, pk)
    if not song.is_final or not any(version.state == Version.State.STORED for version in song.versions.all()):
        raise Http404("There is nothing to save yet.")
    entries = everything.entries(song)
    size = zipped.size(entries)
    response: HttpResponseBase
    if request.method == "HEAD":
        response = HttpResponse()
    else:
        response = StreamingHttpResponse(zipped.archive(entries, song.created_at))
    response["Content-Length"] = str(size)
    return media.saved(response, "application/zip", filenames.whole_name(song.name))
