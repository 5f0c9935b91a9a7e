"""For those who write programs: the reference page, the OpenAPI document, and the keys of one's account."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.accounts import keys, security_log
from studio.api import contract, openapi
from studio.api.door import CORS, as_json
from studio.songs.models import Status
from studio.songs.views import PersonRequest


class KeyForm(forms.Form):
    """What a new key is for."""

    name = forms.CharField(
        max_length=80,
        label=_("Name"),
        help_text=_("What the key is for, so that you know it again."),
        error_messages={"required": _("Say what the key is for.")},
    )


@require_safe
def developers(request: HttpRequest) -> HttpResponse:
    """How to make songs from a program."""
    context = {
        "address": settings.PUBLIC_URL,
        "parameters": contract.parameters(),
        "samples": [(_("Streaming"), contract.samples("streaming")), (_("Synchronous"), contract.samples("sync"))],
        "stages": contract.stages(),
        "events": "".join(stage.line for stage in contract.stages()).strip(),
        "failure": contract.failure().line.strip(),
        "answer": json.dumps(contract.answer(), indent=2, ensure_ascii=False),
        "failed_answer": json.dumps(contract.failed_answer(), indent=2, ensure_ascii=False),
        "status_answer": json.dumps(contract.status_answer(), indent=2, ensure_ascii=False),
        "statuses": Status.values,
        "problems": [(problem, json.dumps(problem.error.body)) for problem in contract.problems()],
        "limits": contract.limits(),
    }
    return render(request, "api/developers.html", context)


@require_safe
def openapi_document(_request: HttpRequest) -> HttpResponse:
    """The OpenAPI document, for everybody."""
    return as_json(openapi.document(), headers={**CORS, "Cache-Control": "no-cache"})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def api_keys(request: PersonRequest) -> HttpResponse:
    """One's keys. A new one is shown in the answer to the form, and never again."""
    form = KeyForm(request.POST if request.method == "POST" else None)
    made: dict[str, Any] = {}
    if form.is_valid():
        try:
            made["row"], made["key"] = keys.issue(request.user, form.cleaned_data["name"])
            security_log.note("made an API key", request, request.user)
            form = KeyForm()
        except keys.TooManyKeysError:
            told = gettext("You have %(n)s keys, as many as there may be. Revoke one first.")
            form.add_error(None, told % {"n": keys.MOST_KEYS})
    context = {"form": form, "keys": keys.current(request.user), "made": made}
    response = render(request, "account/keys.html", context, status=422 if form.errors else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def revoke_api_key(request: PersonRequest, pk: int) -> HttpResponse:
    """End a key at once."""
    row = keys.revoke(request.user, pk)
    if row is None:
        raise Http404("There is no such key.")
    security_log.note("revoked an API key", request, request.user)
    told = gettext("The key “%(name)s” is revoked. Programs that use it are refused from now on.")
    messages.success(request, told % {"name": row.name})
    return redirect("api_keys")
