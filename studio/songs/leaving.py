"""An account is deleted with everything in it: at once for everybody to see, and file by file behind that.

`leave` closes the account for good and takes all that is short away in one go. Songs go as the trash goes, a hundred in
each round of the supervisor, and the person's row with the last of them: ten thousand songs keep nobody waiting.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from studio.accounts import security_log
from studio.accounts.models import ApiKey, SignInLink, User, plain_email
from studio.songs import generations, portraits, sounds
from studio.songs.drafts import Draft
from studio.songs.links import Link
from studio.songs.models import FINAL, Generation, Visibility
from studio.songs.presets import Preset
from studio.songs.profiles import Profile
from studio.songs.reports import Report
from studio.songs.shelves import Playlist, Tag
from studio.songs.views import PersonRequest

NOBODY = "left-{pk}@invalid"
"""The address of an account whose person has left: nobody has it (RFC 2606), and theirs is free again."""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]  # django-allauth carries no types
def page(request: PersonRequest) -> HttpResponse:
    """Say what would go. A POST with one's address typed in full does it."""
    user = request.user
    alone = (
        user.is_superuser and not User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk).exists()
    )
    context: dict[str, Any] = {"alone": alone, "goes": what_goes(user)}
    if request.method == "POST" and not alone:
        if plain_email(request.POST.get("email", "")) == user.email:
            security_log.note("deleted their account", request, user)
            leave(user)
            logout(request)
            messages.success(request, _("Your account is deleted, with everything in it."))
            return redirect("account_login")
        context["bad"] = _("Type your address as it stands above.")
    return render(request, "account/delete.html", context, status=422 if "bad" in context else 200)


def what_goes(user: User) -> dict[str, int]:
    """How much of each kind there is."""
    songs = Generation.objects.filter(owner=user)
    return {
        "songs": songs.count(),
        "shared": songs.exclude(visibility=Visibility.PRIVATE).count(),
        "running": songs.exclude(status__in=FINAL).count(),
        "playlists": Playlist.objects.filter(owner=user).count(),
        "keys": ApiKey.objects.filter(user=user, revoked_at=None).count(),
    }


def leave(user: User) -> None:
    """Close the account, cancel what is being made, take everything away that is short, and begin with the songs."""
    long_ago = timezone.now() - timedelta(days=settings.TRASH_DAYS + 1)
    mine = Generation.objects.filter(owner=user)
    for row in mine.exclude(status__in=FINAL):
        generations.cancel(row)
    for recording in sounds.of(user):
        sounds.end(recording)
    with transaction.atomic():
        places = UserSession.objects.filter(user=user)
        Session.objects.filter(session_key__in=list(places.values_list("session_key", flat=True))).delete()
        for rows in (places, SignInLink.objects.filter(user=user), ApiKey.objects.filter(user=user)):
            rows.delete()
        for rows in (EmailAddress.objects.filter(user=user), Authenticator.objects.filter(user=user)):
            rows.delete()
        for model in (Draft, Preset, Playlist, Tag, Profile):
            model._default_manager.filter(owner=user).delete()
        Link.objects.filter(generation__owner=user).delete()
        Report.objects.filter(contact__iexact=user.email).update(contact="")
        mine.update(trashed_at=long_ago, visibility=Visibility.PRIVATE, share_id=None)
        user.is_active, user.leaving_at = False, timezone.now()
        user.email, user.name = NOBODY.format(pk=user.pk), ""
        user.set_unusable_password()
        user.save()
    portraits.put(user, b"")
    see_off(user)


def see_off(user: User) -> bool:
    """Delete up to a hundred songs of somebody who has left, and the person with the last; whether they are gone."""
    generations.empty_trash(user)
    with transaction.atomic():
        if Generation.objects.filter(owner=user).exists():
            return False
        user.delete()
    return True


def see_all_off() -> None:
    """One round for everybody who has left and is not quite gone."""
    for user in User.objects.exclude(leaving_at=None):
        see_off(user)
