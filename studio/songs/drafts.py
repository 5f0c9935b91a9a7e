"""What somebody is writing, kept on the server: it is there after a reload, on another device, and next week."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import models, transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from studio.accounts.models import User
from studio.songs.models import Generation
from studio.songs.views import PersonRequest

FIELDS = ("prompt", "lyrics", "words", "reference_url", "instrumental_url", "vocal_url", "melody_url", "made_from")
"""Fields of the form that are kept, by their names there."""
WRITTEN = tuple(name for name in FIELDS if name not in ("words", "made_from"))
"""Those that somebody types."""
LONGEST = 60_000
"""Characters of one field: more than any field takes, so that what is too long for a song is kept all the same."""
INSTRUMENTAL = ", instrumental"
"""What the form adds to a prompt without words."""
MOST_ASIDE = 5
LARGEST_REVISION = 2**31 - 1

Fields = dict[str, str]


class Draft(models.Model):
    """The form of one person as they left it."""

    owner = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="draft")
    fields: models.JSONField[Fields, Fields] = models.JSONField(default=dict)
    aside: models.JSONField[list[Fields], list[Fields]] = models.JSONField(default=list)
    """What stood there before something else took its place, the last one first; at most `MOST_ASIDE`."""
    revision = models.PositiveIntegerField(default=0)
    """Grows with each change: who saves must have seen the last one, or have made it."""
    page = models.UUIDField(null=True)
    """The form (its `form_token`) that was saved last: one page never contradicts itself."""
    updated_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Draft of {self.owner_id}"


class Conflict(Exception):  # noqa: N818  an answer
    """The draft was written elsewhere since."""

    def __init__(self, draft: Draft) -> None:
        super().__init__("The draft was written elsewhere since.")
        self.draft = draft


def of(user: User) -> Draft:
    """This person's draft; an unsaved empty one where there is none."""
    return Draft.objects.filter(owner=user).first() or Draft(owner=user)


def save(user: User, fields: Fields, *, revision: int, page: uuid.UUID | None = None, replaces: bool = False) -> Draft:
    """Keep `fields` if the draft is still at `revision`, or was last saved from the same `page`.

    With `replaces` what stood there is set aside. Raises `Conflict` with the newer draft, which stays as it is.
    """
    with transaction.atomic():
        draft = _locked(user)
        if draft.fields == fields:
            return draft
        if draft.revision != revision and (page is None or draft.page != page):
            raise Conflict(draft)
        if replaces:
            _lay_aside(draft, draft.fields)
        return _put(draft, fields, page)


def set_aside(user: User, fields: Fields) -> None:
    """Keep `fields` beside the draft, from where they can be brought back."""
    with transaction.atomic():
        draft = _locked(user)
        _lay_aside(draft, fields)
        _put(draft, draft.fields)


def clear(user: User) -> None:
    """Begin anew. What stood there can be brought back."""
    with transaction.atomic():
        draft = _locked(user)
        _lay_aside(draft, draft.fields)
        _put(draft, {})


def sent(user: User, posted: Mapping[str, Any]) -> None:
    """A song was asked for with the form `posted`: let go of its draft, but not of words that were not sung.

    A draft that was written elsewhere stays, and so does one in whose place the form stood.
    """
    with transaction.atomic():
        draft = _locked(user)
        is_of_form = draft.page is not None and draft.page == _page_of(posted)
        if not is_of_form and (draft.revision != _revision_of(posted) or posted.get("replaces") == "1"):
            return
        unsung = posted.get("unsung", "") and {name: told(posted)[name] for name in ("lyrics", "words")}
        _put(draft, unsung or {})


def bring_back(user: User) -> None:
    """Let what was set aside last take its place again. What stands there goes to the end: further calls bring all."""
    with transaction.atomic():
        draft = _locked(user)
        if draft.aside:
            last, *others = draft.aside
            draft.aside = [*others, draft.fields] if is_written(draft.fields) else others
            _put(draft, last)


def keep_posted(user: User, posted: Mapping[str, Any]) -> None:
    """Keep what a form holds. What somebody wrote elsewhere meanwhile is set aside."""
    fields = told(posted)
    if not is_written(fields):
        return
    revision, page, replaces = _revision_of(posted), _page_of(posted), posted.get("replaces") == "1"
    try:
        save(user, fields, revision=revision, page=page, replaces=replaces)
    except Conflict as conflict:
        save(user, fields, revision=conflict.draft.revision, page=page, replaces=True)


def is_written(fields: Mapping[str, str]) -> bool:
    """Whether there is a word in it."""
    return any(fields.get(name, "").strip() for name in WRITTEN)


def told(posted: Mapping[str, Any]) -> Fields:
    """The fields of a form that hold something. A text is cut off at 60,000 characters, NULs are left out.

    Words that are not to be sung may come as "unsung", so that they are kept and nobody sings them.
    """
    if "unsung" in posted:
        posted = {**{name: posted.get(name, "") for name in FIELDS}, "lyrics": posted["unsung"]}
    found = {name: str(posted.get(name, "")).replace("\0", "").replace("\r\n", "\n")[:LONGEST] for name in FIELDS}
    return {name: text for name, text in found.items() if text}


def like(generation: Generation) -> Fields:
    """The form that would make such a song, as its owner would fill it in."""
    prompt, words = generation.prompt, "mine" if generation.lyrics else "write"
    if not generation.lyrics and prompt.endswith(INSTRUMENTAL):
        prompt, words = prompt.removesuffix(INSTRUMENTAL), "instrumental"
    fields = {name: str(getattr(generation, name)) for name in FIELDS if name.endswith("_url")}
    fields |= {"prompt": prompt, "lyrics": generation.lyrics, "words": words, "made_from": str(generation.pk)}
    return {name: text for name, text in fields.items() if text}


def source(user: User, fields: Fields) -> Generation | None:
    """The song of this person that `fields` were taken from, if it is there still."""
    try:
        pk = uuid.UUID(fields.get("made_from", ""))
    except ValueError:
        return None
    return Generation.objects.filter(owner=user, pk=pk).first()


def _locked(user: User) -> Draft:
    Draft.objects.get_or_create(owner=user)
    return Draft.objects.select_for_update().get(owner=user)


def _lay_aside(draft: Draft, fields: Fields) -> None:
    if is_written(fields):
        draft.aside = [fields, *(one for one in draft.aside if one != fields)][:MOST_ASIDE]


def _put(draft: Draft, fields: Fields, page: uuid.UUID | None = None) -> Draft:
    draft.fields, draft.page, draft.revision, draft.updated_at = fields, page, draft.revision + 1, timezone.now()
    draft.save()
    return draft


def _revision_of(posted: Mapping[str, Any]) -> int:
    written = str(posted.get("revision", ""))
    is_number = written.isascii() and written.isdigit() and len(written) <= len(str(LARGEST_REVISION))
    return int(written) if is_number else 0


def _page_of(posted: Mapping[str, Any]) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(posted.get("form_token", "")))
    except ValueError:
        return None


@login_required
@require_POST
def keep(request: PersonRequest) -> HttpResponse:
    """Save what is being written: from the button of a page without scripts, or from a script.

    A script is answered with JSON, the draft's `revision`; with 409 where somebody has written elsewhere. With `take`
    the words that stand here are left alone and those of the form are set aside.
    """
    posted = request.POST
    if not _is_script(request):
        keep_posted(request.user, posted)
        messages.success(request, _("Your draft is kept."))
        return redirect("create")
    if posted.get("take") == "1":
        set_aside(request.user, told(posted))
        messages.success(request, _("These are the words from elsewhere."), extra_tags=reverse("bring_back"))
        return JsonResponse({"revision": of(request.user).revision})
    revision, page, replaces = _revision_of(posted), _page_of(posted), posted.get("replaces") == "1"
    try:
        draft = save(request.user, told(posted), revision=revision, page=page, replaces=replaces)
    except Conflict as conflict:
        return JsonResponse({"revision": conflict.draft.revision}, status=409)
    return JsonResponse({"revision": draft.revision})


@login_required
@require_POST
def start_over(request: PersonRequest) -> HttpResponse:
    """Empty the form; what stood there can be brought back."""
    clear(request.user)
    messages.success(request, _("The form is empty."), extra_tags=reverse("bring_back"))
    return redirect("create")


@login_required
@require_POST
def back(request: PersonRequest) -> HttpResponse:
    """Bring back what was set aside. From a form that stands over the draft and is `untouched`, that is the draft."""
    if request.POST.get("untouched") != "1":
        bring_back(request.user)
    return redirect("create")


def _is_script(request: PersonRequest) -> bool:
    return request.accepts("application/json") and not request.accepts("text/html")
