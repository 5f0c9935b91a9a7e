"""A person's picture of their own: sent in, drawn anew in a child, shown, and taken away again."""

from __future__ import annotations

import secrets
from pathlib import Path
from tempfile import TemporaryDirectory

from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from generator import portrait
from generator.child import UnfitError
from studio.accounts import limits
from studio.accounts.models import User
from studio.songs import covers, media, profiles
from studio.songs.views import PersonRequest

A_MINUTE = 6
"""Pictures that somebody may send; to draw one takes up to 20 seconds of a core."""


@login_required
@require_safe
def own(request: PersonRequest) -> HttpResponseBase:
    """One's own picture."""
    return _shown(request, request.user, media.OWNER_AGAIN)


@require_safe
def of_person(request: HttpRequest, handle: str) -> HttpResponseBase:
    """The picture of somebody who has a page, for everybody."""
    return _shown(request, profiles.found(handle).owner, media.EVERYBODY)


@login_required
@require_POST
def change(request: PersonRequest) -> HttpResponse:
    """Take in another picture, or none where "remove" was pressed. What cannot be one is refused with the reason."""
    if "remove" in request.POST:
        put(request.user, b"")
        messages.success(request, _("Your picture is removed."))
    elif fault := _take(request.user, request.FILES.get("picture")):
        messages.error(request, fault)
    else:
        messages.success(request, _("Saved."))
    return redirect("profile")


def put(user: User, picture: bytes) -> None:
    """Keep this picture (a WebP of `generator.portrait`; empty for none) instead of the one before."""
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user.pk)
        storage, before = row.picture.storage, str(row.picture.name or "")
        name = ""
        if picture:
            name = storage.save(f"people/{row.pk}/{secrets.token_hex(8)}.webp", ContentFile(picture))
        User.objects.filter(pk=row.pk).update(picture=name)
    for old in (before, *covers.all_of(before)) if before else ():
        storage.delete(old)


def _take(user: User, file: object) -> str:
    """Make it this person's picture. What is wrong with it, in a sentence; empty where nothing is."""
    if not isinstance(file, UploadedFile) or not file.size:
        return _("Choose a picture first.")
    if file.size > settings.LIMIT_PICTURE:
        largest = filesizeformat(settings.LIMIT_PICTURE)
        return _("This picture is larger than %(largest)s. Choose a smaller one.") % {"largest": largest}
    allowance = limits.take(f"pictures of user {user.pk}", A_MINUTE)
    if allowance and not allowance.granted:
        return _("That was too often. Wait a minute, then try again.")
    with TemporaryDirectory(prefix="duplet-picture-") as folder:
        path = Path(folder) / "picture"
        with path.open("wb") as whole:
            for piece in file.chunks():
                whole.write(piece)
        try:
            put(user, async_to_sync(portrait.squared)(path))
        except UnfitError:
            return _("This picture cannot be read. Choose a PNG, JPEG, WebP or GIF of 16 by 16 pixels or more.")
    return ""


def _shown(request: HttpRequest, user: User, reach: media.Reach) -> HttpResponseBase:
    if not user.picture:
        raise Http404("There is no such picture.")
    return media.picture_response(request, user.picture, f"person-{user.pk}", reach)
