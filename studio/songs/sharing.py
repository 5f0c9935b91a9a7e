"""Pages for people without an account: one song, as its owner shares it. A private song is 404 in every part."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from studio.songs import addresses, links, media, posters, state
from studio.songs.links import Shared
from studio.songs.preview import POSTER, Preview
from studio.songs.views import takes

View = Callable[..., HttpResponseBase]
PLAYER = {"width": 480, "height": 180}
"""CSS pixels of a player in a card."""


def gone_kindly(view: View) -> View:
    """Where the operator ended a song's sharing, say so instead of not knowing it."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except links.TakenDown:
            return render(request, "taken_down.html", status=410)

    return answer


@require_safe
@gone_kindly
def page(request: HttpRequest, share_id: str) -> HttpResponse:
    """The song, rendered whole on the server; the same for people and for programs that preview links."""
    found = links.shared(share_id)
    context = {**seen(found), "poster_width": POSTER[0], "poster_height": POSTER[1], "frame": PLAYER}
    return kept_close(render(request, "shared.html", context), found)


@require_safe
@gone_kindly
def cover(request: HttpRequest, share_id: str) -> HttpResponseBase:
    """The shared song's cover."""
    return media.cover_response(request, links.shared(share_id).generation, media.EVERYBODY)


@require_safe
@gone_kindly
def poster(request: HttpRequest, share_id: str) -> HttpResponseBase:
    """The picture for previews of its link."""
    return posters.answer(request, links.shared(share_id).generation)


@require_safe
@gone_kindly
def take_audio(request: HttpRequest, share_id: str, number: int) -> HttpResponseBase:
    """One take of the shared song; saved under its name only where its link gives that."""
    found = links.shared(share_id)
    if "download" in request.GET and not found.opened.allows_download:
        raise Http404("This link gives no files.")
    has_words = found.opened.shows_words
    return media.audio_response(request, found.generation, number, media.EVERYBODY, has_words=has_words)


def seen(found: Shared, *, first: int | None = None) -> dict[str, Any]:
    """What templates need to show a shared song to anybody. `first`: the take to begin with."""
    preview, item = Preview(found), state.shown(found.generation)
    sound = {v.number: addresses.shared_audio(found.share_id, v) for v in preview.stored}
    shown = takes(item, audio=sound)
    if not found.opened.shows_words:
        for take in shown:
            take["sections"] = [{**section, "lines": []} for section in take["sections"]]
    cards = [replace(take, src=sound.get(take.number, ""), whole=take.number in sound) for take in item.card.takes]
    if first not in sound:
        first = preview.stored[0].number if preview.stored else None
    return {
        "preview": preview,
        "shared": found,
        "item": item,
        "takes": shown,
        "first": first,
        "takes_json": json.dumps([asdict(take) for take in cards], separators=(",", ":")),
        "cover": addresses.shared_cover(found.share_id),
        "page_path": addresses.shared(found.share_id),
    }


def kept_close(response: HttpResponse, found: Shared) -> HttpResponse:
    """Only what everybody may find is found: the rest stays out of indexes, and out of what browsers tell others."""
    response["Cache-Control"] = "no-cache"
    if not found.is_public:
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
    return response
