"""A take in its parts, and its notes: wished for, watched, saved and given up by the song's owner.

A saved row is the hand-over: whoever makes stems hears of it through `generations.changed`.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.accounts.models import User
from studio.songs import engine, filenames, generations, library, media, roles, state
from studio.songs.models import Stems, Version
from studio.songs.views import PersonRequest

MOST_AT_ONCE = 4
"""Wishes of one person that are not fulfilled yet."""
KEPT = timedelta(days=7)
"""How long an archive is kept: it is ten times as large as the song, and can be made again."""
UNFINISHED = (Stems.State.WAITING, Stems.State.RUNNING)


class TooMany(Exception):  # noqa: N818  a sentence for a page
    """This person waits for as many as one person may."""


def wish(version: Version) -> Stems:
    """Ask for a take's stems; asked for again they are the same. Those that failed are tried anew. Raises `TooMany`."""
    with transaction.atomic():
        owner = User.objects.select_for_update().get(pk=version.generation.owner_id)
        Stems.objects.filter(version=version, state=Stems.State.FAILED).delete()
        found = Stems.objects.filter(version=version).first()
        if found is not None:
            return found
        if Stems.objects.filter(version__generation__owner=owner, state__in=UNFINISHED).count() >= MOST_AT_ONCE:
            raise TooMany
        made = Stems.objects.create(version=version)
    generations.announce(version.generation)
    return made


def give_up(version: Version) -> None:
    """Take the wish back. What is ready stays."""
    Stems.objects.filter(version=version, state__in=UNFINISHED).delete()


def forget_old() -> None:
    """Remove archives that have been kept for long enough."""
    for row in Stems.objects.filter(state=Stems.State.READY, made_at__lt=timezone.now() - KEPT)[:100]:
        storage, name = row.archive.storage, str(row.archive.name)
        row.delete()
        storage.delete(name)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PersonRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """How far the stems of a take are; a POST asks for them."""
    version = library.stored_take(request.user, pk, number)
    if not engine.separates(version):
        raise Http404("There are no stems of this take.")
    if request.method == "POST":
        try:
            wish(version)
        except TooMany:
            told = _("%(n)s takes are waiting for their stems. Ask again when one is ready.")
            messages.error(request, told % {"n": MOST_AT_ONCE})
        return redirect("stems", pk, number)
    found = Stems.objects.filter(version=version).first()
    context = {
        "item": state.shown(version.generation),
        "version": version,
        "stems": found,
        "is_unfinished": found is not None and found.state in UNFINISHED,
        "others": _before(found) if found and found.state == Stems.State.WAITING else 0,
        "megabytes": max(1, round(found.size / 1e6)) if found else 0,
        "parts": roles.stems_in(found) if found and found.state == Stems.State.READY else (),
        "uses": roles.uses(),
        "kept_until": found.made_at + KEPT if found and found.made_at else None,
    }
    return render(request, "stems.html", context)


@login_required
@require_POST
def cancel(request: PersonRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """Take the wish back."""
    give_up(library.stored_take(request.user, pk, number))
    return redirect("song", pk)


@login_required
@require_safe
def archive(request: PersonRequest, pk: uuid.UUID, number: int) -> HttpResponseBase:
    """The ZIP archive of a take's stems."""
    version = library.stored_take(request.user, pk, number)
    found = Stems.objects.filter(version=version, state=Stems.State.READY).first()
    if found is None:
        raise Http404("These stems are not there.")
    name = filenames.stems_name(version.generation.name, version.letter)
    file = found.archive
    response = media.ranged(request, file.storage, str(file.name), size=found.size, etag=found.sha256)
    return media.saved(response, "application/zip", name)


@login_required
@require_safe
def midi(request: PersonRequest, pk: uuid.UUID, number: int) -> HttpResponseBase:
    """A take's notes."""
    version = library.stored_take(request.user, pk, number)
    if not version.midi:
        raise Http404("There are no notes of this take.")
    storage, name = version.midi.storage, str(version.midi.name)
    response = media.ranged(request, storage, name, size=storage.size(name), etag=f"{name}-{version.sha256}")
    return media.saved(response, "audio/midi", filenames.take_name(version.generation.name, version.letter, "mid"))


def _before(stems: Stems) -> int:
    """How many wishes, of anybody, come first."""
    return Stems.objects.filter(state__in=UNFINISHED, asked_at__lt=stems.asked_at).count()
