"""API keys: made, shown once, found again by what a program sends, revoked.

A key reads `duplet_<id>_<secret><checksum>`, all of it letters and digits: the id of 10 characters finds the row, the
secret of 43 characters holds 256 random bits, the checksum of 6 characters is the CRC-32 of what stands before it, as
in GitHub's tokens. So a mistyped key, or one found in somebody's code, is told from a real one without a database.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import string
import zlib
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from studio.accounts.models import ApiKey, User

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
SHAPE = re.compile(r"duplet_([0-9A-Za-z]{10})_[0-9A-Za-z]{43}([0-9A-Za-z]{6})", re.ASCII)
MOST_KEYS = 20
"""Keys that one person may have at a time."""
USE_NOTED = timedelta(minutes=1)
"""How exactly the last use of a key is known."""
NOBODYS = "0" * 64
"""Compared with where no row is found, so that an unknown id takes as long as a wrong secret."""


class TooManyKeysError(Exception):
    """This person has `MOST_KEYS` already."""


def issue(user: User, name: str) -> tuple[ApiKey, str]:
    """A new key of `user`: its row, and the key itself, which nobody can read again. Raises `TooManyKeysError`."""
    if current(user).count() >= MOST_KEYS:
        raise TooManyKeysError
    public_id = _random(10)
    body = f"duplet_{public_id}_{_random(43)}"
    key = body + _checksum(body)
    row = ApiKey.objects.create(user=user, name=name, public_id=public_id, key_hash=_hashed(key), last4=key[-4:])
    return row, key


def find(key: str) -> ApiKey | None:
    """The row of a key that is good now, with its owner; None where it is mistyped, unknown, revoked or switched off.

    Notes its use, at most once in `USE_NOTED`.
    """
    shape = SHAPE.fullmatch(key)
    if shape is None or not hmac.compare_digest(_checksum(key[:-6]), shape[2]):
        return None
    row = ApiKey.objects.select_related("user").filter(public_id=shape[1]).first()
    is_right = hmac.compare_digest(_hashed(key), row.key_hash if row else NOBODYS)
    if row is None or not is_right or row.revoked_at is not None or not row.user.is_active:
        return None
    _note_use(row)
    return row


def still_opens(pk: int) -> bool:
    """Whether the key of this row is good now: not revoked, its owner not switched off."""
    return ApiKey.objects.filter(pk=pk, revoked_at=None, user__is_active=True).exists()


def current(user: User) -> QuerySet[ApiKey]:
    """The keys of `user` that are not revoked, newest first."""
    return ApiKey.objects.filter(user=user, revoked_at=None)


def revoke(user: User, pk: int) -> ApiKey | None:
    """End one of this person's keys at once and for good; the row, or None where there is no such key."""
    row = current(user).filter(pk=pk).first()
    if row is not None:
        ApiKey.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=timezone.now())
    return row


def _note_use(row: ApiKey) -> None:
    now = timezone.now()
    if row.last_used_at is None or now - row.last_used_at >= USE_NOTED:
        stale = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_NOTED)
        ApiKey.objects.filter(stale, pk=row.pk).update(last_used_at=now)


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _checksum(text: str) -> str:
    rest, digits = zlib.crc32(text.encode()), ""
    for _ in range(6):  # 62 to the 6th power is more than 2 to the 32nd
        rest, digit = divmod(rest, 62)
        digits = ALPHABET[digit] + digits
    return digits


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
