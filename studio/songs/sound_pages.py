"""The page of one's recordings: they come in by file or by address, are played, corrected, used and deleted."""

from __future__ import annotations

import uuid
from pathlib import Path
from tempfile import TemporaryDirectory

from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from generator import intake
from generator.given import ROLES, Role, Unfit
from generator.protocol.errors import AudioUnusable
from generator.protocol.text import one_line
from studio.songs import engine, media, slots, sounds, taking_in
from studio.songs.forms import LONGEST_ADDRESS
from studio.songs.sounds import LONGEST_NAME, Sound
from studio.songs.views import PersonRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PersonRequest) -> HttpResponse:
    """The list, with the form for another one. A POST takes in a file, or what is behind an address.

    Scripts are answered as `slots.card` answers; with `role` it has to be fit for that, and is shown in its place.
    """
    address = ""
    if request.method == "POST":
        address = request.POST.get("address", "").strip()
        role = slots.known(request.POST.get("role", ""))
        kept, fault = _take(request, address, role)
        if "json" in request.headers.get("Accept", ""):
            if kept is None:
                return JsonResponse({"error": fault}, status=422)
            return slots.shown(request, role or ROLES[0], kept.address, kept)
        if kept:
            messages.success(request, _("Heard and kept. Use it for a song below."))
            return redirect("sounds")
        messages.error(request, fault)
    inputs = engine.current().inputs
    context = {
        "sounds": list(sounds.of(request.user)),
        "roles": [role for role in ROLES if f"{role}_url" in inputs],
        "keys": sounds.KEYS,
        "largest": intake.LARGEST,
        "address": address[:LONGEST_ADDRESS],
        "out_of_reach": sounds.out_of_reach() if sounds.is_out_of_reach() else "",
    }
    return render(request, "sounds.html", context, status=422 if request.method == "POST" else 200)


@login_required
@require_safe
def sound(request: PersonRequest, pk: uuid.UUID) -> HttpResponseBase:
    """One of one's own, to be played."""
    return _played(request, get_object_or_404(Sound, owner=request.user, pk=pk))


@require_safe
def lent(request: HttpRequest, token: str) -> HttpResponseBase:
    """A sound for the host that was given its address, for an hour."""
    found = sounds.lent_by(token)
    if found is None:
        raise Http404("This address opens nothing any more.")
    return _played(request, found)


@login_required
@require_POST
def change(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Another name, and what its owner knows better than was heard."""
    found = get_object_or_404(Sound, owner=request.user, pk=pk)
    found.name = one_line(request.POST.get("name"), LONGEST_NAME) or found.name
    tempo, key, downbeat = (request.POST.get(name, "") for name in ("tempo", "key", "downbeat"))
    found.tempo = tempo if tempo in sounds.TEMPOS else "heard"
    found.key = key if key in sounds.KEYS else ""
    found.downbeat = int(downbeat) if downbeat in ("0", "1", "2", "3") else 0
    found.save(update_fields=["name", "tempo", "key", "downbeat"])
    messages.success(request, _("Saved. Songs made from now on go by it."))
    return redirect("sounds")


@login_required
@require_POST
def delete(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Songs that were made from it stay."""
    sounds.end(get_object_or_404(Sound, owner=request.user, pk=pk))
    messages.success(request, _("Deleted. Songs made from it stay."))
    return redirect("sounds")


def _played(request: HttpRequest, found: Sound) -> HttpResponseBase:
    answer = media.ranged(request, found.file.storage, str(found.file.name), size=found.size, etag=found.pk.hex)
    answer["Content-Type"] = "audio/flac"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _take(request: PersonRequest, address: str, role: Role | None) -> tuple[Sound | None, str]:
    """Take a recording in. It, or what is in its way, in a sentence."""
    if refused := taking_in.refusal(request.user):
        return None, refused
    file = request.FILES.get("file")
    with TemporaryDirectory(prefix="duplet-sound-") as folder:
        foreign = Path(folder) / "foreign"
        try:
            if isinstance(file, UploadedFile):
                name = Path(file.name or "").stem
                if (file.size or 0) > intake.LARGEST:
                    return None, _("This file is larger than %(most)s.") % {"most": filesizeformat(intake.LARGEST)}
                with foreign.open("wb") as whole:
                    for piece in file.chunks():
                        whole.write(piece)
            elif address:
                name = address.partition("?")[0].rstrip("/").rpartition("/")[2]
                async_to_sync(_fetched)(address, foreign)
            else:
                return None, _("Choose a file, or give an address.")
            return taking_in.take_in(request.user, foreign, Path(folder), name, role=role), ""
        except AudioUnusable as unfit:
            return None, unfit.sentence
        except Unfit as unfit:
            return None, str(unfit)


async def _fetched(address: str, foreign: Path) -> None:
    from generator import outbound  # noqa: PLC0415  an HTTP client takes 0.2 s to import

    with foreign.open("wb") as file:
        allowance = outbound.Allowance(size=intake.LARGEST, whole=60)
        async for piece in outbound.fetch(address, allowance=allowance, allow=settings.OUTBOUND_ALLOW):
            file.write(piece)
