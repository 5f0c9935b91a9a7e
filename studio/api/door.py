"""The door of the API: who knocks, how often, and what every answer carries.

Only a Bearer key counts here. Cookies are not looked at, so no page of another site can act for somebody who is signed
in, and browsers of every origin may call (CORS `*`, without credentials).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from studio.accounts import keys, limits
from studio.accounts.limits import Allowance
from studio.accounts.models import ApiKey, User
from studio.api import errors
from studio.api.errors import ApiError

log = logging.getLogger(__name__)

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Idempotent-Replayed"
    ),
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key",
    "Access-Control-Max-Age": "86400",
}


@dataclass(slots=True)
class Caller:
    """Whoever holds the key, and what is left to them."""

    key: ApiKey
    allowance: Allowance | None = None
    """The tightest of those that this request was counted in."""

    @property
    def user(self) -> User:
        """The key's owner."""
        return self.key.user

    def spend(self, allowance: Allowance | None) -> None:
        """Note what a limit says. Raises `ApiError` where it is passed."""
        if allowance is None:
            return
        if not allowance.granted:
            raise errors.rate_limited(allowance)
        if self.allowance is None or allowance.left < self.allowance.left:
            self.allowance = allowance


View = Callable[..., HttpResponseBase]


def endpoint(method: str) -> Callable[[View], View]:
    """A view of the API: `view(caller, request, …)` for a known key, and JSON for everything that goes wrong.

    A GET is answered to HEAD as well, and OPTIONS to browsers that ask before they call.
    """
    meant = {"GET": ("GET", "HEAD")}.get(method, (method,))

    def wrap(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "OPTIONS":
                return HttpResponse(status=204, headers={**CORS, **PREFLIGHT, "Allow": ", ".join((*meant, "OPTIONS"))})
            caller: Caller | None = None
            try:
                if request.method not in meant:
                    raise errors.other_method(", ".join((*meant, "OPTIONS")))
                caller = Caller(_key(request))
                caller.spend(limits.request_by(caller.key))
                response = view(caller, request, *args, **kwargs)
            except Exception as error:
                response = _answer(error, request)
            told = caller.allowance.headers if caller and caller.allowance else {}
            for name, value in {**CORS, **told, "Cache-Control": "no-store"}.items():
                response.headers.setdefault(name, value)
            return response

        return answer

    return wrap


def as_json(body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """A JSON answer, all of it ASCII."""
    return HttpResponse(json.dumps(body), status=status, content_type="application/json", headers=headers)


def _answer(error: Exception, request: HttpRequest) -> HttpResponse:
    match error:
        case ApiError():
            told = error
        case Http404():
            told = errors.no_such_generation()
        case OperationalError() | InterfaceError():
            log.exception("The database did not answer %s %s.", request.method, request.path)
            told = errors.unavailable("The database does not answer.")
        case _:
            log.exception("%s %s broke.", request.method, request.path)
            told = errors.broken()
    return as_json(told.body, told.status, told.headers)


def _key(request: HttpRequest) -> ApiKey:
    scheme, _, key = request.headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise errors.no_key("An API key is missing. Send it as the header Authorization: Bearer YOUR_KEY.")
    found = keys.find(key.strip())
    if found is None:
        raise errors.no_key("This API key is not valid. Make one in your account under API keys.")
    return found
