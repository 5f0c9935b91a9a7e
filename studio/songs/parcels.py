"""Several songs in one archive: chosen in a list, sent as it is written."""

from __future__ import annotations

import secrets
import uuid
from collections import Counter
from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from generator import zipped
from generator.zipped import Entry
from studio.songs import everything, keeping, media
from studio.songs.models import Generation, Version
from studio.songs.views import PersonRequest

MOST_SONGS = 100
"""In one archive: what is around the sound is held while it is sent."""
KEPT = 3


def packed(request: PersonRequest, ids: Sequence[uuid.UUID]) -> HttpResponse:
    """Where an archive of these songs is fetched from. Raises `RefusedError` where it would be too large or empty."""
    if len(ids) > MOST_SONGS:
        raise keeping.RefusedError(_("Up to %(most)s songs fit into one archive. Select fewer.") % {"most": MOST_SONGS})
    if not _songs(request, ids):
        raise keeping.RefusedError(_("None of these songs has a saved take yet."))
    kept: dict[str, list[str]] = request.session.get("parcels", {})
    token = secrets.token_urlsafe(8)
    request.session["parcels"] = {**dict(list(kept.items())[1 - KEPT :]), token: [pk.hex for pk in ids]}
    address = reverse("parcel", args=[token])
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})  # to the browser itself: the page stays as it is
    return HttpResponse(status=303, headers={"Location": address})


@login_required
@require_safe
def parcel(request: PersonRequest, token: str) -> HttpResponseBase:
    """An archive that was asked for in this session: a folder for each song."""
    chosen = request.session.get("parcels", {}).get(token)
    songs = _songs(request, [uuid.UUID(pk) for pk in chosen]) if chosen else []
    if not songs:
        raise Http404("There is nothing to save.")
    found: list[Entry] = []
    folders: Counter[str] = Counter()
    for song in songs:
        entries = everything.entries(song)
        folder = entries[0].name.partition("/")[0]
        folders[folder.casefold()] += 1
        again = folders[folder.casefold()]
        apart = f"{folder} ({again})" if again > 1 else folder
        found += [Entry(f"{apart}/{each.name.partition('/')[2]}", each.size, each.read) for each in entries]
    try:
        size = zipped.size(found)
    except ValueError:
        messages.error(request, _("These songs are too large for one archive. Select fewer."))
        return redirect("library")
    answer: HttpResponseBase
    if request.method == "HEAD":
        answer = HttpResponse()
    else:
        answer = StreamingHttpResponse(zipped.archive(found, timezone.now()))
    answer["Content-Length"] = str(size)
    return media.saved(answer, "application/zip", _("Songs") + ".zip")


def _songs(request: PersonRequest, ids: Sequence[uuid.UUID]) -> list[Generation]:
    """Those of the songs that are this person's and have a stored take, in their order."""
    rows = Generation.objects.filter(owner=request.user, versions__state=Version.State.STORED)
    found = rows.select_related("owner").prefetch_related("versions__sections").distinct().in_bulk(list(ids))
    return [found[pk] for pk in ids if pk in found and found[pk].is_final]
