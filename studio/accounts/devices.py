"""Where one is signed in: every session of one's account in words one knows it by, and a way to end each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from studio.accounts import security_log

if TYPE_CHECKING:
    from studio.accounts.models import User

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
"""What stands in a User-Agent header, and the browser it means; the first one found counts."""
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Device:
    """One session that lets its owner in. `seen`: the last visit, to the day."""

    number: int
    name: str
    address: str
    since: datetime
    seen: datetime
    is_this: bool


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The list. A POST ends the session numbered `end`, or all others where that is "others"."""
    user: User = request.user  # type: ignore[assignment]  # signed in
    if request.method == "POST":
        here = request.session.session_key
        rows = UserSession.objects.filter(user=user).exclude(session_key=here)
        which = request.POST.get("end", "")
        if which != "others":
            rows = rows.filter(pk=int(which)) if re.fullmatch(r"[0-9]{1,18}", which) else rows.none()
        ended = _end(rows.values_list("session_key", flat=True))
        if ended:
            security_log.note("ended sessions elsewhere", request)
        told = ngettext("%(n)s place is signed out.", "%(n)s places are signed out.", ended) % {"n": ended}
        messages.success(request, told if ended else _("That place was signed out already."))
        return redirect("sessions")
    return render(request, "account/sessions.html", {"devices": devices(user, request.session.session_key)})


def devices(user: User, here: str | None) -> list[Device]:
    """Where `user` is signed in now, this place first, then those last visited."""
    known = {row.session_key: row for row in UserSession.objects.filter(user=user)}
    live = Session.objects.filter(session_key__in=known, expire_date__gt=timezone.now())
    age = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    found = []
    for session in live:
        row = known[session.session_key]
        seen = max(row.created_at, session.expire_date - age)
        name, is_this = named(row.user_agent), session.session_key == here
        found.append(Device(row.pk, name, row.ip, row.created_at, seen, is_this))
    return sorted(found, key=lambda device: (not device.is_this, -device.seen.timestamp(), device.number))


def named(agent: str) -> str:
    """Browser and system that a User-Agent header speaks of, as far as one can tell."""
    browser = next((name for mark, name in BROWSERS if f"{mark}/" in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A program")


def _end(keys: Iterable[str]) -> int:
    chosen = list(keys)
    UserSession.objects.filter(session_key__in=chosen).delete()
    return Session.objects.filter(session_key__in=chosen, expire_date__gt=timezone.now()).delete()[0]
