"""A token bucket in Redis: the same number as in the database, moved by one script, which nothing interrupts."""

from __future__ import annotations

import logging
import time
from functools import cache
from typing import Any, cast

from django.conf import settings
from redis import Redis, RedisError

log = logging.getLogger(__name__)

AWAY_SECONDS = 5.0
"""How long nobody asks again after Redis did not answer: whoever does waits a second for nothing."""
TAKE = """
local now, step, window = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local full_at = tonumber(redis.call('GET', KEYS[1]) or '0')
if full_at > now + window + 1 then full_at = 0 end
if full_at < now then full_at = now end
if full_at > now + window - step then return {0, string.format('%.6f', full_at)} end
full_at = full_at + step
redis.call('SET', KEYS[1], string.format('%.6f', full_at), 'PX', math.ceil((window + 1) * 1000))
return {1, string.format('%.6f', full_at)}
"""
"""KEYS: the bucket. ARGV: the time, the seconds a token takes to come back, the seconds of a full window. Answers 1 or
0 for whether a token was there, and when the bucket is full again, which is now or later."""

_away_until = 0.0


def take(name: str, now: float, step: float, window: float) -> tuple[bool, float] | None:
    """Whether the bucket `name` gave a token, and when it is full again; None where there is no Redis, or none now."""
    global _away_until  # noqa: PLW0603  one for each process, as the connections are
    if not settings.REDIS_URL or time.monotonic() < _away_until:
        return None
    try:
        told = _script(settings.REDIS_URL)(keys=[f"{settings.REDIS_PREFIX}:bucket:{name}"], args=[now, step, window])
    except RedisError as error:
        _away_until = time.monotonic() + AWAY_SECONDS
        log.warning("Redis did not answer (%s); the database counts meanwhile.", error)
        return None
    granted, full_at = cast("tuple[int, bytes]", told)
    return bool(granted), float(full_at)


@cache
def _script(url: str) -> Any:
    return Redis.from_url(url, **settings.REDIS_OPTIONS).register_script(TAKE)
