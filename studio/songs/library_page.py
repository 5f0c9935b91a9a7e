"""The library's page: one's songs as a shelf, narrowed, searched and sorted as its address says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from studio.songs import catalogue, generations, keeping, state
from studio.songs import library as songs
from studio.songs.models import Visibility
from studio.songs.shelves import Playlist
from studio.songs.views import PersonRequest
from studio.songs.wanted import CHOICES, SORTS, Wanted

FIELDS = {
    "state": gettext_lazy("How it stands"),
    "shared": gettext_lazy("Who may hear it"),
    "kept": gettext_lazy("Better take"),
}
"""What can be chosen besides the shelves and the quick choices."""
QUICK: tuple[tuple[str | Promise, dict[str, str]], ...] = (
    (gettext_lazy("Everything"), {"sound": "", "state": ""}),
    (CHOICES["sound"]["sung"], {"sound": "sung", "state": ""}),
    (CHOICES["sound"]["instrumental"], {"sound": "instrumental", "state": ""}),
    (CHOICES["sound"]["audio"], {"sound": "audio", "state": ""}),
    (CHOICES["state"]["failed"], {"sound": "", "state": "failed"}),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A quick choice above the list."""

    label: str
    address: str
    is_on: bool


@login_required
@require_safe
def library(request: PersonRequest) -> HttpResponse:
    """One's songs as `Wanted` reads them from the address. An address with empty answers goes to one without."""
    wanted = Wanted.of(request.GET)
    if "" in request.GET.dict().values():
        return redirect(wanted.address)
    playlist = _playlist(request, wanted)
    catalogue.freshen(request.user.pk)
    rows = songs.songs(request.user, wanted)
    page: Page[Any] = Paginator(range(rows.count()), settings.SONGS_PER_PAGE).get_page(wanted.page)
    found = songs.page_of(rows, max(0, page.start_index() - 1), settings.SONGS_PER_PAGE)
    page.object_list = state.all_shown(found)
    context = {
        "wanted": wanted,
        "page": page,
        "total": page.paginator.count,
        "earlier": wanted.but(page=page.number - 1).address if page.has_previous() else "",
        "later": wanted.but(page=page.number + 1).address if page.has_next() else "",
        "first": wanted.but().address,
        "shelves": songs.shelves(request.user),
        "shelf": _shelf(wanted),
        "playlist": playlist,
        "whole_shelf": Wanted(trash=wanted.trash, playlist=wanted.playlist, view=wanted.view).address,
        "as_grid": wanted.but(view="" if not wanted.playlist else "grid").address,
        "as_list": wanted.but(view="list").address,
        "sorts": SORTS.items(),
        "fields": [(name, label, getattr(wanted, name), CHOICES[name].items()) for name, label in FIELDS.items()],
        "quick": _quick(wanted),
        "trashed": bool(wanted.trash),
        "visibilities": Visibility.choices,
        "most": keeping.MOST_AT_ONCE,
    }
    return render(request, "library.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def empty_trash(request: PersonRequest) -> HttpResponse:
    """Ask first, then end for good whatever is in the trash and not being made."""
    many = songs.shelves(request.user).trash
    if request.method != "POST":
        return render(request, "empty_trash.html", {"many": many})
    generations.empty_trash(request.user)
    messages.success(request, _("The trash is empty."))
    return redirect(Wanted(trash="1").address)


def _playlist(request: PersonRequest, wanted: Wanted) -> Playlist | None:
    if not wanted.playlist:
        return None
    found = Playlist.objects.filter(owner=request.user, pk=wanted.playlist).first()
    if found is None:
        raise Http404("There is no such playlist.")
    return found


def _shelf(wanted: Wanted) -> str:
    """Which of the shelves at the left this is."""
    if wanted.playlist:
        return wanted.playlist
    if wanted.trash:
        return "trash"
    if wanted.tag:
        return f"tag {wanted.tag}"
    return "favourites" if wanted.favourite else "shared" if wanted.shared == "yes" else "all"


def _quick(wanted: Wanted) -> list[Choice]:
    return [
        Choice(
            str(label),
            wanted.but(**change).address,
            wanted.sound == change["sound"] and (wanted.state == change["state"]),
        )
        for label, change in QUICK
    ]
