"""`Idempotency-Key`: the same key of the same account is the same song for 24 hours, however often it is asked for.

The key becomes the row's form token, which is unique for each owner: so it is the database that decides between two
requests of the same moment, and the song itself remembers what it was asked with.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

from studio.accounts.models import User
from studio.api import errors
from studio.songs.forms import Asked
from studio.songs.models import Generation

KEPT = timedelta(hours=24)
LONGEST = 255
SPACE = uuid.UUID("6f0d3c44-5f1e-4f0c-9b8e-2d5f6a1c7e90")
"""Keeps tokens made from keys apart from those that forms and retries make."""


def token(request: HttpRequest) -> uuid.UUID | None:
    """The form token that stands for the request's key; None where it has none. Raises `ApiError` over `LONGEST`."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST:
        raise errors.unprocessable("Idempotency-Key", f"it has {len(key)} characters; up to {LONGEST} fit.")
    return uuid.uuid5(SPACE, key) if key else None


def recall(user: User, form_token: uuid.UUID) -> Generation | None:
    """The song that was made with this token and is not older than `KEPT`."""
    rows = Generation.objects.filter(owner=user, form_token=form_token)
    rows.filter(created_at__lt=timezone.now() - KEPT).update(form_token=None)
    return rows.first()


def agree(row: Generation, asked: Asked) -> None:
    """Raise `ApiError` where `row` was asked for with other parameters than `asked`."""
    if any(getattr(row, name) != value for name, value in asked.items()):
        raise errors.key_reused()
