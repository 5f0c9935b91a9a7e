"""Everything a person has here, to take away: archives of songs in parts, each of which another Duplet imports alone.

A part is a ZIP archive with a folder for each song, as `everything` makes it, and library.json:

    {"format": "duplet-library", "version": 1, "part": int, "parts": int, "site": str, "exported_at": ISO 8601,
     "songs": {UUID: {"folder", "favourite", "notes", "visibility", "shows_words", "shows_prompt", "allows_download",
                      "tags": [str ...], "in_trash": bool,
                      "given": {role: what was heard in a recording, as `origins.Origin`}}},
     "requests": [{"id", "prompt", "lyrics", "status", "created_at"}]   of songs without a take, in the first part
     "playlists": [{"id", "name", "description", "songs": [UUID ...]}],  all of them, in every part
     "presets": [{"name", "fields"}], "profile": {"name", "handle", "about"},
     "recordings": see `sound_archive`}

Behind the songs come the recordings that they were made from, and in the first part the person's picture.

Passwords, keys, second factors and credits are not in it: they belong to this site.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Sum
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from generator import zipped
from generator.zipped import Entry, entry
from studio.accounts.models import User
from studio.songs import everything, media, sound_archive, sounds
from studio.songs.models import OPENS, Generation, Version
from studio.songs.presets import Preset
from studio.songs.profiles import Profile
from studio.songs.shelves import Playlist
from studio.songs.views import PersonRequest

FORMAT, FORMAT_VERSION, NAME = "duplet-library", 1, "library.json"
PICTURE = "picture.webp"
"""Of the person themselves."""
MOST_SONGS = 100
"""In one part: what is around the sound is held while it is sent."""
PART_BYTES = 200 * 1024 * 1024
"""About how large a part may be, unless it is one song: so that another site takes it in one upload."""


@dataclass(frozen=True, slots=True)
class Part:
    """Songs and recordings that go into one archive. `size`: about its bytes, those of takes and recordings."""

    number: int
    songs: list[uuid.UUID]
    recordings: list[uuid.UUID]
    size: int


@login_required
@require_safe
def page(request: PersonRequest) -> HttpResponse:
    """What there is to take away, and the way in for what was taken away elsewhere."""
    found = list(parts(request.user))
    context = {"parts": found, "songs": sum(len(part.songs) for part in found), "largest": settings.LIMIT_IMPORT}
    return render(request, "account/export.html", context)


@login_required
@require_safe
def part(request: PersonRequest, number: int) -> HttpResponseBase:
    """One part, written while it is sent. An account without songs has one part all the same."""
    found = list(parts(request.user))
    chosen = next((part for part in found if part.number == number), None)
    if chosen is None:
        raise Http404("There is no such part.")
    entries = packed(request.user, chosen, len(found))
    answer: HttpResponseBase
    if request.method == "HEAD":
        answer = HttpResponse()
    else:
        answer = StreamingHttpResponse(zipped.archive(entries, timezone.now()))
    answer["Content-Length"] = str(zipped.size(entries))
    day = timezone.now().date().isoformat()
    name = _("%(site)s library %(day)s") % {"site": settings.SITE_NAME, "day": day}
    return media.saved(answer, "application/zip", f"{name} ({number}).zip" if len(found) > 1 else f"{name}.zip")


def parts(user: User) -> Iterator[Part]:
    """How a person's songs are divided, oldest first; at least one part, which may be empty."""
    rows = _saved(user).annotate(bytes=Sum("versions__size")).order_by("created_at", "pk")
    kept = sounds.of(user).order_by("created_at", "pk")
    part = Part(1, [], [], 0)
    for pk, more in rows.values_list("pk", "bytes"):
        if part.songs and (len(part.songs) == MOST_SONGS or part.size + more > PART_BYTES):
            yield part
            part = Part(part.number + 1, [], [], 0)
        part.songs.append(pk)
        part = replace(part, size=part.size + more)
    for pk, more in kept.values_list("pk", "size"):
        if part.size and part.size + more > PART_BYTES:
            yield part
            part = Part(part.number + 1, [], [], 0)
        part.recordings.append(pk)
        part = replace(part, size=part.size + more)
    yield part


def packed(user: User, part: Part, of: int) -> list[Entry]:
    """The entries of one part of `of`."""
    rows = Generation.objects.select_related("owner").prefetch_related("versions__sections", "tags")
    found = rows.in_bulk(part.songs)
    songs = [found[pk] for pk in part.songs if pk in found]
    entries: list[Entry] = []
    told: dict[str, Any] = {}
    for count, song in enumerate(songs, 1):
        folder = f"songs/{count:03} "
        mine = everything.entries(song)
        entries += [Entry(f"{folder}{each.name}", each.size, each.read) for each in mine]
        told[str(song.pk)] = {
            "folder": folder + mine[0].name.partition("/")[0],
            "favourite": song.is_favourite,
            "notes": song.notes,
            "given": song.given,
            "visibility": song.visibility,
            **{name: getattr(song, name) for name in OPENS},
            "tags": [tag.name for tag in song.tags.all()],
            "in_trash": song.trashed_at is not None,
        }
    recordings = list(sounds.of(user).filter(pk__in=part.recordings))
    entries += sound_archive.entries(recordings)
    if user.picture and part.number == 1:
        entries.append(everything.stored(PICTURE, user.picture))
    about = _library(user, part.number, of, told) | {"recordings": sound_archive.told(recordings)}
    return [entry(NAME, _written(about)), *entries]


def _library(user: User, number: int, of: int, songs: dict[str, Any]) -> dict[str, Any]:
    profile = Profile.objects.filter(owner=user).first()
    facts: dict[str, Any] = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "part": number,
        "parts": of,
        "site": settings.PUBLIC_URL,
        "exported_at": timezone.now().astimezone(UTC).isoformat(timespec="seconds"),
        "songs": songs,
        "playlists": [
            {
                "id": str(playlist.pk),
                "name": playlist.name,
                "description": playlist.description,
                "songs": [str(place.generation_id) for place in playlist.entries.all()],
            }
            for playlist in Playlist.objects.filter(owner=user).prefetch_related("entries")
        ],
        "presets": list(Preset.objects.filter(owner=user).values("name", "fields")),
        "profile": {
            "name": user.name,
            "handle": profile.handle if profile else "",
            "about": profile.about if profile else "",
        },
    }
    if number == 1:
        facts["requests"] = [
            {**row, "id": str(row["id"]), "created_at": row["created_at"].astimezone(UTC).isoformat(timespec="seconds")}
            for row in Generation.objects.filter(owner=user)
            .exclude(pk__in=_saved(user).values("pk"))
            .values("id", "prompt", "lyrics", "status", "created_at")
        ]
    return facts


def _written(facts: dict[str, Any]) -> bytes:
    return json.dumps(facts, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"


def _saved(user: User) -> Any:
    """Songs with a stored take, those in the trash among them."""
    return Generation.objects.filter(owner=user, versions__state=Version.State.STORED).distinct()
