"""How often others listen to a shared song, counted without knowing who.

A listener is told from the next by a keyed hash that nobody can turn back, kept for half an hour and in no table of
ours: so that a page that is reloaded, or a script, counts once.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import date

from django.conf import settings
from django.core.cache import cache
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from studio.accounts import limits
from studio.accounts.security_log import address_of
from studio.songs import links
from studio.songs.models import Generation, Version

ONCE_SECONDS = 1800
"""In which the same listener counts once for a take."""
MOST_A_MINUTE = 600
"""Plays of one song that are counted."""


@csrf_exempt
@require_POST
def played(request: HttpRequest, share_id: str, number: int) -> HttpResponse:
    """Somebody has listened to a take for a while. Counted at most once; nothing is told. A beacon carries no token."""
    generation = links.shared(share_id).generation
    if request.user.pk != generation.owner_id and _is_new(request, generation, number):
        Version.objects.filter(generation=generation, number=number).update(plays=F("plays") + 1)
    return HttpResponse(status=204)


def _is_new(request: HttpRequest, generation: Generation, number: int) -> bool:
    allowance = limits.take(f"plays of {generation.pk}", MOST_A_MINUTE)
    if allowance and not allowance.granted:
        return False
    return cache.add(f"played:{generation.pk}:{number}:{_listener(request)}", 1, ONCE_SECONDS)


def _listener(request: HttpRequest) -> str:
    """The same for one browser at one place during one day, and nothing more."""
    said = f"{date.today()}|{address_of(request)}|{request.headers.get('User-Agent', '')}"
    return hmac.new(settings.SECRET_KEY.encode(), said.encode(), hashlib.sha256).hexdigest()[:24]
