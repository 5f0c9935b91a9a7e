"""The pages of one's own songs. Each view first settles whose song it is; `generations` does the rest."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from generator.protocol.understood import in_a_line
from studio.accounts import ledger, limits
from studio.accounts.models import User
from studio.songs import addresses, engine, generations, purse, state
from studio.songs import library as songs
from studio.songs.forms import CreateForm, RenameForm, ShareForm
from studio.songs.models import Generation, Section, Status, Version, Visibility

SUGGESTIONS = ("upbeat", "slow", "female voice", "male voice", "acoustic guitar", "piano", "wistful", "short")
TAGS = ("Verse", "Chorus", "Bridge", "Outro")


class PersonRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: PersonRequest) -> HttpResponse:
    """The form and today's session. A good form is answered with the same page, the new song on top."""
    form = CreateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _may_create(request.user, form) and _made(request.user, form):
        return redirect("create")
    items = [state.shown(row) for row in songs.session(request.user)]
    context = {
        "form": form,
        "items": items,
        "running": sum(not item.card.is_final for item in items),
        "saved": sum(item.card.status in (Status.COMPLETED, Status.PARTIAL) for item in items),
        "balance": purse.balance(request.user) if settings.CREDITS_PER_SONG else None,
        "limit_prompt": settings.LIMIT_PROMPT,
        "limit_lyrics": settings.LIMIT_LYRICS,
        "suggestions": SUGGESTIONS,
        "tags": TAGS,
    }
    return render(request, "create.html", context, status=200 if form.is_valid() or not form.is_bound else 422)


@login_required
@require_GET
def library(request: PersonRequest) -> HttpResponse:
    """One's songs, newest first: `q` searches, `page` turns the page, `trash=1` shows what was thrown away."""
    query = " ".join(request.GET.get("q", "").replace("\0", "").split())[:200]
    trashed = request.GET.get("trash") == "1"
    found = songs.songs(request.user, words=query, trashed=trashed)
    page: Page[Any] = Paginator(found, settings.SONGS_PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = [state.shown(row) for row in page.object_list]
    context = {"page": page, "query": query, "trashed": trashed, "total": page.paginator.count}
    return render(request, "library.html", context)


@login_required
@require_GET
def song(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """One song: its takes, its words, who may hear it."""
    return _song_page(request, songs.owned(request.user, pk))


@login_required
@require_GET
def card(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """The song's card alone, for a page that already stands."""
    item = state.shown(songs.owned(request.user, pk))
    return render(request, "_card.html", {"item": item})


@login_required
@require_POST
def cancel(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Stop making it."""
    generations.cancel(songs.owned(request.user, pk))
    return _back(request, reverse("create"))


@login_required
@require_POST
def retry(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Make it again from the same prompt and words."""
    generation = songs.owned(request.user, pk)
    allowance = limits.creation_by(request.user)
    if allowance and not allowance.granted:
        messages.error(request, _come_again(allowance))
    else:
        try:
            generations.retry(generation)
        except ledger.NotEnough as lack:
            messages.error(request, purse.too_few(lack))
    return redirect("create")


@login_required
@require_POST
def rename(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Give it another title."""
    generation = songs.owned(request.user, pk)
    form = RenameForm(request.POST)
    if not form.is_valid():
        return _song_page(request, generation, title_error=str(form.errors["title"][0]), status=422)
    generations.rename(generation, form.cleaned_data["title"])
    return redirect("song", pk)


@login_required
@require_POST
def share(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Change who may hear it."""
    generation = songs.owned(request.user, pk)
    form = ShareForm(request.POST)
    if not form.is_valid():
        return _song_page(request, generation, status=422)
    generations.share(generation, Visibility(form.cleaned_data["visibility"]))
    return redirect("song", pk)


@login_required
@require_POST
def trash(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Put it in the trash; the answer offers to undo that."""
    generation = songs.owned(request.user, pk)
    generations.trash(generation)
    messages.success(request, f"“{generation.name}” is in the trash.", extra_tags=reverse("restore", args=[pk]))
    return redirect("library")


@login_required
@require_POST
def restore(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Take it out of the trash."""
    generations.restore(songs.owned(request.user, pk))
    return redirect("song", pk)


@login_required
@require_POST
def delete(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """End it for good. Only what lies in the trash and is not being made can be deleted."""
    generation = songs.owned(request.user, pk)
    if generation.trashed_at is None or not generation.is_final:
        messages.error(request, "Only songs in the trash that are not being made can be deleted for good.")
        return redirect("song", pk)
    generations.delete(generation)
    messages.success(request, f"“{generation.name}” is deleted.")
    return redirect(f"{reverse('library')}?trash=1")


def takes(item: state.Shown, *, audio: dict[int, str]) -> list[dict[str, Any]]:
    """Both takes as the song's pages show them. `audio`: version number to the address of its stored file."""
    return [
        {
            "version": version,
            "take": take,
            "sections": _labelled(list(version.sections.all())),
            "length": state.clock(round(version.duration_ms / 1000)),
            "understood": in_a_line(version.understood),
            "audio": audio.get(version.number, ""),
            "download": f"{audio[version.number]}?download=1" if version.number in audio else "",
            "has_stems": engine.separates(version),
        }
        for version, take in zip(item.versions, item.card.takes, strict=True)
    ]


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


def _made(user: User, form: CreateForm) -> bool:
    """Make the song that is asked for; where there are too few credits for it, the form says so."""
    try:
        generations.create(user, form_token=form.cleaned_data["form_token"], **form.asked)
    except ledger.NotEnough as lack:
        form.add_error(None, ValidationError(purse.too_few(lack), code="no_credits"))
        return False
    return True


def _come_again(allowance: limits.Allowance) -> str:
    seconds = "1 second" if allowance.retry_in == 1 else f"{allowance.retry_in} seconds"
    return f"You have asked for {allowance.limit} songs within a minute. Try again in {seconds}; nothing is lost."


def _labelled(sections: list[Section]) -> list[dict[str, Any]]:
    """Sections with what people call them: verses are counted, the rest is not."""
    verses = 0
    shown = []
    for section in sections:
        verses += section.kind == "verse"
        label = f"Verse {verses}" if section.kind == "verse" else section.kind.replace("_", " ").capitalize()
        label = "Pre-chorus" if section.kind == "prechorus" else label
        shown.append(
            {
                "kind": section.kind,
                "label": label,
                "start_ms": section.start_ms,
                "end_ms": section.end_ms,
                "lines": section.lines,
            }
        )
    return shown


def _song_page(
    request: HttpRequest, generation: Generation, *, title_error: str = "", status: int = 200
) -> HttpResponse:
    item = state.shown(generation)
    stored = [version for version in item.versions if version.state == Version.State.STORED]
    context = {
        "item": item,
        "takes": takes(item, audio={version.number: addresses.audio(generation, version) for version in stored}),
        "kin": songs.kin(generation),
        "share_url": addresses.whole(addresses.shared(generation)) if generation.is_shared else "",
        "visibilities": Visibility.choices,
        "title_error": title_error,
    }
    return render(request, "song.html", context, status=status)


def _back(request: HttpRequest, default: str) -> HttpResponse:
    """To the page the form stood on, if it is one of ours that shows cards."""
    asked = request.POST.get("next", "")
    return HttpResponseRedirect(asked if asked.startswith(("/songs/", "/library/")) else default)
