"""A piece of a recording of one's own becomes a recording too; the whole stays."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from generator import child, excerpt
from generator.protocol.errors import AudioUnusable
from studio.songs import taking_in
from studio.songs.sounds import LONGEST_NAME, Sound, clock
from studio.songs.views import PersonRequest

SHORTEST = 1.0
"""Seconds of a piece."""
TIME = re.compile(r"(?:(?P<minutes>\d{1,2}):)?(?P<seconds>\d{1,3}(?:[.,]\d{1,3})?)")


@login_required
@require_POST
def cut(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Make a recording of what lies between `begin` and `end`, each as 1:23.4 or in seconds."""
    whole = get_object_or_404(Sound, owner=request.user, pk=pk)
    begin, end = (seconds(request.POST.get(name, "")) for name in ("begin", "end"))
    fault = _fault(whole, begin, end) or taking_in.refusal(request.user)
    if not fault and begin is not None and end is not None:
        fault = _made(whole, begin, end)
    if fault:
        messages.error(request, fault)
    else:
        messages.success(request, _("The piece is a recording of its own now. The whole is still there."))
    return redirect("sounds")


def seconds(told: str) -> float | None:
    """What somebody wrote as a time; None where it is none."""
    found = TIME.fullmatch(told.strip())
    if found is None:
        return None
    return 60 * int(found["minutes"] or 0) + float(found["seconds"].replace(",", "."))


def _fault(whole: Sound, begin: float | None, end: float | None) -> str:
    if begin is None or end is None:
        return _("Write both times as minutes and seconds, like 0:12.5, or in seconds.")
    length = whole.duration_ms / 1000
    if end > length + 0.1:
        return _("“%(name)s” ends at %(end)s.") % {"name": whole.name, "end": clock(length)}
    if end - begin < SHORTEST:
        return _("A piece ends at least a second after it begins.")
    return ""


def _made(whole: Sound, begin: float, end: float) -> str:
    """Empty, or what is in the way."""
    span = f"{clock(begin)} – {clock(end)}"
    name = f"{whole.name[: LONGEST_NAME - len(span) - 2]}, {span}"
    with TemporaryDirectory(prefix="duplet-sound-") as folder:
        piece = Path(folder) / "piece.wav"
        try:
            excerpt.write(Path(whole.file.path), piece, begin=begin, end=end)
            taking_in.take_in(whole.owner, piece, Path(folder), name)
        except child.UnfitError as unfit:
            return str(unfit)
        except AudioUnusable as unfit:
            return unfit.sentence
    return ""
