"""Shared songs in pages of others: the one page here that may stand in a frame, the code for it, and oEmbed."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from studio.songs import links
from studio.songs.links import Shared
from studio.songs.preview import POSTER, Preview
from studio.songs.sharing import gone_kindly, kept_close, seen

CACHE_SECONDS = 3600
"""How long others may keep what oEmbed told them."""
ANSWERED = ("shared", "embed")
"""Pages that oEmbed knows."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A size in CSS pixels. What is shown in it depends on it alone, see embed.css."""

    name: str
    width: int
    height: int


WIDE = Frame(pgettext_lazy("size of a frame", "Wide"), 640, 152)  # type: ignore[arg-type]  # text once it is shown
SMALL = Frame(pgettext_lazy("size of a frame", "Small"), 400, 80)  # type: ignore[arg-type]  # as above
TALL = Frame(pgettext_lazy("size of a frame", "Tall"), 320, 480)  # type: ignore[arg-type]  # as above
FRAMES = (WIDE, SMALL, TALL)


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@require_safe
@gone_kindly
def embed(request: HttpRequest, share_id: str) -> HttpResponse:
    """The song alone, for a frame in a page of somebody else's: no session, no form. `?take=2` begins with take B."""
    found = links.shared(share_id)
    wanted = request.GET.get("take", "")
    context = seen(found, first=int(wanted) if wanted in ("1", "2") else None)
    response = kept_close(render(request, "embed.html", context), found)
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@csp_update({"frame-src": ["'self'"]})
@require_safe
@gone_kindly
def embedding(request: HttpRequest, share_id: str) -> HttpResponse:
    """How the song looks in pages of others, in three sizes, with the code for each."""
    found = links.shared(share_id)
    preview = Preview(found)
    frames = [{"frame": frame, "code": code(preview, frame.width, frame.height)} for frame in FRAMES]
    context = {"preview": preview, "shared": found, "frames": frames}
    return kept_close(render(request, "embedding.html", context), found)


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """How a page of ours is shown elsewhere, by oembed.com: 400 without an address, 404 for what is not shared or not
    ours, 501 for another format than JSON."""
    if request.GET.get("format", "json") != "json":
        return JsonResponse({"error": _("Only format=json is served.")}, status=501)
    if not request.GET.get("url"):
        return JsonResponse({"error": _("Give the address of a song's page as url.")}, status=400)
    try:
        found = _behind(request.GET["url"])
    except Http404:
        return JsonResponse({"error": _("There is no such song.")}, status=404)
    frame = _fitting(_most(request, "maxwidth"), _most(request, "maxheight"))
    preview = Preview(found)
    width, height = min(frame.width, _most(request, "maxwidth")), min(frame.height, _most(request, "maxheight"))
    told = {
        "version": "1.0",
        "type": "rich",
        "title": preview.title,
        "author_name": preview.artist,
        "provider_name": settings.SITE_NAME,
        "provider_url": f"{settings.PUBLIC_URL}/",
        "cache_age": CACHE_SECONDS,
        "thumbnail_url": preview.poster,
        "thumbnail_width": POSTER[0],
        "thumbnail_height": POSTER[1],
        "width": width,
        "height": height,
        "html": code(preview, width, height),
    }
    response = JsonResponse({name: value for name, value in told.items() if value})
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return kept_close(response, found)


def code(preview: Preview, width: int, height: int) -> str:
    """What people put into their pages."""
    return format_html(
        '<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy" allow="autoplay" '
        'style="border:0;max-width:100%"></iframe>',
        *(preview.embed, width, height, preview.title),
    )


def _behind(address: str) -> Shared:
    """The song on a page of ours. Raises `Http404` for any other address."""
    try:
        ours, asked = urlsplit(settings.PUBLIC_URL), urlsplit(address)
        match = resolve(asked.path)
    except (ValueError, Resolver404):
        raise Http404 from None
    if asked.netloc.lower() != ours.netloc or asked.scheme not in ("http", "https"):
        raise Http404
    if match.url_name not in ANSWERED:
        raise Http404
    return links.shared(match.kwargs["share_id"])


def _most(request: HttpRequest, name: str) -> int:
    """A limit in pixels that the asking page sets."""
    value = request.GET.get(name, "")
    return max(1, int(value)) if value.isascii() and value.isdigit() and len(value) < 6 else 10_000


def _fitting(width: int, height: int) -> Frame:
    """The largest of our sizes that fits, or the small one."""
    return next((frame for frame in (WIDE, TALL) if frame.width <= width and frame.height <= height), SMALL)
