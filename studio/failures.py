"""Pages for when something is in the way, in one voice: what happened, what it cost, what to do. No cache keeps them.

Those of 400, 429, 500 and 503 need no database and no session, which may be what is missing.
"""

from __future__ import annotations

import logging
import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

log = logging.getLogger(__name__)

AGAIN_SECONDS = 10
"""Retry-After of a page: nobody knows better."""
MINUTE = "60"
"""Retry-After where something was asked for too often: the rates of signing in are counted by minutes."""
NOT_KEPT = {"Cache-Control": "no-store"}
AWAY = {"Retry-After": str(AGAIN_SECONDS), **NOT_KEPT}
TYPED = ("prompt", "lyrics", "notes", "title")
"""Fields that hold what somebody wrote, and may have taken long to write."""


def page(name: str) -> str:
    """The text of one of these pages."""
    return render_to_string(name, {"site_name": settings.SITE_NAME, "again": AGAIN_SECONDS})


def unreadable(_request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django's
    """400: a request that no browser of ours makes."""
    return HttpResponse(page("400.html"), status=400, headers=NOT_KEPT)


def closed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """403: a page for somebody else."""
    return HttpResponse(render_to_string("403.html", request=request), status=403, headers=NOT_KEPT)


def out_of_date(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403: a form whose token is not this session's. What was typed comes back as plain text, to be copied."""
    came_from = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    typed = [text for name in TYPED if (text := request.POST.get(name, "").strip())]
    context = {"back": came_from if is_ours else reverse("create"), "typed": typed}
    return HttpResponse(render_to_string("403_csrf.html", context, request), status=403, headers=NOT_KEPT)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404: nothing, or nothing that this person may know of."""
    return HttpResponse(render_to_string("404.html", request=request), status=404, headers=NOT_KEPT)


def too_often(_request: HttpRequest) -> HttpResponse:
    """429: tries to sign in, sign up or have a password mailed, called by django-allauth."""
    return HttpResponse(page("429.html"), status=429, headers={**NOT_KEPT, "Retry-After": MINUTE})


def broken(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours; 503 where it is the database or Redis that does not answer."""
    error = sys.exc_info()[1]
    if _is_away(error):
        log.error("%s %s waited in vain for what keeps the data: %s", request.method, request.path, error)
        return HttpResponse(page("503.html"), status=503, headers=AWAY)
    return HttpResponse(page("500.html"), status=500, headers=NOT_KEPT)


def _is_away(error: BaseException | None) -> bool:
    from redis.exceptions import RedisError  # noqa: PLC0415  a tenth of a second that few need

    return isinstance(error, (OperationalError, InterfaceError, RedisError))
