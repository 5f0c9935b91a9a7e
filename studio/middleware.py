"""What answers carry beyond Django's own headers, and the site's own files without Django's streaming."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers
from whitenoise.middleware import WhiteNoiseMiddleware

UNUSED_BY_US = (
    "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid", "magnetometer",
    "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in UNUSED_BY_US)
"""Abilities of a browser that no page here asks for."""

FOR_ALL_PAGES = {"stream", "bare_cover", "shared_cover", "shared_poster", "shared_audio", "openapi"}
"""Addresses that pages of other sites may show or play: those our API and our shared pages hand out."""


COMPRESSED = {"text/html", "text/plain", "text/xml", "text/vtt", "image/svg+xml", "application/json", "application/xml"}
"""Kinds of answers that are text; sound, pictures and archives are compressed as they are."""


class Compressed(GZipMiddleware):
    """Django's gzip, with its random bytes against guessing (BREACH), for whole answers of text and nothing else.

    What is sent piece by piece stays as it is: an event must leave when it happens, and ranges are of the stored bytes.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """`response`, compressed where that helps and the client reads it."""
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip()
        if response.streaming or (kind not in COMPRESSED and not kind.endswith(("+xml", "+json"))):
            return response
        return super().process_response(request, response)


class OwnFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # WhiteNoise carries no types
    """WhiteNoise, answering in one piece: under ASGI its file iterators cost a thread each, and our files are small."""

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponse:
        """The file, or what its request's conditions ask for instead."""
        found = static_file.get_response(request.method, request.META)
        body = b""
        if found.file is not None:
            with found.file as file:
                body = file.read()
        response = HttpResponse(body, status=int(found.status))
        del response["Content-Type"]
        for name, value in found.headers:
            response[name] = value
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


def privacy(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Says what browsers may do and keep: a page made for somebody who is signed in stays in no cache.

    An address with a NUL in it is not found, whatever it would have been looked up in; a cookie with one is none.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path:
            raise Http404("No address has a NUL in it.")  # and PostgreSQL would fail on it
        for name in [name for name, value in request.COOKIES.items() if "\0" in value]:
            del request.COOKIES[name]
        response = get_response(request)
        if response.headers.get("Content-Type", "text/html").startswith("text/html"):  # only pages can use an ability
            response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        place = request.resolver_match.url_name if request.resolver_match else None
        shown_in = "cross-origin" if place in FOR_ALL_PAGES else "same-origin"
        response.headers.setdefault("Cross-Origin-Resource-Policy", shown_in)
        if "Cache-Control" not in response.headers:
            if settings.SESSION_COOKIE_NAME in request.COOKIES or settings.SESSION_COOKIE_NAME in response.cookies:
                response.headers["Cache-Control"] = "private, no-store"
            else:
                response.headers["Cache-Control"] = "no-cache"
            patch_vary_headers(response, ("Cookie",))
        return response

    return answer
