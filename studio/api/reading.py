"""What a request asks for: its body read safely, checked for types here and for everything else by the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from django.core.exceptions import NON_FIELD_ERRORS, RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError

from generator.protocol import json_text
from generator.protocol.errors import ErrorCode
from studio.api import errors
from studio.api.errors import ApiError
from studio.songs.forms import AUDIO_INPUTS, Asked, CreateForm

PARAMETERS = ("prompt", "lyrics", *AUDIO_INPUTS)
DOCUMENTED: dict[str, Callable[[], ApiError]] = {
    "required": errors.invalid_prompt,
    "rejected_prompt": errors.invalid_prompt,
    "nsfw": errors.nsfw,
    "no_credits": errors.insufficient_balance,
}
"""Faults that the document has an answer for, by the codes that the form's errors carry."""


def song_request(request: HttpRequest) -> Asked:
    """What a song is asked to be made from: all six parameters, empty where they are absent. Raises `ApiError`."""
    form = CreateForm(_parameters(request))
    if not form.is_valid():
        raise _refused(form)
    return form.asked


def _parameters(request: HttpRequest) -> dict[str, str]:
    """The parameters that are there. Null means absent; what else a client sends is let be."""
    body = _body(request)
    if not isinstance(body, dict):
        raise errors.unprocessable("body", "it must be a JSON object.")
    given = {name: body[name] for name in PARAMETERS if body.get(name) is not None}
    for name, value in given.items():
        if not isinstance(value, str):
            raise errors.unprocessable(name, "it must be a string.")
    return given


def _body(request: HttpRequest) -> Any:
    kind, charset = request.content_type or "application/json", (request.content_params or {}).get("charset", "utf-8")
    if not (kind == "application/json" or kind.endswith("+json")) or charset.lower() not in ("utf-8", "us-ascii"):
        raise errors.not_json()
    try:
        return json_text.read(request.body)
    except RequestDataTooBig as error:
        raise errors.too_large() from error
    except UnreadablePostError as error:
        raise errors.malformed("The body broke off before its end.") from error
    except json_text.NotJson as error:
        raise errors.malformed("The body is not valid JSON in UTF-8.") from error


def _refused(form: CreateForm) -> ApiError:
    """The first fault that the document has an answer for, else the first of all."""
    faults = [(field, fault) for field, found in form.errors.as_data().items() for fault in found]
    for _, fault in faults:
        if fault.code in DOCUMENTED:
            return DOCUMENTED[fault.code]()
    field, fault = faults[0]
    code = fault.code if fault.code in get_args(ErrorCode) else ""
    sentence = " ".join(fault.messages)
    # A fault of the whole form names its field by itself.
    return errors.unprocessable("" if field == NON_FIELD_ERRORS else field, sentence, code or "")
