"""The pages of one's own songs. Each view first settles whose song it is; `generations` does the rest."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from generator.protocol.understood import in_a_line
from studio.accounts.models import User
from studio.songs import addresses, engine, generations, origins, roles, state
from studio.songs import library as songs
from studio.songs.forms import LONGEST_NOTES, RenameForm, ShareForm
from studio.songs.models import Generation, Section, Version, Visibility

PARTS = {
    "intro": gettext_lazy("Intro"),
    "prechorus": gettext_lazy("Pre-chorus"),
    "chorus": gettext_lazy("Chorus"),
    "bridge": gettext_lazy("Bridge"),
    "instrumental": gettext_lazy("Instrumental"),
    "solo": gettext_lazy("Solo"),
    "outro": gettext_lazy("Outro"),
}
"""What people call the parts of a song; a part of another kind is called by its own name."""


class PersonRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User


@login_required
@require_GET
def song(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """One song: its takes, its words, who may hear it."""
    generation = songs.owned(request.user, pk)
    generations.seen(generation)
    return song_page(request, generation)


@login_required
@require_GET
def card(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """The song's card alone, for a page that already stands. With `lingers` a finished song is not a row yet."""
    item = state.shown(songs.owned(request.user, pk))
    return render(request, "_card.html", {"item": item, "lingers": "lingers" in request.GET})


@login_required
@require_POST
def cancel(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Stop making it."""
    generations.cancel(songs.owned(request.user, pk))
    return back(request, reverse("create"))


@login_required
@require_POST
def rename(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Give it another title."""
    generation = songs.owned(request.user, pk)
    form = RenameForm(request.POST)
    if not form.is_valid():
        typed, error = request.POST.get("title", ""), str(form.errors["title"][0])
        return song_page(request, generation, title_typed=typed, title_error=error, status=422)
    generations.rename(generation, form.cleaned_data["title"])
    return redirect("song", pk)


@login_required
@require_POST
def share(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Change who may hear it."""
    generation = songs.owned(request.user, pk)
    form = ShareForm(request.POST)
    if not form.is_valid():
        return song_page(request, generation, status=422)
    generations.share(generation, Visibility(form.cleaned_data["visibility"]))
    return redirect("song", pk)


@login_required
@require_POST
def trash(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Put it in the trash; the answer offers to undo that."""
    generation = songs.owned(request.user, pk)
    generations.trash(generation)
    messages.success(
        request,
        _("“%(title)s” is in the trash.") % {"title": generation.name},
        extra_tags=reverse("restore", args=[pk]),
    )
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
        messages.error(request, _("Only songs in the trash that are not being made can be deleted for good."))
        return redirect("song", pk)
    generations.delete(generation)
    messages.success(request, _("“%(title)s” is deleted.") % {"title": generation.name})
    return redirect(f"{reverse('library')}?trash=1")


def takes(item: state.Shown, *, audio: dict[int, str]) -> list[dict[str, Any]]:
    """Both takes as the song's pages show them. `audio`: version number to the address of its stored file."""
    return [
        {
            "version": version,
            "take": take,
            "sections": _labelled(list(version.sections.all())),
            "length": state.clock(round(version.duration_ms / 1000)),
            "has_words": any(section.lines for section in version.sections.all()),
            "audio": audio.get(version.number, ""),
            "download": f"{audio[version.number]}?download=1" if version.number in audio else "",
            "has_stems": engine.separates(version),
        }
        for version, take in zip(item.versions, item.card.takes, strict=True)
    ]


def _labelled(sections: list[Section]) -> list[dict[str, Any]]:
    """Sections with what people call them: verses are counted, the rest is not."""
    verses = 0
    shown = []
    for section in sections:
        verses += section.kind == "verse"
        if section.kind == "verse":
            label = _("Verse %(n)s") % {"n": verses}
        else:
            label = str(PARTS.get(section.kind, section.kind.replace("_", " ").capitalize()))
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


def _understood(item: state.Shown) -> list[tuple[str, str]]:
    """What was understood, as words: told once where both takes agree."""
    lines = {version.letter: line for version in item.versions if (line := in_a_line(version.understood))}
    if len(lines) == len(item.versions) and len(set(lines.values())) == 1:
        return [(_("Understood as"), next(iter(lines.values())))]
    return [(_("Take %(letter)s understood as") % {"letter": letter}, line) for letter, line in lines.items()]


def _kin(generation: Generation) -> list[tuple[str, list[dict[str, Any]]]]:
    """Related songs with their covers, by what they are to this one."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for word, row in songs.kin(generation):
        shown = {"id": row.pk, "name": row.name, "cover": addresses.cover(row), "created_at": row.created_at}
        grouped.setdefault(word, []).append(shown)
    return list(grouped.items())


def song_page(request: HttpRequest, generation: Generation, *, status: int = 200, **more: Any) -> HttpResponse:
    """The song's own page. `more`: what was typed on it and could not be taken, with the reason."""
    item = state.shown(generation)
    stored = [version for version in item.versions if version.state == Version.State.STORED]
    context = {
        "item": item,
        "takes": takes(item, audio={version.number: addresses.audio(generation, version) for version in stored}),
        "share_url": addresses.whole(addresses.shared(str(generation.share_id))) if generation.is_shared else "",
        "first": item.first,
        "understood": _understood(item),
        "uses": roles.uses(),
        "origins": origins.shown(generation),
        "kin": _kin(generation),
        "visibilities": Visibility.choices,
        "longest_notes": LONGEST_NOTES,
        **more,
    }
    return render(request, "song.html", context, status=status)


def back(request: HttpRequest, default: str) -> HttpResponse:
    """To the page the form stood on, where that is one of this site."""
    asked = request.POST.get("next", "")
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, None)
    return HttpResponseRedirect(asked if is_ours else default)
