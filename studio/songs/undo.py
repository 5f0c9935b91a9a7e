"""What can be undone: kept in the person's session for as long as that lasts, the last few deeds of it."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from studio.accounts.models import User
from studio.songs import keeping
from studio.songs.shelves import Playlist, PlaylistSong
from studio.songs.views import PersonRequest

MOST = 5
Deed = dict[str, Any]


def remember(request: PersonRequest, kind: str, **what: Any) -> str:
    """Keep what undoes a deed; the address that does so. `what` is plain data, ids as text."""
    kept: dict[str, Deed] = request.session.get("undo", {})
    token = secrets.token_urlsafe(8)
    request.session["undo"] = {**dict(list(kept.items())[1 - MOST :]), token: {"kind": kind, **what}}
    return reverse("undo", args=[token])


@login_required
@require_POST
def undo(request: PersonRequest, token: str) -> HttpResponse:
    """Undo a deed of this session, once."""
    kept: dict[str, Deed] = request.session.get("undo", {})
    deed = kept.pop(token, None)
    if deed is None:
        messages.error(request, _("This is too long ago to be undone by itself."))
    else:
        request.session["undo"] = kept
        UNDOING[deed["kind"]](request.user, deed)
        messages.success(request, _("Undone."))
    asked = request.POST.get("next", "") or (deed or {}).get("next", "")
    return redirect(asked if asked.startswith("/library/") else "library")


def _ids(deed: Deed) -> list[uuid.UUID]:
    return [uuid.UUID(pk) for pk in deed["songs"]]


def _playlist(owner: User, deed: Deed) -> Playlist | None:
    return Playlist.objects.filter(owner=owner, pk=deed["playlist"]).first()


def _unadd(owner: User, deed: Deed) -> None:
    if playlist := _playlist(owner, deed):
        keeping.remove(playlist, _ids(deed))


def _put_back(owner: User, deed: Deed) -> None:
    if playlist := _playlist(owner, deed):
        keeping.put_back(playlist, [(uuid.UUID(pk), at) for pk, at in deed["places"]])


def _make_again(owner: User, deed: Deed) -> None:
    playlist, made = Playlist.objects.get_or_create(
        pk=deed["playlist"],
        owner=owner,
        defaults={name: deed[name] for name in ("name", "description", "visibility", "share_id")},
    )
    if made:
        keeping.put_back(playlist, [(uuid.UUID(pk), at) for pk, at in deed["places"]])


def deleted_playlist(playlist: Playlist) -> Deed:
    """What makes a playlist again that is about to be deleted."""
    places = PlaylistSong.objects.filter(playlist=playlist).values_list("generation_id", "position")
    return {
        "playlist": str(playlist.pk),
        **{name: getattr(playlist, name) for name in ("name", "description", "visibility", "share_id")},
        "places": [(pk.hex, at) for pk, at in places],
    }


UNDOING: dict[str, Callable[[User, Deed], object]] = {
    "trash": lambda owner, deed: keeping.restore(owner, _ids(deed)),
    "restore": lambda owner, deed: keeping.trash(owner, _ids(deed)),
    "favour": lambda owner, deed: keeping.favour(owner, _ids(deed), is_favourite=not deed["is_favourite"]),
    "tag": lambda owner, deed: keeping.untag(owner, _ids(deed), deed["tag"]),
    "untag": lambda owner, deed: keeping.tag(owner, _ids(deed), deed["tag"]),
    "share": lambda owner, deed: keeping.share_again(owner, [(uuid.UUID(pk), *rest) for pk, *rest in deed["before"]]),
    "add": _unadd,
    "remove": _put_back,
    "delete_playlist": _make_again,
}
