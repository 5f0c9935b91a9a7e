"""When something is in the way: the database, Redis, a fault of ours. Pages say so kindly and need nothing of it."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.core.cache import cache
from django.db import InterfaceError, OperationalError
from django.test import Client
from redis.exceptions import ConnectionError as NoRedis

from studio.live import health, supervisor
from studio.songs import library

PASSWORD = "tambourine-harbour-42"
pytestmark = pytest.mark.django_db


def breaks(error: Exception) -> Any:
    def broken(*_: object, **__: object) -> None:
        raise error

    return broken


@pytest.mark.parametrize("error", [OperationalError("database is locked"), InterfaceError("connection already closed")])
@pytest.mark.parametrize("headers", [{}, {"hx-request": "true", "hx-boosted": "true"}])
def test_a_database_that_does_not_answer_is_told_of_kindly_with_a_time_to_come_again(
    alice_client: Client,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    headers: Any,
) -> None:
    alice_client.raise_request_exception = False
    monkeypatch.setattr(library, "songs", breaks(error))
    with caplog.at_level(logging.ERROR):
        answer = alice_client.get("/library/", headers=headers)
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "10", "no-store")
    page = answer.content.decode()
    assert '<main id="main"' in page
    assert "Nothing is lost" in page
    assert str(error) not in page
    assert "Traceback" not in page
    assert [record.getMessage() for record in caplog.records if record.name == "studio.failures"] == [
        f"GET /library/ waited in vain for what keeps the data: {error}"
    ]


@pytest.mark.parametrize("path", ["/library/", "/nowhere/", "/account/login/", "/"])
def test_it_is_told_even_where_it_cannot_be_asked_who_comes(
    alice_client: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    alice_client.raise_request_exception = False
    with monkeypatch.context() as away:
        away.setattr("studio.accounts.sessions.SessionStore.load", breaks(OperationalError("no connection")))
        answer = alice_client.get(path)
    assert answer.status_code == 503
    assert "Try again" in answer.content.decode()


def test_nobody_signs_in_uncounted_while_redis_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "get", breaks(NoRedis("refused")))
    monkeypatch.setattr(cache, "incr", breaks(NoRedis("refused")))
    monkeypatch.setattr(cache, "add", breaks(NoRedis("refused")))
    client = Client(raise_request_exception=False)
    answer = client.post("/account/login/", {"login": "carol@example.org", "password": PASSWORD})
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")


def test_a_fault_of_ours_is_one_and_shows_nothing_of_itself(
    alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice_client.raise_request_exception = False
    monkeypatch.setattr(library, "songs", breaks(ValueError("secret detail")))
    answer = alice_client.get("/library/")
    assert answer.status_code == 500
    assert "It is our fault" in answer.content.decode()
    assert b"secret detail" not in answer.content


def test_a_name_that_is_not_ours_gets_a_page_that_says_nothing_else(client: Client) -> None:
    answer = client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert b"evil" not in answer.content


def test_a_process_lives_even_where_its_database_does_not(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", breaks(OperationalError("gone")))
    assert client.get("/healthz").content == b"ok\n"


@pytest.fixture
def looked_at_afresh(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Every question to /readyz is answered anew."""
    monkeypatch.setattr(health, "KEPT_SECONDS", 0.0)
    monkeypatch.setattr(supervisor, "is_awake", lambda: True)
    return monkeypatch


@pytest.mark.django_db(transaction=True)
async def test_it_is_ready_while_everything_is_there(looked_at_afresh: pytest.MonkeyPatch, async_client: Any) -> None:
    answer = await async_client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"database: ok\nstorage: ok\nsongs: ok\n")


@pytest.mark.django_db(transaction=True)
async def test_it_is_not_ready_without_room_for_a_song(looked_at_afresh: pytest.MonkeyPatch, async_client: Any) -> None:
    looked_at_afresh.setattr("os.posix_fallocate", breaks(OSError(28, "No space left on device")))
    answer = await async_client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"database: ok\nstorage: full\nsongs: ok\n")


@pytest.mark.django_db(transaction=True)
async def test_it_is_not_ready_while_nobody_looks_for_songs(
    looked_at_afresh: pytest.MonkeyPatch, async_client: Any
) -> None:
    looked_at_afresh.setattr(supervisor, "is_awake", lambda: False)
    answer = await async_client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"database: ok\nstorage: ok\nsongs: asleep\n")


@pytest.mark.django_db(transaction=True)
async def test_it_is_not_ready_without_its_database(looked_at_afresh: pytest.MonkeyPatch, async_client: Any) -> None:
    looked_at_afresh.setattr("django.db.backends.utils.CursorWrapper.execute", breaks(OperationalError("gone")))
    answer = await async_client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"database: away\nstorage: ok\nsongs: ok\n")
