"""The create page: the form with what its writer left in it, and today's session; the ways to make a song again."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from generator import intake
from generator.given import ROLES
from studio.accounts import ledger, limits
from studio.accounts.models import User
from studio.songs import (
    drafts,
    engine,
    estimate,
    generations,
    library_facts,
    lint,
    presets,
    purse,
    slots,
    sounds,
    state,
)
from studio.songs import library as songs
from studio.songs.forms import CreateForm
from studio.songs.models import Generation, Status
from studio.songs.views import PersonRequest

SUGGESTIONS = ("upbeat", "slow", "female voice", "male voice", "acoustic guitar", "piano", "wistful", "short")
TAGS = ("Verse", "Chorus", "Bridge", "Outro", "Intro", "Pre-chorus", "Instrumental")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: PersonRequest) -> HttpResponse:
    """The form and today's session. A good form is answered with the same page, the new song on top.

    The form holds one's draft; with `like=<generation id>` what makes such a song, with `preset=<number>` a preset.
    """
    if request.method == "POST":
        form = CreateForm(request.POST)
        if (
            form.is_valid()
            and _is_fit(request.user, form)
            and _may_create(request.user, form)
            and _made(request.user, form, request.POST)
        ):
            return redirect("create")
        drafts.keep_posted(request.user, request.POST)
        return _page(request, form, drafts.told(request.POST), status=422)
    try:
        fields = _asked_for(request)
    except Http404:
        messages.error(request, _("What you asked for is not here any more, or is not yours. Your draft is as it was."))
        return _page(request, *_filled(drafts.of(request.user).fields), status=404)
    if fields is None:
        return _page(request, *_filled(drafts.of(request.user).fields))
    return _page(request, *_filled(fields), replaces=True)


@login_required
@require_POST
def again(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """The same prompt and words with a new idea, as a song of its own; the first one stays where it is."""
    generation = songs.owned(request.user, pk)
    return _once_more(request, generation, lambda: generations.again(generation))


@login_required
@require_POST
def retry(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Make it again from the same prompt and words."""
    generation = songs.owned(request.user, pk)
    return _once_more(request, generation, lambda: generations.retry(generation))


@login_required
@require_POST
def check_lyrics(request: PersonRequest) -> HttpResponse:
    """What is odd about `lyrics`, as the list that stands below them."""
    return render(
        request, "_findings.html", {"findings": lint.findings(request.POST.get("lyrics", "")[: lint.LONGEST])}
    )


def _asked_for(request: PersonRequest) -> drafts.Fields | None:
    """The fields that the address asks for; None where it asks for none. Raises `Http404` where there are none such."""
    like, preset = request.GET.get("like"), request.GET.get("preset")
    if like is not None:
        try:
            return drafts.like(songs.owned(request.user, uuid.UUID(like)))
        except ValueError:
            raise Http404("There is no such song.") from None
    if preset is not None:
        return presets.owned(request.user, preset).fields
    sound, role = request.GET.get("sound"), request.GET.get("as")
    if sound is not None:
        pk = library_facts.as_id(sound)
        known = sounds.of(request.user).filter(pk=pk).first() if pk else None
        if known is None or role not in ROLES:
            raise Http404("There is no such recording.")
        return {**drafts.of(request.user).fields, f"{role}_url": known.address}
    return None


def _filled(fields: drafts.Fields) -> tuple[CreateForm, drafts.Fields]:
    return CreateForm(initial=dict(fields)), fields


def _page(
    request: PersonRequest, form: CreateForm, fields: drafts.Fields, *, replaces: bool = False, status: int = 200
) -> HttpResponse:
    """The page with `form`, which holds `fields`. `replaces`: they stand in the place of a draft that is still kept."""
    items = state.all_shown(songs.session(request.user))
    draft = drafts.of(request.user)
    upstream = engine.current().name
    is_far = sounds.is_out_of_reach()
    mine = list(sounds.of(request.user)) if form.audio_fields else []
    context = {
        "form": form,
        "fields": fields,
        "draft": draft,
        "replaces": replaces,
        "is_over_draft": replaces and drafts.is_written(draft.fields) and draft.fields != fields,
        "is_empty": not drafts.is_written(fields),
        "source": drafts.source(request.user, fields),
        "presets": presets.of(request.user),
        "sounds": () if is_far else mine,
        "out_of_reach": sounds.out_of_reach() if is_far else "",
        "slots": slots.of(form, mine),
        "largest": intake.LARGEST,
        "sounds_page": reverse("sounds"),
        "findings": lint.findings(fields.get("lyrics", "")),
        "host": upstream if settings.UPSTREAM_URL else "",
        "items": items,
        "running": sum(item.card.status in (Status.RUNNING, Status.INTERRUPTED) for item in items),
        "waiting": sum(item.card.status == Status.QUEUED for item in items),
        "saved": sum(item.card.status in (Status.COMPLETED, Status.PARTIAL) for item in items),
        "balance": purse.balance(request.user) if settings.CREDITS_PER_SONG else None,
        "takes_about": estimate.in_words(upstream),
        "limit_prompt": settings.LIMIT_PROMPT,
        "limit_lyrics": settings.LIMIT_LYRICS,
        "suggestions": SUGGESTIONS,
        "tags": TAGS,
    }
    return render(request, "create.html", context, status=status)


def _once_more(request: PersonRequest, first: Generation, make: Callable[[], Generation]) -> HttpResponse:
    """Make a song from the fields of `first`, if this person may; the create page shows it, or says why not."""
    refused = sounds.refusal(request.user, {f"{role}_url": getattr(first, f"{role}_url") for role in ROLES})
    if refused:
        messages.error(request, refused[1])
        return redirect("create")
    allowance = limits.creation_by(request.user)
    if allowance and not allowance.granted:
        messages.error(request, _come_again(allowance))
        return redirect("create")
    try:
        make()
    except ledger.NotEnough as lack:
        messages.error(request, purse.too_few(lack))
    return redirect("create")


def _is_fit(user: User, form: CreateForm) -> bool:
    """Whether recordings of this person can have the parts they are given; where not, the form says why."""
    refused = sounds.refusal(user, {name: str(value) for name, value in form.audio.items()})
    if refused:
        form.add_error(*refused)
    return refused is None


def _may_create(user: User, form: CreateForm) -> bool:
    """Count one song of this person; where that is too many, the form says so. A form sent twice counts once."""
    token = form.cleaned_data["form_token"]
    if token and Generation.objects.filter(owner=user, form_token=token).exists():
        return True
    allowance = limits.creation_by(user)
    if allowance is None or allowance.granted:
        return True
    form.add_error(None, _come_again(allowance))
    return False


def _made(user: User, form: CreateForm, posted: Any) -> bool:
    """Make the song that is asked for and let go of its draft; where there are too few credits, the form says so."""
    source = drafts.source(user, drafts.told(posted))
    try:
        generations.create(user, form_token=form.cleaned_data["form_token"], made_from=source, **form.asked)
    except ledger.NotEnough as lack:
        form.add_error(None, ValidationError(purse.too_few(lack), code="no_credits"))
        return False
    drafts.sent(user, posted)
    return True


def _come_again(allowance: limits.Allowance) -> str:
    return ngettext(
        "You have asked for %(songs)s songs within a minute. Try again in %(n)s second; nothing is lost.",
        "You have asked for %(songs)s songs within a minute. Try again in %(n)s seconds; nothing is lost.",
        allowance.retry_in,
    ) % {"songs": allowance.limit, "n": allowance.retry_in}
