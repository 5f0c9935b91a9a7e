"""The same exact limits wherever they are counted: in the database's rows, or in Redis while that answers."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from studio.accounts import limits, redis_bucket
from studio.accounts.models import RateBucket
from tests.instances import Redis, private

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def redis() -> Iterator[Redis]:
    """A Redis of these tests' own."""
    with private(Redis) as own:
        yield own


@pytest.fixture(autouse=True)
def asked_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test is told by another one that Redis is away."""
    monkeypatch.setattr(redis_bucket, "_away_until", 0.0)


@pytest.fixture(params=["rows", "redis"])
def counted(request: pytest.FixtureRequest, settings: Any) -> str:
    """Where buckets are kept in this test."""
    where = str(request.param)
    settings.REDIS_URL = request.getfixturevalue("redis").url if where == "redis" else ""
    settings.REDIS_PREFIX = f"duplet-{request.node.name}"
    return where


def taken(name: str, per_minute: int) -> limits.Allowance:
    allowance = limits.take(name, per_minute)
    assert allowance is not None
    return allowance


def test_so_many_and_no_more_however_many_come_at_once(counted: str) -> None:
    granted: Counter[bool] = Counter()

    def ask() -> None:
        for _ in range(10):
            granted[taken("x", 20).granted] += 1
        connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    came_back = int((time.monotonic() - begun) / 3) + 1  # a token comes back every three seconds
    assert 20 <= granted[True] <= 20 + came_back
    assert granted.total() == 80
    assert RateBucket.objects.exists() == (counted == "rows")


def test_tokens_come_back_evenly_and_a_clock_set_back_locks_nobody_out(
    counted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1_800_000_000.0]
    monkeypatch.setattr(limits, "unix_time", lambda: now[0])
    assert [taken("x", 6).granted for _ in range(7)] == [True] * 6 + [False]
    refused = taken("x", 6)
    assert (refused.left, refused.retry_in, refused.full_in) == (0, 10, 60)
    now[0] += 9.9
    assert not taken("x", 6).granted
    now[0] += 0.2
    assert taken("x", 6).granted
    now[0] -= 3600
    assert taken("x", 6).granted
    now[0] += 7200
    assert [taken("x", 6).granted for _ in range(7)] == [True] * 6 + [False]


def test_buckets_of_two_sites_in_one_redis_are_two(redis: Redis, settings: Any) -> None:
    settings.REDIS_URL = redis.url
    for site in ("duplet-one", "duplet-other"):
        settings.REDIS_PREFIX = site
        assert [taken("shared", 2).granted for _ in range(3)] == [True, True, False]


def test_while_redis_is_silent_the_database_counts_and_nobody_waits_twice(redis: Redis, settings: Any) -> None:
    settings.REDIS_URL, settings.REDIS_PREFIX = redis.url, "duplet-silent"
    assert taken("x", 2).left == 1
    redis.freeze()
    try:
        assert taken("x", 2).left == 1  # the database knows of nothing yet: one more window in all
        begun = time.monotonic()
        assert [taken("x", 2).granted for _ in range(2)] == [True, False]
        assert time.monotonic() - begun < 1
    finally:
        redis.thaw()
    assert RateBucket.objects.exists()
