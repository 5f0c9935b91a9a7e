"""“Your song is ready”: who wants to be told by mail, what is written, and the ways to have no more of it.

The moment at which a mail is due is written with the song's end, in the same transaction; `studio.live.postman` sends.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.mail import EmailMultiAlternatives
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from generator.protocol.text import one_line
from studio.accounts import letters
from studio.accounts.models import User
from studio.songs import addresses
from studio.songs.models import Generation, Version
from studio.songs.views import PersonRequest

GRACE = timedelta(seconds=45)
"""From a song's end to its mail: whoever opens or plays the song within it needs none."""
LONGEST_TITLE = 80
"""In a subject."""
SIGNER = Signer(salt="no more mails about songs")


def due(song: Generation) -> None:
    """Say when `song`, which has just ended with a take, is to be told of; the row is saved by whoever ended it."""
    if settings.MAIL_HOST and song.owner.mail_when_ready:
        song.mail_due_at = timezone.now() + GRACE


def mail(song: Generation) -> EmailMultiAlternatives:
    """What its owner is told. The title may hold anything."""
    off = addresses.whole(reverse("mail_off", args=[SIGNER.sign(str(song.owner_id))]))
    headers = {"List-Unsubscribe": f"<{off}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    takes = song.versions.filter(state=Version.State.STORED).count()
    told = {"title": one_line(song.name, LONGEST_TITLE), "takes": takes, "off_url": off}
    told["song_url"] = addresses.whole(addresses.song(song))
    return letters.written("account/email/song_ready", song.owner.email, told, headers)


@login_required
@require_POST
def choose(request: PersonRequest) -> HttpResponse:
    """Switch these mails on or off for oneself."""
    User.objects.filter(pk=request.user.pk).update(mail_when_ready=request.POST.get("mail_when_ready") == "on")
    messages.success(request, _("Saved."))
    return redirect("account_email")


@csrf_exempt  # a mail program presses this button, without a cookie (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
def off(request: HttpRequest, token: str) -> HttpResponse:
    """The link in a mail. A GET, with which programs look links over, only asks; a POST ends these mails."""
    try:
        person = User.objects.filter(pk=int(SIGNER.unsign(token))).first()
    except (BadSignature, ValueError):
        person = None
    if person is None:
        raise Http404("There is no such link.")
    if request.method == "POST":
        User.objects.filter(pk=person.pk).update(mail_when_ready=False)
        Generation.objects.filter(owner=person).exclude(mail_due_at=None).update(mail_due_at=None)
    response = render(request, "mail_off.html", {"is_off": request.method == "POST"})
    response["Referrer-Policy"], response["Cache-Control"] = "no-referrer", "no-store"
    return response
