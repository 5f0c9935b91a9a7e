"""Everything the API answers instead of what was asked, with the document's own bodies where it has one.

    400  the body is no JSON; the prompt is missing or empty; words that this site does not sing
    401  no key, a mistyped, unknown or revoked one
    402  the balance does not cover a song
    404  no generation of this account has that message_id
    405  another method is meant
    409  an Idempotency-Key that was used for another request
    413  the body is larger than any request can be
    415  the body is not declared as JSON in UTF-8
    422  a wrong type, a value over its limit, or one that cannot become a song; `detail` begins with the field's name
    429  too many requests or songs; Retry-After says when to come again
    500  something broke here
    503  the database does not answer; Retry-After says when to come again

Clients repeat a POST by themselves after 429, 500 and 503: so these are answered only while nothing has been accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studio.accounts.limits import Allowance

AGAIN_SECONDS = 5
"""Retry-After where nobody can know better."""


class ApiError(Exception):
    """An answer that is not what was asked for: status, JSON body, headers."""

    def __init__(self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status} {dict(body)}")
        self.status = status
        self.body = dict(body)
        self.headers = dict(headers or {})


def no_key(message: str) -> ApiError:
    """The caller is nobody we know."""
    return ApiError(401, _told(message), {"WWW-Authenticate": "Bearer"})


def rate_limited(allowance: Allowance) -> ApiError:
    """Too many requests, or too many songs, of one caller."""
    return ApiError(429, _told("Rate limits have been passed for the user."), allowance.headers)


def insufficient_balance() -> ApiError:
    """A song costs more than the account has."""
    return ApiError(402, _told("Insufficient balance for this operation."))


def invalid_prompt() -> ApiError:
    """There is no prompt, or nothing in it."""
    return ApiError(400, {"detail": "Invalid or empty prompt provided"})


def nsfw() -> ApiError:
    """Prompt or lyrics hold words that this site does not sing."""
    return ApiError(400, _told("NSFW words detected. Please try again with different lyrics."))


def unavailable(error: str) -> ApiError:
    """Not now, but soon."""
    body = {**_told("Service temporarily unavailable. Please try again in a moment."), "error": error}
    return ApiError(503, body, {"Retry-After": str(AGAIN_SECONDS)})


def broken() -> ApiError:
    """A fault of ours that nobody foresaw."""
    return ApiError(500, _told("Something broke on this server. Nothing was made or charged."))


def malformed(sentence: str) -> ApiError:
    """The body cannot be read."""
    return ApiError(400, {"detail": sentence})


def unprocessable(field: str, sentence: str, error_code: str = "") -> ApiError:
    """One field is at fault. `error_code` is a word of the protocol's closed list, if one fits."""
    detail = f"{field}: {sentence}" if field else sentence
    return ApiError(422, {"detail": detail, **({"error_code": error_code} if error_code else {})})


def no_such_generation() -> ApiError:
    """Nobody's, or somebody else's: nobody learns which."""
    return ApiError(404, {"detail": "message_id: there is no such generation in this account."})


def other_method(meant: str) -> ApiError:
    """`meant`: the methods that this address knows."""
    return ApiError(405, {"detail": f"This address answers to {meant}."}, {"Allow": meant})


def key_reused() -> ApiError:
    """The same Idempotency-Key with another body."""
    sentence = "this key stands for another request of the last 24 hours. Use a new key for a new song."
    return ApiError(409, {"detail": f"Idempotency-Key: {sentence}"})


def too_large() -> ApiError:
    """More bytes than the longest request can have."""
    return ApiError(413, {"detail": "This request is larger than this site accepts."})


def not_json() -> ApiError:
    """The body says that it is something else."""
    return ApiError(415, {"detail": "Send JSON in UTF-8, with the header Content-Type: application/json."})


def _told(message: str) -> dict[str, Any]:
    return {"success": False, "message": message}
