"""The page on which somebody brings in songs that were taken away from a Duplet."""

from __future__ import annotations

import logging

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from studio.songs import importing
from studio.songs.views import PersonRequest

log = logging.getLogger(__name__)

ONE_AT_A_TIME_SECONDS = 900
"""How long somebody's import keeps their next one waiting, should its process be killed."""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PersonRequest) -> HttpResponse:
    """The form is on the page of the export. A POST takes an archive in, and says what came of it."""
    if request.method != "POST":
        return redirect("export")
    file = request.FILES.get("archive")
    if not isinstance(file, UploadedFile):
        return _refused(request, _("Choose an archive first."))
    if (file.size or 0) > settings.LIMIT_IMPORT:
        largest = filesizeformat(settings.LIMIT_IMPORT)
        return _refused(request, _("This archive is larger than %(largest)s.") % {"largest": largest})
    turn = f"import-{request.user.pk}"
    if not cache.add(turn, 1, ONE_AT_A_TIME_SECONDS):
        return _refused(request, _("Another archive of yours is still coming in. Wait until it is there."))
    try:
        brought = importing.bring(file, request.user, keeps_visibility="keep" in request.POST)
    except importing.NoArchive as fault:
        return _refused(request, str(fault))
    finally:
        cache.delete(turn)
    log.info("Person %s brought %s songs in.", request.user.pk, len(brought.songs))
    if not brought.refused:
        messages.success(request, " ".join(told(brought)))
        return redirect(reverse("library") if brought.songs else "export")
    return render(request, "account/brought.html", {"told": told(brought), "refused": brought.refused})


def told(brought: importing.Brought) -> list[str]:
    """What came of it, a sentence each."""
    many, sounds = len(brought.songs), brought.recordings
    sentences = []
    if many or not sounds:
        sentences.append(ngettext("%(n)s song came in.", "%(n)s songs came in.", many) % {"n": many})
    if sounds:
        sentences.append(ngettext("%(n)s recording came in.", "%(n)s recordings came in.", sounds) % {"n": sounds})
    if brought.playlists:
        lists = brought.playlists
        sentences.append(ngettext("%(n)s playlist as well.", "%(n)s playlists as well.", lists) % {"n": lists})
    if brought.there:
        there = brought.there
        sentences.append(
            ngettext("%(n)s song was here already.", "%(n)s songs were here already.", there) % {"n": there}
        )
    return sentences


def _refused(request: PersonRequest, why: str) -> HttpResponse:
    messages.error(request, why)
    return redirect("export")
