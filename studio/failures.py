"""Pages for when something is in the way. They need no database and no session, which may be what is missing."""

from __future__ import annotations

import logging
import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

log = logging.getLogger(__name__)

AGAIN_SECONDS = 10
"""Retry-After of a page: nobody knows better."""
AWAY = {"Retry-After": str(AGAIN_SECONDS), "Cache-Control": "no-store"}


def page(name: str) -> str:
    """The text of one of these pages."""
    return render_to_string(name, {"site_name": settings.SITE_NAME, "again": AGAIN_SECONDS})


def unreadable(_request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django's
    """400: a request that no browser of ours makes."""
    return HttpResponse(page("400.html"), status=400)


def broken(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours; 503 where it is the database or Redis that does not answer."""
    error = sys.exc_info()[1]
    if _is_away(error):
        log.error("%s %s waited in vain for what keeps the data: %s", request.method, request.path, error)
        return HttpResponse(page("503.html"), status=503, headers=AWAY)
    return HttpResponse(page("500.html"), status=500)


def _is_away(error: BaseException | None) -> bool:
    from redis.exceptions import RedisError  # noqa: PLC0415  a tenth of a second that few need

    return isinstance(error, (OperationalError, InterfaceError, RedisError))
