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
pytestmark = [pytest.mark.django_db, pytest.mark.either_database]


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


def refused(name: str, alice_client: Client, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An answer of each kind of refusal, as a browser gets it."""
    alice_client.raise_request_exception = False
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    match name:
        case "400":
            return strict.get("/", headers={"host": "evil.example"})
        case "403":
            return alice_client.get("/admin/login/")
        case "403 of a form":
            return strict.post("/account/login/", {"login": "alice@example.org", "password": PASSWORD})
        case "404":
            return strict.get("/nowhere/")
        case "404 of a NUL":
            return strict.get("/nowhere/%00/")
        case "429":
            answers = [strict_post("/account/password/reset/", {"email": "alice@example.org"}) for _ in range(30)]
            return next(answer for answer in answers if answer.status_code == 429)
        case "500":
            monkeypatch.setattr(library, "songs", breaks(ValueError("a fault")))
        case "503":
            monkeypatch.setattr(library, "songs", breaks(OperationalError("away")))
    return alice_client.get("/library/")


def strict_post(path: str, data: Any) -> Any:
    return Client(raise_request_exception=False).post(path, data)


@pytest.mark.parametrize("name", ["400", "403", "403 of a form", "404", "404 of a NUL", "429", "500", "503"])
def test_a_refusal_is_a_page_with_one_way_on_that_no_cache_keeps(
    alice_client: Client, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    answer = refused(name, alice_client, monkeypatch)
    assert (answer.status_code, answer["Cache-Control"]) == (int(name[:3]), "no-store")
    page = answer.content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert main.count("<h1>") == 1
    assert main.count('class="btn') == 1
    assert "!" not in main.replace("<!--", "")


def test_what_was_typed_into_a_form_that_is_out_of_date_can_be_copied(alice: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    typed = {"prompt": "a waltz <for> piano", "lyrics": "[Verse]\nwe are home", "password": PASSWORD}
    answer = client.post("/", typed, headers={"referer": "http://testserver/?preset=5"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert ">a waltz &lt;for&gt; piano</textarea>" in page
    assert ">[Verse]\nwe are home</textarea>" in page
    assert PASSWORD not in page
    assert 'class="btn" href="http://testserver/?preset=5"' in page


@pytest.mark.parametrize("came_from", ["https://evil.example/", "javascript:alert(1)", "//evil.example/", ""])
def test_a_form_that_is_out_of_date_leads_back_to_this_site_only(came_from: str) -> None:
    client = Client(enforce_csrf_checks=True, headers={"referer": came_from})
    assert 'class="btn" href="/"' in client.post("/account/login/", {"login": "x"}).content.decode()


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
