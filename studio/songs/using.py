"""A take of one's own, or a stem of it, becomes a recording that the next song is made from."""

from __future__ import annotations

import uuid
import zipfile
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from generator.given import Role, Unfit
from generator.protocol.errors import AudioUnusable
from studio.songs import library, sounds, taking_in
from studio.songs.models import Stems, Version
from studio.songs.roles import STEMS, uses
from studio.songs.sounds import Sound
from studio.songs.views import PersonRequest


@login_required
@require_POST
def use(request: PersonRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """Make a recording of a take, or of its `stem`, and go to the form, where it has its `role`. Once made it stays."""
    version = library.stored_take(request.user, pk, number)
    stem, asked = request.POST.get("stem", ""), request.POST.get("role", "")
    role = next((role for role, _name in uses() if role == asked), None)
    if role is None or (stem and stem not in STEMS):
        raise Http404("There is no such use.")
    try:
        sound = _made(version, stem, role)
    except (AudioUnusable, Unfit) as unfit:
        messages.error(request, unfit.sentence if isinstance(unfit, AudioUnusable) else str(unfit))
        return redirect("stems", pk, number) if stem else redirect("song", pk)
    except _RefusedError as refused:
        messages.error(request, str(refused))
        return redirect("stems", pk, number) if stem else redirect("song", pk)
    return redirect(f"{reverse('create')}?{urlencode({'sound': sound.pk, 'as': role})}")


class _RefusedError(Exception):
    """A sentence for people."""


def _made(version: Version, stem: str, role: Role) -> Sound:
    """The recording of this take or stem that is there, or a new one."""
    user, cut_from = version.generation.owner, f"take {version.pk} {stem}".strip()
    if there := sounds.of(user).filter(cut_from=cut_from).first():
        sounds.check_fit(role, there)
        return there
    if refused := taking_in.refusal(user):
        raise _RefusedError(refused)
    name = _("%(title)s, take %(letter)s") % {"title": version.generation.name[:80], "letter": version.letter}
    with TemporaryDirectory(prefix="duplet-sound-") as folder:
        source = Path(folder) / "own"
        if stem:
            name = f"{name}, {STEMS[stem]}"
            _unpack(version, stem, source)
        else:
            with version.audio.open("rb") as file, source.open("wb") as own:
                copyfileobj(file, own)
        return taking_in.take_in(user, source, Path(folder), name, cut_from=cut_from, role=role)


def _unpack(version: Version, stem: str, into: Path) -> None:
    found = Stems.objects.filter(version=version, state=Stems.State.READY).first()
    if found is None:
        raise Http404("These stems are not there.")
    with found.archive.open("rb") as file, zipfile.ZipFile(file) as archive:
        if f"{stem}.flac" not in archive.namelist():
            raise Http404("There is no such stem.")
        with archive.open(f"{stem}.flac") as packed, into.open("wb") as own:
            copyfileobj(packed, own)
