"""What people read about their credits: how many there are, what became of each, and why there are too few."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from studio.accounts import ledger
from studio.accounts.models import LedgerEntry, User
from studio.songs import sounds
from studio.songs.models import Generation
from studio.songs.usage import DAYS, HALF, STEP, usage

if TYPE_CHECKING:
    from studio.songs.views import PersonRequest

ENTRIES_PER_PAGE = 50
Kind = LedgerEntry.Kind


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as its owner reads it."""

    at: datetime
    says: str
    song: Generation | None
    """The song it is about, if it is there still."""
    amount: str
    """With its sign."""


@login_required
@require_safe
def page(request: PersonRequest) -> HttpResponse:
    """What one made and has left, and what came and went.

    Entries of nothing (a capture, a song for free) are not shown.
    """
    context = {
        "usage": usage(request.user),
        "recordings": sounds.room_told(request.user),
        "wide": DAYS * STEP,
        "middle": HALF + 2,
        "high": 2 * HALF + 4,
        "balance": balance(request.user),
        "daily": ledger.in_words(settings.CREDITS_DAILY) if settings.CREDITS_DAILY else "",
        "enough_for": balance(request.user) // settings.CREDITS_PER_SONG if settings.CREDITS_PER_SONG else None,
    }
    entries = LedgerEntry.objects.filter(user=request.user).exclude(amount=0)
    shown: Page[Any] = Paginator(entries, ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
    shown.object_list = _lines(request.user, list(shown.object_list))
    return render(request, "account/credits.html", {**context, "page": shown})


def balance(user: User) -> int:
    """What this person has, the day's credits among it."""
    ledger.daily(user)
    return ledger.balance(user)


def too_few(lack: ledger.NotEnough) -> str:
    """Why a song is not made, and when it could be."""
    told = _("This song costs %(cost)s and you have %(there)s.") % {
        "cost": ledger.in_words(lack.cost),
        "there": ledger.figure(lack.balance),
    }
    more_at, more = ledger.next_daily(), settings.CREDITS_DAILY
    if more_at:
        then = ngettext(
            "%(n)s more comes on %(day)s at %(time)s UTC. Nothing is lost.",
            "%(n)s more come on %(day)s at %(time)s UTC. Nothing is lost.",
            more,
        ) % {"n": ledger.figure(more), "day": date_format(more_at, "j F"), "time": date_format(more_at, "H:i")}
    else:
        then = _("Whoever runs this site can give you more. Nothing is lost.")
    return f"{told} {then}"


def _lines(user: User, entries: list[LedgerEntry]) -> list[Line]:
    ids = {entry.generation_id for entry in entries if entry.generation_id}
    songs = Generation.objects.filter(owner=user).in_bulk(ids)
    used = set(
        LedgerEntry.objects.filter(generation_id__in=ids, kind=Kind.CAPTURE).values_list("generation_id", flat=True)
    )
    over = used | set(
        LedgerEntry.objects.filter(generation_id__in=ids, kind=Kind.RELEASE).values_list("generation_id", flat=True)
    )
    lines = []
    for entry in entries:
        match entry.kind:
            case Kind.GRANT:
                says = _("The day’s credits") if entry.day else entry.note or _("Given by the operator")
            case Kind.RESERVE if entry.generation_id in over:
                says = _("Used") if entry.generation_id in used else _("Set aside")
            case Kind.RESERVE:
                says = _("Set aside while it is being made")
            case Kind.RELEASE:
                says = _("Given back: no take came")
            case _:
                says = _("Given back by the operator")
        song = songs.get(entry.generation_id) if entry.generation_id else None
        lines.append(Line(entry.created_at, says, song, f"{entry.amount:+,}".replace("-", "−")))
    return lines
