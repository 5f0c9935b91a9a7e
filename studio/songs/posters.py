"""The wide picture that goes with a link to a song: its cover beside its title, 1200 by 630, as JPEG."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import quote_etag

from studio.songs import media, pictures
from studio.songs.models import Generation

KEPT = 32
"""Posters of about 80 KiB that a process remembers: previews are asked for in bursts."""
LASTS = "public, max-age=3600"


def answer(request: HttpRequest, generation: Generation) -> HttpResponseBase:
    """The poster of a shared song; 304 for whoever has it."""
    art = str(generation.album_art.name or "")
    told = f"{art}|{generation.name}|{generation.seed}|{generation.inks}"
    tag = quote_etag(hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:32])
    headers = {**media.EVERYBODY.headers, "Cache-Control": LASTS, "ETag": tag}
    if tag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers=headers)
    picture = _drawn(art, generation.name, generation.seed, generation.inks)
    return HttpResponse(picture, content_type="image/jpeg", headers=headers)


@lru_cache(KEPT)
def _drawn(art: str, title: str, seed: int, inks: int) -> bytes:
    from generator.engine.poster import poster  # noqa: PLC0415  brings fonts that few requests need

    return poster(pictures.cover(art, seed, inks), title)
