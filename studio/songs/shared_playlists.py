"""Playlists for people without an account: those of their songs that are shared themselves, in their order."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from studio.accounts.people import display_name
from studio.songs import addresses, feeds, keeping, links
from studio.songs.models import Generation, Version, Visibility
from studio.songs.preview import AI_MADE, IN_SCRIPT, Preview
from studio.songs.sharing import seen
from studio.songs.shelves import Playlist
from studio.songs.views import PersonRequest

SONGS_PER_PAGE = 50
MOST_IN_HEAD = 100
"""Songs that the descriptions for programs name."""


@dataclass(frozen=True)
class SharedPlaylist:
    """A playlist as somebody without an account comes to it. Addresses are whole."""

    playlist: Playlist

    @property
    def is_public(self) -> bool:
        """Search engines may know of it."""
        return self.playlist.visibility == Visibility.PUBLIC

    @property
    def page(self) -> str:
        """Its page."""
        return addresses.whole(reverse("shared_playlist", args=[self.playlist.share_id]))

    @cached_property
    def artist(self) -> str:
        """What its owner is called."""
        return display_name(self.playlist.owner)

    @cached_property
    def description(self) -> str:
        """Its own, or who made it."""
        told = {"name": self.playlist.name, "artist": self.artist}
        return self.playlist.description or _("%(name)s, a playlist by %(artist)s") % told

    @cached_property
    def rows(self) -> QuerySet[Generation]:
        """The songs that others may hear, in the playlist's order."""
        return heard(self.playlist).select_related("owner__profile").prefetch_related("versions__sections")

    @cached_property
    def first(self) -> list[Preview]:
        """The first songs, described."""
        return [preview(row) for row in self.rows[:MOST_IN_HEAD]]

    @property
    def poster(self) -> str:
        """The wide picture of its first song; empty where it has none."""
        return self.first[0].poster if self.first else ""

    @property
    def json_ld(self) -> SafeString:
        """The playlist as schema.org describes one, fit for a script element."""
        found: dict[str, Any] = {
            "@context": "https://schema.org",
            "@type": "MusicPlaylist",
            "@id": self.page,
            "url": self.page,
            "name": self.playlist.name,
            "description": self.description,
            "creator": {"@type": "Person", "name": self.artist},
            "numTracks": self.rows.count(),
            "digitalSourceType": AI_MADE,
            "track": [
                {
                    "@type": "MusicRecording",
                    "url": song.page,
                    "name": song.title,
                    "duration": f"PT{song.seconds // 60}M{song.seconds % 60}S",
                }
                for song in self.first
            ],
        }
        # Nothing in it can end the element: every character that could is escaped.
        return mark_safe(json.dumps(found, ensure_ascii=False).translate(IN_SCRIPT))  # noqa: S308


def heard(playlist: Playlist) -> QuerySet[Generation]:
    """The songs of a playlist that others may hear: shared themselves, with a stored take, in its order."""
    rows = Generation.objects.filter(playlist_entries__playlist=playlist, trashed_at=None, taken_down_at=None)
    return (
        rows.exclude(visibility=Visibility.PRIVATE)
        .filter(pk__in=Version.objects.filter(state=Version.State.STORED).values("generation"))
        .order_by("playlist_entries__position", "playlist_entries__pk")
    )


def hidden(playlist: Playlist) -> list[uuid.UUID]:
    """The songs of a playlist that nobody else hears because they are their owner's alone."""
    rows = playlist.entries.filter(generation__visibility=Visibility.PRIVATE, generation__trashed_at=None)
    return list(rows.values_list("generation_id", flat=True))


def preview(row: Generation) -> Preview:
    """A shared song, described by its own page."""
    return Preview(links.Shared(row, str(row.share_id), row))


def share(playlist: Playlist, visibility: Visibility) -> None:
    """Change who may see it. Going private ends its page for good; sharing again gives a new one."""
    with transaction.atomic():
        row = Playlist.objects.select_for_update().get(pk=playlist.pk)
        row.share_id = None if visibility == Visibility.PRIVATE else row.share_id or links.new_share_id()
        row.visibility = visibility
        row.save(update_fields=["share_id", "visibility"])


@login_required
@require_POST
def change(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Say who may see a playlist; with `do=open`, let everybody with a link hear those songs that are private."""
    playlist = get_object_or_404(Playlist, owner=request.user, pk=pk)
    if request.POST.get("do") == "open":
        opened = len(keeping.share(request.user, hidden(playlist), Visibility.UNLISTED))
        said = ngettext("%(n)s song can now be heard by others.", "%(n)s songs can now be heard by others.", opened)
        messages.success(request, said % {"n": opened})
    elif request.POST.get("visibility") in Visibility.values:
        share(playlist, Visibility(request.POST["visibility"]))
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Choose who may see it."))
    return redirect("edit_playlist", pk)


def found(share_id: str) -> SharedPlaylist:
    """The playlist behind a link. Raises `Http404` where it is private, or never was."""
    rows = Playlist.objects.exclude(visibility=Visibility.PRIVATE).select_related("owner__profile")
    row = rows.filter(share_id=share_id, owner__is_active=True).first()
    if row is None:
        raise Http404("There is no such playlist.")
    return SharedPlaylist(row)


@require_safe
def page(request: HttpRequest, share_id: str) -> HttpResponse:
    """Its songs in their order, which play one after the other; the same for people and for programs."""
    shown = found(share_id)
    shelf = Paginator(shown.rows, SONGS_PER_PAGE).get_page(request.GET.get("page"))
    songs = [seen(links.Shared(row, str(row.share_id), row)) for row in shelf.object_list]
    return _kept_close(render(request, "shared_playlist.html", {"shown": shown, "page": shelf, "songs": songs}), shown)


@require_safe
def rss(request: HttpRequest, share_id: str) -> HttpResponse:
    """The songs as a feed."""
    shown = found(share_id)
    about = feeds.Channel(shown.playlist.name, shown.page, shown.description, shown.artist, shown.poster)
    return _kept_close(feeds.rss_of(about, addresses.whole(request.path), shown.first), shown)


@require_safe
def m3u(request: HttpRequest, share_id: str) -> HttpResponse:  # noqa: ARG001  Django hands it over
    """The songs as an extended M3U list."""
    shown = found(share_id)
    return _kept_close(feeds.m3u_of(shown.playlist.name, shown.first), shown)


def _kept_close(response: HttpResponse, shown: SharedPlaylist) -> HttpResponse:
    """As `studio.songs.sharing.kept_close`, for a playlist."""
    response["Cache-Control"] = "no-cache"
    if not shown.is_public:
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
    return response
