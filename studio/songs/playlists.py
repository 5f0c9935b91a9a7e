"""Pages of playlists and tags: made, named, deleted; and what one song belongs to."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.songs import keeping, shared_playlists, undo
from studio.songs import library as songs
from studio.songs.models import Visibility
from studio.songs.shelves import LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_TAG, Playlist, Tag
from studio.songs.views import PersonRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_playlist(request: PersonRequest) -> HttpResponse:
    """The form for a playlist without songs, and what comes of it."""
    if request.method != "POST":
        return _form(request, None)
    try:
        made = keeping.make_playlist(request.user, request.POST.get("name", ""), request.POST.get("description", ""))
    except keeping.RefusedError as refusal:
        return _form(request, None, str(refusal))
    return redirect(address(made))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_playlist(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Its name and its description."""
    playlist = get_object_or_404(Playlist, owner=request.user, pk=pk)
    if request.method != "POST":
        return _form(request, playlist)
    try:
        keeping.describe(playlist, request.POST.get("name", ""), request.POST.get("description", ""))
    except keeping.RefusedError as refusal:
        return _form(request, playlist, str(refusal))
    return redirect(address(playlist))


@login_required
@require_POST
def delete_playlist(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """End it; its songs stay. The answer offers to undo that."""
    playlist = get_object_or_404(Playlist, owner=request.user, pk=pk)
    again = undo.remember(request, "delete_playlist", **undo.deleted_playlist(playlist))
    playlist.delete()
    said = _("The playlist “%(name)s” is deleted. Its songs stay.") % {"name": playlist.name}
    messages.success(request, said, extra_tags=again)
    return redirect("library")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tags(request: PersonRequest) -> HttpResponse:
    """All one's tags: renamed, brought together, taken away."""
    if request.method == "POST":
        tag = get_object_or_404(Tag, owner=request.user, pk=request.POST.get("tag") or 0)
        if request.POST.get("do") == "delete":
            on = [pk.hex for pk in tag.songs.values_list("pk", flat=True)]
            again = undo.remember(request, "untag", songs=on, tag=tag.name)
            tag.delete()
            said = _("The tag “%(tag)s” is deleted. Its songs stay.") % {"tag": tag.name}
            messages.success(request, said, extra_tags=again)
        else:
            try:
                keeping.rename_tag(request.user, tag, request.POST.get("name", ""))
            except keeping.RefusedError as refusal:
                messages.error(request, str(refusal))
        return redirect("tags")
    mine = request.user.tags.annotate(many=Count("songs"))
    return render(request, "tags.html", {"tags": mine, "longest": LONGEST_TAG, "shelves": songs.shelves(request.user)})


@login_required
@require_safe
def add_to(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """To which playlists a song belongs and which tags it has, and how to change that."""
    generation = songs.owned(request.user, pk)
    within = set(generation.playlist_entries.values_list("playlist_id", flat=True))
    context = {
        "song": generation,
        "tags": generation.tags.all(),
        "all_tags": request.user.tags.all(),
        "playlists": [(playlist, playlist.pk in within) for playlist in songs.playlists(request.user)],
        "longest_tag": LONGEST_TAG,
        "longest_name": LONGEST_NAME,
    }
    return render(request, "add_to.html", context)


def address(playlist: Playlist) -> str:
    """Where its songs are shown."""
    return f"{reverse('library')}?playlist={playlist.pk.hex}"


def _form(request: PersonRequest, playlist: Playlist | None, fault: str = "") -> HttpResponse:
    shown = shared_playlists.SharedPlaylist(playlist) if playlist and playlist.share_id else None
    context = {
        "playlist": playlist,
        "shown": shown,
        "hidden": len(shared_playlists.hidden(playlist)) if playlist and shown else 0,
        "visibilities": Visibility.choices,
        "name": request.POST.get("name", playlist.name if playlist else ""),
        "description": request.POST.get("description", playlist.description if playlist else ""),
        "fault": fault,
        "longest_name": LONGEST_NAME,
        "longest_description": LONGEST_DESCRIPTION,
        "shelves": songs.shelves(request.user),
        "shelf": playlist.pk.hex if playlist else "new playlist",
    }
    return render(request, "playlist.html", context, status=422 if fault else 200)
