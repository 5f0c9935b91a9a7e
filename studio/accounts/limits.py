"""How often somebody may ask: token buckets that all processes share, exact under concurrency.

A bucket holds `per_minute` tokens and gains them evenly. It is kept as one number, the time at which it is full again
(the "theoretical arrival time" of the generic cell rate algorithm, ITU-T I.371), so that taking a token is a single
conditional UPDATE: whoever changes no row was refused, and no two requests take the same token. With REDIS_URL the
number lies in Redis; while that does not answer, the database counts.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Greatest

from studio.accounts import redis_bucket
from studio.accounts.models import ApiKey, RateBucket, User

WINDOW = 60.0
"""Seconds in which an empty bucket fills."""
FORGOTTEN_AFTER = 3600
"""Seconds for which a full bucket is kept."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a bucket says after a token was asked of it."""

    granted: bool
    limit: int
    """Tokens a minute."""
    left: int
    """Tokens that could be taken at once now."""
    full_in: int
    """Whole seconds until the bucket is full."""
    retry_in: int
    """Whole seconds until a token is there, at least 1; 0 where one was granted."""

    @property
    def headers(self) -> dict[str, str]:
        """`RateLimit-*`, and `Retry-After` where nothing was granted."""
        told = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(self.full_in),
        }
        return told if self.granted else {**told, "Retry-After": str(self.retry_in)}


def request_by(key: ApiKey) -> Allowance | None:
    """Count one API request of this key; None where no limit is set."""
    return take(f"requests of key {key.pk}", settings.LIMIT_REQUESTS_PER_MINUTE)


def creation_by(user: User) -> Allowance | None:
    """Count one new song of this person, through whichever door and with whichever key; None where no limit is set."""
    return take(f"creations of user {user.pk}", settings.LIMIT_CREATIONS_PER_MINUTE)


def take(name: str, per_minute: int) -> Allowance | None:
    """Take a token from the bucket `name`; None where `per_minute` is 0, which means no limit."""
    if not per_minute:
        return None
    now, step = unix_time(), WINDOW / per_minute
    granted, full_at = redis_bucket.take(name, now, step, WINDOW) or _take_row(name, now, step)
    free = now + WINDOW - full_at
    return Allowance(
        granted=granted,
        limit=per_minute,
        left=max(0, math.floor(free / step + 1e-6)),
        full_in=math.ceil(full_at - now),
        retry_in=0 if granted else max(1, math.ceil(step - free)),
    )


def forget_full() -> None:
    """Delete buckets that have long been full again: they say nothing but who was here, some by their address."""
    RateBucket.objects.filter(full_at__gt=0, full_at__lt=unix_time() - FORGOTTEN_AFTER).delete()


def unix_time() -> float:
    """Seconds since 1970, from the clock that all processes and machines share."""
    return time.time()


def _take_row(name: str, now: float, step: float) -> tuple[bool, float]:
    """Whether the bucket in the database gave a token, and when it is full again: now or later."""
    # A time further ahead than a full window was written before a clock was set back, or under a smaller limit.
    rubbish = RateBucket.objects.filter(name=name, full_at__gt=now + WINDOW + 1)
    granted = _taken(name, now, step)
    if not granted:
        RateBucket.objects.bulk_create([RateBucket(name=name)], ignore_conflicts=True)
        rubbish.update(full_at=0.0)
        granted = _taken(name, now, step)
    return granted, max(RateBucket.objects.values_list("full_at", flat=True).get(name=name), now)


def _taken(name: str, now: float, step: float) -> bool:
    fits = Q(full_at__lte=now + WINDOW - step)
    bucket = RateBucket.objects.filter(fits, name=name)
    return bool(bucket.update(full_at=Greatest(F("full_at"), now) + step))
