"""Pages for people without an account: one song, as its owner shares it. A private song is 404 in every part."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from studio.accounts.people import display_name
from studio.songs import addresses, library, media, state
from studio.songs.models import Generation, Version, Visibility
from studio.songs.views import takes


@require_safe
def page(request: HttpRequest, share_id: str) -> HttpResponse:
    """The song, rendered whole on the server; the same for people and for programs that preview links."""
    generation = library.shared(share_id)
    item = state.shown(generation)
    stored = [version for version in item.versions if version.state == Version.State.STORED]
    unlisted = generation.visibility == Visibility.UNLISTED
    sound = {v.number: addresses.shared_audio(generation, v) for v in stored}
    takes_here = [replace(take, src=sound.get(take.number, ""), whole=take.number in sound) for take in item.card.takes]
    context = {
        "item": item,
        "shared_takes": json.dumps([asdict(take) for take in takes_here]),
        "page_path": addresses.shared(generation),
        "takes": takes(item, audio=sound),
        "artist": display_name(generation.owner),
        "page_url": addresses.whole(addresses.shared(generation)),
        "cover": addresses.shared_cover(generation),
        "cover_url": addresses.whole(addresses.shared_cover(generation)),
        "audio_url": addresses.whole(addresses.shared_audio(generation, stored[0])) if stored else "",
        "audio_type": media.SOUNDS.get(stored[0].ending, media.NO_TYPE) if stored else "",
        "description": _description(generation, stored),
        "noindex": unlisted,
    }
    response = render(request, "shared.html", context)
    response["Cache-Control"] = "no-cache"
    if unlisted:
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
def cover(request: HttpRequest, share_id: str) -> HttpResponseBase:
    """The shared song's cover."""
    return media.cover_response(request, library.shared(share_id), media.EVERYBODY)


@require_safe
def take_audio(request: HttpRequest, share_id: str, number: int) -> HttpResponseBase:
    """One take of the shared song."""
    return media.audio_response(request, library.shared(share_id), number, media.EVERYBODY)


def _description(generation: Generation, stored: list[Version]) -> str:
    """At most 160 characters: the length and the first words."""
    seconds = stored[0].duration_ms // 1000 if stored else 0
    length = f"{seconds // 60}:{seconds % 60:02}. " if stored else ""
    words = next((line["text"] for v in stored for s in v.sections.all() for line in s.lines), generation.prompt)
    text = f"{length}{words}"
    return text if len(text) <= 160 else f"{text[:159].rstrip()}…"
