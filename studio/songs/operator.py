"""For whoever runs the site: which engine makes the songs, and whether it can be reached."""

from __future__ import annotations

from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from generator.protocol.errors import GenerationError
from studio.songs.views import PersonRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def engine_page(request: PersonRequest) -> HttpResponse:
    """The engine in use; a POST tests the line to it, without ordering anything. Only the operator finds it."""
    if not request.user.is_superuser:
        raise Http404("There is no such page.")
    context: dict[str, object] = {
        "address": settings.UPSTREAM_URL,
        "key_end": settings.UPSTREAM_API_KEY[-4:],
        "words_from": settings.LYRICS_URL,
        "model": settings.LYRICS_MODEL,
    }
    if request.method == "POST" and settings.UPSTREAM_URL:
        context["fault"] = async_to_sync(_test)()
        context["missing"] = _missing()
        context["tested"] = True
    return render(request, "account/engine.html", context)


async def _test() -> str:
    """What is wrong with the line to the host; empty if nothing is."""
    from generator.upstream.http import Http  # noqa: PLC0415  a tenth of a second that few need

    host = Http(settings.UPSTREAM_URL, settings.UPSTREAM_API_KEY)  # the one in use belongs to the relays' loop
    try:
        await host.test()
    except GenerationError as fault:
        return fault.sentence
    finally:
        await host.close()
    return ""


def _missing() -> str:
    """What OUTBOUND_ALLOW would have to name for this host's own audio to be fetched; empty if it is fetched."""
    from generator import outbound  # noqa: PLC0415  as above

    if not outbound.refuses(settings.UPSTREAM_URL, settings.OUTBOUND_ALLOW, look_up=True):
        return ""
    return outbound.place_of(settings.UPSTREAM_URL)
