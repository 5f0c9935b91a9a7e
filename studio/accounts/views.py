"""The one page of signing in that django-allauth does not have: the link printed at the terminal."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from studio.accounts import security_log, signin

PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@require_safe
def signin_link(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in by a link. HEAD, with which mail and chat programs look links over, does not use it up."""
    if request.method == "HEAD":
        return HttpResponse(headers=PRIVATE)
    user = signin.redeem(token)
    if user is not None:
        get_adapter(request).login(request, user)  # a new session: Django renews its key, or drops another person's
        record_authentication(request, user, method="signin_link")
        UserSession.objects.create_from_request(request)
    elif not request.user.is_authenticated:
        security_log.note("came with a link that lets nobody in", request)
        response = render(request, "account/link_expired.html", {"minutes": settings.SIGNIN_LINK_MINUTES}, status=410)
        for name, value in PRIVATE.items():
            response[name] = value
        return response
    return HttpResponseRedirect(reverse("create"), headers=PRIVATE)
