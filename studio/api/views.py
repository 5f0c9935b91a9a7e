"""The endpoints of the v6 song protocol. A song asked for here is the same row that the form makes."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from studio.accounts import ledger, limits
from studio.api import answers, errors, idempotency
from studio.api.door import Caller, as_json, endpoint
from studio.api.reading import song_request
from studio.api.stream import event_stream
from studio.songs import generations, library, sounds
from studio.songs.models import Generation


@endpoint("POST")
def song(caller: Caller, request: HttpRequest) -> HttpResponseBase:
    """Make a song and tell how it comes about, event by event."""
    row, replayed = _accept(caller, request)
    return _marked(event_stream(row.pk, caller.key.pk), replayed=replayed)


@endpoint("POST")
def song_sync(caller: Caller, request: HttpRequest) -> HttpResponseBase:
    """Make a song and answer once it is there."""
    row, replayed = _accept(caller, request)
    return _marked(answers.synchronous(row.pk), replayed=replayed)


@endpoint("GET")
def generation_status(caller: Caller, _request: HttpRequest, message_id: str) -> HttpResponse:
    """A song as it stands now."""
    return as_json(answers.status(_owned(caller, message_id)))


@endpoint("GET")
def status_by_query(caller: Caller, request: HttpRequest) -> HttpResponse:
    """The same under the address of the protocol's fifth version."""
    message_id = request.GET.get("message_id", "")
    if not message_id:
        raise errors.unprocessable("message_id", "it is missing.")
    return as_json(answers.status(_owned(caller, message_id)))


def _accept(caller: Caller, request: HttpRequest) -> tuple[Generation, bool]:
    """The song that is asked for, and whether an earlier request of the same key made it."""
    asked = song_request(request)
    token = idempotency.token(request)
    if token and (row := idempotency.recall(caller.user, token)):
        idempotency.agree(row, asked)
        return row, True
    if refused := sounds.refusal(caller.user, {name: str(value) for name, value in asked.items()}):
        raise errors.unprocessable(*refused, "rejected_input")
    caller.spend(limits.creation_by(caller.user))
    try:
        row = generations.create(caller.user, form_token=token, **asked)
    except ledger.NotEnough as lack:
        raise errors.insufficient_balance() from lack
    idempotency.agree(row, asked)  # another request of the same moment may have been first
    return row, False


def _marked(response: HttpResponseBase, *, replayed: bool) -> HttpResponseBase:
    if replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def _owned(caller: Caller, message_id: str) -> Generation:
    try:
        return library.owned(caller.user, uuid.UUID(message_id))
    except ValueError as error:
        raise errors.no_such_generation() from error
