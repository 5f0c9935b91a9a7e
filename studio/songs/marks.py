"""What its owner keeps beside a song: whether it is a favourite, which take is the better one, and notes.

Scripts ask for JSON and get just that; a plain form is sent back to the page it stood on.
"""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from studio.songs import generations, library
from studio.songs.forms import LONGEST_NOTES, PlainText
from studio.songs.models import Generation, Version
from studio.songs.views import PersonRequest, back, song_page


class FavouriteForm(forms.Form):
    """`on` says what it is to be, so that what is sent twice or late does no harm."""

    on = forms.ChoiceField(choices=(("1", gettext_lazy("Favourite")), ("0", gettext_lazy("No favourite"))))


class KeepForm(forms.Form):
    """The number of the better take; nothing takes the choice back."""

    take = forms.TypedChoiceField(choices=(("1", "A"), ("2", "B")), coerce=int, required=False, empty_value=None)


class NotesForm(forms.Form):
    """Notes, and the mark (`Generation.notes_mark`) of those that were there when they were begun."""

    notes = PlainText(limit=LONGEST_NOTES, required=False)
    seen = forms.CharField(required=False)


@login_required
@require_POST
def favourite(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Make it a favourite (`on` is 1) or an ordinary song again (0)."""
    generation = library.owned(request.user, pk)
    form = FavouriteForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    generations.favour(generation, is_favourite=form.cleaned_data["on"] == "1")
    return _done(request, generation)


@login_required
@require_POST
def keep_take(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Say which take (`take`: 1, 2, or nothing) is the better one. Only one that is stored can be."""
    generation = library.owned(request.user, pk)
    form = KeepForm(request.POST)
    number = form.cleaned_data["take"] if form.is_valid() else None
    stored = {version.number for version in generation.versions.all() if version.state == Version.State.STORED}
    if not form.is_valid() or number not in {None, *stored}:
        if _is_script(request):
            return HttpResponse(status=409)
        messages.error(request, _("This take cannot be kept: it is not saved."))
        return redirect("song", pk)
    generations.keep_take(generation, number)
    return _done(request, generation)


@login_required
@require_POST
def notes(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Keep the notes. Where others have come since they were begun, nothing is written over: 409 with those."""
    generation = library.owned(request.user, pk)
    form = NotesForm(request.POST)
    if not form.is_valid():
        typed = request.POST.get("notes", "")
        return _notes_refused(request, generation, typed, 422, error=str(form.errors["notes"][0]))
    typed = form.cleaned_data["notes"]
    seen = form.cleaned_data["seen"] or generation.notes_mark
    if generation.notes not in ("", typed) and seen != generation.notes_mark:
        return _notes_refused(request, generation, typed, 409, others=generation.notes)
    generations.note(generation, typed)
    if _is_script(request):
        return JsonResponse({"seen": generation.notes_mark})
    messages.success(request, _("The notes are saved."))
    return redirect(f"{reverse('song', args=[pk])}#notes-{pk}")


def _notes_refused(
    request: HttpRequest, generation: Generation, typed: str, status: int, *, error: str = "", others: str = ""
) -> HttpResponse:
    """What was typed stands in the field again, with what is in its way."""
    if _is_script(request):
        return JsonResponse({"seen": generation.notes_mark, "error": error, "others": others}, status=status)
    more: dict[str, Any] = {"notes_typed": typed, "notes_error": error, "notes_others": others}
    return song_page(request, generation, status=status, **more)


def _done(request: HttpRequest, generation: Generation) -> HttpResponse:
    return HttpResponse(status=204) if _is_script(request) else back(request, reverse("song", args=[generation.pk]))


def _is_script(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers or not request.accepts("text/html")
